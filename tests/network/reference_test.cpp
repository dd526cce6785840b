#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>
#include <vector>

#include "memspice/circuit.hpp"
#include "memspice/deck.hpp"
#include "network/closed_form.hpp"
#include "support/places.hpp"

using namespace memspice;

namespace {

struct Deviation {
  double state = 0;
  double current = 0;  // relative to the largest current of the whole run
};

// Each line of the table: time, then all states, then all currents, in the order of the memristors.
std::vector<std::vector<double>> read_table(const std::filesystem::path& path) {
  std::ifstream file(path);
  std::vector<std::vector<double>> rows;
  std::string line;
  std::getline(file, line);
  while (std::getline(file, line)) {
    std::istringstream cells(line);
    std::vector<double> row;
    for (std::string cell; std::getline(cells, cell, ',');) row.push_back(std::stod(cell));
    rows.push_back(std::move(row));
  }
  return rows;
}

Deviation deviation(const std::string& name) {
  const auto base = std::filesystem::path(memspice::testing::project_folder()) / "tests/reference" / name;
  const Circuit circuit = elaborate(parse_file(base.string() + ".cir"));
  network::ClosedForm closed_form(circuit, circuit.analyses.front().as<TransientCard>());
  const std::size_t count = closed_form.memristors().size();

  const auto rows = read_table(base.string() + ".csv");
  REQUIRE(rows.size() == 41);
  REQUIRE(rows.front().size() == 1 + 2 * count);
  closed_form.start(0, std::span(rows.front()).subspan(1, count));
  Deviation deviation;
  double largest_current = 0;
  for (const auto& row : rows) {
    closed_form.advance(row[0]);
    const auto currents = closed_form.currents();
    for (std::size_t k = 0; k < count; ++k) {
      const double w = closed_form.states()[k];
      CHECK(w >= 0);
      CHECK(w <= 1);
      deviation.state = std::max(deviation.state, std::abs(w - row[1 + k]));
      deviation.current = std::max(deviation.current, std::abs(currents[k] - row[1 + count + k]));
      largest_current = std::max(largest_current, std::abs(row[1 + count + k]));
    }
  }
  deviation.current /= largest_current;
  return deviation;
}

}  // namespace

TEST_CASE("the closed form agrees with the reference solutions inside the bounds to 1e-9") {
  for (const char* name : {"k4_ac", "k4_dc", "ring5_dc", "ladder_one_source", "random10_active"}) {
    CAPTURE(name);
    const Deviation found = deviation(name);
    CHECK(found.state <= 1e-9);
    CHECK(found.current <= 1e-9);
  }
}

TEST_CASE("the closed form agrees with the reference solutions that reach the bounds to 2e-9") {
  for (const char* name : {"random10_voltage", "random12_hetero", "random12_bounds"}) {
    CAPTURE(name);
    const Deviation found = deviation(name);
    CHECK(found.state <= 2e-9);
    CHECK(found.current <= 2e-9);
  }
}
