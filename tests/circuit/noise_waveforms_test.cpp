// Random waveforms are not ngspice's numbers, but they have its statistics: mean, variance, spectrum, how
// long values are held.
#include "circuit/noise_waveforms.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <complex>
#include <numbers>

#include "memspice/circuit.hpp"
#include "support/approx.hpp"
#include "support/run_deck.hpp"

using namespace memspice;

namespace {

struct Moments {
  double mean = 0;
  double variance = 0;
};

Moments moments(const std::vector<double>& values) {
  Moments m;
  for (const double value : values) m.mean += value / static_cast<double>(values.size());
  for (const double value : values)
    m.variance += (value - m.mean) * (value - m.mean) / static_cast<double>(values.size());
  return m;
}

std::vector<double> levels(const WaveformPoints& points) {
  std::vector<double> values;
  for (const auto& point : points) values.push_back(point.second);
  return values;
}

// The values that are held from one jump to the next.
std::vector<double> held(const WaveformPoints& points) {
  std::vector<double> values;
  for (std::size_t i = 1; i < points.size(); ++i)
    if (points[i].first == points[i - 1].first || i == 1) values.push_back(points[i].second);
  return values;
}

double power_at(const std::vector<double>& values, double cycles) {
  std::complex<double> sum = 0;
  for (std::size_t k = 0; k < values.size(); ++k)
    sum += values[k] * std::polar(1.0, -2 * std::numbers::pi * cycles * static_cast<double>(k) /
                                           static_cast<double>(values.size()));
  return std::norm(sum);
}

SourceFunction function_of(const Circuit& circuit, std::size_t source) {
  return circuit.functions[circuit.voltage_sources[source].function];
}

constexpr double step = 1e-6;

}  // namespace

TEST_CASE(
    "Poisson numbers of large means have mean, variance and skewness of Poisson's, and take no longer") {
  for (const double mean : {9e3, 1.1e4, 1e6, 1e12}) {
    CAPTURE(mean);
    const double count = 40000;
    std::vector<double> values = held(random_steps({4, 1, 0, mean, 0, 0, 0}, 7, count));
    const Moments found = moments(values);
    CHECK(std::abs(found.mean - mean) < 4 * std::sqrt(mean / count));
    CHECK(found.variance / mean == testing::approx(1).epsilon(0.03));
    double third = 0;
    for (const double value : values) third += std::pow((value - found.mean) / std::sqrt(mean), 3) / count;
    CHECK(std::abs(third - 1 / std::sqrt(mean)) < 0.06);
    for (const double value : values) REQUIRE(value == std::floor(value));
  }
  const std::vector<double> huge = held(random_steps({4, 1, 0, 1e300, 0, 0, 0}, 7, 100));
  CHECK(moments(huge).mean == testing::approx(1e300));
}

TEST_CASE("white noise: normal numbers at even distances, from 0 on") {
  constexpr std::size_t count = 100000;
  const WaveformPoints points = transient_noise({0.5, step, 0, 0, 0, 0, 0}, 1, count * step);
  REQUIRE(points.size() >= count);
  CHECK(points.front() == std::pair{0.0, 0.0});
  for (std::size_t k = 0; k < count; k += 997) CHECK(points[k].first == testing::approx(k * step));
  const std::vector<double> values = levels(points);
  const Moments m = moments(values);
  CHECK(std::abs(m.mean) < 4 * 0.5 / std::sqrt(count));
  CHECK(m.variance == testing::approx(0.25).epsilon(4 * std::sqrt(2.0 / count)));
  double within = 0, neighbours = 0;
  for (std::size_t k = 1; k < count; ++k) {
    within += std::abs(values[k]) < 0.5 ? 1.0 / count : 0;
    neighbours += values[k] * values[k - 1] / (0.25 * count);
  }
  CHECK(within == testing::approx(0.6827).epsilon(0.01));  // one standard deviation of a normal number
  CHECK(std::abs(neighbours) < 4 / std::sqrt(count));
}

TEST_CASE("coloured noise: its power falls with the frequency to the power of -nalpha") {
  for (const double exponent : {0.6, 1.0, 1.6}) {
    constexpr std::size_t count = 1 << 12;
    constexpr double low = 8, high = 256;
    double low_power = 0, high_power = 0;
    for (std::uint64_t seed = 0; seed < 40; ++seed) {
      std::vector<double> values =
          levels(transient_noise({0, step, exponent, 0.1, 0, 0, 0}, seed, count * step));
      values.resize(count);
      for (double k = 0; k < 8; ++k) {
        low_power += power_at(values, low + 0.25 * k);
        high_power += power_at(values, high + 8 * k);
      }
    }
    const double slope = std::log(high_power / low_power) / std::log((high + 28) / (low + 0.875));
    CAPTURE(exponent);
    CHECK(slope == testing::approx(-exponent).epsilon(0.12));
  }
}

TEST_CASE("coloured noise grows as the sum of its filter's squared response") {
  constexpr std::size_t count = 512;
  double expected = 0, response = 1;
  for (std::size_t k = 0; k < count;
       response *= (0.5 + static_cast<double>(k)) / static_cast<double>(k + 1), ++k)
    if (k < count - 1) expected += response * response * 0.01;
  double sum = 0;
  constexpr std::uint64_t runs = 2000;
  for (std::uint64_t seed = 0; seed < runs; ++seed) {
    const WaveformPoints points = transient_noise({0, step, 1, 0.1, 0, 0, 0}, seed, count * step);
    // Waveforms begin at 0: the first number, a part of the sum, is taken off.
    sum += points[count - 1].second * points[count - 1].second / runs;
  }
  CHECK(sum == testing::approx(expected + 0.01).epsilon(0.15));
}

TEST_CASE("a telegraph signal has two levels and waits exponential times at each") {
  const double capture = 20e-6, emission = 50e-6, stop = 1;
  const WaveformPoints points = transient_noise({0, 0, 0, 0, 2, capture, emission}, 3, stop);
  double high = 0, changes = 0;
  for (std::size_t i = 1; i < points.size(); ++i) {
    const double level = points[i - 1].second;
    CHECK((level == 0 || level == 2));
    if (points[i].first == points[i - 1].first) ++changes;
    if (level == 2) high += points[i].first - points[i - 1].first;
  }
  CHECK(high / points.back().first == testing::approx(emission / (capture + emission)).epsilon(0.03));
  CHECK(changes == testing::approx(2 * stop / (capture + emission)).epsilon(0.03));
}

TEST_CASE("random steps hold their values and have the mean and variance of their type") {
  constexpr double count = 100000;
  const auto check = [&](double type, double mean, double variance, double least) {
    CAPTURE(type);
    const WaveformPoints points = random_steps({type, step, 0, 2, 3, 0, 0}, 7, count * step);
    const std::vector<double> values = held(points);
    REQUIRE(static_cast<double>(values.size()) == testing::approx(count).epsilon(1e-3));
    const Moments m = moments(values);
    CHECK(m.mean == testing::approx(mean).epsilon(0.01));
    CHECK(m.variance == testing::approx(variance).epsilon(0.03));
    CHECK(*std::min_element(values.begin(), values.end()) >= least);
  };
  check(1, 3, 4.0 / 3, 1);
  check(2, 3, 4, -infinity);
  check(3, 5, 4, 3);
  check(4, 5, 2, 3);
  const WaveformPoints delayed = random_steps({2, step, 10 * step, 1, 0.25, 0, 0}, 1, 100 * step);
  CHECK(delayed[0] == std::pair{0.0, 0.25});
  CHECK(delayed[1] == std::pair{10 * step, 0.25});
  CHECK(delayed[2].first == 10 * step);
  CHECK(delayed[3].first == testing::approx(11 * step));
  CHECK(delayed[3].second == delayed[2].second);
}

TEST_CASE("noise follows from the seed, the run and the source's name") {
  const std::string deck =
      "V1 a 0 TRNOISE(1 1u)\nV2 b 0 TRNOISE(1 1u)\nR1 a b 1k\nX1 b s\n.subckt s a\nV1 c 0 TRNOISE(1 1u)\n"
      "R1 c a 1k\n.ends\n.tran 1u 1m\n";
  const auto seeds = [&](const std::string& cards, std::uint64_t run = 0) {
    ElaborateOptions options;
    options.run = run;
    const Circuit circuit = elaborate(parse_text("test\n" + deck + cards), standard_catalogue(), options);
    std::vector<std::uint64_t> list;
    for (std::size_t i = 0; i < 3; ++i) list.push_back(function_of(circuit, i).seed);
    return list;
  };
  const std::vector<std::uint64_t> first = seeds("");
  CHECK(first[0] != first[1]);
  CHECK(first[0] != first[2]);
  CHECK(seeds("") == first);
  CHECK(seeds(".options seed=1\n") == first);
  CHECK(seeds(".options seed=2\n") != first);
  CHECK(seeds("", 1) != first);
}

TEST_CASE("noise is added to the DC value, and the operating point has none of it") {
  const testing::DeckRun run = testing::run_deck("V1 a 0 DC 5 TRNOISE(0.1 1u)\nR1 a 0 1k\n.tran 1u 2m\n");
  const std::vector<double>& v = run["v(a)"];
  CHECK(v.front() == 5);
  std::vector<double> samples;
  for (std::size_t i = 0; i < v.size(); i += 7) samples.push_back(v[i]);
  CHECK(moments(samples).mean == testing::approx(5).epsilon(0.005));
}

TEST_CASE("TRRANDOM without p1 and p2 is uniform between -1 and 1, as in ngspice") {
  const testing::DeckRun run = testing::run_deck("V1 a 0 TRRANDOM(1 1u)\nR1 a 0 1k\n.tran 1u 2m\n");
  const std::vector<double>& v = run["v(a)"];
  CHECK(*std::ranges::max_element(v) > 0.9);
  CHECK(*std::ranges::max_element(v) <= 1);
  CHECK(*std::ranges::min_element(v) < -0.9);
  CHECK(*std::ranges::min_element(v) >= -1);
}
