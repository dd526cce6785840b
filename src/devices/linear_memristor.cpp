#include "devices/linear_memristor.hpp"

#include <cmath>
#include <iterator>

#include "devices/memristors/drift_window.hpp"

namespace memspice {

namespace {

enum LinearMemristorParameter : std::size_t { ron, roff, alpha, beta, polarity, active, control, w0, window };

/// In the order of LinearMemristorParameter.
std::vector<ParameterDescription> linear_memristor_parameters() {
  return {
      {.name = "ron",
       .unit = "ohm",
       .default_value = 100,
       .minimum = 0,
       .minimum_allowed = false,
       .help = "resistance at w = 0"},
      {.name = "roff",
       .unit = "ohm",
       .default_value = 16e3,
       .minimum = 0,
       .minimum_allowed = false,
       .help = "resistance at w = 1, at least ron"},
      {.name = "alpha",
       .unit = "1/s",
       .default_value = 0,
       .help = "decay of the state: positive drives w to 1"},
      {.name = "beta",
       .unit = "V.s",
       .default_value = 1,
       .minimum = 0,
       .minimum_allowed = false,
       .help = "flux scale: the larger, the slower the device"},
      {.name = "polarity",
       .unit = "1",
       .default_value = 1,
       .minimum = -1,
       .maximum = 1,
       .help = "+1 or -1: a positive current drives w down or up"},
      {.name = "active",
       .unit = "1",
       .default_value = 0,
       .minimum = 0,
       .maximum = 1,
       .help = "1: negative resistance, v = -R(w) i"},
      {.name = "control",
       .unit = "",
       .default_value = 0,
       .help = "what drives the state",
       .choices = {"current", "voltage"}},
      {.name = "w0",
       .unit = "1",
       .default_value = 0.5,
       .minimum = 0,
       .maximum = 1,
       .help = "initial state",
       .aliases = {"w", "ic", "xo"}},
      {.name = "window",
       .unit = "",
       .default_value = 0,
       .help = "how the drift slows down near the bounds; none: hard bounds 0 <= w <= 1 alone",
       .choices = {std::begin(window_words), std::end(window_words)}},
  };
}

// clang-format off
/// Known to the card: what only windows need, copies, and the physical form.
std::vector<ParameterDescription> linear_memristor_card_parameters() {
  return {
      {.name = "p", .unit = "1", .default_value = 1, .minimum = 0, .minimum_allowed = false, .help = "exponent of the windows joglekar, biolek and prodromakis"},
      {.name = "j", .unit = "1", .default_value = 1, .minimum = 0, .minimum_allowed = false, .help = "height of the window prodromakis"},
      {.name = "floor", .unit = "1", .default_value = 0, .minimum = 0, .maximum = 1, .help = "what a window leaves of the drift at the bounds"},
      {.name = "aon", .unit = "1", .default_value = 0, .help = "where the window kvatinsky ends downwards"},
      {.name = "aoff", .unit = "1", .default_value = 1, .help = "where the window kvatinsky ends upwards"},
      {.name = "wc", .unit = "1", .default_value = 0.01, .minimum = 0, .minimum_allowed = false, .help = "width of the ends of the window kvatinsky"},
      {.name = "m", .unit = "1", .default_value = 1, .minimum = 0, .minimum_allowed = false, .help = "number of copies side by side, all in the same state"},
      {.name = "d", .unit = "m", .minimum = 0, .minimum_allowed = false, .help = "thickness; with uv it gives beta = d^2/uv"},
      {.name = "uv", .unit = "m^2/(V.s)", .minimum = 0, .minimum_allowed = false, .help = "mobility of the dopants", .aliases = {"mu", "muv"}},
  };
}
// clang-format on

std::optional<ParameterProblem> check_linear_memristor(std::span<const double> values) {
  if (values[roff] < values[ron])
    return ParameterProblem{roff, "roff must not be smaller than ron",
                            "roff is the resistance at w = 1; swap the two, or reverse polarity"};
  if (values[polarity] != 1 && values[polarity] != -1)
    return ParameterProblem{polarity, "polarity must be 1 or -1", {}};
  if (values[active] != 0 && values[active] != 1)
    return ParameterProblem{active, "active must be 0 or 1", {}};
  if (values[window] != 0)
    return ParameterProblem{window, "a window makes this another device, the windowed memristor", {}};
  return std::nullopt;
}

}  // namespace

LinearMemristor::LinearMemristor(std::span<const double> values) {
  const double sign = values[active] != 0 ? -1 : 1;
  low_ = sign * values[ron];
  span_ = sign * (values[roff] - values[ron]);
  alpha_ = values[alpha];
  const bool voltage_control = values[control] != 0;
  current_gain_ = voltage_control ? 0 : values[polarity] * values[ron] / values[beta];
  voltage_gain_ = voltage_control ? values[polarity] / values[beta] : 0;
}

std::optional<ParameterProblem> settle_linear_memristor(std::span<double> values, std::size_t m) {
  const std::size_t thickness = m + 1, mobility = m + 2;
  // Devices side by side are one with their resistances over m: each sees the same voltage and 1/m of the
  // current, and in dw/dt the current stands with ron.
  values[ron] /= values[m];
  values[roff] /= values[m];
  const bool has_thickness = !std::isnan(values[thickness]), has_mobility = !std::isnan(values[mobility]);
  if (has_thickness != has_mobility)
    return ParameterProblem{has_thickness ? thickness : mobility, "d and uv go together",
                            "they give beta = d^2/uv; or give beta itself"};
  if (has_thickness) values[beta] = values[thickness] * values[thickness] / values[mobility];
  return std::nullopt;
}

DeviceType LinearMemristor::describe() {
  DeviceType type;
  type.name = "linear memristor";
  type.help =
      "ideal linear memristor: R(w) = ron + (roff - ron) w, "
      "dw/dt = alpha w - polarity ron/beta i, 0 <= w <= 1";
  type.letter = 'y';
  type.network_role = NetworkRole::linear_memristor;
  type.largest_resistance = roff;
  type.model_type = "memristor";
  type.level = 1;
  type.terminals = {"n+", "n-"};
  type.branches = {{0, 1}};
  type.parameters = linear_memristor_parameters();
  type.card_parameters = linear_memristor_card_parameters();
  type.form.level_names = {"ideal", "linear", "hp"};
  type.finish = [](std::span<double> values, const OperatingConditions&) {
    constexpr std::size_t of_windows = 6;
    return settle_linear_memristor(values, window + 1 + of_windows);
  };
  type.observables = {{"r", Quantity::impedance}};
  type.check = check_linear_memristor;
  return type;
}

}  // namespace memspice
