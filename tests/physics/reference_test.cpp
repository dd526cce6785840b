// The reference solutions in tests/reference: an independent solver's (loop form, order 8, tolerance 1e-11).

#include <array>
#include <filesystem>

#include "support/places.hpp"
#include "support/run_deck.hpp"

using namespace memspice;
using memspice::testing::DeckRun;

namespace {

struct Case {
  std::string name;
  bool reaches_bounds;
};

const std::array<Case, 8> cases{{{"k4_dc", false},
                                 {"k4_ac", false},
                                 {"ladder_one_source", false},
                                 {"random10_active", false},
                                 {"random10_voltage", false},
                                 {"random12_bounds", true},
                                 {"random12_hetero", false},
                                 {"ring5_dc", false}}};

std::string folder() {
  return memspice::testing::project_folder() + "/tests/reference/";
}

Circuit reference_circuit(const std::string& name) {
  return elaborate(parse_file(folder() + name + ".cir"));
}

struct Deviation {
  double state = 0;    // largest |w - reference|
  double current = 0;  // largest |i - reference| relative to the largest current
};

Deviation deviation(const DeckRun& result, const std::string& name) {
  const Plot reference = read_waveforms(folder() + name + ".csv").front();
  REQUIRE(reference.rows() == result.rows());
  Deviation largest;
  double largest_current = 0;
  double current_difference = 0;
  std::size_t states = 0;
  for (std::size_t column = 0; column < reference.columns.size(); ++column) {
    const std::string& vector = reference.vectors[column].name;
    const std::vector<double>& values = result[vector];
    const bool current = vector.starts_with("i(");
    states += vector.starts_with("w(");
    for (std::size_t row = 0; row < values.size(); ++row) {
      const double expected = reference.columns[column][row];
      const double difference = std::abs(values[row] - expected);
      if (column == 0) {
        REQUIRE(difference <= 1e-12 * reference.columns[0].back());
      } else if (current) {
        if (!(difference <= current_difference)) current_difference = difference;
        largest_current = std::max(largest_current, std::abs(expected));
      } else {
        if (!(difference <= largest.state)) largest.state = difference;
      }
    }
  }
  REQUIRE(states > 0);
  REQUIRE(2 * states + 1 == reference.columns.size());
  largest.current = current_difference / largest_current;
  return largest;
}

void check_box(const DeckRun& result) {
  const Plot& plot = result.plots.back();
  for (std::size_t column = 0; column < plot.columns.size(); ++column) {
    if (!plot.vectors[column].name.starts_with("w(")) continue;
    for (const double w : plot.columns[column]) {
      const bool inside = 0 <= w && w <= 1;
      CHECK(inside);
    }
  }
}

}  // namespace

TEST_CASE("every reference case of the folder is among those tested") {
  std::size_t decks = 0;
  for (const auto& entry : std::filesystem::directory_iterator(folder()))
    decks += entry.path().extension() == ".cir";
  CHECK(decks == cases.size());
}

TEST_CASE("the defaults follow every reference solution to 1e-3") {
  for (const Case& reference : cases) {
    CAPTURE(reference.name);
    const DeckRun result = testing::run_circuit(reference_circuit(reference.name));
    const Deviation largest = deviation(result, reference.name);
    CHECK(largest.state <= 1e-3);
    CHECK(largest.current <= 1e-3);
    check_box(result);
  }
}

TEST_CASE("tight tolerances follow the reference to 1e-6, and to 1e-4 where states reach their bounds") {
  for (const Case& reference : cases) {
    CAPTURE(reference.name);
    Circuit circuit = reference_circuit(reference.name);
    circuit.options.reltol = reference.reaches_bounds ? 1e-7 : 1e-8;
    circuit.options.abstol = 1e-12;
    const DeckRun result = testing::run_circuit(circuit);
    const double allowed = reference.reaches_bounds ? 1e-4 : 1e-6;
    const Deviation largest = deviation(result, reference.name);
    CHECK(largest.state <= allowed);
    CHECK(largest.current <= allowed);
    check_box(result);
  }
}

TEST_CASE("states are in [0,1] exactly at every accepted point, held ones on the bound exactly") {
  Circuit circuit = reference_circuit("random12_bounds");
  circuit.options.interp = false;
  for (const double reltol : {1e-3, 1e-4, 1e-6}) {
    circuit.options.reltol = reltol;
    const DeckRun result = testing::run_circuit(circuit);
    check_box(result);
    std::size_t at_zero = 0;
    std::size_t at_one = 0;
    const Plot& plot = result.plots.back();
    for (std::size_t column = 0; column < plot.columns.size(); ++column) {
      if (!plot.vectors[column].name.starts_with("w(")) continue;
      at_zero += std::ranges::count(plot.columns[column], 0.0) > 3;
      at_one += std::ranges::count(plot.columns[column], 1.0) > 3;
    }
    CHECK(at_zero >= 1);
    CHECK(at_one >= 3);
  }
}

TEST_CASE("the closed form agrees with every reference case at the default tolerances") {
  for (const Case& reference : cases) {
    CAPTURE(reference.name);
    Circuit circuit = reference_circuit(reference.name);
    circuit.observers.emplace_back(OmegaCard{});
    const DeckRun result = testing::run_circuit(circuit);
    const OmegaReport& omega = result.analysis().omega.value();
    CHECK(omega.tolerance == 1e-4);
    CHECK(omega.passed());
    CHECK(result.report.outcome() == Outcome::complete);
  }
}

TEST_CASE("the closed form and the transient agree to 1e-6 at reltol 1e-9") {
  for (const Case& reference : cases) {
    CAPTURE(reference.name);
    Circuit circuit = reference_circuit(reference.name);
    circuit.observers.emplace_back(OmegaCard{});
    circuit.options.reltol = 1e-9;
    const DeckRun result = testing::run_circuit(circuit);
    const OmegaReport& omega = result.analysis().omega.value();
    CHECK(omega.largest_deviation <= 1e-6);
    CHECK(omega.states > 0);
  }
}
