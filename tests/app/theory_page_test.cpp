// docs/theory.md quotes what the program prints; here the program prints it again.

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <sstream>
#include <string>
#include <vector>

#include "support/program.hpp"

namespace {

std::vector<std::string> lines_of(const std::string& text) {
  std::istringstream stream(text);
  std::vector<std::string> lines;
  for (std::string line; std::getline(stream, line);) lines.push_back(line);
  return lines;
}

bool same_word(const std::string& a, const std::string& b) {
  char* end_a = nullptr;
  char* end_b = nullptr;
  const double x = std::strtod(a.c_str(), &end_a);
  const double y = std::strtod(b.c_str(), &end_b);
  if (end_a == a.c_str() || end_b == b.c_str() || std::string(end_a) != end_b) return a == b;
  constexpr double rounding = 1e-8;  // drifts and differences: their size, not their digits
  return (std::abs(x) < rounding && std::abs(y) < rounding) || std::abs(x - y) <= 1e-4 * std::abs(x);
}

bool same_line(const std::string& a, const std::string& b) {
  std::istringstream left(a), right(b);
  std::string x, y;
  while (left >> x) {
    if (!(right >> y) || !same_word(x, y)) return false;
  }
  return !(right >> y);
}

}  // namespace

TEST_CASE("the outputs quoted in docs/theory.md are the program's") {
  const std::string root = memspice::testing::project_folder() + "/";
  const std::string prompt = "    $ memspice netlists/";
  const std::vector<std::string> page = lines_of(read_bytes(root + "docs/theory.md"));
  int quotations = 0;
  for (std::size_t i = 0; i < page.size(); ++i) {
    if (!page[i].starts_with(prompt)) continue;
    CAPTURE(page[i]);
    ++quotations;
    const TemporaryFolder folder;
    const CommandOutcome outcome = run_command(
        folder, "$MEMSPICE '" + root + page[i].substr(std::string("    $ memspice ").size()) + "'");
    CHECK(outcome.code == 0);
    const std::vector<std::string> printed = lines_of(outcome.out);
    auto at = printed.begin();
    for (++i; i < page.size() && page[i].starts_with("    "); ++i) {
      if (page[i] == "    …") continue;
      const auto found =
          std::find_if(at, printed.end(), [&](const std::string& line) { return same_line(page[i], line); });
      CHECK_MESSAGE(found != printed.end(), page[i]);
      if (found != printed.end()) at = found + 1;
    }
  }
  CHECK(quotations >= 9);
}
