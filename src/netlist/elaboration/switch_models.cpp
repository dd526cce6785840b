#include "netlist/elaboration/switch_models.hpp"

#include <fmt/format.h>

#include <array>
#include <cmath>

namespace memspice {
namespace {

constexpr std::string_view generic = "switch";

std::vector<std::string_view> terminals(char letter) {
  if (letter == 'w') return {"n+", "n-", "element"};
  return {"n+", "n-", "nc+", "nc-"};
}

ParameterDescription resistance(std::string_view name, double default_value, std::string_view help) {
  return {.name = name,
          .unit = "ohm",
          .default_value = default_value,
          .minimum = 0,
          .minimum_allowed = false,
          .help = help};
}

/// vt vh ron roff, or it ih ron roff.
DeviceType hysteresis_model(std::string_view type, char letter, std::array<std::string_view, 2> names,
                            std::string_view unit) {
  DeviceType model;
  model.name = type;
  model.help = "a switch with hysteresis";
  model.letter = letter;
  model.model_type = type;
  model.terminals = terminals(letter);
  model.parameters = {
      {.name = names[0], .unit = unit, .default_value = 0, .help = "threshold of the control"},
      {.name = names[1],
       .unit = unit,
       .default_value = 0,
       .help = "closes above threshold + hysteresis, opens below threshold - hysteresis; negative: smooth"},
      resistance("ron", 1, "resistance when closed"),
      resistance("roff", 1e12, "resistance when open"),
  };
  return model;
}

/// von voff ron roff, or another pair of names; and PSpice's vt vh for the one with hysteresis.
DeviceType smooth_model(std::string_view type, char letter, std::array<std::string_view, 2> names,
                        std::array<std::string_view, 2> hysteresis_names, double on, std::string_view unit) {
  DeviceType model;
  model.name = type;
  model.help = "a switch with a smooth transition";
  model.letter = letter;
  model.model_type = type;
  model.terminals = terminals(letter);
  model.parameters = {
      {.name = names[0], .unit = unit, .default_value = on, .help = "control at which it is closed"},
      {.name = names[1], .unit = unit, .default_value = 0, .help = "control at which it is open"},
      resistance("ron", 1, "resistance when closed"),
      resistance("roff", 1e6, "resistance when open"),
      {.name = hysteresis_names[0], .unit = unit, .help = "threshold of a switch with hysteresis"},
      {.name = hysteresis_names[1], .unit = unit, .minimum = 0, .help = "its hysteresis"},
  };
  return model;
}

}  // namespace

std::span<const DeviceType> switch_models() {
  static const std::array<DeviceType, 5> known = {
      hysteresis_model("sw", 's', {"vt", "vh"}, "V"),
      hysteresis_model("csw", 'w', {"it", "ih"}, "A"),
      smooth_model("vswitch", 's', {"von", "voff"}, {"vt", "vh"}, 1, "V"),
      smooth_model("iswitch", 'w', {"ion", "ioff"}, {"it", "ih"}, 1e-3, "A"),
      smooth_model(generic, 's', {"on", "off"}, {"vt", "vh"}, 1, ""),
  };
  return known;
}

const DeviceType* find_switch_model(std::string_view model_type) {
  for (const DeviceType& type : switch_models())
    if (type.model_type == model_type) return &type;
  return nullptr;
}

bool suits(const DeviceType& wanted, const DeviceType& model_type) {
  return wanted.model_type == generic ? find_switch_model(model_type.model_type) != nullptr
                                      : wanted.letter == model_type.letter;
}

SwitchLaw switch_law(const Model& model) {
  const std::vector<double>& values = model.values;
  const auto name = [&](std::size_t parameter) { return model.type->parameters[parameter].name; };
  SwitchLaw law;
  law.on_resistance = values[2];
  law.off_resistance = values[3];
  if (values.size() == 4) {
    law.smooth = values[1] < 0;  // LTspice's
    law.threshold = values[0];
    law.hysteresis = std::abs(values[1]);
    law.on = values[0] + law.hysteresis;
    law.off = values[0] - law.hysteresis;
    return law;
  }
  law.smooth = std::isnan(values[4]) && std::isnan(values[5]);
  if (!law.smooth) {
    for (const std::size_t parameter : {0, 1})
      if (const std::string_view at = model.given_at[parameter]; !at.empty())
        throw Problem{
            at,
            fmt::format("{} and {} exclude each other", name(parameter), name(std::isnan(values[4]) ? 5 : 4)),
            fmt::format("{} and {} make a smooth switch, {} and {} one with hysteresis", name(0), name(1),
                        name(4), name(5))};
    law.threshold = std::isnan(values[4]) ? 0 : values[4];
    law.hysteresis = std::isnan(values[5]) ? 0 : values[5];
    return law;
  }
  law.on = values[0];
  law.off = values[1];
  if (law.on == law.off) {
    const std::string_view at = !model.given_at[0].empty() ? model.given_at[0] : model.given_at[1];
    throw Problem{at, fmt::format("{} and {} must differ", name(0), name(1)),
                  fmt::format("for an abrupt switch give {}=", name(4))};
  }
  return law;
}

}  // namespace memspice
