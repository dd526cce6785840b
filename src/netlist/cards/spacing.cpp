#include "netlist/cards/spacing.hpp"

#include <fmt/format.h>

#include <cmath>

#include "base/characters.hpp"
#include "base/problem.hpp"

namespace memspice {
namespace {

constexpr double most_values = 1e7;
constexpr double rounding = 1e-9;  // of a step: a last value as near as this is met

void check_value_count(double count, std::string_view at) {
  if (count > most_values)
    throw Problem{at, fmt::format("these would be {:.3g} values, more than {:g}", count, most_values),
                  "take a larger step"};
}

std::vector<double> linear(const SpacedValues& given) {
  const auto [first, last, step] = given.value;
  if (step == 0) throw Problem{given.at[2], "the step must not be 0", "its form is first last step"};
  if ((last - first) * step < 0)
    throw Problem{given.at[2], fmt::format("a step of {:g} leads away from {:g}", step, last),
                  fmt::format("from {:g} to {:g} it is {}", first, last, step < 0 ? "positive" : "negative")};
  const double steps = std::floor((last - first) / step + rounding);
  check_value_count(steps + 1, given.at[2]);
  std::vector<double> values;
  values.reserve(static_cast<std::size_t>(steps) + 1);
  for (double i = 0; i <= steps; ++i) values.push_back(first + i * step);
  if (std::abs(values.back() - last) <= std::abs(rounding * step)) values.back() = last;
  return values;
}

// Values in a constant ratio, `each` of them a factor of `base`.
std::vector<double> geometric(double base, double each, double first, double last, bool meet_last,
                              const SpacedValues& given, std::size_t number) {
  const double ranges = std::log(last / first) / std::log(base);
  double steps = std::floor(std::abs(ranges) * each + rounding);
  check_value_count(steps + 1, given.at[number]);
  if (meet_last && steps == 0 && first != last) steps = 1;
  const double exponent = meet_last && steps > 0 ? ranges / steps : std::copysign(1 / each, ranges);
  std::vector<double> values;
  values.reserve(static_cast<std::size_t>(steps) + 1);
  for (double i = 0; i <= steps; ++i) values.push_back(first * std::pow(base, i * exponent));
  if (std::abs(values.back() - last) <= rounding * std::abs(last)) values.back() = last;
  return values;
}

double check_number(const SpacedValues& given, std::size_t number, Spacing spacing) {
  const double each = given.value[number];
  if (each < 1 || each != std::floor(each))
    throw Problem{given.at[number],
                  fmt::format("the number of values{} must be a whole number from 1 on, not {:g}",
                              spacing == Spacing::decade   ? " a decade"
                              : spacing == Spacing::octave ? " an octave"
                                                           : "",
                              each)};
  return each;
}

void check_signs(double first, double last, std::string_view first_at, std::string_view last_at) {
  const char* const message = "between values in a constant ratio, 0 and changes of sign are impossible";
  if (first == 0) throw Problem{first_at, message, "begin above 0, or take lin"};
  if (first * last <= 0) throw Problem{last_at, message, "end on the first value's side of 0, or take lin"};
}

}  // namespace

std::optional<Spacing> spacing_of(std::string_view word) {
  if (same_word(word, "lin")) return Spacing::linear;
  if (same_word(word, "dec")) return Spacing::decade;
  if (same_word(word, "oct")) return Spacing::octave;
  if (same_word(word, "list") || same_word(word, "poi")) return Spacing::list;
  return std::nullopt;
}

std::vector<double> spaced_values(Spacing spacing, const SpacedValues& given) {
  if (spacing == Spacing::linear) return linear(given);
  const double each = check_number(given, 2, spacing);
  check_signs(given.value[0], given.value[1], given.at[0], given.at[1]);
  return geometric(spacing == Spacing::decade ? 10 : 2, each, given.value[0], given.value[1], false, given,
                   2);
}

std::vector<double> spaced_frequencies(Spacing spacing, const SpacedValues& given) {
  const double each = check_number(given, 0, spacing);
  const auto [number, first, last] = given.value;
  if (first < 0)
    throw Problem{given.at[1], fmt::format("a frequency must be at least 0 Hz, not {:g}", first)};
  if (last < first)
    throw Problem{given.at[2],
                  fmt::format("the last frequency {:g} Hz is below the first, {:g} Hz", last, first)};
  if (spacing != Spacing::linear) {
    check_signs(first, last, given.at[1], given.at[2]);
    return geometric(spacing == Spacing::decade ? 10 : 2, each, first, last, spacing == Spacing::decade,
                     given, 0);
  }
  check_value_count(number, given.at[0]);
  std::vector<double> values;
  for (double i = 0; i < number; ++i)
    values.push_back(number == 1 ? first : first + (last - first) * (i / (number - 1)));
  return values;
}

}  // namespace memspice
