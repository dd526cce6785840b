#include "analysis/output/asked_currents.hpp"

#include <string>

#include "support/approx.hpp"
#include "support/random.hpp"
#include "support/run_deck.hpp"

using namespace memspice;

namespace {

/// Voltage sources and short circuits that make no loop, and other elements wherever they fall.
std::string random_deck(testing::Random& random) {
  const int nodes = static_cast<int>(random.uniform(3, 12));
  std::string deck = ".model m memristor(ron=1 roff=20 beta=1)\n.model q npn\n.model d d(rs=1)\n.tran 1 2\n";
  const auto any = [&] { return static_cast<int>(random.uniform(0, nodes + 0.999)); };
  int number = 0;
  const auto add = [&](char letter, std::initializer_list<int> at, const char* rest) {
    deck += fmt::format("{}{}", letter, ++number);
    for (const int node : at) deck += fmt::format(" {}", node);
    deck += fmt::format(" {}\n", rest);
  };
  for (int node = 1; node <= nodes; ++node) {
    const int before = static_cast<int>(random.uniform(0, node - 0.001));
    const double kind = random.uniform(0, 1);
    add(kind < 0.3 ? 'V' : 'R', {node, before}, kind < 0.3 ? "1" : kind < 0.4 ? "0" : "3");
  }
  const bool many = random.uniform(0, 1) < 0.5;
  for (int i = 0; i < 2 * nodes; ++i) {
    const int a = any(), b = any(), c = any();
    if (a == b || b == c || a == c) continue;
    switch (static_cast<int>(random.uniform(0, many ? 6 : 2))) {
      case 0:
        add('R', {a, b}, "2");
        break;
      case 1:
        add('Y', {a, b}, "m w0=0.3");
        break;
      case 2:
        add('I', {a, b}, "0.1");
        break;
      case 3:
        add('D', {a, b}, "d");
        break;
      case 4:
        add('Q', {a, b, c}, "q");
        break;
      default:
        add('L', {a, b}, "1m");
        break;
    }
  }
  return deck;
}

}  // namespace

TEST_CASE("currents that are asked for are the same alone as among all") {
  testing::Random random(20261201);
  int left_out = 0;
  for (int round = 0; round < 300; ++round) {
    const std::string deck = random_deck(random);
    CAPTURE(deck);
    const Circuit circuit = testing::circuit_of(deck);
    EquationSystem system(circuit, EquationSystem::Mode::transient);
    AskedCurrents asked;
    for (std::uint32_t i = 0; i < circuit.voltage_sources.size(); ++i)
      if (random.uniform(0, 1) < 0.3) asked.voltage_sources.push_back(i);
    for (std::uint32_t g = 0; g < circuit.groups.size(); ++g)
      for (std::uint32_t i = 0; i < circuit.groups[g].count(); ++i)
        if (random.uniform(0, 1) < 0.2) asked.elements.push_back({g, i});
    BranchValues all, some;
    some.wanted = wanted_currents(system, asked);
    std::vector<double> y(system.size()), slope(system.size());
    for (int point = 0; point < 2; ++point) {
      for (std::size_t i = 1; i < y.size(); ++i) {
        y[i] = random.uniform(0.1, 0.9);
        slope[i] = random.uniform(-1, 1);
      }
      read_branches(system, 0, y.data(), slope.data(), all);
      read_branches(system, 0, y.data(), slope.data(), some);
      for (const std::uint32_t i : asked.voltage_sources)
        CHECK(some.source_current[i] == all.source_current[i]);
      for (const auto [g, i] : asked.elements) {
        const std::size_t branches = circuit.groups[g].type->branches.size();
        for (std::size_t b = i * branches; b < (i + 1) * branches; ++b) {
          CHECK(some.current[g][b] == all.current[g][b]);
          CHECK(some.voltage[g][b] == all.voltage[g][b]);
        }
      }
    }
    for (const WantedCurrents& wanted : some.wanted) left_out += !wanted.all;
  }
  CHECK(left_out > 300);
}
