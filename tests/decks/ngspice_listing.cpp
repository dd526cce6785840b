#include "decks/ngspice_listing.hpp"

#include <fmt/format.h>

#include <cmath>
#include <limits>
#include <numbers>
#include <regex>
#include <sstream>

namespace ngspice_listing {

std::optional<double> measure(const std::string& listing, const std::string& name) {
  const std::regex line(fmt::format(R"((?:^|\n) *{} *= *(\S+))", name), std::regex::icase);
  std::smatch match;
  if (std::regex_search(listing, match, line))
    return match[1] == "failed" ? std::numeric_limits<double>::quiet_NaN() : std::stod(match[1]);
  if (std::regex_search(listing, std::regex(fmt::format(R"(measure +{} +failed)", name), std::regex::icase)))
    return std::numeric_limits<double>::quiet_NaN();
  return std::nullopt;
}

std::vector<std::complex<double>> harmonics(const std::string& listing, const std::string& vector) {
  std::vector<std::complex<double>> found;
  const std::size_t begin = listing.find("Fourier analysis for " + vector + ":");
  if (begin == std::string::npos) return found;
  std::istringstream lines(listing.substr(begin));
  std::string line;
  while (std::getline(lines, line)) {
    std::istringstream words(line);
    std::size_t number = 0;
    double frequency = 0;
    double magnitude = 0;
    double degrees = 0;
    if (!(words >> number >> frequency >> magnitude >> degrees)) {
      if (!found.empty()) break;
      continue;
    }
    if (number != found.size()) break;
    const double phase = degrees * std::numbers::pi / 180;
    found.push_back(magnitude * std::complex<double>(std::cos(phase), std::sin(phase)));
  }
  return found;
}

}  // namespace ngspice_listing
