#include "devices/memristors/yakopcic.hpp"

namespace memspice {

namespace {

enum YakopcicParameter : std::size_t {
  yakopcic_eta,
  yakopcic_vp,
  yakopcic_vn,
  yakopcic_ap,
  yakopcic_an,
  yakopcic_a1,
  yakopcic_a2,
  yakopcic_b,
  yakopcic_alphap,
  yakopcic_alphan,
  yakopcic_xp,
  yakopcic_xn,
  yakopcic_start,
  yakopcic_copies
};

// clang-format off
std::vector<ParameterDescription> yakopcic_parameters() {
  return {
      {.name = "eta", .unit = "1", .default_value = 1, .minimum = -1, .maximum = 1, .help = "+1 or -1: a positive voltage drives x up or down"},
      {.name = "vp", .unit = "V", .default_value = 1e-2, .help = "voltage above which the state moves"},
      {.name = "vn", .unit = "V", .default_value = -1e-2, .help = "the state moves below -vn; published values are positive"},
      {.name = "ap", .unit = "1/s", .default_value = 1, .minimum = 0, .help = "speed above vp"},
      {.name = "an", .unit = "1/s", .default_value = 1, .minimum = 0, .help = "speed below -vn"},
      {.name = "a1", .unit = "A", .default_value = 1, .minimum = 0, .help = "height of the current at positive voltages"},
      {.name = "a2", .unit = "A", .default_value = 1, .minimum = 0, .help = "height of the current at negative voltages"},
      {.name = "b", .unit = "1/V", .default_value = 1, .minimum = 0, .minimum_allowed = false, .help = "curvature of the current"},
      {.name = "alphap", .unit = "1", .default_value = 1, .help = "how the drift upwards decays above xp"},
      {.name = "alphan", .unit = "1", .default_value = 1, .help = "how the drift downwards decays below 1 - xn"},
      {.name = "xp", .unit = "1", .default_value = 1, .minimum = 0, .maximum = 1, .minimum_allowed = false, .help = "state above which the drift upwards decays"},
      {.name = "xn", .unit = "1", .default_value = 1, .minimum = 0, .maximum = 1, .minimum_allowed = false, .help = "1 less the state below which the drift downwards decays"},
      {.name = "xo", .unit = "1", .default_value = 0, .minimum = 0, .maximum = 1, .help = "initial state", .aliases = {"x0", "ic"}},
      {.name = "copies", .unit = "1", .default_value = 1, .minimum = 0, .minimum_allowed = false, .help = "number of copies side by side, all in the same state", .on_element = "m"},
  };
}
// clang-format on

std::optional<ParameterProblem> check_yakopcic(std::span<const double> values) {
  if (values[yakopcic_eta] != 1 && values[yakopcic_eta] != -1)
    return ParameterProblem{yakopcic_eta, "eta must be 1 or -1", {}};
  return std::nullopt;
}

}  // namespace

Yakopcic::Yakopcic(std::span<const double> values)
    : a1_(values[yakopcic_a1] * values[yakopcic_copies]),
      a2_(values[yakopcic_a2] * values[yakopcic_copies]),
      b_(values[yakopcic_b]),
      vp_(values[yakopcic_vp]),
      vn_(values[yakopcic_vn]),
      ap_(values[yakopcic_ap]),
      an_(values[yakopcic_an]),
      xp_(values[yakopcic_xp]),
      xn_(values[yakopcic_xn]),
      alphap_(values[yakopcic_alphap]),
      alphan_(values[yakopcic_alphan]),
      eta_(values[yakopcic_eta]) {}

DeviceType Yakopcic::describe() {
  DeviceType type;
  type.name = "Yakopcic memristor";
  type.help = "i = a1 x sinh(b v), and x moves where the voltage is beyond vp or -vn";
  type.letter = 'y';
  type.model_type = "memristor";
  type.level = 3;
  type.form.level_names = {"yakopcic"};
  type.terminals = {"n+", "n-"};
  type.branches = {{0, 1}};
  type.parameters = yakopcic_parameters();
  type.foreign_parameters = {
      {"resnoise resseed reslambda restd reseptd resdelta resdeltagrad xnoise xseed xlambda xtd xeptd xdelta "
       "xdeltagrad",
       "memspice has no random telegraph noise of memristors"},
      {"xscaling", "the state lies between 0 and 1"},
  };
  type.observables = {{"r", Quantity::impedance}};
  type.check = check_yakopcic;
  return type;
}

}  // namespace memspice
