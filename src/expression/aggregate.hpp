#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace memspice {

/// One number of all vectors that a pattern names, row by row: `mean(w(*))`, `quantile(v(n*), 0.9)`; of
/// `hist(w(*), 20)` one for each bin.
struct Aggregate {
  enum class Kind { mean, sum, std, min, max, median, quantile, hist };
  static constexpr std::size_t most_bins = 10000;
  Kind kind = Kind::mean;
  double part = 0.5;  // of the values that lie below a quantile, 0 to 1
  std::string pattern;
  struct {
    std::size_t count = 0;
    double low = 0;
    double high = 1;
    std::size_t one = 0;  // only this one, from 1 on; 0: all
  } bins = {};            // of hist

  /// How many numbers it is.
  [[nodiscard]] std::size_t width() const { return kind == Kind::hist && bins.one == 0 ? bins.count : 1; }
  /// One bin of a hist, from 1 on.
  [[nodiscard]] Aggregate bin(std::size_t number) const;
  /// Where bins begin and end, ascending.
  [[nodiscard]] std::vector<double> edges() const;

  /// As vectors are called: lower case, without blanks.
  [[nodiscard]] std::string name() const;
  /// Of at least one value, whose order changes. `std` divides by their number; quantiles lie on straight
  /// lines between neighbours, as numpy.quantile has them by default.
  [[nodiscard]] double value(std::span<double> values) const;
  /// All numbers; of a hist how many values lie in each bin: from its lower edge to below its upper one, in
  /// the last bin both; what lies in none is not counted.
  void values(std::span<double> of, double* result) const;
};

[[nodiscard]] std::optional<Aggregate::Kind> find_aggregate(std::string_view name);
/// Bins (20 unless given), low, high, one: as many of these numbers as are given, in this order. What is
/// wrong with them, or nothing.
[[nodiscard]] std::string_view take_bins(Aggregate& hist, std::span<const double> numbers);
/// What a vector's name means; nothing: it is no aggregate's.
[[nodiscard]] std::optional<Aggregate> read_aggregate(std::string_view name);

}  // namespace memspice
