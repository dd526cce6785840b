// LTspice's startup: independent sources rise from 0 in 20 us.
#include <fmt/format.h>

#include "support/approx.hpp"
#include "support/random.hpp"
#include "support/run_deck.hpp"

using namespace memspice;
using memspice::testing::run_deck;

TEST_CASE("startup is a ramp in the place of each constant source, to the bit") {
  testing::Random random(8);
  for (int i = 0; i < 20; ++i) {
    const double v = random.uniform(-10, 10), current = random.uniform(-1e-3, 1e-3),
                 inner = random.uniform(-5, 5);
    const auto deck = [&](bool ramps, const char* word) {
      const auto source = [&](double value) {
        return ramps ? fmt::format("DC {0:.17g} PWL(0 0 20u {0:.17g})", value)
                     : fmt::format("{:.17g}", value);
      };
      return fmt::format(
          "V1 a 0 {}\nI1 0 b {}\nR1 a b 1k\nC1 b 0 10n\nD1 b c d\nR2 c 0 1k\nX1 c part\nV2 e 0 PULSE(0 1 30u "
          "1u)\n"
          "R3 e c 10k\n.subckt part p\nR1 p q 5k\nV1 q 0 {}\n.ends\n.model d d\n.options interp\n.tran 5u "
          "200u{}\n.op\n",
          source(v), source(current), source(inner), word);
    };
    const auto ramped = run_deck(deck(false, " startup")), written = run_deck(deck(true, ""));
    CHECK(ramped.plots[0].columns == written.plots[0].columns);
    CHECK(ramped.plots[1].columns == written.plots[1].columns);
    CHECK(run_deck(deck(false, "")).plots[0].columns != written.plots[0].columns);
  }
}

TEST_CASE("startup goes with steps") {
  const std::string circuit = "V1 a 0 1\nR1 a b 1k\nC1 b 0 1n\n.tran 1u 40u startup\n";
  const auto stepped = run_deck(circuit + ".options interp\n.step v1 1 3 1\n");
  const std::vector<double>&t = stepped["time"], &value = stepped["v1"], &v = stepped["v(a)"];
  for (std::size_t i = 0; i < t.size(); ++i)
    CHECK(v[i] == testing::approx(value[i] * std::min(t[i] / 20e-6, 1.0)).epsilon(1e-12));
}

namespace {

struct Shape {
  const char* words;
  std::size_t numbers;
};
constexpr Shape shapes[] = {
    {"SIN({} {} 50k)", 2},
    {"SIN({} {} 130k 7u 1e4 30 2)", 2},
    {"PULSE({} {} 3u 2u 1u 4u 9u)", 2},
    {"PULSE({} {} 19u 5u 5u 10u 3)", 2},
    {"EXP({} {} 2u 5u 15u 3u)", 2},
    {"PWL(0 {} 4u {} 4u 1 30u -1)", 2},
    {"SFFM({} {} 100k 2 20k)", 2},
    {"AM({} {} 30k 200k 1u)", 2},
    {"TRNOISE({} 1u) DC {}", 2},
    {"TRRANDOM(2 3u 0 {} {})", 2},
};

}  // namespace

TEST_CASE("startup multiplies every waveform by t / 20 us, and by 1 from then on") {
  testing::Random random(9);
  for (const Shape& shape : shapes) {
    CAPTURE(shape.words);
    const double first = random.uniform(-3, 3), second = random.uniform(1, 4);
    const std::string wave = fmt::format(fmt::runtime(shape.words), first, second);
    for (const char* integrator : {"ida", "auto"}) {
      const auto deck = [&](const char* word) {
        return run_deck(
            fmt::format("V1 a 0 {0}\nI1 0 b {0}\nR1 a b 1k\nC1 b 0 10n\n.options interp integrator={1}\n"
                        ".tran 0.5u 60u{2}\n.save v(a) i(i1)\n",
                        wave, integrator, word));
      };
      const auto ramped = deck(" startup"), plain = deck("");
      REQUIRE(ramped.rows() == plain.rows());
      double largest = 0;
      for (std::size_t i = 0; i < plain.rows(); ++i) {
        const double part = std::min(plain.time()[i] / 20e-6, 1.0);
        for (const char* vector : {"v(a)", "i(i1)"})
          CHECK(ramped[vector][i] == testing::approx(part * plain[vector][i]).epsilon(1e-9));
        largest = std::max(largest, std::abs(plain["v(a)"][i]));
      }
      CHECK(largest > 0);
    }
  }
}

TEST_CASE("a network of memristors and a circuit of IDA rise alike under startup") {
  const auto run = [](const char* integrator) {
    return run_deck(fmt::format(
        ".model m memristor(ron=100 roff=1600 alpha=0.1 beta=1e-5)\nV1 a 0 SIN(1 3 40k)\nV2 d 0 2\nY1 a b m "
        "w0=0.3\nY2 b 0 m w0=0.6\nY3 b d m w0=0.2\n.options interp integrator={} reltol=1e-7\n.tran 1u 100u "
        "startup\n",
        integrator));
  };
  const auto network = run("network"), ida = run("ida");
  for (std::size_t i = 0; i < ida.rows(); ++i) {
    CHECK(network["v(b)"][i] == testing::approx(ida["v(b)"][i]).epsilon(1e-4).scale(1));
    CHECK(network["w(y1)"][i] == testing::approx(ida["w(y1)"][i]).epsilon(1e-4));
  }
  CHECK(ida["w(y1)"].back() != testing::approx(0.3).epsilon(1e-3));
}
