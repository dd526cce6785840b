#include "decks/claims.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <regex>
#include <stdexcept>

#include "base/wildcard.hpp"
#include "decks/claim_expression.hpp"
#include "decks/report_value.hpp"

namespace claims {

namespace {

using memspice::Plot;

double number(const std::string& text) {
  Plot one_row;
  one_row.columns = {{0.0}};
  return evaluate(text, one_row).front();
}

/// A place on the time axis: between row and row + 1, or exactly at a row (part = 0).
struct Place {
  std::size_t row = 0;
  double part = 0;

  [[nodiscard]] double of(const std::vector<double>& column) const {
    return part == 0 ? column[row] : column[row] + part * (column[row + 1] - column[row]);
  }
};

const std::vector<double>& time_of(const Plot& plot) {
  const std::size_t column = plot.find("time");
  if (column == Plot::npos) throw std::invalid_argument("this run has no time");
  return plot.columns[column];
}

Place place_at(const Plot& plot, double t) {
  const std::vector<double>& time = time_of(plot);
  const auto after = std::ranges::lower_bound(time, t);
  if (after == time.end()) throw std::invalid_argument(fmt::format("the run ends before {:g} s", t));
  const auto row = static_cast<std::size_t>(after - time.begin());
  if (*after == t) return {row, 0};
  if (row == 0) throw std::invalid_argument(fmt::format("the run begins after {:g} s", t));
  return {row - 1, (t - time[row - 1]) / (time[row] - time[row - 1])};
}

std::vector<Place> rows_between(const Plot& plot, double from, double to) {
  const std::vector<double>& time = time_of(plot);
  const double slack = 1e-12 * to;
  std::vector<Place> places;
  for (std::size_t row = 0; row < time.size(); ++row)
    if (time[row] >= from - slack && time[row] <= to + slack) places.push_back({row, 0});
  return places;
}

std::vector<Place> crossings(const std::vector<double>& difference) {
  std::vector<Place> places;
  for (std::size_t row = 0; row < difference.size(); ++row) {
    if (difference[row] == 0) places.push_back({row, 0});
    if (row + 1 < difference.size() && difference[row] * difference[row + 1] < 0)
      places.push_back({row, difference[row] / (difference[row] - difference[row + 1])});
  }
  return places;
}

/// Cuts the clause that says where off a claim and returns the places it means.
std::vector<Place> cut_places(std::string& claim, const Plot& plot, const nlohmann::json& report) {
  static const std::regex at(" at (\\S+)$"), range(" from (\\S+) to (\\S+)$"), when(" when (.+) = (.+)$");
  std::smatch match;
  std::vector<Place> places;
  if (std::regex_search(claim, match, at)) {
    const std::string word = match[1];
    places.push_back(word == "start" ? Place{}
                     : word == "end" ? Place{plot.rows() - 1, 0}
                                     : place_at(plot, number(word)));
  } else if (std::regex_search(claim, match, range)) {
    places = rows_between(plot, number(match[1]), number(match[2]));
  } else if (std::regex_search(claim, match, when)) {
    places = crossings(evaluate(fmt::format("({})-({})", match[1].str(), match[2].str()), plot, report));
  } else {
    for (std::size_t row = 0; row < plot.rows(); ++row) places.push_back({row, 0});
    return places;
  }
  if (places.empty()) throw std::invalid_argument("this never happens:" + match[0].str());
  claim.erase(static_cast<std::size_t>(match.position()));
  return places;
}

/// Largest minus smallest value; the magnitude of a constant; 1 for zero.
double range_of(const std::vector<double>& values) {
  const auto [low, high] = std::ranges::minmax(values);
  if (high - low > 1e-9 * std::max(std::abs(low), std::abs(high))) return high - low;
  return high == 0 ? 1 : std::abs(high);
}

std::string check_relation(std::string claim, const Run& run, double* deviation) {
  const Plot& plot = run.plot;
  const std::vector<Place> places = cut_places(claim, plot, run.report);
  double tolerance = -1;
  if (const std::size_t mark = claim.find(" +- "); mark != std::string::npos) {
    tolerance = number(claim.substr(mark + 4));
    claim.erase(mark);
  }
  static const std::regex sign(" (<=|>=|=) ");
  std::vector<std::string> signs;
  for (std::sregex_iterator it(claim.begin(), claim.end(), sign), end; it != end; ++it)
    signs.push_back((*it)[1]);
  std::vector<std::vector<double>> sides;
  for (std::sregex_token_iterator it(claim.begin(), claim.end(), sign, -1), end; it != end; ++it)
    sides.push_back(evaluate(it->str(), plot, run.report));
  if (signs.empty() || sides.size() != signs.size() + 1)
    throw std::invalid_argument("a claim needs two expressions with =, <= or >= between blanks");
  for (std::size_t k = 0; k < signs.size(); ++k) {
    const bool equal = signs[k] == "=";
    if (equal != (tolerance >= 0)) throw std::invalid_argument("'=' and only '=' wants a tolerance: +- 1e-4");
    const double range = equal ? range_of(sides[k + 1]) : 1;
    double worst = 0;
    std::string found;
    for (const Place place : places) {
      const double left = place.of(sides[k]);
      const double right = place.of(sides[k + 1]);
      const double excess = equal              ? std::abs(left - right) - tolerance
                            : signs[k] == "<=" ? left - right
                                               : right - left;
      if (equal && deviation != nullptr) *deviation = std::max(*deviation, std::abs(left - right) / range);
      if (excess <= worst && !std::isnan(excess)) continue;
      worst = excess;
      found = fmt::format("{:.9g} instead of {} {:.9g}", left, signs[k], right);
      if (const std::size_t time = plot.find("time"); time != Plot::npos)
        found += fmt::format(" at t = {:.6g} s", place.of(plot.columns[time]));
      if (std::isnan(excess)) return found;
    }
    if (!found.empty()) return found;
  }
  return {};
}

std::vector<std::string> matching(const std::string& pattern, const Plot& plot) {
  std::vector<std::string> names;
  for (const memspice::VectorInfo& vector : plot.vectors)
    if (memspice::matches(pattern, vector.name)) names.push_back(vector.name);
  if (names.empty()) throw std::invalid_argument(fmt::format("no vector matches '{}'", pattern));
  return names;
}

std::string check_count(const std::smatch& claim, const Plot& plot) {
  const double low = number(claim[4]);
  const double high = claim[5].matched ? number(claim[5]) : low;
  std::size_t count = 0;
  for (const std::string& name : matching(claim[3], plot)) {
    if (std::ranges::any_of(plot.columns[plot.find(name)], [&](double x) { return x == low || x == high; }))
      ++count;
  }
  const double wanted = number(claim[2]);
  const bool holds =
      claim[1] == "least" ? static_cast<double>(count) >= wanted : static_cast<double>(count) <= wanted;
  return holds ? "" : fmt::format("{} do", count);
}

/// The first pattern of a claim: a path of the report or a vector that stands for several; empty when there
/// is none.
std::string pattern_of(const std::string& claim) {
  for (std::size_t at = claim.find("report"); at != std::string::npos; at = claim.find("report", at + 1)) {
    const std::string path = claim.substr(at, path_length(std::string_view(claim).substr(at)));
    if (path.find('*') != std::string::npos) return path;
  }
  static const std::regex vector("\\b(?:v|i|w|r|p|s|g|x|wo|lambda|gap)\\([^()]*[*][^()]*\\)");
  std::smatch match;
  return std::regex_search(claim, match, vector) ? match[0].str() : std::string();
}

void replace_all(std::string& text, const std::string& what, const std::string& by) {
  for (std::size_t at = text.find(what); at != std::string::npos; at = text.find(what, at + by.size()))
    text.replace(at, what.size(), by);
}

/// Checks a claim for each thing its patterns stand for; all of them stand for the same at a time.
std::string check_each(const std::string& claim, const std::string& pattern, const Run& run,
                       double* deviation) {
  const std::size_t star = pattern.find('*');
  const bool one_star = pattern.find('*', star + 1) == std::string::npos;
  for (const std::string& name :
       pattern.starts_with("report") ? matching_paths(run.report, pattern) : matching(pattern, run.plot)) {
    std::string one = claim;
    replace_all(one, pattern, name);
    for (std::string other = pattern_of(one); one_star && !other.empty(); other = pattern_of(one)) {
      std::string same = other;
      replace_all(same, "*", name.substr(star, name.size() + 1 - pattern.size()));
      replace_all(one, other, same);
    }
    if (const std::string found = objection(one, run, deviation); !found.empty()) return name + ": " + found;
  }
  return {};
}

}  // namespace

std::vector<std::string> claims_of(std::string_view deck) {
  static const std::regex line("(?:^|\n)\\* *claim: *([^\r\n]*[^\r\n ])");
  std::vector<std::string> claims;
  const std::string text(deck);
  for (std::sregex_iterator it(text.begin(), text.end(), line), end; it != end; ++it)
    claims.push_back((*it)[1]);
  return claims;
}

std::string objection(const std::string& claim, const Run& run, double* deviation) {
  static const std::regex exit("exit (\\d+)"), message("message contains \"(.+)\""), omega("omega <= (\\S+)"),
      fact("(report\\S+) is (.+)"), count("at (least|most) (\\d+) of (\\S+) reach (\\S+)(?: or (\\S+))?");
  std::smatch match;
  if (std::regex_match(claim, match, exit))
    return std::stoi(match[1]) == run.exit_code ? "" : fmt::format("exit code {}", run.exit_code);
  if (std::regex_match(claim, match, message))
    return run.messages.find(match[1]) != std::string::npos ? "" : "the messages are: " + run.messages;
  if (std::regex_match(claim, match, omega))
    return objection(fmt::format("report.omega[*].max_deviation <= {}", match[1].str()), run);
  if (std::regex_match(claim, match, count)) return check_count(match, run.plot);
  if (const std::string pattern = pattern_of(claim); !pattern.empty())
    return check_each(claim, pattern, run, deviation);
  if (std::regex_match(claim, match, fact)) {
    const auto& found = find_value(run.report, match[1].str());
    return found == nlohmann::json::parse(match[2].str()) ? "" : "it is " + found.dump();
  }
  return check_relation(claim, run, deviation);
}

}  // namespace claims
