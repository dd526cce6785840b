#include "devices/memristors/iontronic.hpp"

#include <numbers>

#include "devices/memristors/memristor_cards.hpp"

namespace memspice {

namespace {

enum IontronicParameter : std::size_t {
  ion_conductance,
  ion_tau,
  ion_activation,
  ion_swing,
  ion_flow,
  ion_ratio,
  ion_step,
  ion_polarity,
  ion_least,
  ion_most,
  ion_start,
  ion_copies
};

// clang-format off
std::vector<ParameterDescription> iontronic_parameters() {
  return {
      {.name = "gch", .unit = "S", .default_value = 2.4e-12, .minimum = 0, .minimum_allowed = false, .help = "conductance of the channel at g = 1"},
      {.name = "tau", .unit = "s", .default_value = 8.333e-3, .minimum = 0, .minimum_allowed = false, .help = "time of the relaxation, length^2/(12 D) of a cone"},
      {.name = "activation", .unit = "", .default_value = 0, .help = "what g relaxes to", .choices = {"cone", "tanh"}},
      {.name = "dg", .unit = "1", .default_value = -2.051, .help = "how far that swings"},
      {.name = "peclet", .unit = "1/V", .default_value = -7.211, .help = "cone: Peclet number at the tip per volt, eps psi0/(eta D)"},
      {.name = "ratio", .unit = "1", .default_value = 4, .minimum = 1, .minimum_allowed = false, .help = "cone: radius of the base over that of the tip"},
      {.name = "v1", .unit = "V", .default_value = 1, .minimum = 0, .minimum_allowed = false, .help = "tanh: voltage scale"},
      {.name = "polarity", .unit = "1", .default_value = 1, .minimum = -1, .maximum = 1, .help = "+1 or -1: which way the channel is turned"},
      {.name = "gleast", .unit = "1", .default_value = 0.01, .minimum = 0, .help = "smallest g"},
      {.name = "gmost", .unit = "1", .default_value = 2, .minimum = 0, .minimum_allowed = false, .help = "largest g"},
      {.name = "g0", .unit = "1", .default_value = 1, .minimum = 0, .help = "initial state, from gleast to gmost", .aliases = {"g", "ic"}},
      memristor_copies(),
  };
}
// clang-format on

std::optional<ParameterProblem> check_iontronic(std::span<const double> values) {
  if (std::abs(values[ion_polarity]) != 1)
    return ParameterProblem{ion_polarity, "polarity must be 1 or -1", {}};
  if (values[ion_most] <= values[ion_least])
    return ParameterProblem{ion_most, "gmost must be greater than gleast", {}};
  if (values[ion_start] < values[ion_least] || values[ion_start] > values[ion_most])
    return ParameterProblem{ion_start, "g0 must lie between gleast and gmost", {}};
  return std::nullopt;
}

}  // namespace

const std::array<Iontronic::Place, 32> Iontronic::places_ = [] {
  std::array<Place, 32> places;
  constexpr auto count = places.size();
  for (std::size_t i = 0; i < count; ++i) {
    // A root of Legendre's polynomial, by Newton's method.
    double x = std::cos(std::numbers::pi * (static_cast<double>(i) + 0.75) / (count + 0.5));
    double slope = 0;
    for (int step = 0; step < 10; ++step) {
      double before = 1, polynomial = x;
      for (std::size_t n = 2; n <= count; ++n) {
        const auto degree = static_cast<double>(n);
        const double next = ((2 * degree - 1) * x * polynomial - (degree - 1) * before) / degree;
        before = polynomial;
        polynomial = next;
      }
      slope = count * (x * polynomial - before) / (x * x - 1);
      x -= polynomial / slope;
    }
    const double t = 0.5 * (1 + x);
    places[i] = {6 * t * (1 - t) / ((1 - x * x) * slope * slope), t * t * (3 - 2 * t)};
  }
  return places;
}();

Iontronic::Iontronic(std::span<const double> values)
    : conductance_(values[ion_copies] * values[ion_conductance]),
      tau_(values[ion_tau]),
      swing_(values[ion_swing]),
      flow_(values[ion_flow]),
      ratio_(values[ion_ratio]),
      step_(values[ion_step]),
      polarity_(values[ion_polarity]),
      cone_(values[ion_activation] == 0),
      bounds_{values[ion_least], values[ion_most]} {}

DeviceType Iontronic::describe() {
  DeviceType type = memristor_of_level(12, "iontronic channel", {"iontronic"});
  type.help = "channel of ions, volatile (Kamsma): i = gch g v, tau dg/dt = ginf(v) - g";
  type.parameters = iontronic_parameters();
  type.check = check_iontronic;
  type.observables = {{"r", Quantity::impedance}, {"ginf", Quantity::notype}};
  return type;
}

}  // namespace memspice
