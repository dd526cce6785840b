#pragma once

#include <array>
#include <cstddef>
#include <span>

#include "devices/junction.hpp"
#include "memspice/device.hpp"

namespace memspice {

/// Places of the parameters that all levels of MOS transistors have; those of a level stand behind them.
enum MosParameter : std::size_t {
  mos_polarity,
  mos_threshold,
  mos_phi,
  mos_gamma,
  mos_doping,
  mos_surface_states,
  mos_gate_type,
  mos_oxide,
  mos_mobility,
  mos_lateral_diffusion,
  mos_drain_resistance,
  mos_source_resistance,
  mos_sheet_resistance,
  mos_drain_capacitance,
  mos_source_capacitance,
  mos_saturation,
  mos_saturation_density,
  mos_junction_potential,
  mos_bottom_capacitance,
  mos_bottom_grading,
  mos_side_capacitance,
  mos_side_grading,
  mos_forward_corner,
  mos_source_overlap,
  mos_drain_overlap,
  mos_bulk_overlap,
  mos_flicker,
  mos_flicker_exponent,
  mos_capacitance_model,
  mos_length,
  mos_width,
  mos_drain_area,
  mos_source_area,
  mos_drain_perimeter,
  mos_source_perimeter,
  mos_drain_squares,
  mos_source_squares,
  mos_copies,
  mos_off,
  mos_start_drain,
  mos_start_gate,
  mos_start_bulk,
  mos_nominal,
  mos_temperature,
  mos_leak,
  mos_common_count
};

/// Where the levels differ in what they take from a card.
struct MosRules {
  int level = 1;
  double side_grading = 0.5;       // default of mjsw
  double oxide = not_given;        // default of tox, m; not given: no oxide capacitance
  double squares = 1;              // default of nrd and nrs
  bool leak_by_copy = false;       // gmin stands across the junctions of every copy
  bool flicker_of_one = false;     // flicker noise by the area of one copy
  bool soft_reverse = false;       // the reverse current of the junctions approaches its end as 1/v³
  bool intrinsic_at_tnom = false;  // the intrinsic density follows the nominal temperature
};

/// What the card and the temperature make of a transistor before its level says how the channel conducts.
/// Everything is that of an n-channel: voltages and currents of a p-channel are turned round. The formulas
/// are those of SPICE (Vladimirescu and Liu, UCB/ERL M80/7; ngspice's manual, chapter 11).
class MosCard {
 public:
  MosCard(std::span<const double> values, const MosRules& rules);

  /// What a parameter of the level says, `place` counting from the first behind the common ones.
  [[nodiscard]] double own(std::size_t place) const { return values_[mos_common_count + place]; }
  [[nodiscard]] double operator[](MosParameter place) const { return values_[place]; }
  [[nodiscard]] double copies() const { return values_[mos_copies]; }
  /// How much smaller mobilities are than at the nominal temperature: (T/Tnom)^1.5.
  [[nodiscard]] double mobility_loss() const { return mobility_loss_; }
  /// Transconductance parameter at the temperature, A/V²: what is given, else mobility times oxide, else
  /// `otherwise`.
  [[nodiscard]] double transconductance(double given, double otherwise) const;
  [[nodiscard]] double mobility() const { return value(mos_mobility, 600) * 1e-4; }  // m²/(V s), at tnom

  /// Width of a depletion in the doped bulk over the root of its voltage, m/V^½; 0: not given.
  [[nodiscard]] double depletion_width() const;

  double polarity = 1;
  double vt = 0;                // V, k T/q
  double oxide = 0;             // F/m²
  double phi = 0.6;             // V, surface potential at the temperature
  double gamma = 0;             // V^½
  double flat = 0;              // V, threshold without the bulk's charge, at the temperature
  double threshold = 0;         // V, at 0 V between bulk and source
  double doping = 0;            // 1/m³, 0: not given
  double length = 0;            // m, without lateral diffusion
  double bulk_potential = 0.8;  // V, of the bulk's junctions, at the temperature

 private:
  [[nodiscard]] double value(MosParameter place, double otherwise) const;
  void derive(const MosRules& rules, double nominal_kelvin, double nominal_gap);

  std::span<const double> values_;
  double mobility_loss_ = 1;
  double phi_nominal_ = 0.6;
  double threshold_nominal_ = 0;
};

/// The junctions, resistances and overlaps of a transistor.
struct MosSurroundings {
  MosSurroundings() = default;
  MosSurroundings(std::span<const double> values, const MosCard& card, const MosRules& rules, double width);

  struct Junction {
    double saturation = 1e-14;  // A
    double critical = 0.6;      // V
    double unit = 1e-15;        // F, of its charge
    Depletion bottom, side;

    /// Charge, V at `unit`.
    template <class Real>
    [[nodiscard]] Real charge(const Real& v) const {
      return (bottom.charge(v) + side.charge(v)) / unit;
    }
  };
  Junction drain, source;
  double drain_resistance = 0, source_resistance = 0;              // ohm
  double drain_overlap = 0, source_overlap = 0, bulk_overlap = 0;  // F
  double gmin = 1e-12;                                             // S
};

/// Description of a MOS transistor but for the parameters of its level.
DeviceType describe_mos(const MosRules& rules);

inline constexpr double silicon_permittivity = 11.7 * 8.854214871e-12;  // F/m, SPICE's
inline constexpr double oxide_permittivity = 3.9 * 8.854214871e-12;     // F/m, SPICE's
inline constexpr double electron_charge = 1.602176634e-19;              // C

}  // namespace memspice
