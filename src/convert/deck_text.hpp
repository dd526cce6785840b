#pragma once

#include <cstddef>
#include <functional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "memspice/error.hpp"

namespace memspice::convert {

/// The text of a deck on its way out, in large pieces, and the warnings of what it leaves out.
class DeckText {
 public:
  DeckText(const SourceFiles& sources, const std::function<void(std::string_view)>& consume)
      : sources_(sources), consume_(consume) {}

  void line(std::string_view text) {
    text_ += text;
    text_ += '\n';
  }
  /// Whole lines.
  void add(std::string_view lines) { text_ += lines; }
  /// Hands the text on.
  void flush() {
    consume_(text_);
    text_.clear();
  }
  void flush_large() {
    constexpr std::size_t piece = 1u << 16;
    if (text_.size() >= piece) flush();
  }

  /// What the peer cannot do: a comment in the deck.
  void warn(Location where, std::string_view card, const std::string& reason, std::string hint = {});
  [[nodiscard]] std::vector<Diagnostic> take_warnings() { return std::move(warnings_); }
  /// What the peer cannot have at all: DeckError at the word that begins there.
  [[noreturn]] void fail(Location where, std::string message, std::string hint = {}) const;

 private:
  const SourceFiles& sources_;
  const std::function<void(std::string_view)>& consume_;
  std::string text_;
  std::vector<Diagnostic> warnings_;
};

}  // namespace memspice::convert
