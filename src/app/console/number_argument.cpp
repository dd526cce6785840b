#include "app/console/number_argument.hpp"

#include <cmath>

#include "base/number.hpp"

namespace memspice::app {

std::optional<double> number_of(std::string_view text) {
  const bool negative = text.starts_with('-');
  const std::string_view digits = text.substr(negative || text.starts_with('+') ? 1 : 0);
  const std::optional<Number> number = read_number(digits);
  if (!number || number->length != digits.size() || !std::isfinite(number->value)) return std::nullopt;
  return negative ? -number->value : number->value;
}

}  // namespace memspice::app
