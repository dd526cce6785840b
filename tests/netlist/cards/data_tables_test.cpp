// .data: a row of a table is what the deck is with its values.
#include <fmt/format.h>

#include <random>

#include "support/run_deck.hpp"

using namespace memspice;
using memspice::testing::run_deck;

namespace {

std::string filter(double r, double c, const std::string& rest) {
  return fmt::format(
      ".param r={:.17g} c={:.17g}\nV1 in 0 DC 1 AC 1\nR1 in out {{r}}\nR2 out 0 1k\nC1 out 0 {{c}}\n{}", r, c,
      rest);
}

}  // namespace

TEST_CASE("the rows of a table are the runs of its values") {
  std::mt19937_64 random(3);
  std::uniform_real_distribution<double> unit(0, 1);
  for (const char* form : {".step data=d\n.ac list 100 1k\n", ".ac list 100 1k sweep data=d\n"}) {
    for (int rows = 1; rows < 5; ++rows) {
      std::string table = ".data d r c\n";
      std::vector<std::array<double, 2>> values;
      for (int i = 0; i < rows; ++i) {
        values.push_back({1e3 * (0.1 + unit(random)), 1e-6 * (0.1 + unit(random))});
        table += fmt::format("{}{:.17g} {:.17g}\n", i % 2 == 0 ? "+ " : "", values[i][0], values[i][1]);
      }
      const auto run = run_deck(filter(1, 1, table + ".enddata\n" + form));
      REQUIRE(run.rows() == 2 * values.size());
      for (std::size_t i = 0; i < values.size(); ++i) {
        const auto alone = run_deck(filter(values[i][0], values[i][1], ".ac list 100 1k\n"));
        for (std::size_t k = 0; k < 2; ++k) {
          CHECK(run["d"][2 * i + k] == static_cast<double>(i + 1));
          CHECK(run.plots.back().complex_values("v(out)")[2 * i + k] ==
                alone.plots.back().complex_values("v(out)")[k]);
        }
      }
    }
  }
}
