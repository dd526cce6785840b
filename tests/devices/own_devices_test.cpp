// Devices that the library does not ship, of kinds that it has none of.

#include <fmt/format.h>

#include <memory>
#include <stdexcept>

#include "convert/deck_writer.hpp"
#include "memspice/model.hpp"
#include "support/approx.hpp"
#include "support/run_deck.hpp"

using namespace memspice;

namespace {

/// docs/adding-a-device.md's, with its parameters in the other order: the first one may be 0.
class CubicResistor {
 public:
  static constexpr int branches = 1;
  static constexpr std::array<UnknownDescription, 0> unknowns{};

  static DeviceType describe() {
    DeviceType type;
    type.name = "cubic resistor";
    type.letter = 'r';
    type.model_type = "cubic";
    type.level = 2;
    type.terminals = {"n+", "n-"};
    type.branches = {{0, 1}};
    type.parameters = {{.name = "k", .unit = "A/V^3", .default_value = 0, .help = "cubic coefficient"},
                       {.name = "r", .unit = "ohm", .required = true, .help = "resistance"}};
    return type;
  }

  explicit CubicResistor(std::span<const double> values) : cubic_(values[0]), resistance_(values[1]) {}

  template <class Real>
  void equations(const Local<CubicResistor, Real>& x, Equations<CubicResistor, Real>& f) const {
    const Real& v = x.voltage[0];
    f.current[0] = v / resistance_ + cubic_ * v * v * v;
  }

 private:
  double cubic_, resistance_;
};

/// A conductor whose value stands behind its nodes, of a letter that no passive element has.
class Conductor {
 public:
  static constexpr int branches = 1;
  static constexpr std::array<UnknownDescription, 0> unknowns{};
  static DeviceType describe() {
    DeviceType type;
    type.name = "conductor";
    type.letter = 'n';
    type.terminals = {"n+", "n-"};
    type.branches = {{0, 1}};
    type.positional = true;
    type.parameters = {{.name = "g", .unit = "S", .required = true, .help = "conductance"}};
    return type;
  }
  explicit Conductor(std::span<const double> values) : conductance_(values[0]) {}
  template <class Real>
  void equations(const Local<Conductor, Real>& x, Equations<Conductor, Real>& f) const {
    f.current[0] = conductance_ * x.voltage[0];
  }

 private:
  double conductance_;  // S
};

/// Forty conductances side by side.
class Bundle {
 public:
  static constexpr int branches = 40;
  static constexpr std::array<UnknownDescription, 0> unknowns{};

  static DeviceType describe() {
    DeviceType type;
    type.name = "bundle";
    type.letter = 'p';
    type.level = 1;
    type.terminals = {"n+", "n-"};
    type.branches.assign(branches, {0, 1});
    type.parameters = {{.name = "g", .unit = "S", .default_value = 1e-3, .help = "conductance of each"}};
    return type;
  }

  explicit Bundle(std::span<const double> values) : conductance_(values[0]) {}

  template <class Real>
  void equations(const Local<Bundle, Real>& x, Equations<Bundle, Real>& f) const {
    for (std::size_t k = 0; k < branches; ++k) f.current[k] = conductance_ * x.voltage[k];
  }

 private:
  double conductance_;
};

std::shared_ptr<const Catalogue> own_devices() {
  static const std::shared_ptr<const Catalogue> catalogue = [] {
    auto devices = std::make_shared<Catalogue>();
    for (const auto& type : standard_catalogue()->types()) devices->add(*type);
    devices->add(device_type<CubicResistor>());
    devices->add(device_type<Bundle>());
    devices->add(device_type<Conductor>());
    return devices;
  }();
  return catalogue;
}

const std::string cubic_cards = "V1 a 0 2\n.model nl cubic(level=2 r=1 k=0.5)\n";

std::string objection_to(const std::string& body) {
  try {
    testing::circuit_of(body, own_devices());
  } catch (const DeckError& error) {
    return error.what();
  }
  return "none";
}

}  // namespace

TEST_CASE("a device of a program's own is solved beside ours") {
  const auto run = testing::run_deck(cubic_cards + "R1 a 0 nl\nR2 a 0 4\nN1 a 0 0.25\n.op\n", own_devices());
  CHECK(run["i(v1)"][0] == testing::approx(-(2 + 4 + 0.5 + 0.5)));
}

TEST_CASE("copies of a subcircuit are refused where a device in it cannot be copied, not forgotten") {
  const std::string body = cubic_cards + ".subckt s p\nR1 p 0 nl\n.ends\n.op\n";
  const std::string message = objection_to(body + "X1 a s m=3\n");
  CHECK(message.find("'R1' stands for 3 devices, and a cubic resistor has no m=") != std::string::npos);
  CHECK(message.find("leave out m= of the subcircuit") != std::string::npos);
  CHECK(objection_to(body + "X1 a s\n") == "none");
}

TEST_CASE("a value that depends on the running circuit makes sources of R, C and L only") {
  CHECK(objection_to("V1 a 0 1\nN1 a 0 {1+v(a)}\n.op\n").find("v(a)") != std::string::npos);
  CHECK(objection_to("V1 a 0 1\nR1 a 0 {1+v(a)}\n.op\n") == "none");
}

TEST_CASE("convert refuses a device that it does not know, whatever its letter") {
  const Circuit circuit = testing::circuit_of(cubic_cards + "R1 a 0 nl\n.op\n", own_devices());
  CHECK_THROWS_WITH_AS(convert::write_deck(circuit, {}, [](std::string_view) {}),
                       doctest::Contains("convert has no counterpart for a cubic resistor"), DeckError);
}

TEST_CASE("a device of a resistor's letter is a short circuit by its resistance only") {
  for (const double r : {1e3, 1e-8}) {
    CAPTURE(r);
    const auto result = testing::run_deck(
        fmt::format("V1 a 0 1\nR1 a b {0}\nR2 b 0 m\n.model m cubic(level=2 k=0 r={0})\n.op\n", r),
        own_devices());
    CHECK(result["v(b)"][0] == testing::approx(0.5));
  }
}

TEST_CASE("a source reads the current of a device with any number of branches") {
  const auto result = testing::run_deck("V1 a 0 2\nP1 a 0\nB1 b 0 V={i(p1)}\nR1 b 0 1\n.op\n", own_devices());
  CHECK(result["i(v1)"][0] == testing::approx(-40 * 2e-3));
  CHECK(result["v(b)"][0] == testing::approx(2e-3));  // of the first branch
}

TEST_CASE("a circuit of any deck has its variants") {
  const Circuit circuit = testing::circuit_of(".param r=1k\nV1 a 0 1\nR1 a b {r}\nR2 b 0 1k\n.op\n");
  const auto with = [](const Circuit& of, Sweep::Target target, const char* name, double value) {
    SweptValue swept;
    swept.target = target;
    swept.name = name;
    swept.value = value;
    return testing::run_circuit(variant(of, {.values = {swept}}))["v(b)"][0];
  };
  CHECK(with(circuit, Sweep::Target::parameter, "r", 3000) == testing::approx(0.25));
  CHECK(with(circuit, Sweep::Target::voltage_source, "v1", 4) == testing::approx(2));
  Circuit made = circuit;
  made.origin.deck = nullptr;
  CHECK(with(made, Sweep::Target::voltage_source, "v1", 4) == testing::approx(2));
  CHECK_THROWS_AS(with(made, Sweep::Target::parameter, "r", 3000), std::invalid_argument);
}

TEST_CASE(".ic of many states takes as long as reading them") {
  // A card each, in the reverse order: searching would take 8e8 comparisons.
  constexpr int count = 40000;
  std::string deck = "V1 a 0 1\n.model m memristor\n", cards;
  for (int k = 0; k < count; ++k) {
    deck += fmt::format("Y{} a 0 m w0=0.5\n", k);
    cards += fmt::format(".ic w(y{})={}\n", count - 1 - k, k % 2 == 0 ? 0.25 : 0.75);
  }
  const Circuit circuit = testing::circuit_of(deck + cards + ".op\n");
  const DeviceGroup& group = circuit.groups.front();
  const std::size_t place = *group.type->find_parameter("w0");
  CHECK(group.parameter(count - 1, place) == 0.25);
  CHECK(group.parameter(0, place) == 0.75);
  CHECK(group.parameter(count / 2, place) == 0.75);
}
