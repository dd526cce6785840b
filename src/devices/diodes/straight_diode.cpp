#include "devices/diodes/straight_diode.hpp"

#include "devices/card_parameters.hpp"

namespace memspice {

namespace {

enum StraightParameter : std::size_t {
  on,
  off,
  forward,
  breakdown,
  breakdown_on,
  limit,
  breakdown_limit,
  width,
  breakdown_width,
  copies
};

}  // namespace

StraightDiode::StraightDiode(std::span<const double> values) {
  const double m = values[copies];
  off_ = m / values[off];
  const auto line = [&](double start, std::size_t parabola, double resistance, std::size_t most) {
    return Line{start, values[parabola], m / resistance - off_, m * value_or(values[most], infinity)};
  };
  forward_ = line(values[forward], width, values[on], limit);
  reverse_ = line(value_or(values[breakdown], infinity), breakdown_width,
                  value_or(values[breakdown_on], values[on]), breakdown_limit);
}

void StraightDiode::noise(const Local<StraightDiode, double>& x, double kelvin, double,
                          std::span<double> density) const {
  Local<StraightDiode, Dual<1>> at;
  at.voltage[0] = Dual<1>::variable(x.voltage[0], 0);
  Equations<StraightDiode, Dual<1>> f;
  equations(at, f);
  density[0] = thermal_noise(kelvin, f.current[0].derivative[0]);
}

DeviceType StraightDiode::describe() {
  DeviceType type;
  type.name = "diode of straight lines";
  type.help = "LTspice's diode of on and off resistances";
  type.letter = 'd';
  type.model_type = "d";
  type.level = 0;
  type.terminals = {"anode", "cathode"};
  type.branches = {{0, 1}};
  // clang-format off
  type.parameters = {
      {.name = "ron", .unit = "ohm", .default_value = 1, .minimum = 0, .minimum_allowed = false, .help = "resistance above vfwd"},
      {.name = "roff", .unit = "ohm", .default_value = 1e12, .minimum = 0, .minimum_allowed = false, .help = "resistance below"},
      {.name = "vfwd", .unit = "V", .default_value = 0, .minimum = 0, .help = "voltage from which it conducts"},
      {.name = "vrev", .unit = "V", .minimum = 0, .help = "reverse breakdown voltage"},
      {.name = "rrev", .unit = "ohm", .minimum = 0, .minimum_allowed = false, .help = "resistance in breakdown; ron unless given"},
      {.name = "ilimit", .unit = "A", .minimum = 0, .minimum_allowed = false, .help = "what the forward current approaches"},
      {.name = "revilimit", .unit = "A", .minimum = 0, .minimum_allowed = false, .help = "what the current in breakdown approaches"},
      {.name = "epsilon", .unit = "V", .default_value = 0, .minimum = 0, .help = "width of the parabola from off to on"},
      {.name = "revepsilon", .unit = "V", .default_value = 0, .minimum = 0, .help = "width of the parabola from off to breakdown"},
      {.name = "copies", .unit = "1", .default_value = 1, .minimum = 0, .minimum_allowed = false, .help = "number of copies side by side", .aliases = {"area"}, .on_element = "m"},
  };
  // clang-format on
  type.form.level_names = {"straight"};
  type.form.chosen_by = {"ron", "roff", "vfwd", "vrev", "rrev", "ilimit", "revilimit"};
  type.form.behind_model = {"copies"};
  type.form.lenient = true;
  return type;
}

}  // namespace memspice
