// .data: a row of a table is what the deck is with its values.
#include <fmt/format.h>

#include <random>

#include "support/approx.hpp"
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

// Each row is an elaboration of its own: one that read all rows again would take minutes.
TEST_CASE("a sweep of ten thousand values given one by one") {
  constexpr std::size_t rows = 10'000;
  std::string table = ".data d r\n", list = "r list";
  for (std::size_t i = 0; i < rows; ++i) {
    table += fmt::format("+ {}\n", 1000 + i);
    list += fmt::format(" {}", 1000 + i);
  }
  table += ".enddata\n";
  for (const std::string& form : {table + ".step data=d\n.op\n", table + ".dc data=d\n",
                                  ".step " + list + "\n.op\n", ".dc " + list + "\n"}) {
    CAPTURE(form.substr(form.size() - 20));
    const auto run = run_deck(".param r=1\nV1 in 0 1\nR1 in out {r}\nR2 out 0 1k\n.save v(out)\n" + form);
    REQUIRE(run.rows() == rows);
    for (std::size_t i = 0; i < rows; ++i)
      REQUIRE(run["v(out)"][i] == testing::approx(1e3 / (2e3 + static_cast<double>(i))).epsilon(1e-9));
  }
}
