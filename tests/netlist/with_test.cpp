// Circuit::with() in place and by elaborating again: the same circuits, for every deck of netlists/.
#include <bit>
#include <filesystem>
#include <optional>
#include <stdexcept>

#include "circuit/element_view.hpp"
#include "support/approx.hpp"
#include "support/places.hpp"
#include "support/run_deck.hpp"

using namespace memspice;

namespace {

/// Numbers as their bits, so that what is not given equals what is not given.
std::vector<std::uint64_t> bits_of(const std::vector<double>& values) {
  std::vector<std::uint64_t> bits;
  for (const double value : values) bits.push_back(std::bit_cast<std::uint64_t>(value));
  return bits;
}

void check_same_circuit(const Circuit& a, const Circuit& b) {
  REQUIRE(a.groups.size() == b.groups.size());
  for (std::size_t g = 0; g < a.groups.size(); ++g) {
    CHECK(a.groups[g].nodes == b.groups[g].nodes);
    CHECK(bits_of(a.groups[g].parameters.rows()) == bits_of(b.groups[g].parameters.rows()));
  }
  for (const auto sources : {&Circuit::voltage_sources, &Circuit::current_sources}) {
    REQUIRE((a.*sources).size() == (b.*sources).size());
    for (std::size_t i = 0; i < (a.*sources).size(); ++i) {
      CHECK((a.*sources)[i].dc == (b.*sources)[i].dc);
      CHECK((a.*sources)[i].function == (b.*sources)[i].function);
    }
  }
  REQUIRE(a.functions.size() == b.functions.size());
  for (std::size_t i = 0; i < a.functions.size(); ++i) {
    const SourceFunction of_a = a.functions[i], of_b = b.functions[i];
    CHECK(bits_of({of_a.values.begin(), of_a.values.end()}) ==
          bits_of({of_b.values.begin(), of_b.values.end()}));
    CHECK(of_a.points == of_b.points);
  }
  REQUIRE(a.programs.size() == b.programs.size());
  for (std::size_t i = 0; i < a.programs.size(); ++i)
    CHECK(a.programs[i].code().size() == b.programs[i].code().size());
  CHECK(a.records.value_factors.size() == b.records.value_factors.size());
  CHECK(a.initial_conditions.size() == b.initial_conditions.size());
  CHECK(a.analyses.size() == b.analyses.size());
  CHECK(a.options.temperature == b.options.temperature);
}

/// The same by elaborating the whole deck.
Circuit elaborated_with(const Circuit& circuit, const SweptValue& value) {
  ElaborateOptions options = circuit.origin.options;
  options.swept.push_back(value);
  if (!options.seed) options.seed = circuit.options.seed;
  return elaborate(circuit.origin.deck, circuit.catalogue, options);
}

SweptValue swept_value(Sweep::Target target, std::string_view name, std::string_view parameter,
                       double value) {
  SweptValue swept;
  swept.target = target;
  swept.name = name;
  swept.parameter = parameter;
  swept.value = value;
  return swept;
}

/// Sources and the numbers of devices, two of each type: changed both ways.
std::size_t check_changes(const Circuit& circuit) {
  std::size_t changes = 0;
  const auto compare = [&](const std::string& name, const SweptValue& value) {
    CAPTURE(name);
    std::optional<Circuit> elaborated;
    try {
      elaborated = elaborated_with(circuit, value);
    } catch (const DeckError&) {  // several parameters contradict each other
      CHECK_THROWS((void)circuit.with(name, value.value));
      return;
    }
    check_same_circuit(circuit.with(name, value.value), *elaborated);
    ++changes;
  };
  for (const bool voltage : {true, false}) {
    const auto& sources = voltage ? circuit.voltage_sources : circuit.current_sources;
    for (std::size_t i = 0; i < std::min<std::size_t>(sources.size(), 2); ++i) {
      const std::string name(circuit.element_names[sources[i].name]);
      compare(name, swept_value(voltage ? Sweep::Target::voltage_source : Sweep::Target::current_source, name,
                                {}, sources[i].dc + 0.375));
    }
  }
  for (const DeviceGroup& group : circuit.groups) {
    for (std::size_t k = 0; k < std::min<std::size_t>(group.count(), 2); ++k) {
      const std::string name(circuit.element_names[group.names[k]]);
      for (std::size_t j = 0; j < group.type->parameters.size(); ++j) {
        const ParameterDescription& parameter = group.type->parameters[j];
        const double now = group.parameter(k, j);
        if (!parameter.is_number() || std::isnan(now)) continue;
        double value = now == 0 ? 0.5 : now * 0.75;
        if (value < parameter.minimum || value > parameter.maximum) continue;
        const bool positional = j == 0 && group.type->positional;
        compare(positional ? name : name + ":" + std::string(parameter.name),
                swept_value(Sweep::Target::device_parameter, name,
                            positional ? std::string_view() : parameter.name, value));
      }
    }
  }
  compare("temp", swept_value(Sweep::Target::temperature, "temp", {}, 60));
  return changes;
}

const char* const changeable =
    ".param load=2k twice={2*load}\n"
    "V1 in 0 6 ac 1\n"
    "R1 in out 1k\n"
    "R2 out 0 {load}\n"
    "Y1 out 0 flat w0=0.5\n"
    ".model flat memristor(ron=1meg roff=1meg beta=10)\n"
    "B1 copy 0 V={twice}*v(out)\n"
    "Rb copy 0 1\n"
    ".op\n"
    ".end\n";

double out_of(const Circuit& circuit, const char* vector = "v(out)") {
  return testing::run_circuit(circuit)[vector][0];
}

}  // namespace

TEST_CASE("changes in place are those of elaborating again, for every deck of netlists/") {
  std::size_t changes = 0;
  for (const auto& entry :
       std::filesystem::recursive_directory_iterator(testing::project_folder() + "/netlists")) {
    if (entry.path().extension() != ".cir") continue;
    CAPTURE(entry.path().string());
    changes += check_changes(elaborate(parse_file(entry.path().string())));
  }
  CHECK(changes > 200);
}

TEST_CASE("parameters, sources, elements and models have other values by name, and keep them") {
  const Circuit circuit = testing::circuit_of(changeable);
  CHECK(out_of(circuit) == testing::approx(6 * 2e3 / 3e3).epsilon(1e-3));
  CHECK(out_of(circuit.with("load", 1e3)) == testing::approx(3).epsilon(1e-3));
  CHECK(out_of(circuit.with("LOAD", 1e3), "v(copy)") == testing::approx(2e3 * 3).epsilon(1e-3));
  CHECK(out_of(circuit.with("v1", 3)) == testing::approx(2).epsilon(1e-3));
  CHECK(out_of(circuit.with("r1", 2e3)) == testing::approx(3).epsilon(1e-3));
  CHECK(out_of(circuit.with("@r1[r]", 2e3)) == testing::approx(3).epsilon(1e-3));
  CHECK(out_of(circuit.with("flat:ron", 1e3).with("flat:roff", 1e3)) ==
        testing::approx(6 * (2.0 / 3) / (1 + 2.0 / 3)).epsilon(1e-9));
  CHECK(out_of(circuit.with("y1:w0", 0.25), "w(y1)") == 0.25);
  CHECK(circuit.with("temp", 100).options.temperature == 100);
  const Circuit changed = circuit.with("v1", 3).with("load", 1e3).with("r1", 3e3).with("v1", 8);
  CHECK(out_of(changed) == testing::approx(2).epsilon(1e-3));
  CHECK(changed.origin.options.swept.size() == 3);
}

TEST_CASE("what cannot be changed is named") {
  const Circuit circuit = testing::circuit_of(changeable);
  CHECK_THROWS_WITH_AS((void)circuit.with("lode", 1), doctest::Contains("lode"), DeckError);
  CHECK_THROWS_WITH_AS((void)circuit.with("r1:rr", 1), doctest::Contains("no parameter 'rr'"),
                       std::out_of_range);
  CHECK_THROWS_AS((void)circuit.with("y1", 1), std::out_of_range);
  CHECK_THROWS_AS((void)circuit.with("b1", 1), std::out_of_range);
  CHECK_THROWS_AS((void)circuit.with("v1:tr", 1), std::out_of_range);
  CHECK_THROWS_AS((void)circuit.with("flit:ron", 1), std::out_of_range);
  CHECK_THROWS_AS((void)circuit.with("flat:rin", 1), std::out_of_range);
  CHECK_THROWS_AS((void)circuit.with("y1:w0", 2), std::invalid_argument);
  CHECK_THROWS_AS((void)circuit.with("flat:ron", -1), std::invalid_argument);
  CHECK_THROWS_AS((void)circuit.with("v1", infinity), std::invalid_argument);
  CHECK_THROWS_AS((void)circuit.with("temp", -300), std::invalid_argument);
}

TEST_CASE("a variant of a deck without sweeps is one of a deck with them") {
  const Circuit circuit = testing::circuit_of(changeable);
  CHECK(out_of(variant(circuit, {.values = {swept_value(Sweep::Target::parameter, "load", {}, 1e3)},
                                 .run = {},
                                 .analyses = true})) == testing::approx(3).epsilon(1e-3));
}
