#include "devices/mos/mos6.hpp"

#include "devices/mos/mos_type.hpp"

namespace memspice {

namespace {

// clang-format off
std::vector<ParameterDescription> mos6_parameters() {
  return {
      {.name = "kv", .unit = "1", .default_value = 2, .minimum = 0, .minimum_allowed = false, .help = "factor of the saturation voltage"},
      {.name = "nv", .unit = "1", .default_value = 0.5, .help = "exponent of the saturation voltage"},
      {.name = "kc", .unit = "A/V^n", .minimum = 0, .help = "factor of the saturation current; uo and tox, else 5e-5, unless given"},
      {.name = "nc", .unit = "1", .default_value = 1, .help = "exponent of the saturation current"},
      {.name = "nvth", .unit = "1", .default_value = 0.5, .help = "exponent of the threshold; without effect, as in ngspice"},
      {.name = "ps", .unit = "1", .default_value = 0, .help = "modification of the saturation current; without effect, as in ngspice"},
      {.name = "gamma1", .unit = "1", .default_value = 0, .help = "linear effect of the bulk on the threshold"},
      {.name = "sigma", .unit = "1", .default_value = 0, .help = "effect of the drain on the threshold"},
      {.name = "lambda0", .unit = "1/V", .default_value = 0, .help = "channel length modulation", .aliases = {"lambda"}},
      {.name = "lambda1", .unit = "1/V^2", .default_value = 0, .help = "effect of the bulk on the channel length modulation"},
  };
}
// clang-format on

}  // namespace

Mos6::Mos6(const MosCard& card)
    : width_(card[mos_width]),
      length_(card.length),
      phi_(card.phi),
      gamma_(card.gamma),
      flat_(card.flat),
      linear_body_(card.own(linear_body)),
      feedback_(card.own(feedback)),
      saturation_factor_(card.own(saturation_factor)),
      saturation_power_(card.own(saturation_power)),
      beta_(card.copies() * width_ / length_),
      current_power_(card.own(current_power)),
      modulation_(card.own(modulation)),
      body_modulation_(card.own(body_modulation)) {
  const double given = card.own(current_factor);
  // Half the transconductance of the other levels.
  beta_ *= std::isnan(given) ? 0.5 * card.transconductance(given, 1e-4) : card.transconductance(given, 0);
}

DeviceType mos6_type() {
  return mos_type<Mos6>(mos6_parameters(), "MOS transistor of n-th power");
}

}  // namespace memspice
