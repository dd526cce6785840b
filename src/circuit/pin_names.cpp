#include "circuit/pin_names.hpp"

#include <algorithm>

#include "base/wildcard.hpp"

namespace memspice {

bool names_pin(std::string_view element) {
  const std::size_t colon = element.find(':');
  if (colon == std::string_view::npos) return false;
  const std::size_t dot = element.rfind('.', colon);
  return element[dot == std::string_view::npos ? 0 : dot + 1] == 'x';
}

std::string pin_pattern(std::string_view argument) {
  std::string pattern(argument);
  const std::size_t colon = pattern.rfind(':');
  if (colon != std::string::npos)
    std::replace(pattern.begin(), pattern.begin() + static_cast<std::ptrdiff_t>(colon), ':', '.');
  return pattern;
}

bool matches_pin(std::string_view pattern, std::string_view element) {
  if (matches(pattern, element)) return true;
  std::string short_name;
  const std::size_t colon = element.find(':');
  for (std::size_t i = 0; i < element.size(); ++i)
    if (i > colon || element[i] != 'x' || (i > 0 && element[i - 1] != '.')) short_name += element[i];
  return matches(pattern, short_name);
}

}  // namespace memspice
