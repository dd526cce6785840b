#include "devices/bipolar/bipolar_constants.hpp"

#include <algorithm>
#include <numbers>

#include "devices/bipolar/bipolar_parameters.hpp"
#include "devices/card_parameters.hpp"

namespace memspice {

namespace {

/// Makes the constants of one card at one temperature.
class BipolarMaker {
  using enum Bipolar;

 public:
  explicit BipolarMaker(std::span<const double> values)
      : values_(values),
        kelvin_(value_or(get(temp), 27) + kelvin_at_zero_celsius),
        nominal_(value_or(get(tnom), 27) + kelvin_at_zero_celsius),
        difference_(kelvin_ - nominal_),
        vt_(thermal_voltage(kelvin_)),
        growth_((kelvin_ / nominal_ - 1) * get(eg) / vt_ + get(xti) * std::log(kelvin_ / nominal_)),
        junctions_(kelvin_, nominal_) {
    const double m = get(copies);
    emitter_area_ = get(area) * m;
    const double base = value_or(get(areab), get(area)) * m;
    const double collector = value_or(get(areac), get(area)) * m;
    const bool npn = get(polarity) > 0;
    const double placement = value_or(get(subs), npn ? 1 : -1);
    vertical_ = placement == 1 || (placement != -1 && npn);
    collector_area_ = vertical_ ? base : collector;
    substrate_area_ = vertical_ ? collector : base;
  }

  void general(BipolarConstants& k) const {
    k.sign = get(polarity) < 0 ? -1 : 1;
    k.vertical = vertical_;
    k.vt = vt_;
    k.copies = get(copies);
    k.gmin = value_or(get(gmin), 1e-12) * k.copies;
    k.flicker = get(kf);
    k.flicker_exponent = get(af);
  }

  void currents(BipolarConstants& k) const {
    const double saturation = get(is) * by_temperature(is, tis1, 1);
    const bool separate = !std::isnan(get(ibe)) && !std::isnan(get(ibc));
    const auto exponential = [&](double a, Bipolar n, Bipolar slope) {
      return BipolarConstants::Exponential{a, linear(n, slope) * vt_};
    };
    const double forward =
        emitter_area_ * (separate ? get(ibe) * by_temperature(ibe, tis1, get(nf)) : saturation);
    const double reverse = separate ? collector_area_ * get(ibc) * by_temperature(ibc, tis1, get(nr))
                                    : emitter_area_ * saturation;
    k.forward = exponential(forward, nf, tnf1);
    k.reverse = exponential(reverse, nr, tnr1);
    k.emitter_leak = exponential(emitter_area_ * leak(ise, tise1, get(ne)), ne, tne1);
    k.collector_leak = exponential(collector_area_ * leak(isc, tisc1, get(nc)), nc, tnc1);
    const double below = value_or(get(iss), 0) * by_temperature(iss, tiss1, separate ? get(nr) : 1) *
                         (separate ? substrate_area_ : emitter_area_);
    k.substrate = exponential(below, ns, tns1);
    k.critical = critical(std::max({emitter_area_ * saturation, forward, reverse}) / get(copies));
    k.substrate_critical = critical(below / get(copies));
  }

  void gains(BipolarConstants& k) const {
    k.forward_gain = gain(bf, tbf1, tbf2);
    k.reverse_gain = gain(br, tbr1, tbr2);
    k.inverse_early_forward = inverse(vaf, tvaf1);
    k.inverse_early_reverse = inverse(var, tvar1);
    k.inverse_knee_forward = inverse(ikf, tikf1) / emitter_area_;
    k.inverse_knee_reverse = inverse(ikr, tikr1) / emitter_area_;
    k.knee_exponent = get(nkf);
  }

  void resistances(BipolarConstants& k) const {
    k.base_resistance = linear(rb, trb1) / emitter_area_;
    const double least_base =
        get(rb) > 0 ? value_or(get(rbm), get(rb)) : 0;  // without rb there is none, as in SPICE
    k.least_base_resistance = least_base * (1 + polynomial(trm1)) / emitter_area_;
    k.half_resistance_current = linear(irb, tirb1) * emitter_area_;
    k.collector_resistance = linear(rc, trc1) / emitter_area_;
    k.emitter_resistance = linear(re, tre1) / emitter_area_;
    k.epitaxial = !std::isnan(get(rco));
    const double least = 0.01;  // ohm, ngspice's
    k.epitaxial_resistance = std::max(value_or(get(rco), least), least);
    k.epitaxial_voltage = get(vo);
    k.epitaxial_doping = get(gamma);
    k.epitaxial_charge = get(qco) * get(copies);
    if (get(quasimod) == 1) {
      const double ratio = kelvin_ / nominal_;
      const bool npn = get(polarity) > 0;
      k.epitaxial_resistance *= std::pow(ratio, value_or(get(cn), npn ? 2.42 : 2.2));
      k.epitaxial_voltage *= std::pow(ratio, value_or(get(d), npn ? 0.87 : 0.52));
      k.epitaxial_doping *= std::pow(ratio, get(xti)) * std::exp(-get(vg) * (1 - ratio) / vt_);
    }
    k.epitaxial_resistance /= get(copies);
  }

  void charges(BipolarConstants& k) const {
    k.base_emitter = depletion(cje, vje, mje, tmje1, cte, tvje, emitter_area_, get(fc));
    const Depletion whole = depletion(cjc, vjc, mjc, tmjc1, ctc, tvjc, collector_area_, get(fc));
    k.base_collector = whole.of_size(whole.at_zero() * get(xcjc));
    k.outer_base_collector = whole.of_size(whole.at_zero() - k.base_collector.at_zero());
    k.collector_substrate = depletion(cjs, vjs, mjs, tmjs1, cts, tvjs, substrate_area_, 0);
    k.transit_forward = linear(tf, ttf1);
    k.transit_reverse = linear(tr, ttr1);
    k.transit_bias = get(xtf);
    k.transit_current = linear(itf, titf1) * emitter_area_;
    k.transit_slope = get(vtf) > 0 || get(vtf) < 0 ? 1 / (1.44 * get(vtf)) : 0;
    k.delay = get(ptf) * std::numbers::pi / 180 * get(tf);
  }

 private:
  [[nodiscard]] double get(Bipolar which) const { return values_[static_cast<std::size_t>(which)]; }
  /// a ΔT + b ΔT², a being the parameter `first` and b the one behind it.
  [[nodiscard]] double polynomial(Bipolar first) const {
    const auto at = static_cast<std::size_t>(first);
    return difference_ * (value_or(values_[at], 0) + difference_ * value_or(values_[at + 1], 0));
  }
  [[nodiscard]] double linear(Bipolar which, Bipolar first) const {
    return get(which) * (1 + polynomial(first));
  }
  /// 0 where not given, or given as 0.
  [[nodiscard]] double inverse(Bipolar which, Bipolar first) const {
    const double value = value_or(get(which), 0);
    return value == 0 ? 0 : 1 / (value * (1 + polynomial(first)));
  }

  [[nodiscard]] bool absolute_powers() const { return get(tlev) == 3; }
  /// What temperature multiplies a saturation current by.
  [[nodiscard]] double by_temperature(Bipolar which, Bipolar exponent, double emission) const {
    if (absolute_powers()) return get(which) > 0 ? std::pow(get(which), polynomial(exponent)) : 1;
    return std::exp(growth_ / emission);
  }
  [[nodiscard]] double leak(Bipolar which, Bipolar exponent, double emission) const {
    const double given = get(which) > 1e-4 ? get(which) * get(is) : get(which);
    if (absolute_powers()) return given > 0 ? std::pow(given, 1 + polynomial(exponent)) : 0;
    return given * std::exp(growth_ / emission) / gain_factor();
  }
  [[nodiscard]] double gain_factor() const {
    if (get(tlev) == 1) return 1 + get(xtb) * difference_;
    if (absolute_powers()) return 1;
    return std::exp(get(xtb) * std::log(kelvin_ / nominal_));
  }
  [[nodiscard]] double gain(Bipolar which, Bipolar first, Bipolar second) const {
    const bool own = !std::isnan(get(first)) || !std::isnan(get(second));
    return get(which) * (own ? 1 + polynomial(first) : gain_factor());
  }
  [[nodiscard]] double critical(double saturation) const {
    return saturation > 0 ? critical_voltage(saturation, vt_) : infinity;
  }
  [[nodiscard]] Depletion depletion(Bipolar c, Bipolar p, Bipolar m, Bipolar slope, Bipolar by_kelvin,
                                    Bipolar fall, double size, double corner) const {
    constexpr double steepest = 0.999;  // ngspice's
    const double grading = std::min(linear(m, slope), steepest);
    const bool straight = get(tlevc) == 1;
    const double factor =
        straight ? 1 + get(by_kelvin) * difference_ : junctions_.capacitance_factor(get(p), grading);
    const double potential = straight ? get(p) - get(fall) * difference_ : junctions_.potential(get(p));
    return {get(c) * factor * size, potential, grading, corner * potential};
  }

  std::span<const double> values_;
  double kelvin_, nominal_, difference_, vt_;
  double growth_;  // logarithm of that of is
  JunctionTemperature junctions_;
  double emitter_area_, collector_area_, substrate_area_;
  bool vertical_;
};

}  // namespace

BipolarConstants::BipolarConstants(std::span<const double> values) {
  const BipolarMaker make(values);
  make.general(*this);
  make.currents(*this);
  make.gains(*this);
  make.resistances(*this);
  make.charges(*this);
}

}  // namespace memspice
