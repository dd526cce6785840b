// What analyses and cards make of every device: sensitivities, gains, noise, copies, temperatures, steps.

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <cmath>
#include <string>
#include <string_view>
#include <vector>

#include "memspice/analysis.hpp"
#include "support/approx.hpp"
#include "support/run_deck.hpp"

using namespace memspice;
using memspice::testing::circuit_of;
using memspice::testing::run_circuit;
using memspice::testing::run_deck;

namespace {

/// A device behind 1 kohm from V1 to `out`, with what it needs beside.
struct Stage {
  const char* element;  // without its parameters
  const char* model;
  double drive = 1;         // V, of V1
  const char* others = "";  // cards
};

const Stage stages[] = {
    {"D1 out 0 m", "d(is=1e-14 n=1.2 rs=5 ikf=0.1 isr=1e-10 cjo=1p tt=1n)"},
    {"D1 out 0 m", "d(level=3 is=1e-13 n=1.1 rs=3)"},
    {"D1 out 0 m", "d(ron=10 roff=1e5 vfwd=0.4 epsilon=0.2)"},
    {"Q1 out out 0 m", "npn(is=1e-15 bf=80 vaf=50 ikf=0.01 rb=10 rc=2 re=1 cje=1p tf=1n)"},
    {"Q1 out out 0 m", "pnp(is=1e-15 bf=50 br=2)", -1},
    {"J1 out 0 0 m", "njf(vto=-1.5 beta=1m lambda=0.02 rd=5 rs=5)", 3},
    {"J1 out 0 0 m", "njf(level=2 vto=-1.5 beta=1m lambda=0.02 xi=3 z=0.5 vst=0.05 delta=0.2)", 3},
    {"Z1 out 0 0 m", "nmf(vto=-1 beta=2m alpha=3 b=0.3 lambda=0.03)", 3},
    {"M1 out g 0 0 m", "nmos(level=1 vto=0.7 kp=1e-4 lambda=0.02 gamma=0.4)", 3, "Vg g 0 1.5\n"},
    {"M1 out g 0 0 m", "nmos(level=2 vto=0.7 kp=1e-4 lambda=0.02 nsub=1e15 tox=20n)", 3, "Vg g 0 1.5\n"},
    {"M1 out g 0 0 m", "nmos(level=3 vto=0.7 kp=1e-4 theta=0.05 nsub=1e15 tox=20n)", 3, "Vg g 0 1.5\n"},
    {"M1 out g 0 0 m", "nmos(level=6 vto=0.7 kv=2 nv=0.6 kc=5e-5 nc=1.2 lambda0=0.02)", 3, "Vg g 0 1.5\n"},
    {"M1 out g 0 m", "vdmos(vto=1 kp=0.01 rd=1 rs=1)", 3, "Vg g 0 1.5\n"},
    {"Y1 out 0 m", "memristor(ron=100 roff=1k beta=0.01 w0=0.4)"},
    {"Y1 out 0 m", "memristor(ron=100 roff=1k beta=0.01 w0=0.4 window=biolek)"},
    {"Y1 out 0 m", "memristor(level=team s0=0.3)"},
    {"Y1 out 0 m", "memristor(level=yakopcic a1=0.17 a2=0.17 b=0.05 xo=0.3)"},
    {"Y1 out 0 m", "memristor(level=pem i1=1m i2=1m g0=1m xo=0.4 fxpdata=(0 1 1 0) fxmdata=(0 -1 1 -1))"},
    {"Y1 out 0 m", "memristor(level=threshold s0=0.3)"},
    {"Y1 out 0 m", "memristor(level=vteam s0=0.3)"},
    {"Y1 out 0 m", "memristor(level=rram gap0=1n)"},
    {"Y1 out 0 m", "memristor(level=mss x0=0.3)", 0.3},
    {"Y1 out 0 m", "memristor(level=nanowire lambda0=0.008)"},
    {"Y1 out 0 m", "memristor(level=rate g0=0.3)"},
    {"Y1 out 0 out 0 m", "memristor(level=mnns x0=0.3)"},
    {"Y1 out 0 m", "memristor(level=iontronic gch=1m g0=0.8)"},
    {"Y1 out 0 m", "memristor(level=memdiode h0=0.3)"},
};

std::string deck_of(const Stage& stage, std::string_view parameters, std::string_view cards) {
  return fmt::format("V1 in 0 {} AC 1\nR1 in out 1k\n{}{} {}\n.model m {}\n.options reltol=1e-9\n{}",
                     stage.drive, stage.others, stage.element, parameters, stage.model, cards);
}

double output_of(const Stage& stage, std::string_view parameters, std::string_view cards = ".op\n") {
  return run_deck(deck_of(stage, parameters, cards))["v(out)"].back();
}

double output_of(const Circuit& circuit) {
  return run_circuit(circuit)["v(out)"].back();
}

}  // namespace

TEST_CASE("DC sensitivities to every parameter of every device are what differences give") {
  for (const Stage& stage : stages) {
    CAPTURE(std::string(stage.model));
    const testing::DeckRun found = run_deck(deck_of(stage, "", ".sens v(out)\n"));
    const Circuit circuit = circuit_of(deck_of(stage, "", ".op\n"));
    const std::string name(1, static_cast<char>(std::tolower(stage.element[0])));
    int compared = 0;
    for (const DeviceGroup& group : circuit.groups) {
      if (group.type->letter != name[0]) continue;
      for (std::size_t j = 0; j < group.type->parameters.size(); ++j) {
        const ParameterDescription& parameter = group.type->parameters[j];
        const double value = group.parameter(0, j);
        const std::string vector = fmt::format("v({}1_{})", name, parameter.name);
        if (value == 0 || !parameter.is_number() || found.plots.back().find(vector) == Plot::npos) continue;
        if (parameter.name == "gmin" || parameter.name.ends_with("temp") || parameter.name == "tnom")
          continue;  // those of the circuit where a card does not give them
        if (group.type->find_card_parameter(parameter.name, DeviceType::Card::element) != j) continue;
        CAPTURE(vector);
        const double h = 1e-4 * std::abs(value);
        const std::string place = fmt::format("{}1:{}", name, parameter.name);
        if (value - h < parameter.minimum || value + h > parameter.maximum) continue;
        const double expected =
            (output_of(circuit.with(place, value + h)) - output_of(circuit.with(place, value - h))) / (2 * h);
        const double scale = std::abs(stage.drive / value);
        CHECK(std::abs(found[vector][0] - expected) <= 1e-4 * std::abs(expected) + 1e-6 * scale);
        ++compared;
      }
    }
    CHECK(compared >= 2);
  }
}

TEST_CASE("the gain of a circuit of any device is what differences give, and its noise is finite") {
  for (const Stage& stage : stages) {
    CAPTURE(std::string(stage.model));
    const Circuit circuit = circuit_of(deck_of(stage, "", ".op\n"));
    const double h = 1e-4 * std::abs(stage.drive);
    const double expected =
        (output_of(circuit.with("v1", stage.drive + h)) - output_of(circuit.with("v1", stage.drive - h))) /
        (2 * h);
    const testing::DeckRun gain = run_deck(deck_of(stage, "", ".tf v(out) V1\n"));
    CHECK(gain["v(transfer_function)"][0] == testing::approx(expected).epsilon(1e-5).scale(1e-3));
    const testing::DeckRun noise = run_deck(deck_of(stage, "", ".noise v(out) V1 dec 1 1k 1k\n"));
    const double density = noise.plots.front().columns[noise.plots.front().find("onoise_spectrum")][0];
    CHECK(density > 0);
    CHECK(density < 1e-6);
  }
}

TEST_CASE("m=3 of any device is three of it, and temp= and dtemp= are the circuit's temperature") {
  for (const Stage& stage : stages) {
    CAPTURE(std::string(stage.model));
    std::string more;
    for (const char* suffix : {"b", "c"}) {
      const std::string element(stage.element);
      more += element.substr(0, 2) + suffix + element.substr(2) + '\n';
    }
    CHECK(output_of(stage, "m=3") == testing::approx(output_of(stage, "", more + ".op\n")).epsilon(1e-6));
    const Circuit circuit = circuit_of(deck_of(stage, "", ".op\n"));
    const DeviceType* type = nullptr;
    for (const DeviceGroup& group : circuit.groups)
      if (group.type->letter == std::tolower(stage.element[0])) type = group.type;
    REQUIRE(type);
    const double warm = output_of(stage, "", ".options temp=60\n.op\n");
    if (type->find_card_parameter("temp"))
      CHECK(output_of(stage, "temp=60") == testing::approx(warm).epsilon(1e-9));
    if (type->find_card_parameter("dtemp"))
      CHECK(output_of(stage, "dtemp=33") == testing::approx(warm).epsilon(1e-9));
  }
}

TEST_CASE(".step @m1[w] runs what the card with each width would") {
  const Stage& stage = stages[8];
  const testing::DeckRun run = run_deck(deck_of(stage, "l=1u", ".step @m1[w] list 2u 10u\n.op\n"));
  REQUIRE(run.rows() == 2);
  CHECK(run["v(out)"][0] == testing::approx(output_of(stage, "l=1u w=2u")).epsilon(1e-9));
  CHECK(run["v(out)"][1] == testing::approx(output_of(stage, "l=1u w=10u")).epsilon(1e-9));
}

TEST_CASE(
    "an operating point with any device is found and finite at a million volt, and the device takes power") {
  for (const Stage& stage : stages)
    for (const double drive : {-1e6, -1e3, 1e3, 1e6}) {
      CAPTURE(std::string(stage.model));
      CAPTURE(drive);
      Stage far = stage;
      far.drive = drive;
      const char letter = static_cast<char>(std::tolower(stage.element[0]));
      const testing::DeckRun run =
          run_deck(deck_of(far, "", fmt::format(".save v(out) p({}1)\n.op\n", letter)));
      CHECK(std::isfinite(run["v(out)"][0]));
      CHECK(run[fmt::format("p({}1)", letter)][0] >= 0);
    }
}

TEST_CASE("over a cycle that repeats itself no device delivers energy") {
  for (const Stage& stage : stages) {
    CAPTURE(std::string(stage.model));
    const char letter = static_cast<char>(std::tolower(stage.element[0]));
    const std::string power = fmt::format("p({}1)", letter);
    const testing::DeckRun run = run_deck(fmt::format(
        "V1 in 0 SIN(0 {} 1Meg)\nR1 in out 1k\n{}{}\n.model m {}\n.save {}\n.options reltol=1e-6\n"
        ".tran 1n 6u 0 2n\n",
        std::abs(stage.drive), stage.others, stage.element, stage.model, power));
    double energy = 0, throughput = 0;  // J, of the last period
    for (std::size_t i = 1; i < run.rows(); ++i) {
      if (run.time()[i - 1] < 5e-6) continue;
      const double h = run.time()[i] - run.time()[i - 1];
      energy += h * (run[power][i] + run[power][i - 1]) / 2;
      throughput += h * (std::abs(run[power][i]) + std::abs(run[power][i - 1])) / 2;
    }
    CHECK(throughput > 0);
    CHECK(energy >= -1e-6 * throughput);
  }
}
