#include "memspice/budgets.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <limits>

namespace memspice {

namespace {

constexpr double none = std::numeric_limits<double>::infinity();

// clang-format off
constexpr BudgetRow table[resource_count] = {
    {Resource::bytes, "bytes", 1e11, 1.6e7, "bytes of the deck, of what it includes (each time), and of files of data"},
    {Resource::files, "files", 1e5, 1e3, "files and sections of libraries that .include and .lib read, each time"},
    {Resource::elements, "elements", none, 1e5, "elements, those in every instance of a subcircuit, and pairs of coupled inductors"},
    {Resource::instances, "instances", 5e6, 2e4, "instances of subcircuits"},
    {Resource::expressions, "expressions", none, 1e6, "operations and names that expressions consist of, with the functions that they call"},
    {Resource::corners, "corners", 1e12, 1e6, "steps of a transient that corners and periods of sources ask for, and points of random waveforms"},
    {Resource::points, "points", 1e9, 1e5, "values of sweeps, steps and frequencies, and their combinations"},
    {Resource::analyses, "analyses", none, 12, "analyses that cards, commands and objectives ask for"},
    {Resource::columns, "columns", none, 1e5, "columns of all tables"},
    {Resource::rows, "rows", none, 1e6, "rows of all analyses at all points, as far as they are known beforehand"},
    {Resource::memory, "memory", none, 1e9, "bytes of memory"},
    {Resource::seconds, "seconds", none, 600, "seconds from the start to the end of the last analysis"},
};
// clang-format on

const BudgetRow& row_of(Resource resource) {
  return table[static_cast<std::size_t>(resource)];
}

}  // namespace

std::span<const BudgetRow> budget_table() {
  return table;
}

const BudgetRow* find_budget(std::string_view name) {
  const auto found = std::ranges::find(table, name, &BudgetRow::name);
  return found == std::end(table) ? nullptr : found;
}

double Budgets::limit(Resource resource, std::optional<double> by_deck) const {
  if (const std::optional<double>& given = given_[index(resource)]) return *given;
  if (!safe) return by_deck.value_or(row_of(resource).usual);
  return std::min(row_of(resource).safe, by_deck.value_or(none));
}

std::string Budgets::message(Resource resource) const {
  const BudgetRow& row = row_of(resource);
  return fmt::format("more than {:g} {}: the budget '{}' is used up", limit(resource), row.counts, row.name);
}

std::string Budgets::hint(Resource resource) const {
  const std::string_view name = row_of(resource).name;
  std::string text = fmt::format("--limit {}=NUMBER sets it", name);
  if (!safe)
    text += fmt::format(", and so does .options max{}{}", resource == Resource::rows ? "" : "_", name);
  return text;
}

}  // namespace memspice
