#include "devices/memristors/wire_network_drift.hpp"

#include "devices/memristors/memristor_cards.hpp"

namespace memspice {

namespace {

enum DriftParameter : std::size_t {
  mnns_variant,
  mnns_on,
  mnns_ratio,
  mnns_length,
  mnns_mobility,
  mnns_sign,
  mnns_window,
  mnns_raise,
  mnns_learning,
  mnns_turning,
  mnns_least_tau,
  mnns_start,
  mnns_start_tau,
  mnns_start_eps,
  mnns_copies
};

// clang-format off
std::vector<ParameterDescription> drift_parameters() {
  return {
      {.name = "variant", .unit = "", .default_value = 0, .help = "model: drift, with decay, with a decay that learns", .choices = {"hp", "decay", "slt"}},
      {.name = "ron", .unit = "ohm", .default_value = 10, .minimum = 0, .minimum_allowed = false, .help = "resistance at x = 1"},
      {.name = "rho", .unit = "1", .default_value = 160, .minimum = 1, .help = "how many times as large it is at x = 0", .aliases = {"roff_ron"}},
      {.name = "wj", .unit = "m", .default_value = 10e-9, .minimum = 0, .minimum_allowed = false, .help = "length of the junction", .aliases = {"d"}},
      {.name = "mu", .unit = "m^2/V.s", .default_value = 1e-14, .minimum = 0, .help = "mobility of the ions", .aliases = {"uv"}},
      {.name = "sign", .unit = "", .default_value = 0, .help = "whose sign the drift has: the junction's voltage or that between s+ and s-", .choices = {"junction", "source"}},
      {.name = "p", .unit = "1", .default_value = 0, .minimum = 0, .maximum = 100, .help = "exponent of Joglekar's window, a whole number; 0: no window"},
      {.name = "sigma", .unit = "1", .default_value = 0, .minimum = 0, .help = "slt: what the drift adds to eps"},
      {.name = "theta", .unit = "s", .default_value = 0, .minimum = 0, .help = "slt: what the drift adds to tau"},
      {.name = "a", .unit = "1", .default_value = 1, .help = "slt: state above which tau falls"},
      {.name = "taumin", .unit = "s", .minimum = 0, .minimum_allowed = false, .help = "smallest tau; tau0/1000 unless given"},
      {.name = "x0", .unit = "1", .default_value = 0.05, .minimum = 0, .maximum = 1, .help = "initial state", .aliases = {"x", "w", "w0", "ic"}},
      {.name = "tau0", .unit = "s", .default_value = 1, .minimum = 0, .minimum_allowed = false, .help = "time of the decay, at first", .aliases = {"tau"}},
      {.name = "eps0", .unit = "1", .default_value = 0, .minimum = 0, .maximum = 1, .help = "slt: state that it decays to, at first", .aliases = {"epsilon0", "eps"}},
      memristor_copies(),
  };
}
// clang-format on

std::optional<ParameterProblem> check_drift(std::span<const double> values) {
  if (values[mnns_window] != std::floor(values[mnns_window]))
    return ParameterProblem{mnns_window, "p must be a whole number", {}};
  if (values[mnns_least_tau] > values[mnns_start_tau])
    return ParameterProblem{mnns_least_tau, "taumin must not be greater than tau0", {}};
  return std::nullopt;
}

}  // namespace

WireNetworkDrift::WireNetworkDrift(std::span<const double> values)
    : on_(values[mnns_on]),
      off_(values[mnns_on] * values[mnns_ratio]),
      drift_(values[mnns_mobility] * values[mnns_on] / (values[mnns_length] * values[mnns_length])),
      raise_(values[mnns_raise]),
      learning_(values[mnns_learning]),
      turning_(values[mnns_turning]),
      least_tau_(value_or(values[mnns_least_tau], 1e-3 * values[mnns_start_tau])),
      copies_(values[mnns_copies]),
      variant_(static_cast<Variant>(static_cast<int>(values[mnns_variant]))),
      source_sign_(values[mnns_sign] != 0),
      window_exponent_(static_cast<int>(values[mnns_window])) {}

DeviceType WireNetworkDrift::describe() {
  DeviceType type = memristor_of_level(11, "nanowire network drift", {"mnns"});
  type.help = "drift with decay (MemNNetSim): v = ron (x + rho (1 - x)) i";
  type.terminals = {"n+", "n-", "s+", "s-"};
  type.branches = {{0, 1}, {2, 3}};
  type.form.optional_terminals = 2;
  type.parameters = drift_parameters();
  type.check = check_drift;
  type.observables = {{"r", Quantity::impedance}};
  return type;
}

}  // namespace memspice
