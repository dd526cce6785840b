#include <doctest/doctest.h>

#include <fstream>
#include <sstream>

#include "memspice/circuit.hpp"
#include "support/places.hpp"

using namespace memspice;

TEST_CASE("every deck in the netlist reference is read without an error or a warning") {
  std::ostringstream stream;
  stream << std::ifstream(memspice::testing::project_folder() + "/docs/netlist.md").rdbuf();
  const std::string text = stream.str(), open = "```spice\n";
  int decks = 0;
  for (std::size_t at = text.find(open); at != std::string::npos; at = text.find(open, at)) {
    at += open.size();
    const std::string deck = text.substr(at, text.find("```", at) - at);
    CAPTURE(deck);
    Circuit circuit;
    REQUIRE_NOTHROW(circuit = elaborate(parse_text(deck)));
    CHECK(circuit.warnings.empty());
    CHECK_FALSE(circuit.analyses.empty());
    ++decks;
  }
  CHECK(decks == 7);
}
