#include "waveform/number_text.hpp"

#include <limits>
#include <system_error>

namespace memspice {

bool read_number(std::string_view text, double& value) {
  if (text.starts_with('+')) text.remove_prefix(1);
  if (text.empty()) return false;
  const char* end = text.data() + text.size();
  const auto [rest, error] = std::from_chars(text.data(), end, value);
  if (error == std::errc() && rest == end) return true;
  const bool negative = text.front() == '-';
  if (error == std::errc::result_out_of_range && rest == end) {
    const std::size_t exponent = text.find_first_of("eE");
    const bool small =
        exponent != std::string_view::npos && exponent + 1 < text.size() && text[exponent + 1] == '-';
    value = small ? 0.0 : std::numeric_limits<double>::infinity();
    if (negative) value = -value;
    return true;
  }
  if (error == std::errc() && rest != text.data() && std::string_view(rest, end).starts_with("#")) {
    const bool infinite = std::string_view(rest, end).starts_with("#INF");
    value = infinite ? std::numeric_limits<double>::infinity() : std::numeric_limits<double>::quiet_NaN();
    if (negative) value = -value;
    return true;
  }
  return false;
}

}  // namespace memspice
