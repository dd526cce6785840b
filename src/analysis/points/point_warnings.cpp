#include "analysis/points/point_warnings.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace memspice {

PointWarnings::PointWarnings(const std::vector<Diagnostic>& of_deck) {
  for (const Diagnostic& warning : of_deck) entries_.emplace(key(warning), Entry{});
}

void PointWarnings::add(const std::string& point, const std::vector<Diagnostic>& found) {
  constexpr std::size_t most = 100;
  for (const Diagnostic& warning : found) {
    auto entry = entries_.find(key(warning));
    if (entry == entries_.end()) {
      if (order_.size() == most) continue;
      order_.push_back(key(warning));
      entry = entries_.emplace(order_.back(), Entry{warning, point, {}, 0}).first;
    }
    Entry& known = entry->second;
    if (known.first.empty() || known.last == point) continue;
    known.last = point;
    ++known.points;
  }
}

void PointWarnings::list(std::size_t points, std::vector<Diagnostic>& warnings) const {
  for (const Key& key : order_) {
    const Entry& entry = entries_.at(key);
    std::string where = entry.first;
    if (entry.points > 1)
      where += fmt::format(" and {} more point{}", entry.points - 1, entry.points == 2 ? "" : "s");
    if (entry.points == points && points > 1) where = "all points";
    warnings.push_back(entry.warning);
    warnings.back().message = fmt::format("at {}: {}", where, entry.warning.message);
  }
}

}  // namespace memspice
