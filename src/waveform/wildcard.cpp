#include "waveform/wildcard.hpp"

#include <cstddef>
#include <string>

#include "waveform/ascii.hpp"

namespace memspice {

bool matches(std::string_view pattern, std::string_view name) {
  const std::string text = lower_case(name);
  const std::string form = lower_case(pattern);
  std::size_t i = 0;
  std::size_t j = 0;
  std::size_t star = std::string::npos;  // the last `*` seen, and how much of the text it has taken so far
  std::size_t taken = 0;
  while (i < text.size()) {
    if (j < form.size() && form[j] == '*') {
      star = j++;
      taken = i;
    } else if (j < form.size() && (form[j] == '?' || form[j] == text[i])) {
      ++i;
      ++j;
    } else if (star != std::string::npos) {
      j = star + 1;
      i = ++taken;
    } else {
      return false;
    }
  }
  return form.find_first_not_of('*', j) == std::string::npos;
}

}  // namespace memspice
