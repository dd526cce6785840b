#pragma once

#include "memspice/device.hpp"

namespace memspice {

/// Card parameters that resistors, capacitors and inductors share, in this order behind their own.
enum class Shared : std::size_t { tc1, tc2, temp, dtemp, tnom, scale, m };
std::vector<ParameterDescription> shared_card_parameters(std::string_view what);

/// What temperature, scale and number make of a value, `first` being the place of tc1 in `values`.
struct SharedValues {
  double temperature_difference = 0;  // K, from nominal
  double factor = 1;                  // 1 + tc1 ΔT + tc2 ΔT², times scale
  double copies = 1;
};
SharedValues shared_values(std::span<const double> values, std::size_t first, const OperatingConditions& at);

/// `given`, or `otherwise` where it is not.
inline double value_or(double given, double otherwise) {
  return std::isnan(given) ? otherwise : given;
}

}  // namespace memspice
