#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace memspice {

/// What a deck may make memspice spend.
enum class Resource : std::uint8_t {
  bytes,
  files,
  elements,
  instances,
  expressions,
  corners,
  points,
  analyses,
  columns,
  rows,
  memory,
  seconds
};
inline constexpr std::size_t resource_count = 12;

/// One line of the table of budgets.
struct BudgetRow {
  Resource resource;
  std::string_view name;    // "bytes", of --limit; the option of a deck is max_bytes (of rows maxrows)
  double usual;             // infinity: none
  double safe;              // with --safe
  std::string_view counts;  // what is counted
};
std::span<const BudgetRow> budget_table();
/// nullptr: there is none of this name.
const BudgetRow* find_budget(std::string_view name);

/// How much of each may be spent. What the command line (or the program around the library) says goes before
/// what the deck says, and that before the default; with `safe` a deck can only ask for less.
class Budgets {
 public:
  void set(Resource resource, double limit) { given_[index(resource)] = limit; }
  void set_by_deck(Resource resource, double limit) { by_deck_[index(resource)] = limit; }
  [[nodiscard]] double limit(Resource resource) const { return limit(resource, by_deck_[index(resource)]); }
  /// The same with another place for what the deck says.
  [[nodiscard]] double limit(Resource resource, std::optional<double> by_deck) const;
  /// "more than 1000 …: the budget 'files' is used up", and what to do about it.
  [[nodiscard]] std::string message(Resource resource) const;
  [[nodiscard]] std::string hint(Resource resource) const;

  bool safe = false;

 private:
  static std::size_t index(Resource resource) { return static_cast<std::size_t>(resource); }
  std::array<std::optional<double>, resource_count> given_;
  std::array<std::optional<double>, resource_count> by_deck_;
};

}  // namespace memspice
