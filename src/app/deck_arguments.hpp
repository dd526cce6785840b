#pragma once

#include <memspice/circuit.hpp>
#include <string>
#include <utility>
#include <vector>

namespace memspice::app {

/// The values of -D name=value. Throws UsageError for a text that is none.
std::vector<std::pair<std::string, double>> definitions_of(const std::vector<std::string>& texts);
/// The circuit with the values of --set, `r1=2k` or `memory:beta=0.06`. Throws UsageError.
Circuit with_settings(Circuit circuit, const std::vector<std::string>& texts);

/// The values of --limit name=value. Throws UsageError for a text that is none.
Budgets budgets_of(const std::vector<std::string>& texts);

/// What messages call the deck.
std::string name_of_deck(const std::string& path);

/// On standard error, as many as somebody reads.
void print_warnings(const std::vector<Diagnostic>& warnings);

}  // namespace memspice::app
