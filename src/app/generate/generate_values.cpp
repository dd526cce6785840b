#include "app/generate/generate_values.hpp"

#include <cmath>
#include <vector>

#include "base/usage_error.hpp"
namespace memspice::app {

using generate::Distribution;

void refuse(const std::string& message, const std::string& hint) {
  throw UsageError(message, hint);
}

namespace {

void check_legal(std::string_view option, const std::string& text, double value, const Legal& legal) {
  if (!(value >= legal.lowest && value <= legal.highest))
    refuse(fmt::format("{} {}: must be {}", option, text, legal.text), "");
}

std::vector<std::string_view> fields_of(std::string_view text) {
  std::vector<std::string_view> fields;
  for (std::size_t begin = 0;;) {
    const std::size_t end = text.find(':', begin);
    fields.push_back(text.substr(begin, end - begin));
    if (end == std::string_view::npos) return fields;
    begin = end + 1;
  }
}

}  // namespace

double number_argument(std::string_view option, const std::string& text, const Legal& legal) {
  const auto number = signed_number(text);
  if (!number) refuse(fmt::format("{} wants a number, not '{}'", option, text), "");
  check_legal(option, text, *number, legal);
  return *number;
}

std::uint32_t whole_argument(std::string_view option, const std::string& text, std::uint32_t least) {
  const auto number = signed_number(text);
  constexpr double most = 4e9;
  if (!number || *number != std::floor(*number) || std::abs(*number) > most)
    refuse(fmt::format("{} wants a whole number, not '{}'", option, text), "");
  if (*number < least) refuse(fmt::format("{} {}: must be at least {}", option, text, least), "");
  return static_cast<std::uint32_t>(*number);
}

Distribution distribution_of(std::string_view option, const std::string& text, const Legal& legal) {
  const std::vector<std::string_view> fields = fields_of(text);
  const auto first = signed_number(fields[0]);
  const auto second = fields.size() > 1 ? signed_number(fields[1]) : first;
  const std::string_view word = fields.size() > 2 ? fields[2] : "uniform";
  const bool known = word == "uniform" || word == "log" || word == "normal";
  if (!first || !second || !known || fields.size() > 3)
    refuse(fmt::format("{} wants a number, LOW:HIGH, LOW:HIGH:log or MEAN:DEVIATION:normal, not '{}'", option,
                       text),
           fields.size() == 3 && !known ? did_you_mean(word, {"uniform", "log", "normal"}) : "");
  Distribution law{.first = *first, .second = *second, .lowest = legal.lowest, .highest = legal.highest};
  check_legal(option, text, *first, legal);
  if (word == "normal") {
    law.law = Distribution::Law::normal;
    const double room = std::min(legal.highest - legal.lowest, std::numeric_limits<double>::max());
    if (!(*second > 0) || *second > room)
      refuse(fmt::format("{} {}: the standard deviation must be greater than 0{}", option, text,
                         *second > 0 ? fmt::format(" and at most {:g}", room) : ""),
             "");
    return law;
  }
  check_legal(option, text, *second, legal);
  if (*first > *second)
    refuse(fmt::format("{} {}: the first number must be the smaller one", option, text),
           fmt::format("{}:{}{}", fields[1], fields[0], word == "log" ? ":log" : ""));
  if (word == "log" && *first <= 0)
    refuse(fmt::format("{} {}: a logarithmic range must be greater than 0", option, text), "");
  if (*first < *second) law.law = word == "log" ? Distribution::Law::logarithmic : Distribution::Law::uniform;
  return law;
}

}  // namespace memspice::app
