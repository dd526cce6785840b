#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace memspice {

/// One number of all vectors that a pattern names, row by row: `mean(w(*))`, `quantile(v(n*), 0.9)`.
struct Aggregate {
  enum class Kind { mean, sum, std, min, max, median, quantile };
  Kind kind = Kind::mean;
  double part = 0.5;  // of the values that lie below a quantile, 0 to 1
  std::string pattern;

  /// As vectors are called: lower case, without blanks.
  [[nodiscard]] std::string name() const;
  /// Of at least one value, whose order changes. `std` divides by their number; quantiles lie on straight
  /// lines between neighbours, as numpy.quantile has them by default.
  [[nodiscard]] double value(std::span<double> values) const;
};

[[nodiscard]] std::optional<Aggregate::Kind> find_aggregate(std::string_view name);
/// What a vector's name means; nothing: it is no aggregate's.
[[nodiscard]] std::optional<Aggregate> read_aggregate(std::string_view name);

}  // namespace memspice
