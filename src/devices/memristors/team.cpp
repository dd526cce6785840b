#include "devices/memristors/team.hpp"

#include "devices/card_parameters.hpp"
#include "devices/memristors/normalised_state.hpp"

namespace memspice {

namespace {

enum TeamParameter : std::size_t {
  team_kon,
  team_koff,
  team_alphaon,
  team_alphaoff,
  team_xon,
  team_xoff,
  team_ron,
  team_roff,
  team_ion,
  team_ioff,
  team_wt,
  team_p,
  team_j,
  team_aon,
  team_aoff,
  team_wc,
  team_floor,
  team_relation,
  team_start,
  team_copies,
  team_scaling,  // of the card, like the one below
  team_xo
};

// clang-format off
std::vector<ParameterDescription> team_parameters() {
  return {
      {.name = "kon", .unit = "m/s", .default_value = -8e-13, .maximum = 0, .help = "speed below ion"},
      {.name = "koff", .unit = "m/s", .default_value = 8e-13, .minimum = 0, .help = "speed above ioff"},
      {.name = "alphaon", .unit = "1", .default_value = 3, .minimum = 1, .help = "exponent of the current below ion"},
      {.name = "alphaoff", .unit = "1", .default_value = 3, .minimum = 1, .help = "exponent of the current above ioff"},
      {.name = "xon", .unit = "m", .default_value = 0, .help = "state where the resistance is ron"},
      {.name = "xoff", .unit = "m", .default_value = 3e-9, .help = "state where the resistance is roff"},
      {.name = "ron", .unit = "ohm", .default_value = 50, .minimum = 0, .minimum_allowed = false, .help = "resistance at xon"},
      {.name = "roff", .unit = "ohm", .default_value = 1e3, .minimum = 0, .minimum_allowed = false, .help = "resistance at xoff, at least ron"},
      {.name = "ion", .unit = "A", .default_value = -8.9e-6, .maximum = 0, .help = "current below which the state falls"},
      {.name = "ioff", .unit = "A", .default_value = 115e-6, .minimum = 0, .minimum_allowed = false, .help = "current above which the state rises"},
      {.name = "wt", .unit = "1", .default_value = 0, .minimum = 0, .maximum = 4, .help = "window: 0 none, 1 joglekar, 2 biolek, 3 prodromakis, 4 kvatinsky"},
      {.name = "p", .unit = "1", .default_value = 1, .minimum = 0, .minimum_allowed = false, .help = "exponent of windows 1 to 3"},
      {.name = "j", .unit = "1", .default_value = 1, .minimum = 0, .minimum_allowed = false, .help = "height of window 3"},
      {.name = "aon", .unit = "m", .help = "where window 4 ends downwards; xon unless given"},
      {.name = "aoff", .unit = "m", .help = "where window 4 ends upwards; xoff unless given"},
      {.name = "wc", .unit = "m", .default_value = 1.07e-12, .minimum = 0, .minimum_allowed = false, .help = "width of the ends of window 4"},
      {.name = "floor", .unit = "1", .default_value = 0, .minimum = 0, .maximum = 1, .help = "what windows leave of the drift at the bounds"},
      {.name = "ivrelation", .unit = "1", .default_value = 0, .minimum = 0, .maximum = 1, .help = "0: resistance linear in the state, 1: exponential"},
      {.name = "s0", .unit = "1", .default_value = 0, .minimum = 0, .maximum = 1, .help = "initial state, from 0 at xon to 1 at xoff"},
      {.name = "copies", .unit = "1", .default_value = 1, .minimum = 0, .minimum_allowed = false, .help = "number of copies side by side, all in the same state", .on_element = "m"},
  };
}
// clang-format on

std::optional<ParameterProblem> check_team(std::span<const double> values) {
  if (values[team_roff] < values[team_ron])
    return ParameterProblem{team_roff, "roff must not be smaller than ron", {}};
  if (!(values[team_xoff] > values[team_xon]))
    return ParameterProblem{team_xoff, "xoff must be larger than xon", {}};
  if (values[team_ion] == 0)
    return ParameterProblem{team_ion, "ion must be less than 0",
                            "the thresholds are currents on both sides of 0"};
  if (values[team_wt] != std::floor(values[team_wt]))
    return ParameterProblem{team_wt, "wt must be 0, 1, 2, 3 or 4", {}};
  if (values[team_relation] != 0 && values[team_relation] != 1)
    return ParameterProblem{team_relation, "ivrelation must be 0 or 1", {}};
  return check_window(static_cast<DriftWindow::Kind>(static_cast<int>(values[team_wt])), values[team_p],
                      team_p, values[team_wc] / (values[team_xoff] - values[team_xon]), team_wc);
}

}  // namespace

TeamMemristor::TeamMemristor(std::span<const double> values)
    : on_(values[team_xon]), range_(values[team_xoff] - values[team_xon]), copies_(values[team_copies]) {
  drift_.on_rate = values[team_kon] / range_;
  drift_.off_rate = values[team_koff] / range_;
  drift_.on_threshold = values[team_ion];
  drift_.off_threshold = values[team_ioff];
  drift_.on_exponent = values[team_alphaon];
  drift_.off_exponent = values[team_alphaoff];
  drift_.set_resistance(values[team_ron], values[team_roff], values[team_relation] != 0);
  drift_.window = {.kind = static_cast<DriftWindow::Kind>(static_cast<int>(values[team_wt])),
                   .p = values[team_p],
                   .j = values[team_j],
                   .floor = values[team_floor],
                   .on = (value_or(values[team_aon], values[team_xon]) - on_) / range_,
                   .off = (value_or(values[team_aoff], values[team_xoff]) - on_) / range_,
                   .width = values[team_wc] / range_};
}

DeviceType TeamMemristor::describe() {
  DeviceType type;
  type.name = "TEAM memristor";
  type.help = "threshold adaptive memristor: the state moves where the current is beyond ion or ioff";
  type.letter = 'y';
  type.model_type = "memristor";
  type.level = 2;
  type.form.level_names = {"team"};
  type.terminals = {"n+", "n-"};
  type.branches = {{0, 1}};
  type.largest_resistance = team_roff;
  type.parameters = team_parameters();
  type.card_parameters = {{.name = "xscaling",
                           .unit = "1",
                           .default_value = 1,
                           .minimum = 0,
                           .minimum_allowed = false,
                           .help = "x and xo count in units of 1/xscaling m: 1e9 for nanometres"},
                          {.name = "xo",
                           .unit = "m",
                           .help = "initial state as a length, between xon and xoff",
                           .aliases = {"x0", "ic"}}};
  type.foreign_parameters = {
      {"resnoise resseed reslambda restd reseptd resdelta resdeltagrad",
       "memspice has no random telegraph noise of memristors"},
      {"d", "windows count from xon to xoff; Xyce takes any length for theirs"},
  };
  type.finish = [](std::span<double> values, const OperatingConditions&) -> std::optional<ParameterProblem> {
    for (const TeamParameter length :
         {team_kon, team_koff, team_xon, team_xoff, team_aon, team_aoff, team_wc})
      values[length] *= values[team_scaling];
    return normalise_start(values, {team_xo, team_xon, team_xoff, team_start});
  };
  type.observables = {{"x", Quantity::notype}, {"r", Quantity::impedance}};
  type.check = check_team;
  return type;
}

}  // namespace memspice
