#include "devices/fet/parker_skellern.hpp"

#include <cmath>

#include "devices/card_parameters.hpp"
#include "devices/fet/jfet_card.hpp"

namespace memspice {

namespace {

struct Ps {
  // clang-format off
  enum : std::size_t {
    beta = jfet_own, p, q, vst, mvst, xi, mxi, z, lfgam, lfg1, lfg2, hfgam, hfg1, hfg2, hfeta, hfe1, hfe2, taug, delta, taud, cds, acgam, xc, n, ibd, vbd
  };
  // clang-format on
};

// clang-format off
std::vector<ParameterDescription> own_parameters_of_level_2() {
  return {
      {.name = "beta", .unit = "A/V^q", .default_value = 1e-4, .minimum = 0, .help = "transconductance parameter"},
      {.name = "p", .unit = "1", .default_value = 2, .minimum = 0, .minimum_allowed = false, .help = "exponent of the triode region"},
      {.name = "q", .unit = "1", .default_value = 2, .minimum = 1, .help = "exponent of the saturation region"},
      {.name = "vst", .unit = "V", .default_value = 0, .minimum = 0, .help = "slope below the threshold; 0: none flows there"},
      {.name = "mvst", .unit = "1/V", .default_value = 0, .minimum = 0, .help = "how much vst grows with the drain's voltage"},
      {.name = "xi", .unit = "1", .default_value = 1000, .minimum = 0, .minimum_allowed = false, .help = "saturation index: early saturation where it is small"},
      {.name = "mxi", .unit = "1", .default_value = 0, .minimum = 0, .help = "its change with the gate's voltage"},
      {.name = "z", .unit = "1", .default_value = 1, .minimum = 0, .minimum_allowed = false, .help = "roundness of the knee"},
      {.name = "lfgam", .unit = "1", .default_value = 0, .help = "feedback of the drain at low frequencies"},
      {.name = "lfg1", .unit = "1/V", .default_value = 0, .help = "its change with the gate-source voltage"},
      {.name = "lfg2", .unit = "1/V", .default_value = 0, .help = "its change with the gate-drain voltage"},
      {.name = "hfgam", .unit = "1", .help = "feedback of the drain at high frequencies; lfgam unless given"},
      {.name = "hfg1", .unit = "1/V", .default_value = 0, .help = "its change with the gate-source voltage"},
      {.name = "hfg2", .unit = "1/V", .default_value = 0, .help = "its change with the gate-drain voltage"},
      {.name = "hfeta", .unit = "1", .default_value = 0, .help = "feedback of the gate at high frequencies"},
      {.name = "hfe1", .unit = "1/V", .default_value = 0, .help = "its change with the gate-drain voltage"},
      {.name = "hfe2", .unit = "1/V", .default_value = 0, .help = "its change with the gate-source voltage"},
      {.name = "taug", .unit = "s", .default_value = 0, .minimum = 0, .help = "time constant of the traps; 0: high is as low frequency"},
      {.name = "delta", .unit = "1/W", .default_value = 0, .minimum = 0, .help = "how much the current falls with the power"},
      {.name = "taud", .unit = "s", .default_value = 0, .minimum = 0, .help = "time constant of the temperature"},
      {.name = "cds", .unit = "F", .default_value = 0, .minimum = 0, .help = "capacitance of drain and source"},
      {.name = "acgam", .unit = "1", .default_value = 0, .help = "feedback of the drain on the gate's charge"},
      {.name = "xc", .unit = "1", .default_value = 0, .minimum = 0, .maximum = 1, .help = "part of the capacitance that is left below the threshold"},
      {.name = "n", .unit = "1", .default_value = 1, .minimum = 0, .minimum_allowed = false, .help = "emission coefficient of the junctions"},
      {.name = "ibd", .unit = "A", .default_value = 0, .minimum = 0, .help = "current scale of their breakdown"},
      {.name = "vbd", .unit = "V", .default_value = 1, .minimum = 0, .minimum_allowed = false, .help = "voltage scale of their breakdown"},
  };
}
// clang-format on

std::optional<ParameterProblem> check_parker_skellern(std::span<const double> values) {
  if (values[jfet_threshold] >= values[jfet_potential])
    return ParameterProblem{jfet_threshold, "vto must be below pb",
                            "the channel of this model is open at a gate of pb"};
  return std::nullopt;
}

}  // namespace

ParkerSkellernChannel::ParkerSkellernChannel(std::span<const double> values, double potential, double size)
    : threshold(values[jfet_threshold]),
      heating(values[Ps::delta] / size),
      gate_time(values[Ps::taug]),
      heat_time(values[Ps::taud]),
      gain_(values[Ps::beta] * size),
      modulation_(values[jfet_modulation]),
      low_{values[Ps::lfgam], values[Ps::lfg1], values[Ps::lfg2]},
      fast_gate_{values[Ps::hfeta], values[Ps::hfe1], values[Ps::hfe2]},
      fast_drain_{value_or(values[Ps::hfgam], values[Ps::lfgam]), values[Ps::hfg1], values[Ps::hfg2]},
      exponent_(values[Ps::q]),
      triode_exponent_(values[Ps::p]),
      triode_(values[Ps::p] / values[Ps::q] /
              std::pow(potential - values[jfet_threshold], values[Ps::p] - values[Ps::q])),
      saturation_(values[Ps::xi] * (potential - values[jfet_threshold])),
      saturation_bend_(values[Ps::mxi]),
      knee_(0.5 * std::sqrt(1 + values[Ps::z])),
      sharpness_(values[Ps::z]),
      subthreshold_(values[Ps::vst]),
      subthreshold_bend_(values[Ps::mvst]) {}

template <bool with_memory>
ParkerSkellern<with_memory>::ParkerSkellern(std::span<const double> values)
    : flicker(values[jfet_flicker]),
      flicker_exponent(values[jfet_flicker_exponent]),
      channel_(values, JfetCard(values).potential, JfetCard(values).size) {
  const JfetCard card(values);
  constants = card.constants();
  constants.channel_capacitance = values[Ps::cds] * card.size;
  const double vt = thermal_voltage(card.kelvin);
  JunctionCurrent& junction = constants.source_junction;
  junction =
      card.junction(values[jfet_saturation] * std::exp((card.ratio - 1) * 1.11 / vt), values[Ps::n] * vt);
  junction.leak = values[Ps::ibd] * card.size;
  junction.leak_slope = values[Ps::vbd];
  constants.drain_junction = junction;
  const double half = values[Ps::xi] * (card.potential - values[jfet_threshold]) / (values[Ps::xi] + 1) / 2;
  gate = {.source = card.capacitance(jfet_source_capacitance),
          .drain = card.capacitance(jfet_drain_capacitance),
          .threshold = values[jfet_threshold],
          .potential = card.potential,
          .corner = values[jfet_corner] * card.potential,
          .grows_beyond = true,
          .knee = half * half,
          .feedback = values[Ps::acgam],
          .rest = values[Ps::xc]};
  gate.used = gate.source + gate.drain + constants.channel_capacitance > 0;
}

template <bool with_memory>
DeviceType ParkerSkellern<with_memory>::describe() {
  DeviceType type = describe_jfet(2, own_parameters_of_level_2());
  type.help = "Parker and Skellern's model";
  type.foreign_parameters = {{"ver", "there is one version of this model"}};
  type.check = check_parker_skellern;
  return type;
}

template class ParkerSkellern<false>;
template class ParkerSkellern<true>;

DeviceType parker_skellern_type() {
  DeviceType type = device_type<JunctionFet<ParkerSkellern<false>>>();
  type.form.special = std::make_shared<DeviceType>(device_type<JunctionFet<ParkerSkellern<true>>>());
  type.form.is_special = [](std::span<const double> values) {
    return values[Ps::taug] > 0 || values[Ps::taud] > 0;
  };
  return type;
}

}  // namespace memspice
