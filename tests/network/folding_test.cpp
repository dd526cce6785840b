#include "network/folding.hpp"

#include <doctest/doctest.h>

#include <fstream>
#include <map>
#include <sstream>

#include "support/places.hpp"
#include "support/run_deck.hpp"

using namespace memspice;
using namespace memspice::network;
using namespace memspice::testing;

namespace {

const std::string model = ".model m memristor(ron=100 roff=16k)\n";

struct Folded {
  Circuit circuit;
  BranchNetwork elements;
  FoldedNetwork network;

  explicit Folded(Circuit of) : circuit(std::move(of)) {
    elements = branch_network(circuit, ".network", {});
    network = fold(elements);
  }
  explicit Folded(const std::string& body) : Folded(circuit_of(model + body)) {}

  [[nodiscard]] std::string name(std::size_t branch) const {
    return circuit.element_names[elements.names[network.elements[branch]]];
  }
  // "a->b" by branch name
  [[nodiscard]] std::string ends(std::string_view branch) const {
    for (std::size_t k = 0; k < network.branch_count(); ++k) {
      if (name(k) != branch) continue;
      const auto node = [&](std::uint32_t n) { return std::string(circuit.node_names[network.nodes[n]]); };
      return node(network.branches[k].from) + "->" + node(network.branches[k].to);
    }
    return "";
  }
  // "+v1 -v2" by branch name, sorted by source
  [[nodiscard]] std::string emf(std::string_view branch) const {
    for (std::size_t k = 0; k < network.branch_count(); ++k) {
      if (name(k) != branch) continue;
      std::map<std::string, int> signs;
      for (const auto& [source, sign] : network.emf(k))
        signs.emplace(circuit.element_names[elements.names[elements.sources[source].branch]], sign);
      std::string text;
      for (const auto& [source, sign] : signs) {
        text += text.empty() ? "" : " ";
        text += (sign > 0 ? "+" : "-") + source;
      }
      return text;
    }
    return "";
  }
};

}  // namespace

TEST_CASE("the K4 of the paper's Figure 1 has four nodes and six branches, each with its EMF") {
  std::ifstream file(project_folder() + "/netlists/networks/k4.cir");
  std::stringstream text;
  text << file.rdbuf();
  const Folded k4(elaborate(parse_text(text.str())));
  CHECK(k4.network.node_count() == 4);
  CHECK(k4.network.branch_count() == 6);
  CHECK(k4.network.memristor_count == 6);
  CHECK(k4.network.resistive_count == 6);
  CHECK(k4.ends("y1") == "0->n1");
  CHECK(k4.ends("y5") == "n1->n3");
  for (const char* k : {"1", "2", "3", "4", "5", "6"})
    CHECK(k4.emf(std::string("y") + k) == std::string("+v") + k);
}

TEST_CASE("an EMF is positive when the source raises the potential along the branch") {
  CHECK(Folded("V1 a 0 1\nY1 a b m\nR1 b 0 1\n").emf("y1") == "+v1");
  CHECK(Folded("V1 0 a 1\nY1 a b m\nR1 b 0 1\n").emf("y1") == "-v1");
  CHECK(Folded("V1 b 0 1\nY1 a b m\nR1 a 0 1\n").emf("y1") == "-v1");
  CHECK(Folded("V1 0 b 1\nY1 a b m\nR1 a 0 1\n").emf("y1") == "+v1");
}

TEST_CASE("several sources in series add up in one EMF, also from both sides of the memristor") {
  const Folded both(
      "V1 a 0 1\nV2 a b 1\nV3 c b 1\nY1 c d m\nV4 d e 1\nR1 e 0 1\nR2 e 0 1\nR3 e 0 1\nI1 0 e 1\n");
  // From 0: V1 up, V2 down, V3 up, then the memristor, then V4 down.
  CHECK(both.emf("y1") == "+v1 -v2 +v3 -v4");
  CHECK(both.ends("y1") == "0->e");
  CHECK(both.network.node_count() == 2);
  CHECK(both.network.branch_count() == 5);
  CHECK(both.network.memristor_count == 1);
  CHECK(both.network.resistive_count == 4);
}

TEST_CASE("a source between a memristor and a resistor belongs to the memristor") {
  const Folded folded("R1 a 0 1\nV1 a b 1\nY1 b 0 m\n");
  CHECK(folded.emf("y1") == "-v1");
  CHECK(folded.emf("r1").empty());
  CHECK(folded.ends("y1") == "a->0");
}

TEST_CASE("a resistor takes the sources in series with it") {
  const Folded folded("V1 a 0 1\nR1 a b 1\nY1 b 0 m\nY2 b 0 m\n");
  CHECK(folded.emf("r1") == "+v1");
  CHECK(folded.ends("r1") == "0->b");
  CHECK(folded.network.node_count() == 2);
}

TEST_CASE("a source between nodes with more branches stays bare, and so does a current source") {
  const Folded folded("V1 a 0 1\nY1 a 0 m\nY2 a b m\nI1 b 0 1m\nR1 b 0 1\n");
  CHECK(folded.network.branch_count() == 5);
  CHECK(folded.ends("v1") == "a->0");
  CHECK(folded.emf("v1") == "-v1");
  CHECK(folded.emf("i1") == "+i1");
  CHECK(folded.network.kinds[3] == BranchKind::source);
  CHECK(folded.network.kinds[4] == BranchKind::driven);
  CHECK(folded.emf("y1").empty());
  CHECK(folded.network.resistive_count == 3);
  const Minor resistive = resistive_graph(folded.network);
  CHECK(resistive.node_count == 2);
  CHECK(resistive.branches.size() == 3);
  CHECK(resistive.branches[0].from == resistive.branches[0].to);  // the source shorts the memristor
}

TEST_CASE("one memristor with its sources is a loop of one branch at one node") {
  const Folded one("V1 a 0 1\nY1 a b m\nV2 b 0 2\n");
  CHECK(one.network.node_count() == 1);
  CHECK(one.network.branch_count() == 1);
  CHECK(one.emf("y1") == "+v1 -v2");
}

TEST_CASE("a ring of five memristors and five sources has five nodes, wherever ground is") {
  for (int grounded = 0; grounded < 10; ++grounded) {
    const auto node = [&](int n) {
      return n % 10 == grounded ? std::string("0") : "n" + std::to_string(n % 10);
    };
    std::string deck;
    for (int k = 0; k < 5; ++k) {
      deck += "V" + std::to_string(k) + " " + node(2 * k + 1) + " " + node(2 * k) + " 1\n";
      deck += "Y" + std::to_string(k) + " " + node(2 * k + 1) + " " + node(2 * k + 2) + " m\n";
    }
    const Folded ring(deck);
    CHECK(ring.network.node_count() == 5);
    CHECK(ring.network.branch_count() == 5);
    double total = 0;
    for (const auto& emf : ring.network.emfs) total += emf.sign;
    CHECK(total == 5);
  }
}

TEST_CASE("a resistor of 0 ohm joins its nodes") {
  const Folded folded("V1 a 0 1\nR0 a b 0\nY1 b c m\nY2 c d m\nR00 d 0 0\nR1 c 0 1\n");
  CHECK(folded.network.node_count() == 2);
  CHECK(folded.ends("y1") == "0->c");
  CHECK(folded.ends("y2") == "c->0");
  CHECK(folded.emf("y1") == "+v1");
}

TEST_CASE("a ring of voltage sources alone stays as it is") {
  const Folded folded("V1 a 0 1\nV2 b a 1\nV3 b 0 2\nY1 c 0 m\nR1 c 0 1\n");
  CHECK(folded.network.branch_count() == 5);
  CHECK(folded.network.node_count() == 4);
}
