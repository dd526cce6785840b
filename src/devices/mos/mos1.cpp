#include "devices/mos/mos1.hpp"

#include "devices/mos/mos_type.hpp"

namespace memspice {

namespace {

// clang-format off
std::vector<ParameterDescription> mos1_parameters() {
  return {
      {.name = "kp", .unit = "A/V^2", .minimum = 0, .help = "transconductance; uo and tox, else 2e-5, unless given"},
      {.name = "lambda", .unit = "1/V", .default_value = 0, .minimum = 0, .help = "channel length modulation"},
  };
}
// clang-format on

}  // namespace

Mos1::Mos1(const MosCard& card)
    : width_(card[mos_width]),
      length_(card.length),
      phi_(card.phi),
      gamma_(card.gamma),
      flat_(card.flat),
      beta_(card.transconductance(card.own(transconductance), 2e-5) * card.copies() * width_ / length_),
      lambda_(card.own(modulation)) {}

DeviceType mos1_type() {
  return mos_type<Mos1>(mos1_parameters(), "MOS transistor of Shichman and Hodges");
}

}  // namespace memspice
