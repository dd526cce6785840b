#pragma once

#include <string>
#include <string_view>

namespace CLI {
class App;
}

namespace memspice {
class Catalogue;
}

namespace memspice::app {

// What an installation has beside the program, made of the tables that the program itself reads and prints,
// so that it cannot say anything else.

/// The manual page memspice(1), in roff.
std::string program_page(const CLI::App& app);
/// The manual page memspice-deck(5): elements, cards, expressions and options of a deck.
std::string deck_page(const Catalogue& catalogue);
/// A completion script; `shell` is bash, zsh or fish.
std::string completion(const CLI::App& app, std::string_view shell);

}  // namespace memspice::app
