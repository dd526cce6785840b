#pragma once

#include <array>
#include <optional>
#include <string_view>

namespace memspice {

/// What ngspice multiplies the expression of a source by: m= and a polynomial of the temperature.
struct SourceFactor {
  static constexpr std::array<std::string_view, 7> names = {"m",     "tc1",        "tc2",      "temp",
                                                            "dtemp", "reciproctc", "reciprocm"};
  std::array<std::optional<double>, names.size()> given;

  /// `temperature` of the circuit in degrees Celsius. Not finite when a reciprocal is not.
  [[nodiscard]] double value(double temperature) const {
    constexpr double reference = 27;  // ngspice's, whatever tnom is
    const auto [m, tc1, tc2, own, difference, reciprocal_temperature, reciprocal_m] = given;
    const double rise = own.value_or(temperature + difference.value_or(0)) - reference;
    const double by_temperature = 1 + rise * (tc1.value_or(0) + rise * tc2.value_or(0));
    const auto applied = [](double factor, std::optional<double> reciprocal) {
      return reciprocal.value_or(0) != 0 ? 1 / factor : factor;
    };
    return applied(by_temperature, reciprocal_temperature) * applied(m.value_or(1), reciprocal_m);
  }
};

}  // namespace memspice
