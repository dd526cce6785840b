#include "app/deck_arguments.hpp"

#include <fmt/format.h>

#include <optional>

#include "app/console/console.hpp"
#include "base/number.hpp"
#include "base/usage_error.hpp"
#include "waveform/ascii.hpp"

namespace memspice::app {

std::vector<std::pair<std::string, double>> definitions_of(const std::vector<std::string>& texts) {
  std::vector<std::pair<std::string, double>> definitions;
  for (const std::string& text : texts) {
    const std::size_t equals = text.find('=');
    // Of ngspice's own settings this is the one that other programs give it with every deck.
    if (lower_case(text.substr(0, equals)) == "ngbehavior") continue;
    const std::optional<double> value =
        equals == std::string::npos ? std::nullopt : signed_number(std::string_view(text).substr(equals + 1));
    if (equals == 0 || !value)
      throw UsageError(fmt::format("-D wants name=number, not '{}'", text), "for example -D rload=2.5k");
    definitions.emplace_back(text.substr(0, equals), *value);
  }
  return definitions;
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
