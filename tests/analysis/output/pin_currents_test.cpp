// LTspice's ix(x1:out), the current into a pin of an instance, against sources of 0 V that stand in the deck.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <iterator>
#include <string>
#include <utility>
#include <vector>

#include "circuit/pin_names.hpp"
#include "support/approx.hpp"
#include "support/program.hpp"
#include "support/random.hpp"
#include "support/run_deck.hpp"

using namespace memspice;
using memspice::testing::run_deck;

namespace {

/// A hierarchy drawn at random, once as it is and once with a source of 0 V in front of every pin.
class DrawnHierarchy {
 public:
  explicit DrawnHierarchy(unsigned seed) : random_(seed) {
    const std::vector<std::string> pins{"a", "b", "c"};
    body("inner", pins, 4, {});
    body("outer", pins, 2, {"xi", "xj"});
    add("V1 in 0 DC 0.7 AC 1 SIN(0.7 1 1k)\nR1 in p 1k\nR2 p q 2k\nR3 q 0 1k\n");
    for (const char* name : {"x1", "xu2"}) instance(name, "", "outer", {"in", "p", "q", "0"});
  }

  /// Vectors ix(…) and the i(…) that they should be.
  [[nodiscard]] const std::vector<std::pair<std::string, std::string>>& pins() const { return pins_; }
  [[nodiscard]] std::string plain(const std::string& cards) const { return plain_ + cards; }
  [[nodiscard]] std::string with_sources(const std::string& cards) const { return with_sources_ + cards; }

 private:
  void add(const std::string& text) {
    plain_ += text;
    with_sources_ += text;
  }

  std::string pick(const std::vector<std::string>& of) {
    return of[random_.below(static_cast<std::uint32_t>(of.size()))];
  }

  void instance(const std::string& name, const std::string& path, const char* type,
                const std::vector<std::string>& nodes) {
    std::string outside, inside, sources;
    for (const char* pin : {"a", "b", "c"}) {
      const std::string node = pick(nodes);  // two pins may have one, and ground
      outside += " " + node;
      inside += fmt::format(" {}_{}", name, pin);
      sources += fmt::format("v{0}_{1} {2} {0}_{1} 0\n", name, pin, node);
      if (path.empty()) {
        pins_.emplace_back(fmt::format("ix({}:{})", name, pin), fmt::format("i(v{}_{})", name, pin));
        for (const char* part : {"xi", "xj"})
          pins_.emplace_back(fmt::format("ix({}:{}:{})", name, part, pin),
                             fmt::format("i({}.v{}_{})", name, part, pin));
      }
    }
    const std::string copies = random_.below(3) == 0 ? " m=3" : "";
    plain_ += fmt::format("{}{} {}{}\n", name, outside, type, copies);
    with_sources_ += sources + fmt::format("{}{} {}{}\n", name, inside, type, copies);
  }

  void body(const char* name, const std::vector<std::string>& pins, int elements,
            const std::vector<const char*>& parts) {
    std::vector<std::string> nodes = pins;
    nodes.insert(nodes.end(), {"n", "0"});
    add(fmt::format(".subckt {} a b c\nRa a n 3k\nRb b n 4k\nRc c 0 5k\n", name));
    for (int i = 0; i < elements; ++i) {
      const std::string first = pick(nodes), second = pick(nodes);
      if (first == second) continue;
      const char* const kinds[] = {"R{} {} {} 2k\n",        "C{} {} {} 20n\n",  "D{} {} {} dd\n",
                                   "Y{} {} {} mm w0=0.4\n", "I{} {} {} 0.1m\n", "B{} {} {} i=v(n)*1e-4\n",
                                   "Q{0} {1} {2} 0 qq\n"};
      add(fmt::format(fmt::runtime(kinds[random_.below(static_cast<std::uint32_t>(std::size(kinds)))]), i,
                      first, second));
    }
    for (const char* part : parts) instance(part, "inside", "inner", nodes);
    add(".ends\n");
  }

  testing::Random random_;
  std::string plain_ = ".model dd d\n.model qq npn\n.model mm memristor(ron=100 roff=16k alpha=0.1 beta=1)\n";
  std::string with_sources_ = plain_;
  std::vector<std::pair<std::string, std::string>> pins_;
};

std::string listed(const std::vector<std::pair<std::string, std::string>>& pins, bool ours) {
  std::string list;
  for (const auto& pin : pins) list += " " + (ours ? pin.first : pin.second);
  return list;
}

std::string mistake_in(const std::string& deck) {
  try {
    run_deck(deck);
  } catch (const DeckError& error) {
    return error.diagnostics().front().message;
  }
  return "none";
}

constexpr const char* part = ".subckt part a out\nR1 a out 1k\nR2 out 0 1k\n.ends\nV1 in 0 1\n";

}  // namespace

TEST_CASE("ix of random hierarchies is what sources of 0 V in series with the pins measure") {
  for (unsigned seed = 1; seed <= 25; ++seed) {
    CAPTURE(seed);
    const DrawnHierarchy drawn(seed);
    for (const char* cards : {".op\n", ".dc V1 -1 1 0.25\n", ".ac dec 3 10 100k\n",
                              ".options interp reltol=1e-6\n.tran 20u 2m\n"}) {
      CAPTURE(cards);
      const std::string both[] = {
          drawn.plain(cards + (".save v(p)" + listed(drawn.pins(), true) + "\n")),
          drawn.with_sources(cards + (".save v(p)" + listed(drawn.pins(), false) + "\n"))};
      CAPTURE(both[0]);
      const auto asked = run_deck(both[0]), measured = run_deck(both[1]);
      const Plot &ours = asked.plots.back(), &theirs = measured.plots.back();
      REQUIRE(ours.vectors.size() == theirs.vectors.size());
      REQUIRE(ours.rows() == theirs.rows());
      const auto without = run_deck(drawn.plain(cards + std::string(".save v(p)\n")));
      for (std::size_t row = 0; row < ours.rows(); ++row)
        CHECK(asked["v(p)"][row] == testing::approx(without["v(p)"][row]).epsilon(1e-6));
      double largest = 0;
      for (std::size_t i = 1; i < ours.vectors.size(); ++i)
        if (ours.vectors[i].quantity == Quantity::current)
          for (const double value : theirs.columns[i]) largest = std::max(largest, std::abs(value));
      CHECK(largest > 1e-6);
      for (std::size_t i = 0; i < ours.vectors.size(); ++i)
        for (std::size_t row = 0; row < ours.rows(); ++row) {
          CHECK(std::abs(ours.columns[i][row] - theirs.columns[i][row]) <=
                1e-6 * std::max(largest, std::abs(theirs.columns[i][row])));
          if (ours.complex)
            CHECK(std::abs(ours.imaginary[i][row] - theirs.imaginary[i][row]) <=
                  1e-6 * std::max(largest, 1e-3));
        }
    }
  }
}

TEST_CASE("ix is found in every card and spelling, and named alike") {
  const std::string deck = std::string(part) + "XU1 in mid part\nX2 mid 0 part m=2\n";
  const auto run = run_deck(deck +
                            ".tran 1u 3u\n.print tran Ix(U1:OUT) ix( xu1:a ) {1000*Ix(u1:a)}\n"
                            ".measure tran most max Ix(x2:a)\n.measure tran total max 'Ix(U1:a)+Ix(x2:a)'\n");
  const PrintedTable& table = run.analysis().tables.front();
  CHECK(table.columns == std::vector<std::string>{"time", "ix(xu1:out)", "ix(xu1:a)", "1000*ix(u1:a)"});
  // 1 V over 1k and 1k parallel to the two copies of 1k to ground.
  const double total = 1 / (1000 + 1 / (1e-3 + 2e-3));
  CHECK(run.analysis().measures[0].value == testing::approx(total / 3 * 2));
  CHECK(run.analysis().measures[1].value == testing::approx(total + total / 3 * 2));
  CHECK(run["ix(xu1:a)"].back() == testing::approx(total));
  CHECK(run["ix(xu1:out)"].back() == testing::approx(-total / 3 * 2));
  const auto several = run_deck(deck + ".op\n.save ix(u1:*) ix(*:a)\n");
  std::vector<std::string> names;
  for (const VectorInfo& vector : several.plots.back().vectors) names.push_back(vector.name);
  CHECK(names == std::vector<std::string>{"ix(xu1:a)", "ix(xu1:out)", "ix(x2:a)"});
  const auto point = run_deck(deck + ".op\n.print op ix(x2:out)\n");
  CHECK(point["ix(x2:out)"].front() == testing::approx(-total / 3 * 2).epsilon(1e-9));
  CHECK(point.plots.back().find("v(x2:out)") == Plot::npos);
}

TEST_CASE("a pin that there is not is a mistake") {
  const std::string deck = std::string(part) + "X1 in 0 part\n.op\n";
  CHECK(mistake_in(deck + ".save ix(x1:b)\n") == "no instance has the pin 'x1:b'");
  CHECK(mistake_in(deck + ".print op ix(x2:a)\n") == "no instance has the pin 'x2:a'");
  CHECK(mistake_in(deck + ".measure op q find ix(x1)\n") == "no instance has the pin 'x1'");
  CHECK(mistake_in(deck + ".save ix(y*:a) v(in)\n") == "none");
}

TEST_CASE("names of pins") {
  for (const char* name : {"x1:a", "x1.x2:out", "xu:1", "x1:a.b"}) CHECK(names_pin(name));
  for (const char* name : {"x1.v2", "v1:a", "x1.v:2", "x1", "r1"}) CHECK(!names_pin(name));
  CHECK(pin_pattern("u1:u2:out") == "u1.u2:out");
  CHECK(matches_pin("u1.u2:out", "xu1.xu2:out"));
  CHECK(matches_pin("x1:out", "x1:out"));
  CHECK(matches_pin("1:out", "x1:out"));
  CHECK(!matches_pin("u1:x", "xu1:"));
  CHECK(matches_pin("u1:xin", "xu1:xin"));
  CHECK(!matches_pin("u1:in", "xu1:xin"));
}

TEST_CASE("ix stands in tables and in converted decks as a current") {
  const TemporaryFolder folder;
  write_bytes(folder.file("deck.cir"),
              std::string("pins\n") + part + "XU1 in 0 part\n.op\n.save v(in) ix(u1:a) ix(u1:out)\n");
  REQUIRE(run_command(folder, "$MEMSPICE -q deck.cir -o out.csv").code == 0);
  const Plot table = read_waveforms(folder.file("out.csv")).front();
  CHECK(table.vectors[table.find("ix(xu1:a)")].quantity == Quantity::current);
  for (const char* peer : {"ngspice", "xyce"}) {
    CAPTURE(peer);
    const CommandOutcome outcome =
        run_command(folder, fmt::format("$MEMSPICE convert deck.cir --to {} -o peer.cir", peer));
    REQUIRE(outcome.code == 0);
    const std::string deck = read_bytes(folder.file("peer.cir"));
    CHECK(deck.find("*= ix(xu1:a) = i(v_xu1_a)") != std::string::npos);
    CHECK(deck.find("*= ix(xu1:out) = i(v_xu1_out)") != std::string::npos);
  }
}
