// Memristors at single points against the equations that their sources publish, far beyond the voltages and
// parameters that they are driven with elsewhere: currents and rates of every state.

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <optional>
#include <string>
#include <vector>

#include "equations/equation_system.hpp"
#include "equations/readout.hpp"
#include "support/random.hpp"
#include "support/run_deck.hpp"
#include "truth/published_models.hpp"

using namespace memspice;
using memspice::testing::PublishedModel;
using memspice::testing::Random;
using memspice::testing::States;
using memspice::testing::Values;

namespace {

/// A device across a source, where nothing has been integrated: its current and its states' rates.
struct DevicePoint {
  double current = 0;  // A
  States rates;        // 1/s
};

DevicePoint point_of(const PublishedModel& model, const Values& values, const std::string& deck,
                     const States& states) {
  const Circuit circuit = memspice::testing::circuit_of(deck);
  EquationSystem system(circuit, EquationSystem::Mode::transient);
  std::vector<double> y(system.size()), derivative(system.size()), residual(system.size());
  std::size_t group = 0;
  while (circuit.groups[group].type->unknowns.empty()) ++group;
  const std::size_t first = system.unknowns().index(group, 0, 0);
  std::vector<double> unit(states.size(), 1.0);  // of the published state in that of the program
  for (std::size_t j = 0; j < states.size(); ++j) {
    const auto published = model.bounds(values, j);
    const StateBounds own = system.unknowns().bounds(group, 0, j);
    if (published[1] - published[0] < 1e8) unit[j] = (published[1] - published[0]) / (own.upper - own.lower);
    y[first + j] = own.lower + (states[j] - published[0]) / unit[j];
  }
  // States that this variant leaves as they begin.
  const auto& unknowns = circuit.groups[group].type->unknowns;
  for (std::size_t j = states.size(); j < unknowns.size(); ++j)
    y[first + j] = values.at(std::string(unknowns[j].initial));
  constexpr double inside = 1e30;  // so steep is the projection form that only a bound itself holds a state
  REQUIRE(system.residual(0, y.data(), derivative.data(), inside, residual.data()));
  DevicePoint point;
  for (std::size_t j = 0; j < model.states.size(); ++j) point.rates.push_back(-residual[first + j] * unit[j]);
  BranchValues branches;
  read_branches(system, 0, y.data(), derivative.data(), branches);
  point.current = branches.current[group][0];
  return point;
}

}  // namespace

TEST_CASE("currents and rates of memristors are the published ones at any voltage and with odd parameters") {
  // Beyond these exponentials go on along their tangents and rates along their logarithms.
  constexpr double most_current = 1e80, fastest = 1e12;
  Random random(1923);
  std::vector<PublishedModel> models = memspice::testing::published_models();
  for (PublishedModel& model : memspice::testing::published_drifts()) models.push_back(std::move(model));
  for (const PublishedModel& model : models) {
    CAPTURE(model.level);
    CAPTURE(model.words);
    int tried = 0;
    for (int repetition = 0; repetition < 400; ++repetition) {
      Values values = model.defaults;
      for (auto& [name, value] : values) value *= random.logarithmic(1 / 3.0, 3);
      States states;
      for (std::size_t j = 0; j < model.states.size(); ++j) {
        const auto bounds = model.bounds(values, j);
        const double most = std::min(bounds[1], bounds[0] + 10);
        const double part = random.coin() ? random.uniform(0, 1) : random.logarithmic(1e-6, 1);
        states.push_back(bounds[0] + (most - bounds[0]) * (random.coin() ? part : 1 - part));
        if (!(states[j] > bounds[0] && states[j] < bounds[1])) states[j] = 0.5 * (bounds[0] + most);
        values[model.states[j][1]] = states[j];
      }
      const double volts = (random.coin() ? 1 : -1) * random.logarithmic(1e-5, 8);
      std::string deck = fmt::format("V1 a 0 {}\n{}\n.model m memristor(level={} {}", volts, model.network,
                                     model.level, model.words);
      for (const auto& [name, value] : values) deck += fmt::format(" {}={}", name, value);
      deck += ")\n.tran 1 1\n";
      CAPTURE(deck);
      std::optional<DevicePoint> found;
      try {
        found = point_of(model, values, deck, states);
      } catch (const DeckError&) {
        continue;  // parameters that contradict each other
      }
      const DevicePoint& point = *found;
      ++tried;
      const double current = model.current(values, volts, states);
      if (std::abs(current) < most_current)
        CHECK(std::abs(point.current - current) <= 1e-9 * std::abs(current));
      const States rates = model.rates(values, volts, states);
      for (std::size_t j = 0; j < rates.size(); ++j)
        if (std::abs(rates[j]) < fastest)
          CHECK(std::abs(point.rates[j] - rates[j]) <= 1e-8 * std::abs(rates[j]));
    }
    CHECK(tried > 100);
  }
}
