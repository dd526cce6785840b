#include <doctest/doctest.h>

#include <limits>

#include "truth/case.hpp"
#include "truth/kirchhoff.hpp"
#include "truth/runner.hpp"

using namespace memspice;
using namespace memspice::truth;

namespace {

// A source, a resistor of 2 ohm and a memristor of 1 to 3 ohm in series.
std::vector<Element> divider() {
  Element v{'v', "v1", 1, 0};
  Element r{'r', "r1", 1, 2, 2};
  Element y{'y', "y1", 2, 0};
  y.memristor = {1, 3, 0, 1, 1, false};
  return {v, r, y};
}

Plot rows_of_divider() {
  Plot plot;
  for (const char* name : {"time", "v(n1)", "v(n2)", "i(v1)", "i(r1)", "i(y1)", "w(y1)"})
    plot.vectors.push_back({name});
  plot.columns = {{0, 0.5, 1}, {0, 4, 8}, {0, 2, 4}, {0, -1, -2}, {0, 1, 2}, {0, 1, 2}, {0.5, 0.5, 0.5}};
  return plot;
}

std::string broken(std::size_t column, std::size_t row, double value) {
  Plot plot = rows_of_divider();
  plot.columns[column][row] = value;
  return broken_invariant(plot, divider(), 1);
}

}  // namespace

TEST_CASE("Truth machine: rows that obey all laws break none") {
  CHECK(broken_invariant(rows_of_divider(), divider(), 1) == "");
}

TEST_CASE("Truth machine: every broken law is seen") {
  CHECK(broken(1, 1, std::numeric_limits<double>::quiet_NaN()).starts_with("v(n1) = nan"));
  CHECK(broken(6, 1, 1 + 1e-15).starts_with("w(y1)"));
  CHECK(broken(6, 1, -1e-300).starts_with("w(y1)"));
  CHECK(broken(0, 1, 0).starts_with("time 0 after 0"));
  CHECK(broken(0, 2, 0.999).starts_with("last time"));
  CHECK(broken(3, 1, -1 - 1e-8).starts_with("KCL at n1"));
  CHECK(broken(4, 1, 1 + 1e-8).starts_with("Ohm's law at r1"));
  CHECK(broken(6, 1, 0.5 + 1e-8).starts_with("Ohm's law at y1"));
}

TEST_CASE("Truth machine: quantiles are those of the sorted values") {
  const Quantiles q = quantiles({5, 1, 2, 3, 4, 6, 7, 8, 9, 10, 0});
  CHECK(q.median == 5);
  CHECK(q.p90 == 9);
  CHECK(q.worst == 10);
}

TEST_CASE("Truth machine: a failing deck shrinks to what fails") {
  // A case that "fails" whenever a row has i(r7): its oracle says so.
  class Blamed : public Case {
   public:
    explicit Blamed(Netlist netlist) : netlist_(std::move(netlist)) {}
    std::string cards() const override { return netlist_.cards(); }
    double stop() const override { return netlist_.stop; }
    const std::vector<Element>& elements() const override { return netlist_.elements; }
    Verdict judge(const Plot& plot, double) const override {
      Verdict verdict;
      if (plot.find("i(r7)") != Plot::npos) verdict.violation = "blamed";
      return verdict;
    }
    std::vector<std::unique_ptr<Case>> simpler() const override {
      std::vector<std::unique_ptr<Case>> result;
      for (const Netlist& netlist : netlist_.simpler())
        if (netlist.connected()) result.push_back(std::make_unique<Blamed>(netlist));
      return result;
    }

   private:
    Netlist netlist_;
  };
  Netlist netlist;
  netlist.stop = 1;
  netlist.step = 0.1;
  netlist.elements.push_back({'v', "v1", 1, 0, 0, 0, {Source::Kind::sine, {0.123, 4.567, 1.5, 0, 0, 33}}});
  for (int k = 1; k <= 8; ++k)
    netlist.elements.push_back({'r', "r" + std::to_string(k), k, k + 1, 12.3456 * k});
  netlist.elements.push_back({'r', "r9", 9, 0, 1});
  const Family family{"blamed", "", nullptr, {1, 1, 1}, 1};
  const auto small = minimised(std::make_unique<Blamed>(netlist), family, {}, 20);
  REQUIRE(small->elements().size() == 1);
  CHECK(small->elements()[0].name == "r7");
  CHECK(small->elements()[0].value == 90);  // one digit
}
