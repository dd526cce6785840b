#include "devices/mos/mos3.hpp"

#include "devices/mos/mos_type.hpp"

namespace memspice {

namespace {

// clang-format off
std::vector<ParameterDescription> mos3_parameters() {
  return {
      {.name = "kp", .unit = "A/V^2", .minimum = 0, .help = "transconductance; uo and tox unless given"},
      {.name = "delta", .unit = "1", .default_value = 0, .help = "effect of the width on the threshold"},
      {.name = "theta", .unit = "1/V", .default_value = 0, .minimum = 0, .help = "loss of mobility by the gate"},
      {.name = "eta", .unit = "1", .default_value = 0, .help = "effect of the drain on the threshold"},
      {.name = "kappa", .unit = "1", .default_value = 0.2, .minimum = 0, .help = "field factor of saturation"},
      {.name = "vmax", .unit = "m/s", .default_value = 0, .minimum = 0, .help = "largest drift velocity; 0: without limit"},
      {.name = "xj", .unit = "m", .default_value = 0, .minimum = 0, .help = "depth of the junctions"},
      {.name = "nfs", .unit = "1/cm^2", .default_value = 0, .minimum = 0, .help = "fast surface state density, of weak inversion"},
      {.name = "xl", .unit = "m", .default_value = 0, .help = "change of the length by the mask"},
      {.name = "wd", .unit = "m", .default_value = 0, .help = "loss of width at either side by diffusion"},
      {.name = "xw", .unit = "m", .default_value = 0, .help = "change of the width by the mask"},
      {.name = "delvto", .unit = "V", .default_value = 0, .help = "change of the threshold", .aliases = {"delvt0"}},
  };
}
// clang-format on

}  // namespace

Mos3::Mos3(const MosCard& card)
    : width_(card[mos_width] - 2 * card.own(width_loss) + card.own(width_change)),
      length_(card.length + card.own(length_change)),
      lateral_(card[mos_lateral_diffusion]),
      phi_(card.phi),
      gamma_(card.gamma),
      flat_(card.flat + card.polarity * card.own(threshold_change)),
      vt_(card.vt),
      beta_(card.transconductance(card.own(transconductance), 2e-5) * card.copies() * width_ / length_),
      mobility_(card.mobility() / card.mobility_loss()),
      theta_(card.own(theta)),
      feedback_(card.own(eta) * 8.15e-22 / (card.oxide * length_ * length_ * length_)),
      narrow_(card.own(delta) * 0.5 * M_PI * silicon_permittivity / (card.oxide * width_)),
      velocity_(card.own(velocity)),
      junction_depth_(card.own(junction_depth)),
      depletion_width_(card.depletion_width()),
      pinch_(card.own(kappa) * depletion_width_ * depletion_width_),
      surface_states_(electron_charge * card.own(fast_states) * 1e4 / card.oxide) {}

DeviceType mos3_type() {
  return mos_type<Mos3>(mos3_parameters(), "semi-empirical MOS transistor");
}

}  // namespace memspice
