#include "app/deck_arguments.hpp"

#include <fmt/format.h>

#include <filesystem>
#include <optional>

#include "app/console.hpp"
#include "app/number_argument.hpp"

namespace memspice::app {

std::vector<std::pair<std::string, double>> definitions_of(const std::vector<std::string>& texts) {
  std::vector<std::pair<std::string, double>> definitions;
  for (const std::string& text : texts) {
    const std::size_t equals = text.find('=');
    const std::optional<double> value =
        equals == std::string::npos ? std::nullopt : number_of(std::string_view(text).substr(equals + 1));
    if (equals == 0 || !value)
      throw DeckError(Diagnostic{.message = fmt::format("-D wants name=number, not '{}'", text),
                                 .hint = "for example -D rload=2.5k",
                                 .file = "memspice",
                                 .text = {}});
    definitions.emplace_back(text.substr(0, equals), *value);
  }
  return definitions;
}

void refuse_to_overwrite(const Deck& deck, const std::string& path) {
  for (std::uint32_t file = 0; file < deck.sources->size(); ++file) {
    std::error_code missing;
    if (!path.empty() && std::filesystem::equivalent(path, deck.sources->name(file), missing))
      throw DeckError(Diagnostic{.message = fmt::format("writing '{}' would overwrite the deck", path),
                                 .hint = "choose another name, such as out.raw",
                                 .file = "memspice",
                                 .text = {}});
  }
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
