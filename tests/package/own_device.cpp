// Brings a device of its own: a resistor whose conductance grows with the square of its voltage,
// i = v/r + k v^3. Its equations are written once; memspice takes the exact derivatives from them.
#include <cmath>
#include <iostream>
#include <memspice/model.hpp>
#include <memspice/simulate.hpp>

namespace {

using namespace memspice;

class CubicResistor {
 public:
  static constexpr int branches = 1;
  static constexpr std::array<UnknownDescription, 0> unknowns{};

  static DeviceType describe() {
    DeviceType type;
    type.name = "cubic resistor";
    type.help = "i = v/r + k v^3";
    type.letter = 'n';
    type.model_type = "cubic";
    type.terminals = {"n+", "n-"};
    type.branches = {{0, 1}};
    type.parameters = {{.name = "r", .unit = "ohm", .minimum = 0, .minimum_allowed = false, .required = true},
                       {.name = "k", .unit = "A/V^3", .default_value = 0}};
    return type;
  }

  explicit CubicResistor(std::span<const double> values) : resistance_(values[0]), cubic_(values[1]) {}

  template <class Real>
  void equations(const Local<CubicResistor, Real>& x, Equations<CubicResistor, Real>& f) const {
    const Real& v = x.voltage[0];
    f.current[0] = v / resistance_ + cubic_ * v * v * v;
  }

 private:
  double resistance_;
  double cubic_;
};

}  // namespace

int main() {
  const auto devices = std::make_shared<Catalogue>();
  devices->add(device_type<CubicResistor>());

  // 3 A through r = 1 ohm and k = 2 A/V^3: v + 2 v^3 = 3 has the solution v = 1.
  const Circuit circuit = CircuitBuilder("a device of one's own", devices)
                              .current_source("i1", "0", "out", 3)
                              .device("cubic resistor", "n1", {"out", "0"}, {{"r", 1}, {"k", 2}})
                              .operating_point()
                              .build();
  MemorySink sink;
  run(circuit, sink);
  const double v = sink.plots().front()["v(out)"].front();
  std::cout << "v(out) = " << v << " V\n";
  return std::abs(v - 1) < 1e-9 ? 0 : 1;
}
