#pragma once

#include <cstddef>
#include <map>
#include <string>
#include <tuple>
#include <vector>

#include "memspice/error.hpp"

namespace memspice {

/// Warnings of the points of .step, .mc and .temp: each once, with the points that have it.
class PointWarnings {
 public:
  /// Those that the deck itself has given are not given again.
  explicit PointWarnings(const std::vector<Diagnostic>& of_deck);

  /// Safe to be called from several threads as long as nothing is added.
  [[nodiscard]] bool is_new(const Diagnostic& warning) const { return !entries_.contains(key(warning)); }
  /// `point`: "r=1000, temp=27". One point after the other.
  void add(const std::string& point, const std::vector<Diagnostic>& found);
  /// Appends the first ones: "at r=1000 and 3 more points: …", or "at all points: …" when `points` have it.
  void list(std::size_t points, std::vector<Diagnostic>& warnings) const;

 private:
  using Key = std::tuple<std::string, std::size_t, std::size_t, std::string>;
  struct Entry {
    Diagnostic warning;
    std::string first;       // point
    std::string last;        // that has been counted
    std::size_t points = 0;  // 0: of the deck
  };
  static Key key(const Diagnostic& d) { return {d.file, d.line, d.column, d.message}; }
  std::map<Key, Entry> entries_;
  std::vector<Key> order_;
};

}  // namespace memspice
