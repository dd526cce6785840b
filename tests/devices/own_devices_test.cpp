// Devices that the library does not ship, of kinds that it has none of.

#include <fmt/format.h>

#include <memory>
#include <stdexcept>

#include "memspice/model.hpp"
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

/// Forty conductances side by side.
class Bundle {
 public:
  static constexpr int branches = 40;
  static constexpr std::array<UnknownDescription, 0> unknowns{};

  static DeviceType describe() {
    DeviceType type;
    type.name = "bundle";
    type.letter = 'z';
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
    return devices;
  }();
  return catalogue;
}

}  // namespace

TEST_CASE("a device of a resistor's letter is a short circuit by its resistance only") {
  for (const double r : {1e3, 1e-8}) {
    CAPTURE(r);
    const auto result = testing::run_deck(
        fmt::format("V1 a 0 1\nR1 a b {0}\nR2 b 0 m\n.model m cubic(level=2 k=0 r={0})\n.op\n", r),
        own_devices());
    CHECK(result["v(b)"][0] == doctest::Approx(0.5));
  }
}

TEST_CASE("a source reads the current of a device with any number of branches") {
  const auto result = testing::run_deck("V1 a 0 2\nZ1 a 0\nB1 b 0 V={i(z1)}\nR1 b 0 1\n.op\n", own_devices());
  CHECK(result["i(v1)"][0] == doctest::Approx(-40 * 2e-3));
  CHECK(result["v(b)"][0] == doctest::Approx(2e-3));  // of the first branch
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
  CHECK(with(circuit, Sweep::Target::parameter, "r", 3000) == doctest::Approx(0.25));
  CHECK(with(circuit, Sweep::Target::voltage_source, "v1", 4) == doctest::Approx(2));
  Circuit made = circuit;
  made.origin.deck = nullptr;
  CHECK(with(made, Sweep::Target::voltage_source, "v1", 4) == doctest::Approx(2));
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
