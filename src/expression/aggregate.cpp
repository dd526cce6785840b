#include "expression/aggregate.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numeric>

#include "base/number.hpp"
#include "base/wildcard.hpp"

namespace memspice {

namespace {

constexpr std::pair<std::string_view, Aggregate::Kind> aggregate_names[] = {
    {"mean", Aggregate::Kind::mean},        {"sum", Aggregate::Kind::sum},
    {"std", Aggregate::Kind::std},          {"min", Aggregate::Kind::min},
    {"max", Aggregate::Kind::max},          {"median", Aggregate::Kind::median},
    {"quantile", Aggregate::Kind::quantile}};

double quantile(std::span<double> values, double part) {
  const double place = part * static_cast<double>(values.size() - 1);
  const auto below = static_cast<std::ptrdiff_t>(std::floor(place));
  std::nth_element(values.begin(), values.begin() + below, values.end());
  const double low = values[static_cast<std::size_t>(below)], rest = place - static_cast<double>(below);
  if (rest == 0) return low;
  return low + rest * (*std::min_element(values.begin() + below + 1, values.end()) - low);
}

}  // namespace

std::optional<Aggregate::Kind> find_aggregate(std::string_view name) {
  for (const auto& [known, kind] : aggregate_names)
    if (known == name) return kind;
  return {};
}

std::optional<Aggregate> read_aggregate(std::string_view name) {
  const std::size_t open = name.find('('), close = name.find(')');
  const std::size_t pattern = open + 1;
  if (open == std::string_view::npos || close == std::string_view::npos || !name.ends_with(')')) return {};
  const std::string_view inner = name.substr(pattern, close + 1 - pattern);
  const auto kind = find_aggregate(name.substr(0, open));
  if (!kind || inner.find('(') == std::string_view::npos || !has_wildcard(inner)) return {};
  Aggregate aggregate{.kind = *kind, .pattern = std::string(inner)};
  const std::string_view rest = name.substr(close + 1, name.size() - close - 2);
  if (rest.empty()) return aggregate;
  const std::optional<double> part = rest.starts_with(',') ? signed_number(rest.substr(1)) : std::nullopt;
  if (*kind != Aggregate::Kind::quantile || !part) return {};
  aggregate.part = *part;
  return aggregate;
}

std::string Aggregate::name() const {
  const auto known = std::ranges::find(aggregate_names, kind, &std::pair<std::string_view, Kind>::second);
  return kind == Kind::quantile ? fmt::format("{}({},{})", known->first, pattern, part)
                                : fmt::format("{}({})", known->first, pattern);
}

double Aggregate::value(std::span<double> values) const {
  const auto count = static_cast<double>(values.size());
  switch (kind) {
    case Kind::min:
      return *std::ranges::min_element(values);
    case Kind::max:
      return *std::ranges::max_element(values);
    case Kind::median:
    case Kind::quantile:
      return quantile(values, part);
    default:
      break;
  }
  const double sum = std::accumulate(values.begin(), values.end(), 0.0);
  if (kind == Kind::sum) return sum;
  const double mean = sum / count;
  if (kind == Kind::mean) return mean;
  double squares = 0;
  for (const double value : values) squares += (value - mean) * (value - mean);
  return std::sqrt(squares / count);
}

}  // namespace memspice
