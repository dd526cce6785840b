#pragma once

#include "devices/fet/junction_fet.hpp"

namespace memspice {

/// Places of the parameters that JFETs of every level have. Those of a level's own stand behind.
enum JfetParameter : std::size_t {
  jfet_polarity,
  jfet_threshold,
  jfet_modulation,
  jfet_drain_resistance,
  jfet_source_resistance,
  jfet_source_capacitance,
  jfet_drain_capacitance,
  jfet_potential,
  jfet_corner,
  jfet_saturation,
  jfet_flicker,
  jfet_flicker_exponent,
  jfet_area,
  jfet_off,
  jfet_initial_vds,
  jfet_initial_vgs,
  jfet_nominal,
  jfet_temperature,
  jfet_leak,
  jfet_copies,
  jfet_own  // the first of a level's own
};

/// What a level of the JFET is on cards; `own` are the parameters behind the common ones.
DeviceType describe_jfet(int level, std::vector<ParameterDescription> own);

/// What the common parameters say, at the temperature of the device.
class JfetCard {
 public:
  explicit JfetCard(std::span<const double> values);

  /// All but the saturation currents and slopes of the junctions.
  [[nodiscard]] JunctionFetConstants constants() const;
  /// Both junctions of a transistor with this saturation current (A, of a size of 1) and slope (V).
  [[nodiscard]] JunctionCurrent junction(double saturation, double nvt) const;
  /// F; one of the capacitances, of all copies.
  [[nodiscard]] double capacitance(JfetParameter place) const;

  double kelvin, ratio;  // K; over the temperature at which parameters hold
  double size;           // area times copies
  double potential;      // V, built-in

 private:
  std::span<const double> values_;
  JunctionTemperature temperature_;
};

}  // namespace memspice
