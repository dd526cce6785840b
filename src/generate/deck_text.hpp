#pragma once

#include <charconv>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <utility>

namespace memspice::generate {

/// A deck's text on its way out: gathered to large pieces, which `consume` takes.
class DeckText {
 public:
  explicit DeckText(std::function<void(std::string_view)> consume) : consume_(std::move(consume)) {
    text_.reserve(piece + 1024);
  }

  DeckText& operator<<(std::string_view text) {
    text_ += text;
    return *this;
  }
  DeckText& operator<<(char c) {
    text_ += c;
    return *this;
  }
  /// The shortest spelling that reads back as the same number.
  DeckText& exact(double value) {
    char room[32];
    return *this << std::string_view(room, std::to_chars(room, room + sizeof room, value).ptr);
  }
  /// Rounded to some digits, without zeros at the end.
  DeckText& rounded(double value, int digits = 6) {
    char room[32];
    return *this << std::string_view(
               room, std::to_chars(room, room + sizeof room, value, std::chars_format::general, digits).ptr);
  }
  DeckText& count(std::uint64_t value) {
    char room[24];
    return *this << std::string_view(room, std::to_chars(room, room + sizeof room, value).ptr);
  }
  void end_line() {
    text_ += '\n';
    if (text_.size() >= piece) flush();
  }
  void flush() {
    consume_(text_);
    text_.clear();
  }

 private:
  static constexpr std::size_t piece = 1u << 16;
  std::function<void(std::string_view)> consume_;
  std::string text_;
};

}  // namespace memspice::generate
