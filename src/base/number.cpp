#include "base/number.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <cstdint>
#include <limits>
#include <string>

#include "base/characters.hpp"

namespace memspice {
namespace {

constexpr std::array<double, 23> powers_of_ten = {1e0,  1e1,  1e2,  1e3,  1e4,  1e5,  1e6,  1e7,
                                                  1e8,  1e9,  1e10, 1e11, 1e12, 1e13, 1e14, 1e15,
                                                  1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22};

bool is_unit_letter(char c) {
  return is_letter(c) || static_cast<unsigned char>(c) >= 0x80;
}

// Fortran's 1d3 is 1e3; a d without digits behind it is a unit.
bool has_fortran_exponent(const char* at, const char* end) {
  if (at == end || lower(*at) != 'd') return false;
  const bool is_signed = end - at > 1 && (at[1] == '+' || at[1] == '-');
  return end - at > (is_signed ? 2 : 1) && is_digit(at[is_signed ? 2 : 1]);
}

// A short decimal without exponent: its digits and the power of ten are exact in a double, so that one
// division rounds once, as a full conversion would. Most numbers of large decks are of this kind.
const char* read_short_decimal(const char* at, const char* end, double& value) {
  std::uint64_t digits = 0;
  const char* p = at;
  while (p != end && is_digit(*p)) digits = 10 * digits + static_cast<std::uint64_t>(*p++ - '0');
  std::size_t decimals = 0;
  std::size_t length = static_cast<std::size_t>(p - at);
  if (p != end && *p == '.') {
    const char* point = p++;
    while (p != end && is_digit(*p)) digits = 10 * digits + static_cast<std::uint64_t>(*p++ - '0');
    decimals = static_cast<std::size_t>(p - point) - 1;
    length += decimals;
  }
  if (length == 0 || length > 15 || (p != end && (lower(*p) == 'e' || has_fortran_exponent(p, end))))
    return nullptr;
  value = static_cast<double>(digits) / powers_of_ten[decimals];
  return p;
}

const char* read_decimal(const char* at, const char* end, double& value) {
  if (const char* after = read_short_decimal(at, end, value)) return after;
  if (const char* const letter = std::find_if_not(at, end, [](char c) { return is_digit(c) || c == '.'; });
      has_fortran_exponent(letter, end)) {
    std::string text(at, std::find_if_not(letter + 2, end, is_digit));
    text[static_cast<std::size_t>(letter - at)] = 'e';
    const char* const after = read_decimal(text.data(), text.data() + text.size(), value);
    return at + (after - text.data());
  }
  const auto [after, error] = std::from_chars(at, end, value);
  if (error == std::errc::result_out_of_range) {
    // Either too large or too small: the sign of the exponent tells, and without one the digits are many.
    value = std::numeric_limits<double>::infinity();
    for (const char* p = at; p != after; ++p)
      if (lower(*p) == 'e' && p + 1 != after && p[1] == '-') value = 0;
  }
  return after;
}

// A small scale is divided by its exact inverse: 3u is then the double nearest to 3e-6.
double scaled(double value, std::string_view letters) {
  if (letters.size() >= 3 && same_word(letters.substr(0, 3), "meg")) return value * 1e6;
  if (letters.size() >= 3 && same_word(letters.substr(0, 3), "mil")) return value * 25.4e-6;
  // µ and μ in UTF-8, and µ in Latin-1, which LTspice writes.
  if (letters.starts_with("\xc2\xb5") || letters.starts_with("\xce\xbc") || letters.starts_with('\xb5'))
    return value / 1e6;
  switch (lower(letters.front())) {
    case 't':
      return value * 1e12;
    case 'g':
      return value * 1e9;
    case 'k':
      return value * 1e3;
    case 'm':
      return value / 1e3;
    case 'u':
      return value / 1e6;
    case 'n':
      return value / 1e9;
    case 'p':
      return value / 1e12;
    case 'f':
      return value / 1e15;
    default:
      return value;
  }
}

}  // namespace

std::optional<Number> read_number(std::string_view text) {
  const char* const begin = text.data();
  const char* const end = begin + text.size();
  if (text.empty() || !(is_digit(*begin) || (*begin == '.' && text.size() > 1 && is_digit(begin[1]))))
    return std::nullopt;
  Number number;
  const char* at = read_decimal(begin, end, number.value);
  if (at != end && lower(*at) == 'x') return std::nullopt;  // 1e6 in HSPICE and Xyce, nothing in ngspice
  if (at != end && is_unit_letter(*at)) {
    const char* const letters = at;
    while (at != end && is_unit_letter(*at)) ++at;
    number.value = scaled(number.value, {letters, static_cast<std::size_t>(at - letters)});
  }
  number.length = static_cast<std::size_t>(at - begin);
  return number;
}

std::optional<double> signed_number(std::string_view word) {
  const bool negative = word.starts_with('-');
  const std::string_view digits = word.substr(negative || word.starts_with('+') ? 1 : 0);
  const char* const end = digits.data() + digits.size();
  double value = 0;
  if (const char* after = read_short_decimal(digits.data(), end, value); after && after == end)
    return negative ? -value : value;
  const std::optional<Number> number = read_number(digits);
  if (!number || number->length != digits.size() || !std::isfinite(number->value)) return std::nullopt;
  return negative ? -number->value : number->value;
}

}  // namespace memspice
