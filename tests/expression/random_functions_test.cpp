#include <set>

#include "netlist/circuits.hpp"

using namespace memspice;

namespace {

// The resistances of r1, r2, … with these expressions.
std::vector<double> drawn(const std::vector<std::string>& expressions, const ElaborateOptions& options = {},
                          const std::string& cards = {}) {
  std::string deck = cards;
  for (std::size_t i = 0; i < expressions.size(); ++i)
    deck += "R" + std::to_string(i + 1) + " a 0 {" + expressions[i] + "}\n";
  const Circuit circuit = circuit_of(deck + "R0 a 0 1\n", options);
  std::vector<double> values;
  for (std::size_t i = 0; i < expressions.size(); ++i)
    values.push_back(parameter(circuit, "r" + std::to_string(i + 1), "r"));
  return values;
}

const std::vector<std::string> three(3, "gauss(1k,0.1,3)");

}  // namespace

TEST_CASE("every call of a random function on a card draws anew, one in a .param draws once") {
  const std::vector<double> on_cards = drawn(three);
  CHECK(std::set<double>(on_cards.begin(), on_cards.end()).size() == 3);
  const std::vector<double> of_parameter = drawn({"p", "p", "p"}, {}, ".param p={gauss(1k,0.1,3)}\n");
  CHECK(std::set<double>(of_parameter.begin(), of_parameter.end()).size() == 1);
}

TEST_CASE("every instance of a subcircuit draws its own parameters") {
  const Circuit circuit = circuit_of(
      "X1 a s\nX2 a s\nR0 a 0 1\n.subckt s n\n.param p={unif(1k,0.5)}\nR1 n 0 {p}\nR2 n 0 {p}\n.ends\n");
  CHECK(parameter(circuit, "x1.r1", "r") == parameter(circuit, "x1.r2", "r"));
  CHECK(parameter(circuit, "x1.r1", "r") != parameter(circuit, "x2.r1", "r"));
}

TEST_CASE("the same seed gives the same numbers, another seed or run gives others") {
  const auto with = [](std::optional<std::uint64_t> seed, std::uint64_t run, const std::string& cards = {}) {
    ElaborateOptions options;
    options.seed = seed;
    options.run = run;
    return drawn(three, options, cards);
  };
  CHECK(with(1, 0) == with(1, 0));
  CHECK(with(1, 0) == with(std::nullopt, 0));
  CHECK(with(2, 0) != with(1, 0));
  CHECK(with(1, 1) != with(1, 0));
  CHECK(with(std::nullopt, 3, ".options seed=2\n") == with(2, 3));
  CHECK(with(5, 3, ".options seed=2\n") == with(5, 3));
}

TEST_CASE("random functions stay within what their names promise") {
  for (int i = 0; i < 50; ++i) {
    ElaborateOptions options;
    options.seed = static_cast<std::uint64_t>(i);
    const std::vector<double> values = drawn(
        {"unif(10,0.2)", "aunif(10,3)", "flat(2)+10", "mc(10,0.1)", "limit(10,4)", "limit(7,1,3)"}, options);
    CHECK(std::abs(values[0] - 10) <= 2);
    CHECK(std::abs(values[1] - 10) <= 3);
    CHECK(std::abs(values[2] - 10) <= 2);
    CHECK(std::abs(values[3] - 10) <= 1);
    CHECK(std::abs(values[4] - 10) == 4);
    CHECK(values[5] == 3);  // a clamp: nothing is drawn
  }
}

TEST_CASE("LTspice's rand and random are functions of their argument") {
  const std::vector<double> values = drawn({"rand(2.3)", "rand(2.9)", "rand(3)", "random(3)", "random(3.5)"});
  CHECK(values[0] == values[1]);
  CHECK(values[0] != values[2]);
  CHECK(values[2] == values[3]);
  CHECK(values[4] != values[3]);
}

TEST_CASE("a random function with wrong arguments is refused") {
  CHECK(error_of("R1 a 0 {gauss()}\nR2 a 0 1\n") == "'gauss' takes 1 to 3 arguments, not 0");
  CHECK(error_of("R1 a 0 {limit(1)}\nR2 a 0 1\n") == "'limit' takes 2 or 3 arguments, not 1");
  CHECK(error_of("R1 a 0 {agauss(1,1,0)}\nR2 a 0 1\n") == "agauss(1, 1, 0) is infinite");
}
