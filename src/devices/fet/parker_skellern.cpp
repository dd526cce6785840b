#include "devices/fet/parker_skellern.hpp"

#include <cmath>

#include "devices/card_parameters.hpp"

namespace memspice {

namespace {

struct Ps {
  // clang-format off
  enum : std::size_t {
    polarity, vto, beta, lambda, p, q, vst, mvst, xi, mxi, z, lfgam, lfg1, lfg2, hfgam, hfg1, hfg2, hfeta, hfe1, hfe2, taug,
    delta, taud, rd, rs, cgs, cgd, cds, pb, fc, acgam, xc, is, n, ibd, vbd, kf, af,
    area, off, icvds, icvgs, tnom, temp, gmin, m, dtemp
  };
  // clang-format on
};

// clang-format off
std::vector<ParameterDescription> parker_skellern_parameters() {
  return {
      {.name = "polarity", .unit = "1", .default_value = 1, .minimum = -1, .maximum = 1, .help = "1: n-channel, -1: p-channel; the type of the model sets it"},
      {.name = "vto", .unit = "V", .default_value = -2, .help = "threshold voltage, negative for both polarities", .aliases = {"vt0"}},
      {.name = "beta", .unit = "A/V^q", .default_value = 1e-4, .minimum = 0, .help = "transconductance parameter"},
      {.name = "lambda", .unit = "1/V", .default_value = 0, .minimum = 0, .help = "channel length modulation"},
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
      {.name = "rd", .unit = "ohm", .default_value = 0, .minimum = 0, .help = "resistance of the drain"},
      {.name = "rs", .unit = "ohm", .default_value = 0, .minimum = 0, .help = "resistance of the source"},
      {.name = "cgs", .unit = "F", .default_value = 0, .minimum = 0, .help = "capacitance of the gate at 0 V"},
      {.name = "cgd", .unit = "F", .default_value = 0, .minimum = 0, .help = "capacitance of gate and drain in saturation"},
      {.name = "cds", .unit = "F", .default_value = 0, .minimum = 0, .help = "capacitance of drain and source"},
      {.name = "pb", .unit = "V", .default_value = 1, .minimum = 0, .minimum_allowed = false, .help = "built-in potential of the gate"},
      {.name = "fc", .unit = "1", .default_value = 0.5, .minimum = 0, .maximum = 0.95, .help = "part of pb up to which the formula of the depletion holds"},
      {.name = "acgam", .unit = "1", .default_value = 0, .help = "feedback of the drain on the gate's charge"},
      {.name = "xc", .unit = "1", .default_value = 0, .minimum = 0, .maximum = 1, .help = "part of the capacitance that is left below the threshold"},
      {.name = "is", .unit = "A", .default_value = 1e-14, .minimum = 0, .help = "saturation current of each junction"},
      {.name = "n", .unit = "1", .default_value = 1, .minimum = 0, .minimum_allowed = false, .help = "emission coefficient of the junctions"},
      {.name = "ibd", .unit = "A", .default_value = 0, .minimum = 0, .help = "current scale of their breakdown"},
      {.name = "vbd", .unit = "V", .default_value = 1, .minimum = 0, .minimum_allowed = false, .help = "voltage scale of their breakdown"},
      {.name = "kf", .unit = "1", .default_value = 0, .minimum = 0, .help = "flicker noise coefficient"},
      {.name = "af", .unit = "1", .default_value = 1, .help = "flicker noise exponent"},
      {.name = "area", .unit = "1", .default_value = 1, .minimum = 0, .minimum_allowed = false, .help = "how many times as large as its model"},
      {.name = "off", .unit = "1", .default_value = 0, .help = "at 0 V where the operating point is searched first", .flag = true},
      {.name = "icvds", .unit = "V", .help = "voltage between drain and source at the start of .tran … uic", .aliases = {"ic"}, .list = 2},
      {.name = "icvgs", .unit = "V", .help = "voltage between gate and source at the start of .tran … uic"},
      {.name = "tnom", .unit = "C", .minimum = -273.15, .help = "temperature at which the parameters hold; .options tnom unless given", .aliases = {"tref"}},
      {.name = "temp", .unit = "C", .minimum = -273.15, .help = "temperature; the circuit's unless given"},
      {.name = "gmin", .unit = "S", .minimum = 0, .help = "conductance across the junctions; .options gmin unless given"},
      {.name = "m", .unit = "1", .default_value = 1, .minimum = 0, .minimum_allowed = false, .help = "number of copies side by side"},
  };
}
// clang-format on

std::optional<ParameterProblem> check_parker_skellern(std::span<const double> values) {
  if (values[Ps::vto] >= values[Ps::pb])
    return ParameterProblem{Ps::vto, "vto must be below pb",
                            "the channel of this model is open at a gate of pb"};
  return std::nullopt;
}

double kelvin_of(std::span<const double> values) {
  return value_or(values[Ps::temp], 27) + kelvin_at_zero_celsius;
}
double size_of(std::span<const double> values) {
  return values[Ps::area] * values[Ps::m];
}
JunctionTemperature temperature_of(std::span<const double> values) {
  return {kelvin_of(values), value_or(values[Ps::tnom], 27) + kelvin_at_zero_celsius};
}

}  // namespace

ParkerSkellernChannel::ParkerSkellernChannel(std::span<const double> values, double potential, double size)
    : threshold(values[Ps::vto]),
      heating(values[Ps::delta] / size),
      gate_time(values[Ps::taug]),
      heat_time(values[Ps::taud]),
      gain_(values[Ps::beta] * size),
      modulation_(values[Ps::lambda]),
      low_{values[Ps::lfgam], values[Ps::lfg1], values[Ps::lfg2]},
      fast_gate_{values[Ps::hfeta], values[Ps::hfe1], values[Ps::hfe2]},
      fast_drain_{value_or(values[Ps::hfgam], values[Ps::lfgam]), values[Ps::hfg1], values[Ps::hfg2]},
      exponent_(values[Ps::q]),
      triode_exponent_(values[Ps::p]),
      triode_(values[Ps::p] / values[Ps::q] /
              std::pow(potential - values[Ps::vto], values[Ps::p] - values[Ps::q])),
      saturation_(values[Ps::xi] * (potential - values[Ps::vto])),
      saturation_bend_(values[Ps::mxi]),
      knee_(0.5 * std::sqrt(1 + values[Ps::z])),
      sharpness_(values[Ps::z]),
      subthreshold_(values[Ps::vst]),
      subthreshold_bend_(values[Ps::mvst]) {}

template <bool with_memory>
ParkerSkellern<with_memory>::ParkerSkellern(std::span<const double> values)
    : flicker(values[Ps::kf]),
      flicker_exponent(values[Ps::af]),
      channel_(values, temperature_of(values).potential(values[Ps::pb]), size_of(values)) {
  JunctionFetConstants& k = constants;
  const double size = size_of(values);
  k.polarity = values[Ps::polarity] < 0 ? -1 : 1;
  k.kelvin = kelvin_of(values);
  k.copies = values[Ps::m];
  k.drain_resistance = values[Ps::rd] / size;
  k.source_resistance = values[Ps::rs] / size;
  k.threshold = values[Ps::vto];
  k.channel_capacitance = values[Ps::cds] * size;
  const double factor = size * temperature_of(values).capacitance_factor(values[Ps::pb], 0.5);
  const double potential = temperature_of(values).potential(values[Ps::pb]);
  const double half = values[Ps::xi] * (potential - values[Ps::vto]) / (values[Ps::xi] + 1) / 2;
  gate_ = {.source = values[Ps::cgs] * factor,
           .drain = values[Ps::cgd] * factor,
           .threshold = values[Ps::vto],
           .potential = potential,
           .corner = values[Ps::fc] * potential,
           .grows_beyond = true,
           .knee = half * half,
           .feedback = values[Ps::acgam],
           .rest = values[Ps::xc]};
  gate_.used = gate_.source + gate_.drain + k.channel_capacitance > 0;
  const double vt = thermal_voltage(k.kelvin);
  const double nominal = value_or(values[Ps::tnom], 27) + kelvin_at_zero_celsius;
  const double saturation = values[Ps::is] * std::exp((k.kelvin / nominal - 1) * 1.11 / vt);
  k.source_junction = {.saturation = saturation * size,
                       .nvt = values[Ps::n] * vt,
                       .leak = values[Ps::ibd] * size,
                       .leak_slope = values[Ps::vbd],
                       .gmin = value_or(values[Ps::gmin], 1e-12) * values[Ps::m],
                       .critical = critical_voltage(saturation, values[Ps::n] * vt)};
  k.drain_junction = k.source_junction;
  k.off = values[Ps::off] != 0;
  k.initial_vds = values[Ps::icvds];
  k.initial_vgs = values[Ps::icvgs];
}

template <bool with_memory>
DeviceType ParkerSkellern<with_memory>::describe() {
  DeviceType type;
  type.name = "junction field-effect transistor";
  type.help = "Parker and Skellern's model";
  type.letter = 'j';
  type.model_type = "njf";
  type.level = 2;
  type.parameters = parker_skellern_parameters();
  type.card_parameters = {
      {.name = "dtemp", .unit = "K", .default_value = 0, .help = "added to the circuit's temperature"}};
  type.foreign_parameters = {{"ver", "there is one version of this model"}};
  type.form.model_variants = {{"njf", Ps::polarity, 1}, {"pjf", Ps::polarity, -1}};
  type.form.behind_model = {"area"};
  type.form.lenient = true;
  type.check = check_parker_skellern;
  type.finish = [](std::span<double> values,
                   const OperatingConditions& at) -> std::optional<ParameterProblem> {
    values[Ps::temp] = value_or(values[Ps::temp], at.ambient + values[Ps::dtemp]);
    values[Ps::tnom] = value_or(values[Ps::tnom], at.nominal);
    values[Ps::gmin] = value_or(values[Ps::gmin], at.gmin);
    return std::nullopt;
  };
  return type;
}

DeviceType parker_skellern_type() {
  DeviceType type = device_type<JunctionFet<ParkerSkellern<false>>>();
  type.form.special = std::make_shared<DeviceType>(device_type<JunctionFet<ParkerSkellern<true>>>());
  type.form.is_special = [](std::span<const double> values) {
    return values[Ps::taug] > 0 || values[Ps::taud] > 0;
  };
  return type;
}

}  // namespace memspice
