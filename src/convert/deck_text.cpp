#include "convert/deck_text.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace memspice::convert {

void DeckText::warn(Location where, std::string_view card, const std::string& reason, std::string hint) {
  warnings_.push_back(diagnose(sources_, where, card.size(), fmt::format("{}: {}", card, reason),
                               std::move(hint), Severity::warning));
  line(fmt::format("* left out: {}: {}", card, reason));
}

void DeckText::fail(Location where, std::string message, std::string hint) const {
  const std::string_view text = sources_.text(where.file).substr(where.offset);
  throw DeckError(diagnose(sources_, where, std::min(text.find_first_of(" \t\r\n"), text.size()),
                           std::move(message), std::move(hint)));
}

}  // namespace memspice::convert
