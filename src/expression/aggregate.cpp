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
    {"mean", Aggregate::Kind::mean},         {"sum", Aggregate::Kind::sum},
    {"std", Aggregate::Kind::std},           {"min", Aggregate::Kind::min},
    {"max", Aggregate::Kind::max},           {"median", Aggregate::Kind::median},
    {"quantile", Aggregate::Kind::quantile}, {"hist", Aggregate::Kind::hist}};

double quantile(std::span<double> values, double part) {
  const double place = part * static_cast<double>(values.size() - 1);
  const auto below = static_cast<std::ptrdiff_t>(std::floor(place));
  std::nth_element(values.begin(), values.begin() + below, values.end());
  const double low = values[static_cast<std::size_t>(below)], rest = place - static_cast<double>(below);
  if (rest == 0) return low;
  return low + rest * (*std::min_element(values.begin() + below + 1, values.end()) - low);
}

/// Numbers between commas; nothing where something else stands there.
std::optional<std::vector<double>> numbers_of(std::string_view list) {
  std::vector<double> numbers;
  while (!list.empty()) {
    const std::size_t end = std::min(list.find(','), list.size());
    const std::optional<double> number = signed_number(list.substr(0, end));
    if (!number) return {};
    numbers.push_back(*number);
    list.remove_prefix(std::min(end + 1, list.size()));
  }
  return numbers;
}

}  // namespace

std::string_view take_bins(Aggregate& hist, std::span<const double> numbers) {
  constexpr std::string_view wrong_number = "the bins of a hist are a whole number from 1 to 10000";
  constexpr double usual[] = {20};
  if (numbers.empty()) numbers = usual;
  if (numbers.size() == 2 || numbers.size() > 4)
    return "'hist' takes one pattern of vectors, how many bins, their range, and which of them";
  const auto whole = [](double x, double most) { return x >= 1 && x <= most && x == std::floor(x); };
  if (!whole(numbers[0], Aggregate::most_bins)) return wrong_number;
  hist.bins = {.count = static_cast<std::size_t>(numbers[0])};
  if (numbers.size() == 1 && !hist.pattern.starts_with("w("))
    return "a hist of other vectors than w(…) needs a range";
  if (numbers.size() > 1) {
    hist.bins.low = numbers[1];
    hist.bins.high = numbers[2];
  }
  if (!(hist.bins.low < hist.bins.high) || !std::isfinite(hist.bins.high - hist.bins.low))
    return "the range of a hist goes upwards";
  if (numbers.size() < 4) {
    if (hist.bins.count == 1) hist.bins.one = 1;
    return {};
  }
  if (!whole(numbers[3], numbers[0])) return "a hist has no bin of this number";
  hist.bins.one = static_cast<std::size_t>(numbers[3]);
  return {};
}

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
  if (rest.empty() && *kind != Aggregate::Kind::hist) return aggregate;
  if (*kind == Aggregate::Kind::hist) {
    std::optional<std::vector<double>> numbers;
    if (rest.empty() || rest.front() == ',') numbers = numbers_of(rest.substr(rest.empty() ? 0 : 1));
    if (!numbers || !take_bins(aggregate, *numbers).empty()) return {};
    return aggregate;
  }
  const std::optional<double> part = rest.starts_with(',') ? signed_number(rest.substr(1)) : std::nullopt;
  if (*kind != Aggregate::Kind::quantile || !part) return {};
  aggregate.part = *part;
  return aggregate;
}

std::string Aggregate::name() const {
  const auto known = std::ranges::find(aggregate_names, kind, &std::pair<std::string_view, Kind>::second);
  if (kind == Kind::hist)
    return fmt::format("hist({},{},{},{}{})", pattern, bins.count, bins.low, bins.high,
                       bins.one == 0 ? "" : fmt::format(",{}", bins.one));
  return kind == Kind::quantile ? fmt::format("{}({},{})", known->first, pattern, part)
                                : fmt::format("{}({})", known->first, pattern);
}

Aggregate Aggregate::bin(std::size_t number) const {
  Aggregate one = *this;
  one.bins.one = number;
  return one;
}

std::vector<double> Aggregate::edges() const {
  std::vector<double> edges;
  const double width = bins.high - bins.low;
  for (std::size_t k = 0; k < bins.count; ++k)
    edges.push_back(bins.low + width * static_cast<double>(k) / static_cast<double>(bins.count));
  edges.push_back(bins.high);
  return edges;
}

void Aggregate::values(std::span<double> of, double* result) const {
  if (width() == 1 && kind != Kind::hist) {
    *result = value(of);
    return;
  }
  const std::vector<double> edge = edges();
  const double scale = static_cast<double>(bins.count) / (bins.high - bins.low);
  std::fill_n(result, width(), 0.0);
  for (const double x : of) {
    if (!(x >= bins.low && x <= bins.high)) continue;
    std::size_t k = std::min(static_cast<std::size_t>((x - bins.low) * scale), bins.count - 1);
    if (x < edge[k]) --k;
    if (k + 1 < bins.count && x >= edge[k + 1]) ++k;
    if (bins.one == 0) {
      ++result[k];
    } else if (k + 1 == bins.one) {
      ++*result;
    }
  }
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
    case Kind::hist: {
      double count = 0;
      bin(bins.one == 0 ? 1 : bins.one).values(values, &count);
      return count;
    }
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
