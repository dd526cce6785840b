#pragma once

#include <fmt/format.h>

#include <cstdint>
#include <limits>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include "base/number.hpp"
#include "base/spelling.hpp"
#include "generate/distribution.hpp"

namespace memspice::app {

/// Throws UsageError; the hint may be empty.
[[noreturn]] void refuse(const std::string& message, const std::string& hint);

/// What a quantity may be, and how messages say that.
struct Legal {
  double lowest = -std::numeric_limits<double>::infinity();
  double highest = std::numeric_limits<double>::infinity();
  const char* text = "";
};
inline constexpr Legal positive{std::numeric_limits<double>::min(), std::numeric_limits<double>::infinity(),
                                "greater than 0"};
inline constexpr Legal not_negative{0, std::numeric_limits<double>::infinity(), "at least 0"};
inline constexpr Legal from_0_to_1{0, 1, "from 0 to 1"};

/// The number that an option's text is, within what is legal.
double number_argument(std::string_view option, const std::string& text, const Legal& legal);

/// The whole number that an option's text is, at least `least`.
std::uint32_t whole_argument(std::string_view option, const std::string& text, std::uint32_t least);

/// `X`, `LOW:HIGH` (or `LOW:HIGH:uniform`), `LOW:HIGH:log` or `MEAN:DEVIATION:normal`.
generate::Distribution distribution_of(std::string_view option, const std::string& text,
                                       const Legal& legal = {});

/// A word that stands for a value.
template <class Value>
struct Choice {
  std::string_view word;
  Value value;
};

/// The value of the word that an option's text is; `also` names what else it could have been.
template <class Value>
Value choose(std::string_view option, const std::string& text,
             std::type_identity_t<std::span<const Choice<Value>>> choices, std::string_view also = {}) {
  std::vector<std::string_view> words;
  for (const Choice<Value>& choice : choices) {
    if (choice.word == text) return choice.value;
    words.push_back(choice.word);
  }
  const std::string hint = did_you_mean(text, words);
  if (!also.empty()) words.push_back(also);
  refuse(fmt::format("{} wants {}, not '{}'", option, list(words, "or"), text), hint);
}

}  // namespace memspice::app
