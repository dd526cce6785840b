#include "devices/memristors/vteam.hpp"

#include "devices/card_parameters.hpp"
#include "devices/memristors/normalised_state.hpp"

namespace memspice {

namespace {

enum VteamParameter : std::size_t {
  vteam_kon,
  vteam_koff,
  vteam_alphaon,
  vteam_alphaoff,
  vteam_von,
  vteam_voff,
  vteam_ron,
  vteam_roff,
  vteam_won,
  vteam_woff,
  vteam_window,
  vteam_p,
  vteam_j,
  vteam_aon,
  vteam_aoff,
  vteam_wc,
  vteam_floor,
  vteam_relation,
  vteam_start,
  vteam_copies,
  vteam_w0  // of the card
};

// clang-format off
std::vector<ParameterDescription> vteam_parameters() {
  return {
      {.name = "kon", .unit = "m/s", .default_value = -10, .maximum = 0, .help = "speed below von"},
      {.name = "koff", .unit = "m/s", .default_value = 5e-4, .minimum = 0, .help = "speed above voff"},
      {.name = "alphaon", .unit = "1", .default_value = 3, .minimum = 1, .help = "exponent of the voltage below von"},
      {.name = "alphaoff", .unit = "1", .default_value = 3, .minimum = 1, .help = "exponent of the voltage above voff"},
      {.name = "von", .unit = "V", .default_value = -0.2, .maximum = 0, .help = "voltage below which the state falls"},
      {.name = "voff", .unit = "V", .default_value = 0.02, .minimum = 0, .minimum_allowed = false, .help = "voltage above which the state rises"},
      {.name = "ron", .unit = "ohm", .default_value = 50, .minimum = 0, .minimum_allowed = false, .help = "resistance at won"},
      {.name = "roff", .unit = "ohm", .default_value = 1e3, .minimum = 0, .minimum_allowed = false, .help = "resistance at woff, at least ron"},
      {.name = "won", .unit = "m", .default_value = 0, .help = "state where the resistance is ron", .aliases = {"xon"}},
      {.name = "woff", .unit = "m", .default_value = 3e-9, .help = "state where the resistance is roff", .aliases = {"xoff", "d"}},
      {.name = "window", .unit = "", .default_value = 0, .help = "how the drift slows down near the bounds", .choices = {std::begin(window_words), std::end(window_words)}},
      {.name = "p", .unit = "1", .default_value = 1, .minimum = 0, .minimum_allowed = false, .help = "exponent of the windows joglekar, biolek and prodromakis"},
      {.name = "j", .unit = "1", .default_value = 1, .minimum = 0, .minimum_allowed = false, .help = "height of the window prodromakis"},
      {.name = "aon", .unit = "m", .help = "where the window kvatinsky ends downwards; won unless given"},
      {.name = "aoff", .unit = "m", .help = "where the window kvatinsky ends upwards; woff unless given"},
      {.name = "wc", .unit = "m", .default_value = 107e-12, .minimum = 0, .minimum_allowed = false, .help = "width of the ends of the window kvatinsky"},
      {.name = "floor", .unit = "1", .default_value = 0, .minimum = 0, .maximum = 1, .help = "what windows leave of the drift at the bounds"},
      {.name = "ivrelation", .unit = "1", .default_value = 0, .minimum = 0, .maximum = 1, .help = "0: resistance linear in the state, 1: exponential"},
      {.name = "s0", .unit = "1", .default_value = 0, .minimum = 0, .maximum = 1, .help = "initial state, from 0 at won to 1 at woff"},
      {.name = "copies", .unit = "1", .default_value = 1, .minimum = 0, .minimum_allowed = false, .help = "number of copies side by side, all in the same state", .on_element = "m"},
  };
}
// clang-format on

std::optional<ParameterProblem> check_vteam(std::span<const double> values) {
  if (values[vteam_roff] < values[vteam_ron])
    return ParameterProblem{vteam_roff, "roff must not be smaller than ron", {}};
  if (!(values[vteam_woff] > values[vteam_won]))
    return ParameterProblem{vteam_woff, "woff must be larger than won", {}};
  if (values[vteam_von] == 0) return ParameterProblem{vteam_von, "von must be less than 0", {}};
  if (values[vteam_relation] != 0 && values[vteam_relation] != 1)
    return ParameterProblem{vteam_relation, "ivrelation must be 0 or 1", {}};
  return check_window(static_cast<DriftWindow::Kind>(static_cast<int>(values[vteam_window])), values[vteam_p],
                      vteam_p, values[vteam_wc] / (values[vteam_woff] - values[vteam_won]), vteam_wc);
}

}  // namespace

Vteam::Vteam(std::span<const double> values)
    : on_(values[vteam_won]), range_(values[vteam_woff] - values[vteam_won]), copies_(values[vteam_copies]) {
  drift_.on_rate = values[vteam_kon] / range_;
  drift_.off_rate = values[vteam_koff] / range_;
  drift_.on_threshold = values[vteam_von];
  drift_.off_threshold = values[vteam_voff];
  drift_.on_exponent = values[vteam_alphaon];
  drift_.off_exponent = values[vteam_alphaoff];
  drift_.set_resistance(values[vteam_ron], values[vteam_roff], values[vteam_relation] != 0);
  drift_.window = {.kind = static_cast<DriftWindow::Kind>(static_cast<int>(values[vteam_window])),
                   .p = values[vteam_p],
                   .j = values[vteam_j],
                   .floor = values[vteam_floor],
                   .on = (value_or(values[vteam_aon], values[vteam_won]) - on_) / range_,
                   .off = (value_or(values[vteam_aoff], values[vteam_woff]) - on_) / range_,
                   .width = values[vteam_wc] / range_};
}

DeviceType Vteam::describe() {
  DeviceType type;
  type.name = "VTEAM memristor";
  type.help = "voltage threshold adaptive memristor: the state moves where the voltage is beyond von or voff";
  type.letter = 'y';
  type.model_type = "memristor";
  type.level = 6;
  type.form.level_names = {"vteam"};
  type.terminals = {"n+", "n-"};
  type.branches = {{0, 1}};
  type.largest_resistance = vteam_roff;
  type.parameters = vteam_parameters();
  type.card_parameters = {{.name = "w0",
                           .unit = "m",
                           .help = "initial state as a length, between won and woff",
                           .aliases = {"w", "ic", "xo", "x0"}}};
  type.finish = [](std::span<double> values, const OperatingConditions&) {
    return normalise_start(values, {vteam_w0, vteam_won, vteam_woff, vteam_start});
  };
  type.observables = {{"w", Quantity::notype}, {"r", Quantity::impedance}};
  type.check = check_vteam;
  return type;
}

}  // namespace memspice
