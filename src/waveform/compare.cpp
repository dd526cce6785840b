#include "waveform/compare.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <limits>
#include <map>
#include <optional>
#include <set>

#include "base/wildcard.hpp"
#include "waveform/ascii.hpp"
#include "waveform/merged_grid.hpp"
#include "waveform/vector_comparer.hpp"

namespace memspice {
namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();
constexpr std::size_t chunk = 1024;

double badness(const VectorDifference& vector) {
  if (vector.maximum == 0) return 0;
  return vector.tolerance > 0 ? vector.maximum / vector.tolerance : infinity;
}

bool has_scale(const Plot& plot) {
  const Quantity quantity = plot.vectors.front().quantity;
  if (quantity == Quantity::time || quantity == Quantity::frequency) return true;
  const std::string name = lower_case(plot.name);
  for (const std::string_view kind : {"operating point", "transfer function", "integrated noise",
                                      "sensitivity analysis", "pole-zero analysis"}) {
    if (name.starts_with(kind)) return false;
  }
  return plot.rows() > 1;
}

/// Every row is a sweep of its own: of one frequency, or of one value of a source.
bool stands_still(const Plot& plot) {
  const std::vector<double>& scale = plot.columns.front();
  return !scale.empty() && std::ranges::all_of(scale, [&](double value) { return value == scale[0]; });
}

bool scales_match(const Plot& first, const Plot& second) {
  if (first.vectors.empty() || second.vectors.empty() || has_scale(first) != has_scale(second)) return false;
  const auto kind = [](const Plot& plot) {
    const Quantity quantity = plot.vectors.front().quantity;
    return quantity == Quantity::time || quantity == Quantity::frequency ? quantity : Quantity::notype;
  };
  return !has_scale(first) || kind(first) == kind(second);
}

// Whether the part in common lacks nothing of one file's range but a first step and the rounding of its end.
bool covers(double from, double to, const ScaleRange& own) {
  constexpr double first_step = 1e-3;  // of the range: with uic ngspice's files begin behind it
  constexpr double rounding = 1e-6;    // of the last point's time
  const double range = own.to - own.from;
  return !(own.from < from - first_step * range || own.to > to + rounding * range);
}

class PlotComparer {
 public:
  PlotComparer(const Plot& first, const Plot& second, const CompareOptions& options)
      : first_(first), second_(second), options_(options), scaled_(has_scale(first)) {
    result_.name = first.name.empty() ? second.name : first.name;
    result_.first_mark = first.mark;
    result_.second_mark = second.mark;
    if (scaled_) {
      result_.scale = first.vectors.front().name;
      result_.scale_quantity = first.vectors.front().quantity;
    }
  }

  PlotDifference compare() {
    pair_vectors();
    const bool by_rows = !scaled_ || (stands_still(first_) && stands_still(second_) &&
                                      first_.columns.front()[0] == second_.columns.front()[0]);
    by_rows ? walk_rows() : walk_blocks();
    for (std::size_t i = 0; i < comparers_.size(); ++i) {
      finish(result_.vectors[i], comparers_[i].result(length_));
    }
    std::stable_sort(result_.vectors.begin(), result_.vectors.end(),
                     [](const auto& a, const auto& b) { return badness(a) > badness(b); });
    return std::move(result_);
  }

 private:
  [[nodiscard]] bool ignored(const std::string& name) const {
    return std::ranges::any_of(options_.ignore,
                               [&](const std::string& pattern) { return matches(pattern, name); });
  }

  [[nodiscard]] std::string counterpart(const std::string& name) const {
    for (const auto& [first, second] : options_.map) {
      if (lower_case(first) == lower_case(name)) return second;
    }
    return name;
  }

  /// The name without what ngspice puts before elements of subcircuits: i(l.x1.l2) is i(x1.l2).
  static std::string plain_name(const std::string& name) {
    std::string plain = lower_case(name);
    if (!plain.starts_with("i(") || plain.size() < 5 || plain[3] != '.') return plain;
    const std::size_t last = plain.rfind('.');
    if (last > 3 && plain[last + 1] == plain[2]) plain.erase(2, 2);
    return plain;
  }

  void finish(VectorDifference& vector, const VectorComparer::Result& result) const {
    vector.maximum = result.maximum;
    vector.where = result.where;
    vector.rms = result.rms;
    vector.range = result.range;
    vector.tolerance = options_.abstol + options_.reltol * result.range;
  }

  void pair_vectors() {
    const std::size_t begin = scaled_ ? 1 : 0;
    std::map<std::string, std::size_t> others;
    for (std::size_t i = begin; i < second_.vectors.size(); ++i)
      others.emplace(plain_name(second_.vectors[i].name), i);
    std::set<std::size_t> used;
    for (std::size_t i = begin; i < first_.vectors.size(); ++i) {
      const VectorInfo& vector = first_.vectors[i];
      const auto other = others.find(plain_name(counterpart(vector.name)));
      if (ignored(vector.name)) {
        if (other != others.end()) used.insert(other->second);
      } else if (other == others.end()) {
        result_.only_first.push_back(vector.name);
      } else {
        used.insert(other->second);
        result_.vectors.push_back({.first = vector.name,
                                   .second = second_.vectors[other->second].name,
                                   .quantity = vector.quantity});
        comparers_.emplace_back(ColumnView(first_, i), ColumnView(second_, other->second));
      }
    }
    for (std::size_t i = begin; i < second_.vectors.size(); ++i) {
      const std::string& name = second_.vectors[i].name;
      if (!used.contains(i) && !ignored(name)) result_.only_second.push_back(name);
    }
  }

  static ScaleRange describe(const std::vector<ScaleBlock>& blocks) {
    ScaleRange range{.from = infinity, .to = -infinity, .blocks = blocks.size()};
    for (const ScaleBlock& block : blocks) {
      range.from = std::min(range.from, block.at(0));
      range.to = std::max(range.to, block.at(block.size() - 1));
      range.points += block.size();
    }
    return range;
  }

  void walk_blocks() {
    const auto first = split_scale(first_.columns.front());
    const auto second = split_scale(second_.columns.front());
    result_.first = describe(first);
    result_.second = describe(second);
    ScaleRange& common = result_.common;
    common = {.from = infinity, .to = -infinity};
    std::vector<GridPoint> points;
    for (std::size_t i = 0; i < std::min(first.size(), second.size()); ++i) {
      MergedGrid grid(first[i], second[i]);
      if (grid.empty()) continue;
      common.from = std::min(common.from, grid.from());
      common.to = std::max(common.to, grid.to());
      ++common.blocks;
      length_ += grid.to() - grid.from();
      for (const ScaleBlock& own : {first[i], second[i]})
        result_.every_sweep &= covers(grid.from(), grid.to(), describe({own}));
      for (VectorComparer& comparer : comparers_) comparer.begin_block();
      for (grid.next(points, chunk); !points.empty(); grid.next(points, chunk)) {
        common.points += points.size();
        for (VectorComparer& comparer : comparers_) comparer.add(points);
      }
    }
    if (common.points == 0) {
      throw CompareError(
          fmt::format("the plots '{}' have no common range of '{}'", result_.name, result_.scale));
    }
  }

  // Without a scale that moves, rows stand for themselves.
  void walk_rows() {
    const auto range = [](std::size_t rows) {
      return ScaleRange{.to = static_cast<double>(rows) - 1, .points = rows, .blocks = 1};
    };
    result_.first = range(first_.rows());
    result_.second = range(second_.rows());
    result_.common = range(std::min(first_.rows(), second_.rows()));
    result_.scale.clear();
    result_.scale_quantity = Quantity::notype;
    if (result_.common.points == 0) throw CompareError(fmt::format("a plot '{}' has no rows", result_.name));
    std::vector<GridPoint> points;
    for (std::size_t i = 0; i < result_.common.points; ++i) {
      points.push_back({static_cast<double>(i), {i, i, 0}, {i, i, 0}});
    }
    for (VectorComparer& comparer : comparers_) comparer.add(points);
  }

  const Plot& first_;
  const Plot& second_;
  const CompareOptions& options_;
  bool scaled_;
  PlotDifference result_;
  std::vector<VectorComparer> comparers_;
  double length_ = 0;
};

void check_map(const std::vector<Plot>& plots, const std::string& name, const char* which) {
  const bool known =
      std::ranges::any_of(plots, [&](const Plot& plot) { return plot.find(name) != Plot::npos; });
  if (!known) throw CompareError(fmt::format("no plot of the {} file has a vector '{}' to map", which, name));
}

// For each plot of the first file, the index of its partner.
std::vector<std::optional<std::size_t>> pair_plots(const std::vector<Plot>& first,
                                                   const std::vector<Plot>& second) {
  std::vector<std::optional<std::size_t>> partners(first.size());
  std::vector<bool> taken(second.size(), false);
  for (const bool by_name : {true, false}) {
    for (std::size_t i = 0; i < first.size(); ++i) {
      for (std::size_t j = 0; j < second.size() && !partners[i]; ++j) {
        if (taken[j] || !scales_match(first[i], second[j])) continue;
        if (by_name && lower_case(first[i].name) != lower_case(second[j].name)) continue;
        partners[i] = j;
        taken[j] = true;
      }
    }
  }
  return partners;
}

}  // namespace

bool PlotDifference::covers_all() const {
  if (!first_mark.empty() || !second_mark.empty() || !every_sweep) return false;
  return std::ranges::all_of(std::array{first, second}, [&](const ScaleRange& own) {
    return own.blocks == common.blocks && covers(common.from, common.to, own);
  });
}

bool Comparison::covers_all() const {
  return has_all_plots() && std::ranges::all_of(plots, &PlotDifference::covers_all);
}

std::size_t Comparison::vectors() const {
  std::size_t count = 0;
  for (const PlotDifference& plot : plots) count += plot.vectors.size();
  return count;
}

std::size_t Comparison::exceeding() const {
  std::size_t count = 0;
  for (const PlotDifference& plot : plots) {
    count += static_cast<std::size_t>(
        std::ranges::count_if(plot.vectors, [](const VectorDifference& vector) { return !vector.within(); }));
  }
  return count;
}

const VectorDifference* Comparison::worst() const {
  const VectorDifference* worst = nullptr;
  for (const PlotDifference& plot : plots) {
    if (plot.vectors.empty()) continue;
    const VectorDifference& candidate = plot.vectors.front();
    if (worst == nullptr || badness(candidate) > badness(*worst)) worst = &candidate;
  }
  return worst;
}

Comparison compare(const std::vector<Plot>& first, const std::vector<Plot>& second,
                   const CompareOptions& options) {
  for (const auto& [name, other] : options.map) {
    check_map(first, name, "first");
    check_map(second, other, "second");
  }
  Comparison comparison;
  const auto partners = pair_plots(first, second);
  std::vector<bool> used(second.size(), false);
  for (std::size_t i = 0; i < first.size(); ++i) {
    if (!partners[i]) {
      comparison.only_first.push_back(first[i].name);
      continue;
    }
    used[*partners[i]] = true;
    comparison.plots.push_back(PlotComparer(first[i], second[*partners[i]], options).compare());
  }
  for (std::size_t i = 0; i < second.size(); ++i) {
    if (!used[i]) comparison.only_second.push_back(second[i].name);
  }
  if (comparison.plots.empty()) throw CompareError("the two files have no plot of the same kind");
  if (comparison.vectors() == 0)
    throw CompareError("the two files have no vector of the same name to compare");
  return comparison;
}

}  // namespace memspice
