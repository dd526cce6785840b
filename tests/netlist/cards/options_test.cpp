#include <fmt/format.h>

#include <set>

#include "base/spelling.hpp"
#include "netlist/cards/option_table.hpp"
#include "netlist/circuits.hpp"
#include "netlist/dialects/foreign_options.hpp"

using namespace memspice;

namespace {

const std::string rc_pair = "R1 out 0 1k\nC1 out 0 1u\n";

Circuit with(const std::string& cards) {
  return circuit_of(rc_pair + cards);
}

}  // namespace

TEST_CASE("Xyce's packages set what means the same here and name the rest") {
  const Circuit circuit = with(
      ".options timeint reltol=1e-5 abstol=1e-7 maxord=2 delmax=1u method=gear\n.OPTIONS NONLIN-TRAN "
      "reltol=1e-1 "
      "maxstep=20\n.options linsol type=klu AZ_tol=1e-9\n.options device temp=50 tnom=20 gmin=1e-15 "
      "voltlim=1\n.tran 1u "
      "1m\n");
  CHECK(circuit.options.reltol == 1e-5);
  CHECK(circuit.options.vntol == 1e-7);
  CHECK(circuit.options.statetol == 1e-7);
  CHECK_FALSE(circuit.options.abstol.has_value());
  CHECK(circuit.options.max_order == 2);
  CHECK(circuit.options.temperature == 50);
  CHECK(circuit.options.nominal_temperature == 20);
  CHECK(circuit.options.gmin == 1e-15);
  CHECK(circuit.analyses.at(0).as<TransientCard>().max_step == 1e-6);
  std::vector<std::string> warnings;
  for (const Diagnostic& warning : circuit.warnings) warnings.push_back(warning.message);
  CHECK(warnings == std::vector<std::string>{"option 'reltol' does nothing in memspice",
                                             "option 'maxstep' does nothing in memspice",
                                             "option 'type' does nothing in memspice",
                                             "option 'AZ_tol' does nothing in memspice",
                                             "option 'voltlim' does nothing in memspice"});
}

TEST_CASE("highest orders at which the integrator lets oscillations grow give a warning") {
  for (int order = 1; order <= 5; ++order) {
    const Circuit circuit = with(fmt::format(".options maxord={}\n.tran 1m\n", order));
    CHECK(circuit.options.max_order == order);
    const bool grows = order == 3 || order == 4;
    REQUIRE(circuit.warnings.size() == (grows ? 1 : 0));
    if (grows)
      CHECK(circuit.warnings[0].message ==
            fmt::format("with maxord={} oscillations without damping grow", order));
  }
}

TEST_CASE("the methods of other simulators are accepted and change nothing, others are named") {
  for (const char* method : {"gear", "GEAR", "bdf", "Trap", "trapezoidal", "modtrap", "7", "8"}) {
    CAPTURE(method);
    for (const char* package : {"", "timeint "}) {
      const Circuit circuit = with(fmt::format(".options {}method={} maxord=2\n.tran 1m\n", package, method));
      CHECK(circuit.options.max_order == 2);
      CHECK(circuit.warnings.empty());
    }
  }
  const Circuit circuit = with(".options method=euler maxord=2\n.tran 1m\n");
  CHECK(circuit.options.max_order == 2);
  REQUIRE(circuit.warnings.size() == 1);
  CHECK(circuit.warnings[0].message == "method 'euler' does nothing in memspice");
}

TEST_CASE("the most rows of a run are a whole number") {
  CHECK(with(".options maxrows=1e9\n.op\n").options.max_rows == 1e9);
  CHECK_FALSE(with(".op\n").options.max_rows.has_value());
  CHECK_THROWS_WITH_AS(with(".options maxrows=0.5\n.op\n"),
                       doctest::Contains("maxrows must be a whole number from 1 on, not 0.5"), DeckError);
}

TEST_CASE("an interval of output is the grid of all transients") {
  const Circuit circuit = with(".options output initial_interval=2u\n.tran 1u 1m\n.tran 5m\n");
  CHECK(circuit.options.interp);
  CHECK(circuit.analyses.at(0).as<TransientCard>().step == 2e-6);
  CHECK(circuit.analyses.at(1).as<TransientCard>().step == 2e-6);
}

TEST_CASE("the largest step of the options bounds every transient, its own included") {
  const Circuit circuit = with(".options maxstep=1u\n.tran 1m\n.tran 0 1m 0 1n\n.tran 0 1m 0 1\n");
  CHECK(circuit.analyses.at(0).as<TransientCard>().max_step == 1e-6);
  CHECK(circuit.analyses.at(1).as<TransientCard>().max_step == 1e-9);
  CHECK(circuit.analyses.at(2).as<TransientCard>().max_step == 1e-6);
}

TEST_CASE("temperatures and seeds are read under all of their names, expressions included") {
  const Circuit circuit = with(".param t=40\n.op\n.options temp={t+2} tnom=-10 rseed=7\n");
  CHECK(circuit.options.temperature == 42);
  CHECK(circuit.options.nominal_temperature == -10);
  CHECK(circuit.options.seed == 7);
  CHECK(with(".options absv=1n absi=2n\n.op\n").options.vntol == 1e-9);
  CHECK(with(".options absv=1n absi=2n\n.op\n").options.abstol == 2e-9);
  const Circuit random = with(".options seed=random\n.op\n");
  REQUIRE(random.options.seed.has_value());
  CHECK(random.warnings.at(0).message == "the seed of this run is " + std::to_string(*random.options.seed));
}

TEST_CASE("options may be switched off, and conditions may hold options") {
  CHECK_FALSE(with(".options interp=0\n.op\n").options.interp);
  CHECK(with(".options savecurrents=0\n.op\n").outputs.saves.empty());
  CHECK(with(".param fine=1\n.if (fine)\n.options reltol=1e-9\n.else\n.options reltol=1e-3\n.endif\n.op\n")
            .options.reltol == 1e-9);
}

TEST_CASE("no option has two meanings") {
  std::set<std::string_view> names;
  const auto add = [&](std::string_view name) {
    CAPTURE(name);
    CHECK(names.insert(name).second);
  };
  for (const OptionRow& row : option_rows()) {
    const OptionDescription& option = row.description;
    add(option.name);
    for_each_alias(option.aliases, add);
  }
  for (const ForeignOptions& foreign : foreign_options()) for_each_alias(foreign.names, add);
  for (const OptionGroup& group : option_groups())
    for_each_alias(group.options, [&](std::string_view pair) {
      const std::size_t colon = pair.find(':');
      CHECK(find_option(colon == std::string_view::npos ? pair : pair.substr(colon + 1)) != nullptr);
    });
}
