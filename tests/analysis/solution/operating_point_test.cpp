// Operating points: what stands still and what is short or open, and every fallback reached and named. The
// fallbacks need devices harder than the catalogue's.

#include <fmt/format.h>

#include "memspice/model.hpp"
#include "support/approx.hpp"
#include "support/run_deck.hpp"

using namespace memspice;
using memspice::testing::DeckRun;
using memspice::testing::run_deck;

namespace {

/// i = Is (exp(v/Vt) - 1) without any limiting.
class HardDiode {
 public:
  static constexpr int branches = 1;
  static constexpr std::array<UnknownDescription, 0> unknowns{};
  static DeviceType describe() {
    DeviceType type;
    type.name = "diode";
    type.letter = 'p';
    type.terminals = {"a", "k"};
    type.branches = {{0, 1}};
    type.positional = true;
    type.parameters = {
        {.name = "is", .unit = "A", .default_value = 1e-14, .minimum = 0, .help = "saturation"}};
    return type;
  }
  explicit HardDiode(std::span<const double> values) : saturation_(values[0]) {}
  template <class Real>
  void equations(const Local<HardDiode, Real>& x, Equations<HardDiode, Real>& f) const {
    using std::exp;
    f.current[0] = saturation_ * (exp(x.voltage[0] / 0.02585) - 1.0);
  }

 private:
  double saturation_;  // A
};

/// i = v³ - v: three operating points on its own, -1 V, 0 V and 1 V.
class Bistable {
 public:
  static constexpr int branches = 1;
  static constexpr std::array<UnknownDescription, 0> unknowns{};
  static DeviceType describe() {
    DeviceType type;
    type.name = "bistable";
    type.letter = 'n';
    type.terminals = {"a", "b"};
    type.branches = {{0, 1}};
    return type;
  }
  explicit Bistable(std::span<const double>) {}
  template <class Real>
  void equations(const Local<Bistable, Real>& x, Equations<Bistable, Real>& f) const {
    const Real& v = x.voltage[0];
    f.current[0] = v * v * v - v;
  }
};

std::shared_ptr<const Catalogue> hard_devices() {
  static const auto catalogue = [] {
    auto devices = std::make_shared<Catalogue>();
    for (const auto& type : standard_catalogue()->types()) devices->add(*type);
    devices->add(device_type<HardDiode>());
    devices->add(device_type<Bistable>());
    return devices;
  }();
  return catalogue;
}

/// Voltage at which a diode carries this current.
double diode_voltage(double current) {
  return 0.02585 * std::log(current / 1e-14 + 1);
}

}  // namespace

TEST_CASE("an operating point near zero is found by Newton's method alone") {
  const DeckRun result = run_deck("V1 a 0 1\nR1 a b 1k\nP1 b 0\n.op\n.save v(*) i(*)\n", hard_devices());
  CHECK(result.analysis().operating_point == "newton");
  CHECK(result["v(b)"][0] == testing::approx(diode_voltage(result["i(r1)"][0])).epsilon(1e-9));
}

TEST_CASE("a current forced through a diode needs gmin stepping, and the report says so") {
  const DeckRun result = run_deck("I1 0 b 1m\nP1 b 0\n.op\n.tran 1u 10u\n.save v(*)\n", hard_devices());
  for (const AnalysisReport& analysis : result.report.analyses)
    CHECK(analysis.operating_point == "gmin stepping");
  for (const double v : result["v(b)"]) CHECK(v == testing::approx(diode_voltage(1e-3)).epsilon(1e-9));
}

TEST_CASE("a diode behind 5 V needs source stepping, and the report says so") {
  const DeckRun result =
      run_deck("V1 a 0 5\nR1 a b 1k\nP1 b 0\n.op\n.tran 1u 10u\n.save v(*) i(*)\n", hard_devices());
  for (const AnalysisReport& analysis : result.report.analyses)
    CHECK(analysis.operating_point == "source stepping");
  CHECK(result["v(b)"][0] == testing::approx(diode_voltage(result["i(r1)"][0])).epsilon(1e-9));
  CHECK(result["i(r1)"][0] == testing::approx((5 - result["v(b)"][0]) / 1e3));
}

TEST_CASE("an ampere through three diodes needs the pseudo-transient, and the report says so") {
  const DeckRun result =
      run_deck("I1 0 b 1\nP1 b c\nP2 c d\nP3 d 0\n.op\n.tran 1u 10u\n.save v(*)\n", hard_devices());
  for (const AnalysisReport& analysis : result.report.analyses)
    CHECK(analysis.operating_point == "pseudo-transient");
  CHECK(result["v(b)"][0] == testing::approx(3 * diode_voltage(1)).epsilon(1e-9));
}

TEST_CASE("a circuit without an operating point fails and says what was tried and what is suspicious") {
  const DeckRun result =
      testing::try_circuit(testing::circuit_of("I1 0 a 1m\nR1 a 0 1k\nR2 a 0 -1k\n.op\n.tran 1u 1m\n"));
  CHECK(result.report.outcome() == Outcome::failed);
  REQUIRE(result.report.analyses.size() == 1);  // the analysis after it is not run
  CHECK(result.analysis().message ==
        "no operating point found; worst nodes: v(a)\n"
        "  negative resistances: r2\n"
        "  tried: Newton, gmin stepping, source stepping, pseudo-transient\n"
        "  try: start with .tran … uic, give node voltages with .nodeset, or check the signs of resistances");
}

TEST_CASE("sources with a negative resistance of their own are named, others are not") {
  const auto message_of = [](const std::string& deck) {
    return testing::try_circuit(testing::circuit_of(deck + ".op\n")).analysis().message;
  };
  CHECK(message_of("I1 0 a 1m\nR1 a 0 1k\nG1 a 0 a 0 -1m\n").find("negative resistances: g1\n") !=
        std::string::npos);
  CHECK(message_of("I1 0 a 1m\nR1 a 0 1k\nG1 a 0 0 a 1m\n").find("negative resistances: g1\n") !=
        std::string::npos);
  const std::string crossed = message_of("I1 0 a 1m\nR1 a 0 1k\nR2 b 0 1k\nG1 a 0 b 0 -1m\nG2 b 0 a 0 -1m\n");
  CHECK(crossed.find("no operating point found") == 0);
  CHECK(crossed.find("negative") == std::string::npos);
}

TEST_CASE("a potential that only capacitors and currents of 0 reach is 0 at rest, and a warning says so") {
  const DeckRun result = run_deck(
      "V1 1 0 SIN(0 1 1)\nB1 0 x I={v(1) > 0.5 ? 1 : 0}\nCx x 0 1 ic=0.2\n.op\n.tran 10m 1\n.save v(*)\n");
  CHECK(result.plots[0].columns[result.plots[0].find("v(x)")][0] == 0);
  CHECK(result["v(x)"][0] == testing::approx(0).scale(1e-6));
  CHECK(result["v(x)"].back() == testing::approx(1.0 / 3).epsilon(1e-3));
  REQUIRE(result.report.warnings.size() == 2);  // of each analysis
  CHECK(result.report.warnings.back().message ==
        "nothing determines v(x) at rest: only capacitors and controlled currents, which are 0, lead there; "
        "0 V "
        "is taken");
  CHECK(result.report.warnings.back().hint ==
        "ic= of a capacitor counts with .tran … uic only; .ic or .nodeset gives another value");
  // A state whose rate has no slope at rest, behind elements that need the fallbacks.
  const DeckRun state = run_deck(
      "V1 a 0 SIN(0 1 1)\nR1 a b 1k\nB1 b 0 I={1e-14*(exp(v(b)/0.02585)-1)}\n"
      "G1 0 x VALUE={v(b)*(1-v(x)*v(x))}\nCx x 0 1\n.nodeset v(x)=0.25\n.tran 10m 0.1\n.save v(*)\n");
  CHECK(state["v(x)"][0] == testing::approx(0.25).epsilon(1e-9));
}

TEST_CASE("a current that has no way back at rest is an error that names where it ends") {
  const DeckRun result = testing::try_circuit(
      testing::circuit_of("V1 1 0 1\nR1 1 0 1k\nB1 0 x I={v(1) > 0.5 ? 1 : 0}\nCx x 0 1\n.tran 10m 1\n"));
  CHECK(result.report.outcome() == Outcome::failed);
  CHECK(result.analysis().message.find("\n  only capacitors and controlled currents lead to v(x)\n") !=
        std::string::npos);
}

TEST_CASE("sources that contradict themselves or each other are named") {
  const auto message_of = [](const std::string& source) {
    const DeckRun result =
        testing::try_circuit(testing::circuit_of("V1 1 0 1\nR1 1 0 1k\nR3 3 0 1k\n" + source));
    CHECK(result.report.outcome() == Outcome::failed);
    return result.analysis().message;
  };
  CHECK(message_of("B1 3 0 V=v(3)+1\n.op\n")
            .find("\n  sources whose value no voltage or current changes: b1\n") != std::string::npos);
  // An expression reads a current of this loop: for all that is known it might determine it.
  CHECK(message_of("E1 3 0 1 0 2\nE2 3 0 1 0 3\nB5 0 5 I=i(E1)\nR5 5 0 1\n.op\n")
            .find("\n  controlled voltage sources with a loop among them: e1, e2\n") != std::string::npos);
}

TEST_CASE("an expression without a value at the all-zero guess gets one from the circuit without it") {
  const DeckRun ratio = run_deck(
      "Va a 0 4\nRa a 3 1k\nRb 3 4 1k\nRc 4 0 1k\nB5 5 0 V={v(4)/v(3)}\nR5 5 0 1\n.op\n.save v(*)\n");
  CHECK(ratio["v(5)"][0] == testing::approx(0.5).epsilon(1e-12));
  const DeckRun chain = run_deck(
      "V1 a 0 4\nR1 a b 1k\nR2 b 0 1k\nB1 c 0 V=log(v(b))\nR3 c 0 1k\nB2 d 0 V=1/v(b)\nR4 d 0 1\n"
      "B3 e 0 V={v(b)*v(a)/(v(b)+v(a))}\nR5 e 0 1\nB4 f 0 V={v(c)/v(d)/v(e)}\nR6 f 0 1\n"
      "B5 g 0 I={-sqrt(v(b))*1m}\nR7 g 0 1k\nB6 h 0 V={pow(v(b),-0.5)+v(f)/v(g)}\nR8 h 0 1k\n"
      ".op\n.save v(*)\n");
  const double f = std::log(2.0) / 0.5 / (8.0 / 6);
  CHECK(chain["v(f)"][0] == testing::approx(f).epsilon(1e-12));
  CHECK(chain["v(h)"][0] == testing::approx((1 + f) / std::sqrt(2.0)).epsilon(1e-12));
  const DeckRun feedback = run_deck(
      "V1 a 0 4\nR1 a b 1k\nB1 b 0 I={v(b)/v(c)*1m}\nR2 c 0 1k\nB2 0 c I={v(a)/v(b)*1m}\n.op\n.save v(*)\n");
  CHECK(feedback["v(c)"][0] == testing::approx((1 + std::sqrt(5.0)) / 2).epsilon(1e-9));
}

TEST_CASE("a ratio of voltages that are both 0 at the operating point counts as 0") {
  const DeckRun result = run_deck(
      "V1 a 0 SIN(0 1 1k)\nR1 a b 1k\nR2 b 0 1k\nB1 c 0 V={v(b)/v(a)}\nR3 c 0 1k\n.op\n.tran 10u 0.2m\n"
      ".save v(*)\n");
  CHECK(result.plots[0].columns[result.plots[0].find("v(c)")][0] == 0);
  CHECK(result["v(c)"].back() == testing::approx(0.5));
}

TEST_CASE("at the operating point inductors are short, capacitors open, memristors stay at w0") {
  const DeckRun result = run_deck(
      ".model mem memristor(ron=100 roff=1100 alpha=5)\nV1 a 0 3\nR1 a b 1k\nL1 b c 1\nC1 c 0 1u\n"
      "Y1 c 0 mem w0=0.4\nR2 c d 1k\nC2 d 0 1n\n.op\n.save all i(*)\n");
  CHECK(result["v(b)"][0] == result["v(c)"][0]);
  CHECK(result["v(c)"][0] == testing::approx(3 * 500.0 / 1500));
  CHECK(result["v(d)"][0] == result["v(c)"][0]);
  CHECK(result["i(l1)"][0] == testing::approx(2e-3));
  CHECK(result["i(y1)"][0] == testing::approx(2e-3));
  CHECK(result["i(c1)"][0] == 0);
  CHECK(result["i(c2)"][0] == 0);
  CHECK(result["w(y1)"][0] == 0.4);
}

TEST_CASE(".op takes the DC value of a source, a transient its function at the start") {
  const DeckRun result =
      run_deck("V1 a 0 DC 3 SIN(1 2 1k 0 0 90)\nR1 a 0 1k\n.op\n.tran 1u 1m\n.save v(*)\n");
  CHECK(result.plots[0].columns[0][0] == 3);
  CHECK(result["v(a)"][0] == testing::approx(3));
  const DeckRun other = run_deck("V1 a 0 DC 3 SIN(1 2 1k)\nR1 a 0 1k\n.op\n.tran 1u 1m\n.save v(*)\n");
  CHECK(other.plots[0].columns[0][0] == 3);
  CHECK(other["v(a)"][0] == testing::approx(1));
}

TEST_CASE(".ic holds a node during the operating point and lets it go afterwards") {
  const DeckRun result =
      run_deck("V1 a 0 5\nR1 a b 1k\nC1 b 0 1u\n.tran 20u 5m\n.ic v(b)=2\n.save v(*) i(*)\n");
  CHECK(result["v(b)"][0] == testing::approx(2));
  CHECK(result["i(c1)"][0] == testing::approx(3e-3));
  CHECK(testing::relative_error(result, "v(b)", [](double t) { return 5 - 3 * std::exp(-t / 1e-3); }) < 1e-3);
}

TEST_CASE("an inductor keeps the current it had while .ic held its node") {
  const DeckRun result = run_deck(
      "V1 a 0 4\nR1 a b 1k\nL1 b c 1m\nR2 c 0 1k\nC1 c 0 1u\n.tran 1u 1m\n.ic v(b)=1\n.save v(*) i(*)\n");
  CHECK(result["v(c)"][0] == testing::approx(1));
  CHECK(result["i(l1)"][0] == testing::approx(1e-3));
  // Nothing holds b any more: R1 has to carry the inductor's current.
  CHECK(result["v(b)"][0] == testing::approx(3));
}

TEST_CASE(".nodeset chooses between operating points and holds nothing") {
  for (const double guess : {-0.8, 0.9}) {
    const DeckRun result = run_deck(
        fmt::format("N1 a 0\n.op\n.tran 1 10\n.nodeset v(a)={}\n.save v(*)\n", guess), hard_devices());
    CHECK(result.plots[0].columns[0][0] == testing::approx(guess > 0 ? 1 : -1));
    CHECK(result["v(a)"].back() == testing::approx(guess > 0 ? 1 : -1));
  }
  const DeckRun linear = run_deck("V1 a 0 1\nR1 a b 1k\nR2 b 0 1k\n.op\n.nodeset v(b)=17\n.save v(*)\n");
  CHECK(linear["v(b)"][0] == testing::approx(0.5));
}

TEST_CASE("uic takes capacitors from ic=, else from .ic, else from 0") {
  const DeckRun result = run_deck(
      "C1 a 0 1u ic=3\nC2 b 0 1u\nC3 c 0 1u\nC4 a b 1n\nR1 a 0 1k\nR2 b 0 1k\nR3 c 0 1k\n.tran 10u 1m uic\n"
      ".ic v(b)=2 v(a)=7\n.save v(*)\n");
  CHECK(result.analysis().operating_point == "initial conditions");
  // C4 joins a and b: 1 nF between 3 V and 2 V moves them by a thousandth.
  CHECK(result["v(a)"][0] == testing::approx(3).epsilon(5e-3));
  CHECK(result["v(b)"][0] == testing::approx(2).epsilon(5e-3));
  CHECK(result["v(c)"][0] == testing::approx(0).scale(1));
}

TEST_CASE("a million-fold range of resistances is solved to rounding") {
  const DeckRun result =
      run_deck("V1 a 0 1\nR1 a b 1m\nR2 b c 1g\nR3 c 0 1k\nR4 b 0 1\n.op\n.save v(*) i(*)\n");
  CHECK(result["v(c)"][0] == testing::approx(1e3 * result["i(r2)"][0]).epsilon(1e-9));
  CHECK(result["v(b)"][0] == testing::approx(1 / 1.001).epsilon(1e-9));
}

TEST_CASE("a random source is its DC value outside of transients, for expressions too") {
  for (const char* waveform : {"trrandom(4 1u 0 1)", "trnoise(1 1u 0 0)"}) {
    const memspice::testing::DeckRun run = memspice::testing::run_deck(
        std::string("V1 a 0 dc 3 ") + waveform + "\nR1 a 0 1\nB1 b 0 v={2*v(a)}\n.op\n");
    CHECK(run["v(b)"][0] == testing::approx(6));
  }
}
