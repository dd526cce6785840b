// .measure against closed forms and against what ngspice prints, and .print's tables in the report.

#include <fmt/format.h>

#include <cmath>
#include <regex>

#include "support/approx.hpp"
#include "support/random.hpp"
#include "support/run_deck.hpp"
#include "waveform/ngspice.hpp"

using namespace memspice;
using testing::DeckRun;
using testing::run_deck;

namespace {

const MeasureReport& measure(const DeckRun& run, const std::string& name) {
  for (const AnalysisReport& analysis : run.report.analyses)
    for (const MeasureReport& measure : analysis.measures)
      if (measure.name == name) return measure;
  FAIL("no measure " << name);
  throw 0;
}

double value(const DeckRun& run, const std::string& name) {
  const MeasureReport& found = measure(run, name);
  REQUIRE_MESSAGE(found.value, found.message);
  return *found.value;
}

double detail(const DeckRun& run, const std::string& name, const std::string& what) {
  for (const auto& [word, number] : measure(run, name).details)
    if (word == what) return number;
  FAIL("no " << what << " of " << name);
  return 0;
}

/// Takes the measures, named m1, m2, …, in ngspice too.
void check_agreement(const std::string& circuit, const std::vector<std::string>& forms,
                     const std::string& analysis) {
  if (!ngspice_found()) return;
  std::string deck = circuit;
  for (std::size_t k = 0; k < forms.size(); ++k)
    deck += fmt::format(".meas {} m{} {}\n", analysis, k + 1, forms[k]);
  const TemporaryFolder folder;
  REQUIRE(run_ngspice(folder, "test\n" + deck + ".end\n") == 0);
  const std::string log = read_bytes(folder.file("log"));
  const DeckRun run = run_deck(deck);
  for (std::size_t k = 0; k < forms.size(); ++k) {
    CAPTURE(forms[k]);
    const std::string name = fmt::format("m{}", k + 1);
    std::smatch match;
    REQUIRE(std::regex_search(log, match, std::regex("\n" + name + R"( +=\s+(\S+))")));
    CHECK(value(run, name) == testing::approx(std::stod(match[1])).epsilon(1e-4));
  }
}

/// Runs .ac at these frequencies, the first source having this magnitude.
DeckRun run_ac(const std::string& body, std::vector<double> frequencies, double magnitude = 1,
               double phase = 0) {
  Circuit circuit = testing::circuit_of(body);
  circuit.voltage_sources[0].extras.edit().ac_magnitude = magnitude;
  circuit.voltage_sources[0].extras.edit().ac_phase = phase;
  circuit.analyses.emplace_back(AcCard{std::move(frequencies), {}});
  return testing::run_circuit(circuit);
}

/// Two triangles: up and down between 0 and 1 in 1 s each.
const std::string triangles =
    "V1 a 0 PWL(0 0 1 1 2 0 3 1 4 0)\nR1 a b 1k\nR2 b 0 3k\n.tran 10m 4\n.save v(b)\n.param half=0.5\n";

}  // namespace

TEST_CASE("crossings are counted, interpolated and found in expressions") {
  const DeckRun run = run_deck(triangles +
                               ".measure tran first when v(a)=0.3\n"
                               ".measure tran up2 when v(a)=half rise=2\n"
                               ".measure tran down when v(a)=0.25 fall=last\n"
                               ".measure tran late when v(a)={half} td=1.6\n"
                               ".measure tran within when v(a)=half from=2 to=3\n"
                               ".measure tran pair when v(a)-v(b)=0.125 cross=3\n"
                               ".measure tran same when v(a)=par('v(b)+0.1') rise=2\n"
                               ".meas w trig v(a)=0.1 rise=1 targ v(a) val=0.9 cross=1\n"
                               ".meas tran z TRIG AT=0.5 TARG v(a) VAL='half' FALL=2\n");
  CHECK(value(run, "first") == testing::approx(0.3).epsilon(1e-9));
  CHECK(value(run, "up2") == testing::approx(2.5).epsilon(1e-9));
  CHECK(value(run, "down") == testing::approx(3.75).epsilon(1e-9));
  CHECK(value(run, "late") == testing::approx(2.5).epsilon(1e-9));
  CHECK(value(run, "within") == testing::approx(2.5).epsilon(1e-9));
  CHECK(value(run, "pair") == testing::approx(2.5).epsilon(1e-9));
  CHECK(value(run, "same") == testing::approx(2.4).epsilon(1e-9));
  CHECK(value(run, "w") == testing::approx(0.8).epsilon(1e-9));
  CHECK(detail(run, "w", "trig") == testing::approx(0.1).epsilon(1e-9));
  CHECK(detail(run, "w", "targ") == testing::approx(0.9).epsilon(1e-9));
  CHECK(value(run, "z") == testing::approx(3.0).epsilon(1e-9));
}

TEST_CASE("a curve that begins at its level crosses it there once, as in ngspice") {
  // A sine through a low-pass, from 0: what integrates it leaves it at ±1e-14 … 1e-7 V for the first points.
  const DeckRun run = run_deck(
      "V1 in 0 SIN(0 1 1k 0 200)\nR1 in a 1k\nC1 a 0 20n\n.tran 20u 5m\n"
      ".meas tran first when v(a)=0 cross=1\n.meas tran second when v(a)=0 cross=2\n"
      ".meas tran rise when v(a)=0 rise=1\n.meas tran rise2 when v(a)=0 rise=2\n"
      ".meas tran fall when v(a)=0 fall=1\n");
  CHECK(value(run, "first") == testing::approx(0).epsilon(1e-9));
  CHECK(value(run, "rise") == testing::approx(0).epsilon(1e-9));
  CHECK(value(run, "second") == testing::approx(0.519975e-3).epsilon(1e-4));
  CHECK(value(run, "fall") == testing::approx(0.519975e-3).epsilon(1e-4));
  CHECK(value(run, "rise2") == testing::approx(1.019975e-3).epsilon(1e-4));
}

TEST_CASE("ranges end exactly where they are said to end") {
  const DeckRun run = run_deck(triangles +
                               ".measure tran mean avg v(a)\n"
                               ".measure tran mean2 avg v(a) from=0.005 to=0.215\n"
                               ".measure tran effective rms v(a)\n"
                               ".measure tran area integ v(a) from=0.105 to=1\n"
                               ".measure tran area2 integral v(a) trig v(a)=0.5 rise=1 targ v(a)=0.5 fall=1\n"
                               ".measure tran low min v(a) from=0.305 to=1.2\n"
                               ".measure tran high max v(b) td=1.5\n"
                               ".measure tran low_at min_at v(a) from=0.305 to=1.2\n"
                               ".measure tran high_at max_at v(a) from 1.5 to 3.5\n"
                               ".measure tran swing pp v(a) from=0.25 to=0.75\n"
                               ".measure tran energy integ {v(a)*i(r1)}\n");
  CHECK(value(run, "mean") == testing::approx(0.5).epsilon(1e-9));
  CHECK(value(run, "mean2") == testing::approx(0.11).epsilon(1e-9));
  CHECK(detail(run, "mean2", "from") == 0.005);
  CHECK(detail(run, "mean2", "to") == 0.215);
  CHECK(value(run, "effective") == testing::approx(1 / std::sqrt(3.0)).epsilon(1e-9));
  CHECK(value(run, "area") == testing::approx(0.5 * (1 - 0.105 * 0.105)).epsilon(1e-9));
  CHECK(value(run, "area2") == testing::approx(0.75).epsilon(1e-9));
  CHECK(value(run, "low") == testing::approx(0.305).epsilon(1e-9));
  CHECK(value(run, "low_at") == testing::approx(0.305).epsilon(1e-9));
  CHECK(value(run, "high") == testing::approx(0.75).epsilon(1e-9));
  CHECK(value(run, "high_at") == testing::approx(3).epsilon(1e-9));
  CHECK(value(run, "swing") == testing::approx(0.5).epsilon(1e-9));
  CHECK(value(run, "energy") == testing::approx(4.0 / 3 / 4000).epsilon(1e-4));
}

TEST_CASE("values are found at places, and measures of measures") {
  const DeckRun run = run_deck(triangles +
                               ".measure tran x find v(b) at=0.1234\n"
                               ".measure tran y find v(b) when v(a)=half fall=1\n"
                               ".measure tran z find v(a) when time=1.25\n"
                               ".measure tran t find time at {half}\n"
                               ".measure tran s deriv v(a) at=1.5\n"
                               ".measure tran q derivative v(b) when v(a)=half\n"
                               ".measure tran sum param='x+y*half'\n"
                               ".measure tran twice param 2*sum\n"
                               ".measure tran there find v(a) at='sum'\n");
  CHECK(value(run, "x") == testing::approx(0.75 * 0.1234).epsilon(1e-9));
  CHECK(value(run, "y") == testing::approx(0.375).epsilon(1e-9));
  CHECK(value(run, "z") == testing::approx(0.75).epsilon(1e-9));
  CHECK(value(run, "t") == testing::approx(0.5).epsilon(1e-9));
  CHECK(value(run, "s") == testing::approx(-1).epsilon(1e-6));
  CHECK(value(run, "q") == testing::approx(0.75).epsilon(1e-6));
  CHECK(value(run, "sum") == testing::approx(0.75 * 0.1234 + 0.1875).epsilon(1e-9));
  CHECK(value(run, "twice") == testing::approx(2 * value(run, "sum")).epsilon(1e-12));
  CHECK(value(run, "there") == testing::approx(value(run, "sum")).epsilon(1e-9));
}

TEST_CASE("an RC step rises from 10 % to 90 % in RC ln 9") {
  const DeckRun run = run_deck(
      "V1 in 0 PWL(0 0 1n 1)\nR1 in out 1k\nC1 out 0 1u\n.tran 1u 10m\n.options reltol=1e-7\n"
      ".measure tran rise trig v(out)=0.1 targ v(out)=0.9\n"
      ".measure tran slope deriv v(out) at=1m\n"
      ".measure tran charge integ i(r1)\n");
  CHECK(value(run, "rise") == testing::approx(1e-3 * std::log(9.0)).epsilon(1e-6));
  CHECK(value(run, "slope") == testing::approx(1000 * std::exp(-1.0)).epsilon(1e-5));
  CHECK(value(run, "charge") == testing::approx(1e-6 * (1 - std::exp(-10.0))).epsilon(1e-6));
}

TEST_CASE("measures see every accepted point, also where the rows stand on a grid") {
  const DeckRun run = run_deck(
      "V1 in 0 PWL(0 0 1m 0 1.01m 1 1.03m 1 1.04m 0)\nR1 in 0 1k\n.tran 1m 5m\n.options interp\n"
      ".measure tran high max v(in)\n.save v(in)\n");
  CHECK(value(run, "high") == 1);
  CHECK(*std::ranges::max_element(run["v(in)"]) < 0.5);
}

TEST_CASE("measures follow curves closely where no tstep asks for rows") {
  const DeckRun run = run_deck(
      "V1 in 0 SIN(0 1 1k)\nR1 in out 1k\nC1 out 0 100n\n.tran 10m\n.options reltol=1e-6\n"
      ".measure tran effective rms v(in)\n.measure tran high max v(in)\n"
      ".measure tran power avg {p(r1)}\n.measure tran gone when v(in)=0 fall=5\n.four 1k v(out)\n");
  CHECK(value(run, "effective") == testing::approx(std::sqrt(0.5)).epsilon(2e-5));
  CHECK(value(run, "high") == testing::approx(1).epsilon(2e-5));
  CHECK(value(run, "gone") == testing::approx(4.5e-3).epsilon(1e-6));
  const double x = 2 * M_PI * 0.1;
  CHECK(run.analysis().fouriers[0].harmonics[1].magnitude ==
        testing::approx(1 / std::hypot(1, x)).epsilon(1e-4));
  CHECK(run.analysis().fouriers[0].distortion <= 1e-5);
  CHECK(run.rows() < 3000);
}

TEST_CASE("measures of .op and of the only analysis there is") {
  const DeckRun run = run_deck(
      "V1 a 0 6\nR1 a b 1k\nR2 b 0 2k\n.op\n.measure op x find v(b)\n.meas y find p(r2)\n"
      ".measure op z param='x*y'\n");
  CHECK(value(run, "x") == testing::approx(4));
  CHECK(value(run, "y") == testing::approx(8e-3));
  CHECK(value(run, "z") == testing::approx(32e-3));
}

TEST_CASE("a measure that fails says why, fails the run, and so does one that uses it") {
  const DeckRun run =
      testing::try_circuit(testing::circuit_of(
          triangles + ".measure tran never when v(a)=2\n.measure tran third when v(a)=0.5 rise=3\n"
                      ".measure tran beyond find v(a) at=5\n.measure tran nothing avg v(a) from=5 to=6\n"
                      ".measure tran uses param='never+1'\n.measure tran good max v(a)\n"));
  CHECK(run.report.outcome() == Outcome::failed);
  CHECK(run.analysis().outcome == Outcome::complete);
  const auto message = [&](const std::string& name) {
    CHECK_FALSE(measure(run, name).value.has_value());
    return measure(run, name).message;
  };
  CHECK(message("never") == "v(a) does not cross 2");
  CHECK(message("third") == "v(a) rises to 0.5 only 2 times");
  CHECK(message("beyond") == "the points go from 0 to 4, not to 5");
  CHECK(message("nothing") == "between 5 and 6 there is nothing, the points go from 0 to 4");
  CHECK(message("uses") == "it uses the measure 'never', which failed");
  CHECK(value(run, "good") == 1);
}

TEST_CASE("measures of .ac know magnitude, phase and decibels") {
  std::vector<double> frequencies;
  for (int k = 0; k <= 4000; ++k) frequencies.push_back(std::pow(10, k / 1000.0));
  const DeckRun run = run_ac(
      "V1 in 0 0\nR1 in out 1k\nC1 out 0 1u\n.save v(in)\n"
      ".measure ac corner when vdb(out)={20*log10(2)-20*log10(sqrt(2))}\n"
      ".measure ac corner2 when mag(v(out)/v(in))={1/sqrt(2)}\n"
      ".measure ac angle find vp(out) when vp(out)={-pi/4}\n"
      ".measure ac band trig vm(out)=1.9 fall=1 targ vm(out)=0.2 fall=last\n"
      ".measure ac top max vm(out)\n"
      ".measure ac imag find vi(out) at={1/(2*pi*1m)}\n"
      ".measure ac here find frequency at=50\n",
      frequencies, 2);
  const double corner = 1 / (2 * M_PI * 1e-3);
  CHECK(value(run, "corner") == testing::approx(corner).epsilon(1e-5));
  CHECK(value(run, "corner2") == testing::approx(corner).epsilon(1e-5));
  CHECK(value(run, "angle") == testing::approx(-M_PI / 4).epsilon(1e-9));
  CHECK(value(run, "band") ==
        testing::approx(corner * (std::sqrt(99.0) - std::sqrt(4 / 3.61 - 1))).epsilon(1e-5));
  CHECK(value(run, "top") == testing::approx(2 / std::hypot(1, 1 / corner)).epsilon(1e-9));
  CHECK(value(run, "imag") == testing::approx(-1).epsilon(1e-5));
  CHECK(value(run, "here") == testing::approx(50).epsilon(1e-12));
  CHECK(run.report.warnings.empty());
}

TEST_CASE("a complex value is measured by its real part, with a warning") {
  const DeckRun run =
      run_ac("V1 in 0 0\nR1 in out 1k\nC1 out 0 1u\n.measure ac x max v(out)\n", {159.154943});
  CHECK(value(run, "x") == testing::approx(0.5).epsilon(1e-6));
  REQUIRE(run.report.warnings.size() == 1);
  CHECK(run.report.warnings[0].message == "'v(out)' is complex: measure 'x' takes its real part");
}

TEST_CASE("functions of complex values that have no meaning are refused") {
  Circuit circuit = testing::circuit_of("V1 in 0 0\nR1 in 0 1k\n.measure ac x find min(v(in),2) at=1\n");
  circuit.analyses.emplace_back(AcCard{{1.0}, {}});
  CHECK_THROWS_WITH_AS(check_structure(circuit), doctest::Contains("'min' has no meaning for complex values"),
                       DeckError);
}

TEST_CASE("a measure prints as ngspice prints it") {
  MeasureReport report{.name = "rise", .value = 6.938003e-07};
  report.details = {{"targ", 1.6988e-06}, {"trig", 1.005e-06}};
  CHECK(report.text() == "rise                =  6.938003e-07 targ=  1.698800e-06 trig=  1.005000e-06");
}

TEST_CASE("ngspice measures the same over .tran") {
  check_agreement(
      "V1 in 0 PULSE(0 1 0.1m 10u 10u 1m 2m)\nR1 in out 1k\nC1 out 0 0.1u\n.param half=0.5\n"
      ".options reltol=1e-6\n.tran 0.2u 4m 0 0.2u\n",
      {"trig v(out) val=0.1 rise=1 targ v(out) val=0.9 rise=1",
       "trig v(in) val='half' cross=1 targ v(out) val=half td=1m fall=last",
       "trig at=1m targ v(out) val=0.5 cross=LAST", "find v(out) at=0.3m",
       "find v(in) when v(out)=0.5 rise=2", "when v(out)=0.5 fall=1", "avg v(out)",
       "rms v(out) from=0.2m to=0.55m", "min v(out) from=1m to=3m", "max v(out)", "pp v(out)",
       "integ v(out) from=0.2m to=0.55m", "max_at v(out)", "param='m10-m9'", "avg par('v(out)*2')",
       "max i(v1)"},
      "tran");
}

TEST_CASE("ngspice measures the same over .dc and .ac") {
  const std::string circuit =
      "V1 in 0 DC 1 AC 1\nR1 in out 1k\nC1 out 0 1u\nB1 x 0 V=tanh(v(in))\nR2 x 0 1k\n.save all\n";
  check_agreement(circuit + ".ac dec 200 1 10k\n",
                  {"find vdb(out) at=1k", "when vm(out)=0.5", "find vp(out) at=100",
                   "trig vm(out) val=0.9 fall=1 targ vm(out) val=0.1 fall=1", "max vm(out)",
                   "find vr(out) when vi(out)=-0.4 cross=2", "integ vm(out)"},
                  "ac");
  check_agreement(circuit + ".dc V1 -2 2 0.01\n",
                  {"find v(x) at=0.505", "when v(x)=0.5", "max v(x)",
                   "trig v(x) val=-0.5 cross=1 targ v(x) val=0.5 cross=1", "integ v(x) from=0 to=1"},
                  "dc");
}

TEST_CASE("a sweep that falls and nested sweeps are measured run by run") {
  const DeckRun down = run_deck(
      "V1 a 0 0\nR1 a 0 1k\n.dc V1 2 0 -0.5\n.measure dc x when v(a)=0.75\n"
      ".measure dc y trig v(a)=1.75 fall=1 targ v(a)=0.75 fall=1\n.measure dc z integ v(a) from=0.25 to=1.5\n"
      ".measure dc w find i(r1) at=1.2\n");
  CHECK(value(down, "x") == testing::approx(0.75));
  CHECK(value(down, "y") == testing::approx(-1));
  CHECK(value(down, "z") == testing::approx(0.5 * (1.5 * 1.5 - 0.25 * 0.25)));
  CHECK(value(down, "w") == testing::approx(1.2e-3));
  const DeckRun nested = run_deck(
      "V1 a 0 0\nV2 b 0 0\nR1 a b 1k\n.dc V1 0 1 0.25 V2 0 2 1\n.measure dc third when v(a)=0.6 rise=3\n"
      ".measure dc falls when v(a)=0.5 fall=last\n.measure dc top max v(b,a)\n.print dc v(b)\n");
  CHECK(value(nested, "third") == testing::approx(0.6));
  CHECK_FALSE(measure(nested, "falls").value.has_value());  // a restart is no fall
  CHECK(value(nested, "top") == 2);
  CHECK(nested.analysis().tables.at(0).columns.size() == 3);
}

TEST_CASE("tables hold the scale, vectors that are not saved, and expressions") {
  const DeckRun run = run_deck(
      "V1 a 0 SIN(0 2 1k)\nR1 a b 1k\nR2 b 0 1k\n.tran 10u 1m\n.save v(a)\n"
      ".print tran {v(a)*i(r1)} par('2*v(b)') v(a)-v(b) @r1[p]\n.plot v(b) (0,5) time\n.print ac v(a)\n");
  const std::vector<PrintedTable>& tables = run.analysis().tables;
  REQUIRE(tables.size() == 2);
  CHECK(tables[0].columns == std::vector<std::string>{"time", "v(a)*i(r1)", "2*v(b)", "v(a)-v(b)", "p(r1)"});
  CHECK(tables[1].columns == std::vector<std::string>{"time", "v(b)"});
  REQUIRE(tables[0].values.size() == 5 * run.rows());
  for (std::size_t k = 0; k < run.rows(); ++k) {
    const double a = run["v(a)"][k];
    CHECK(tables[0].values[5 * k] == run.time()[k]);
    CHECK(tables[0].values[5 * k + 1] == testing::approx(a * a / 2000).epsilon(1e-9));
    CHECK(tables[0].values[5 * k + 2] == testing::approx(a).epsilon(1e-9));
    CHECK(tables[0].values[5 * k + 4] == testing::approx(a * a / 4000).epsilon(1e-9));
  }
  CHECK(run.plots.back().find("v(b)") != Plot::npos);  // .plot saves its vectors
  CHECK(run.plots.back().find("p(r1)") != Plot::npos);
}

TEST_CASE("a complex column of a table is two") {
  const DeckRun run = run_ac("V1 a 0 0\nR1 a 0 1k\n.print ac v(a) vp(a) {v(a)*v(a)}\n", {1.0, 2.0}, 1, 90);
  const PrintedTable& table = run.analysis().tables.at(0);
  CHECK(table.columns == std::vector<std::string>{"frequency", "re(v(a))", "im(v(a))", "vp(a)",
                                                  "re(v(a)*v(a))", "im(v(a)*v(a))"});
  CHECK(table.values[2] == testing::approx(1));
  CHECK(table.values[3] == testing::approx(M_PI / 2));
  CHECK(table.values[4] == testing::approx(-1));
}

TEST_CASE("measures of thousands of periods see the curve between the rows") {
  const DeckRun run = run_deck(
      "V1 a 0 SIN(0 1 1k)\nR1 a 0 1k\n.tran 1m 5\n.measure tran x find v(a) at=4.40007\n"
      ".measure tran r rms v(a)\n.four 1k 2 v(a)\n");
  CHECK(std::abs(value(run, "x") - std::sin(2 * M_PI * 0.07)) <= 5e-4);
  CHECK(value(run, "r") == testing::approx(std::sqrt(0.5)).epsilon(5e-4));
  CHECK(run.analysis().fouriers.at(0).harmonics.at(1).magnitude == testing::approx(1).epsilon(5e-4));
}

TEST_CASE("on_time, off_time, duty, freq and eqn are those of a sine and of a trapezium") {
  const DeckRun run = run_deck(
      "V1 a 0 SIN(0 2 1k)\nR1 a 0 1\nV2 b 0 PULSE(0 1 0 0.1m 0.3m 0.2m 1m)\nR2 b 0 1\n.param half=1\n"
      ".options reltol=1e-5\n.tran 1u 5m\n"
      ".measure tran high duty v(a) on=half\n.measure tran latched duty v(a) ON=1 OFF=-1\n"
      ".measure tran on on_time v(a) on=1 from=1m to=4m\n.measure tran off off_time v(a) off=-1\n"
      ".measure tran f freq v(a) on=1 off=-1\n.measure tran f2 freq v(a) on=1 td=2m minval=1e-9\n"
      ".measure tran width on_time v(b) on=0.5\n.measure tran all duty v(b) on=0.9 off=0.1\n"
      ".measure tran last eqn {v(b)*2+1} to=0.25m\n.measure tran never on_time v(a) on=3\n");
  CHECK(value(run, "high") == testing::approx(1.0 / 3).epsilon(1e-4));
  CHECK(value(run, "latched") == testing::approx(0.5).epsilon(1e-4));
  CHECK(value(run, "on") == testing::approx(1e-3 / 3).epsilon(1e-4));
  CHECK(value(run, "off") == testing::approx(1e-3 / 3).epsilon(1e-4));
  CHECK(value(run, "f") == testing::approx(1000).epsilon(1e-4));
  CHECK(value(run, "f2") == testing::approx(1000).epsilon(1e-4));
  CHECK(value(run, "width") == testing::approx(0.05e-3 + 0.2e-3 + 0.15e-3).epsilon(1e-4));
  CHECK(value(run, "all") == testing::approx(0.01 + 0.2 + 0.27).epsilon(1e-4));
  CHECK(value(run, "last") == testing::approx(3));
  CHECK(value(run, "never") == 0);
}

TEST_CASE("of two measures of one name the later one counts, but for those between them") {
  const std::string deck = "V1 a 0 PWL(0 1 1 3)\nR1 a 0 1\n.tran 0.1 1\n.measure tran x min v(a)\n";
  const DeckRun run = run_deck(deck + ".measure tran x max v(a)\n");
  REQUIRE(run.report.analyses.back().measures.size() == 1);
  CHECK(value(run, "x") == testing::approx(3));
  const DeckRun used = run_deck(deck + ".measure tran y param='x+1'\n.measure tran x max v(a)\n");
  CHECK(value(used, "y") == testing::approx(2));
  CHECK(*used.report.analyses.back().measures.back().value == testing::approx(3));
}

TEST_CASE("error is the norm of the distances from the points of a file") {
  testing::Random random(21);
  const TemporaryFolder folder;
  for (int round = 0; round < 12; ++round) {
    // A ramp is exact between rows.
    std::vector<double> places, values;
    for (double x = random.uniform(0, 1e-4); x < 1e-3; x += random.uniform(1e-5, 2e-4)) {
      places.push_back(x);
      values.push_back(1e3 * x + random.uniform(-1, 1));
    }
    const bool csv = round % 2 == 0, footer = round % 3 == 0;
    std::string text = csv ? "\"V(b)\",TIME,V(a)\r\n" : "* a comment\nIndex TIME V(a)\n";
    for (std::size_t k = 0; k < places.size(); ++k)
      text += csv ? fmt::format("7,{:.17g},{:.17g}\r\n", places[k], values[k])
                  : fmt::format("{}   {:.17g}\t{:.17g}\n", k, places[k], values[k]);
    if (footer) text += "End of Xyce(TM) Simulation\n";
    write_bytes(folder.file("points"), text);
    const std::string error =
        fmt::format("error v(a) file=\"{}\" indepvarcol=1 depvarcol=2", folder.file("points"));
    const DeckRun run = run_deck(
        fmt::format("V1 a 0 PWL(0 0 1m 1)\nR1 a 0 1\n.tran 10u 1m\n.meas tran two {0}\n.meas tran one {0} "
                    "comp_function=L1NORM\n.measure tran most {0} comp_function=infnorm\n.meas tran part {0} "
                    "from=0.3m to=0.7m "
                    "comp_function=l1norm\n.meas tran same error 'v(a)*2-1000*time' file=\"{1}\" "
                    "indepvarcol=1 depvarcol=2\n",
                    error, folder.file("points")));
    double sum = 0, squares = 0, largest = 0, part = 0;
    for (std::size_t k = 0; k < places.size(); ++k) {
      const double distance = std::abs(1e3 * places[k] - values[k]);
      sum += distance;
      squares += distance * distance;
      largest = std::max(largest, distance);
      if (places[k] >= 0.3e-3 && places[k] <= 0.7e-3) part += distance;
    }
    CHECK(value(run, "two") == testing::approx(std::sqrt(squares)));
    CHECK(value(run, "same") == testing::approx(std::sqrt(squares)));
    CHECK(value(run, "one") == testing::approx(sum));
    CHECK(value(run, "most") == testing::approx(largest));
    CHECK(value(run, "part") == testing::approx(part));
  }
}

TEST_CASE("error refuses files that are no tables, and places that the run does not have") {
  const TemporaryFolder folder;
  const auto message = [&](const std::string& text, const std::string& columns) -> std::string {
    write_bytes(folder.file("points"), text);
    try {
      const DeckRun run = testing::try_circuit(testing::circuit_of(
          fmt::format("V1 a 0 1\nR1 a 0 1\n.tran 10u 1m\n.meas tran m error v(a) file=\"{}\" {}\n",
                      folder.file("points"), columns)));
      return measure(run, "m").message;
    } catch (const DeckError& error) {
      const std::string text_of = error.diagnostics().front().message;
      return text_of.substr(text_of.starts_with('/') ? text_of.rfind('/') + 1 : 0);
    }
  };
  const std::string columns = "indepvarcol=0 depvarcol=1";
  CHECK(message("0 1\n1m 2\n", columns).empty());
  CHECK(message("0 1\n2m 2\n", columns) == "the file goes from 0 to 0.002, and the points from 0 to 0.001");
  CHECK(message("0 1\n0 2\n", columns) == "points:2: the places do not ascend");
  CHECK(message("0 1\n1u x\n1m 2\n", columns) == "points:2: expected numbers");
  CHECK(message("0\n1m 2\n", columns) == "points:1: this line has no number in one of the columns");
  CHECK(message("TIME V(a)\n", columns) == "points:1: there are no numbers");
  CHECK(message("", columns) == "points:1: there are no numbers");
  CHECK(message("0 1\n", "indepvarcol=0") == "this error has no depvarcol=");
  CHECK(message("0 1\n", "indepvarcol=0 depvarcol=-1") == "a column is 0, 1, …, not -1");
  CHECK(message("0 1\n", columns + " comp_function=l3norm") == "'l3norm' is no norm");
  CHECK(message("0.2m 1\n", columns + " from=0.3m") == "the file has no place between 0.0003 and 0.001");
}
