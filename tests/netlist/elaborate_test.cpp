#include <doctest/doctest.h>

#include <algorithm>

#include "memspice/circuit.hpp"

using namespace memspice;

namespace {

const DeviceGroup& group(const Circuit& circuit, char letter) {
  const auto found = std::find_if(circuit.groups.begin(), circuit.groups.end(),
                                  [letter](const DeviceGroup& g) { return g.type->letter == letter; });
  REQUIRE(found != circuit.groups.end());
  return *found;
}

double parameter(const DeviceGroup& group, std::size_t instance, std::string_view name) {
  return group.parameter(instance, group.type->find_parameter(name).value());
}

}  // namespace

TEST_CASE("a network of memristors and sources becomes a flat circuit") {
  const Circuit circuit =
      elaborate(parse_text("* K4, corner\n"
                           ".model mem1 memristor(level=1 ron=100.0 roff=16000.0 alpha=0.05 beta=1.0 "
                           "polarity=1 active=0 control=voltage)\n"
                           "V1 x1 0 SIN(0 2.440024 1.0)\n"
                           "Y1 x1 n1 mem1 w0=0.463389\n"
                           "V2 x2 n1 DC -1.7\n"
                           "Y2 x2 0 mem1 w0=0.31811 polarity=-1\n"
                           ".tran 0.075 3.0\n"
                           ".options interp\n"
                           ".save w(*) i(*) v(*)\n"
                           ".end\n"));
  CHECK(circuit.title == "* K4, corner");
  CHECK(circuit.node_names.size() == 4);
  CHECK(circuit.warnings.empty());
  const DeviceGroup& memristors = group(circuit, 'y');
  REQUIRE(memristors.count() == 2);
  CHECK(circuit.element_names[memristors.names[1]] == "y2");
  CHECK(parameter(memristors, 0, "w0") == 0.463389);
  CHECK(parameter(memristors, 0, "alpha") == 0.05);
  CHECK(parameter(memristors, 0, "control") == 1);
  CHECK(parameter(memristors, 1, "polarity") == -1);
  CHECK(memristors.nodes[3] == ground);
  REQUIRE(circuit.voltage_sources.size() == 2);
  CHECK(circuit.functions[circuit.voltage_sources[0].function].values[1] == 2.440024);
  CHECK(circuit.voltage_sources[1].dc == -1.7);
  CHECK(circuit.voltage_sources[1].function == Source::constant);
  REQUIRE(circuit.analyses.size() == 1);
  CHECK(circuit.analyses[0].as<TransientCard>().stop == 3);
  CHECK(circuit.options.interp);
  REQUIRE(circuit.outputs.saves.size() == 3);
  CHECK(circuit.outputs.saves[1].pattern == "i(*)");
}
