// Memristors of level 7 to 13 against the equations that their sources publish (truth/published_models.cpp),
// integrated here.

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numbers>

#include "support/approx.hpp"
#include "support/dormand_prince.hpp"
#include "support/random.hpp"
#include "support/run_deck.hpp"
#include "truth/published_models.hpp"

using namespace memspice;
using memspice::testing::PublishedModel;
using memspice::testing::Random;
using memspice::testing::States;
using memspice::testing::Values;

namespace {

/// Projected dynamics by Dormand and Prince's pair with steps as short as the error asks, each cut off at the
/// bounds: exact while a state stays at one.
class ProjectedReference {
 public:
  ProjectedReference(const PublishedModel& model, const Values& values, std::function<double(double)> volts,
                     double longest)
      : model_(model), values_(values), volts_(std::move(volts)), longest_(longest), step_(longest * 1e-3) {
    for (const auto& state : model.states) x_.push_back(values.at(state[1]));
  }

  const States& at(double t) {
    while (t_ < t) {
      const double h = std::min({step_, longest_, t - t_});
      const auto [next, error] = attempt(h);
      constexpr double tolerance = 1e-9;
      const double factor = error > 0 ? std::clamp(0.9 * std::pow(tolerance / error, 0.2), 0.2, 3.0) : 3;
      if (error <= tolerance) {
        t_ = h == t - t_ ? t : t_ + h;
        x_ = next;
        for (std::size_t j = 0; j < x_.size(); ++j) {
          const auto bounds = model_.bounds(values_, j);
          x_[j] = std::clamp(x_[j], bounds[0], bounds[1]);
        }
      }
      step_ = h * factor;
    }
    return x_;
  }

  double current(double t) { return model_.current(values_, volts_(t), at(t)); }

 private:
  States rates(double t, const States& x) const {
    States inside = x;
    for (std::size_t j = 0; j < x.size(); ++j) {
      const auto bounds = model_.bounds(values_, j);
      inside[j] = std::clamp(x[j], bounds[0], bounds[1]);
    }
    return model_.rates(values_, volts_(t), inside);
  }

  std::pair<States, double> attempt(double h) const {
    using Pair = testing::DormandPrince;
    std::vector<States> k;
    States x;
    for (int stage = 0; stage < 7; ++stage) {
      x = x_;
      for (int i = 0; i < stage; ++i)
        for (std::size_t j = 0; j < x.size(); ++j) x[j] += h * Pair::weights[stage][i] * k[i][j];
      k.push_back(rates(t_ + Pair::nodes[stage] * h, x));
    }
    double error = 0;
    for (std::size_t j = 0; j < x.size(); ++j) {
      double difference = 0;
      for (int i = 0; i < 7; ++i) difference += h * Pair::errors[i] * k[i][j];
      const auto bounds = model_.bounds(values_, j);
      const double scale = std::min(bounds[1] - bounds[0], std::abs(x_[j]) + 1e-3);
      error = std::max(error, std::abs(difference) / scale);
    }
    return {x, error};
  }

  const PublishedModel& model_;
  const Values& values_;
  std::function<double(double)> volts_;
  double longest_, step_, t_ = 0;
  States x_;
};

std::string model_card(const PublishedModel& model, const Values& values) {
  std::string card = fmt::format(".model m memristor(level={} {}", model.level, model.words);
  for (const auto& [name, value] : values) card += fmt::format(" {}={}", name, value);
  return card + ")\n";
}

Values drawn_values(const PublishedModel& model, Random& random) {
  Values values = model.defaults;
  for (auto& [name, value] : values) value *= random.logarithmic(1 / model.spread, model.spread);
  return values;
}

}  // namespace

TEST_CASE("memristors of all levels do what the published equations do") {
  Random random(7);
  for (const PublishedModel& model : memspice::testing::published_models()) {
    for (int repetition = 0; repetition < 4; ++repetition) {
      const Values values = drawn_values(model, random);
      const double amplitude = random.logarithmic(model.amplitude[0], model.amplitude[1]);
      const double frequency = random.logarithmic(model.frequency[0], model.frequency[1]);
      const double offset = random.coin() ? 0 : random.uniform(-0.2, 0.2) * amplitude;
      const double stop = 1.7 / frequency;
      const std::string deck = fmt::format(
          "V1 a 0 SIN({} {} {})\n{}\n{}.tran {} {}\n.options reltol=1e-7\n.save all i(y1)\n", offset,
          amplitude, frequency, model.network, model_card(model, values), stop / 50, stop);
      CAPTURE(deck);
      const auto result = memspice::testing::run_deck(deck);
      ProjectedReference reference(
          model, values,
          [&](double t) { return offset + amplitude * std::sin(2 * std::numbers::pi * frequency * t); },
          1e-3 / frequency);
      std::vector<double> error(model.states.size() + 1), low(error.size(), 1e300),
          high(error.size(), -1e300);
      for (std::size_t row = 0; row < result.rows(); ++row) {
        const double t = result.time()[row];
        std::vector<double> expected = reference.at(t);
        expected.push_back(reference.current(t));
        for (std::size_t j = 0; j < expected.size(); ++j) {
          const std::string name = j < model.states.size() ? model.states[j][0] + "(y1)" : "i(y1)";
          error[j] = std::max(error[j], std::abs(result[name][row] - expected[j]));
          low[j] = std::min(low[j], expected[j]);
          high[j] = std::max(high[j], expected[j]);
        }
      }
      for (std::size_t j = 0; j < error.size(); ++j) {
        CAPTURE(j);
        CAPTURE(high[j]);
        CAPTURE(low[j]);
        CHECK(error[j] <= model.tolerance * std::max(high[j] - low[j], 0.01 * std::abs(high[j])));
      }
    }
  }
}

TEST_CASE("memristors of all levels are passive, and their loops are pinched") {
  for (const PublishedModel& model : memspice::testing::published_models()) {
    CAPTURE(model.level);
    CAPTURE(model.words);
    const auto result = memspice::testing::run_deck(
        fmt::format("V1 a 0 SIN(0 {0} {1})\n{2}\n{3}.tran {4} {5}\n.save v(a) i(y1) r(y1)\n",
                    model.amplitude[1], model.frequency[1], model.network, model_card(model, model.defaults),
                    0.02 / model.frequency[1], 2 / model.frequency[1]));
    for (std::size_t row = 0; row < result.rows(); ++row) {
      const double v = result["v(a)"][row], current = result["i(y1)"][row];
      CHECK(v * current >= 0);
      CHECK(result["r(y1)"][row] > 0);
      if (std::abs(v) > 1e-3 * model.amplitude[1])
        CHECK(result["r(y1)"][row] == testing::approx(v / current).epsilon(1e-9));
    }
  }
}

TEST_CASE("a cycle of a triangle of 3 V takes memristors at most 500 steps, the steepest one 1100") {
  for (const PublishedModel& model : memspice::testing::published_models()) {
    CAPTURE(model.level);
    CAPTURE(model.words);
    for (const double period : {1.0, 1e-3}) {
      CAPTURE(period);
      // 100 ohm as a source has them; with the published parameters.
      const auto result = memspice::testing::run_deck(fmt::format(
          "V1 b 0 PULSE(-3 3 0 {0} {0} 1f {1})\nRs b a 100\n{2}\n.model m memristor(level={3} {4})\n"
          ".tran {5} {6}\n.save i(v1)\n",
          0.5 * period, period, model.network, model.level, model.words, period / 20, 20 * period));
      CHECK(result.analysis().statistics.steps <= 20 * model.most_steps);
    }
  }
}

TEST_CASE("memristors bear any voltage, know their levels' names, and copies side by side") {
  for (const PublishedModel& model : memspice::testing::published_models()) {
    CAPTURE(model.level);
    CAPTURE(model.words);
    const std::string card = fmt::format(".model m memristor(level={} {})\n", model.level, model.words);
    for (const double volts : {-1e6, -1.0, 1.0, 1e6}) {
      const auto result = memspice::testing::run_deck(
          fmt::format("V1 a 0 {}\n{}\n{}.op\n.save i(y1)\n", volts, model.network, card));
      CHECK(std::isfinite(result["i(y1)"][0]));
      CHECK(volts * result["i(y1)"][0] > 0);
    }
    const auto one =
        memspice::testing::run_deck("V1 a 0 0.3\n" + model.network + "\n" + card + ".op\n.save i(v1)\n");
    const auto three =
        memspice::testing::run_deck("V1 a 0 0.3\n" + model.network + " m=3\n" + card + ".op\n.save i(v1)\n");
    CHECK(three["i(v1)"][0] == testing::approx(3 * one["i(v1)"][0]).epsilon(1e-12));
  }
}

TEST_CASE("states in natural units have initial values on cards and in .ic, and default vectors") {
  const auto result = memspice::testing::run_deck(
      "V1 a 0 0\nY1 a 0 m gap0=0.4n\nY2 a 0 m\nY3 a 0 w lambda0=-3m\n"
      ".model m memristor(level=7)\n.model w memristor(level=9)\n.ic gap(y2)=1.2n\n.op\n");
  CHECK(result["gap(y1)"][0] == 0.4e-9);
  CHECK(result["gap(y2)"][0] == 1.2e-9);
  CHECK(result["lambda(y3)"][0] == -3e-3);
}

TEST_CASE("a nanowire junction may have one threshold: it grows above it and decays below") {
  const auto at_10_ms = [](double volts) {
    return memspice::testing::run_deck(
               fmt::format("V1 a 0 {}\nY1 a 0 m lambda0=5m\n.model m memristor(level=9 vset=10m vreset=10m)\n"
                           ".tran 1m 10m\n.save lambda(y1)\n",
                           volts))["lambda(y1)"]
        .back();
  };
  CHECK(at_10_ms(20e-3) == testing::approx(5e-3 + 10e-3 * 10e-3).epsilon(1e-6));
  CHECK(at_10_ms(4e-3) == testing::approx(5e-3 - 10 * 6e-3 * 10e-3).epsilon(1e-4));
}
