#include "app/deck_arguments.hpp"

#include <fmt/format.h>

#include <optional>
#include <stdexcept>
#include <utility>

#include "app/console/console.hpp"
#include "base/number.hpp"
#include "base/usage_error.hpp"
#include "waveform/ascii.hpp"

namespace memspice::app {

namespace {

std::pair<std::string, double> assignment(std::string_view option, const std::string& text,
                                          const char* example) {
  const std::size_t equals = text.find('=');
  const std::optional<double> value =
      equals == std::string::npos ? std::nullopt : signed_number(std::string_view(text).substr(equals + 1));
  if (equals == 0 || !value)
    throw UsageError(fmt::format("{} wants name=number, not '{}'", option, text), example);
  return {text.substr(0, equals), *value};
}

}  // namespace

std::vector<std::pair<std::string, double>> definitions_of(const std::vector<std::string>& texts) {
  std::vector<std::pair<std::string, double>> definitions;
  for (const std::string& text : texts) {
    // Of ngspice's own settings this is the one that other programs give it with every deck.
    if (lower_case(text).starts_with("ngbehavior=")) continue;
    definitions.push_back(assignment("-D", text, "for example -D rload=2.5k"));
  }
  return definitions;
}

Circuit with_settings(Circuit circuit, const std::vector<std::string>& texts) {
  for (const std::string& text : texts) {
    const auto [name, value] =
        assignment("--set", text, "for example --set r1=2k or --set mymodel:beta=0.06");
    try {
      circuit = circuit.with(lower_case(name), value);
    } catch (const std::logic_error& error) {  // no such name, or a value out of range
      throw UsageError(fmt::format("--set {}: {}", text, error.what()));
    }
  }
  return circuit;
}

Budgets budgets_of(const std::vector<std::string>& texts) {
  Budgets budgets;
  for (const std::string& text : texts) {
    const auto [name, limit] = assignment("--limit", text, "for example --limit elements=1meg");
    const BudgetRow* row = find_budget(name);
    std::string names;
    for (const BudgetRow& known : budget_table())
      names += (names.empty() ? "" : ", ") + std::string(known.name);
    if (!row) throw UsageError(fmt::format("there is no budget '{}'", name), "the budgets are " + names);
    const double least = row->resource == Resource::memory    ? 3e7
                         : row->resource == Resource::seconds ? 1e-3
                                                              : 1;
    if (!(limit >= least))
      throw UsageError(fmt::format("the budget '{}' is at least {:g}, not {:g}", name, least, limit), "");
    budgets.set(row->resource, limit);
  }
  return budgets;
}

std::string name_of_deck(const std::string& path) {
  return path == "-" ? "standard input" : path;
}

void print_warnings(const std::vector<Diagnostic>& warnings) {
  constexpr std::size_t most = 20;
  for (std::size_t i = 0; i < warnings.size() && i < most; ++i) print_error("{}\n", warnings[i].format());
  if (warnings.size() > most) print_error("… and {} more warnings\n", warnings.size() - most);
}

}  // namespace memspice::app
