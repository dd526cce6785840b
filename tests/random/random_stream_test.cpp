#include <doctest/doctest.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <vector>

#include "generate/distribution.hpp"
#include "random/portable_math.hpp"
#include "random/random_stream.hpp"

using namespace memspice;
using namespace memspice::generate;

TEST_CASE("the generator is SplitMix64: its published values for the state 1234567 come out") {
  RandomStream stream(1234567);
  for (const std::uint64_t expected : {6457827717110365317u, 3203168211198807973u, 9817491932198370423u,
                                       4593380528125082431u, 16408922859458223821u})
    CHECK(stream.next() == expected);
}

TEST_CASE("the streams of different quantities and seeds have nothing in common") {
  std::vector<std::uint64_t> values;
  for (const std::uint64_t seed : {0u, 1u, 2u})
    for (const char* purpose : {"graph", "w0", "w1", ""}) {
      RandomStream stream(seed, purpose);
      for (int i = 0; i < 100; ++i) values.push_back(stream.next());
    }
  std::sort(values.begin(), values.end());
  CHECK(std::adjacent_find(values.begin(), values.end()) == values.end());
}

TEST_CASE("the portable logarithm and exponential are good to two units in the last place") {
  RandomStream stream(1, "test");
  for (int i = 0; i < 100'000; ++i) {
    const double x = std::ldexp(0.5 + stream.uniform(), static_cast<int>(stream.below(200)) - 100);
    const double logarithm = std::log(x);
    CHECK(std::abs(portable_log(x) - logarithm) <= 2 * 0x1p-52 * std::abs(logarithm) + 0x1p-60);
    const double y = 1400 * stream.uniform() - 700;
    CHECK(std::abs(portable_exp(y) / std::exp(y) - 1) <= 2 * 0x1p-52);
  }
  CHECK(portable_log(1) == 0);
  CHECK(portable_exp(0) == 1);
}

TEST_CASE("whole numbers below an end are equally likely, and never the end") {
  RandomStream stream(2, "test");
  std::array<int, 7> count{};
  constexpr int draws = 70'000;
  for (int i = 0; i < draws; ++i) ++count.at(stream.below(7));
  for (const int n : count) CHECK(std::abs(n - draws / 7) < 5 * std::sqrt(draws / 7.0));
  // An end for which two thirds of the high halves would be uneven without rejection.
  constexpr std::uint32_t end = 3u << 30;
  int low = 0;
  for (int i = 0; i < draws; ++i) low += stream.below(end) < end / 3 ? 1 : 0;
  CHECK(std::abs(low - draws / 3) < 5 * std::sqrt(draws / 3.0));
  for (int i = 0; i < 10; ++i) CHECK(stream.below(1) == 0);
}

TEST_CASE("exponential and normal draws have the moments of their laws") {
  RandomStream stream(3, "test");
  constexpr int draws = 100'000;
  double mean = 0, square = 0, fourth = 0, waiting = 0;
  int long_waits = 0;
  for (int i = 0; i < draws; ++i) {
    const double x = stream.normal();
    mean += x / draws;
    square += x * x / draws;
    fourth += x * x * x * x / draws;
    const double wait = stream.exponential();
    REQUIRE(wait >= 0);
    waiting += wait / draws;
    long_waits += wait > 2 ? 1 : 0;
  }
  const double sigma = 1 / std::sqrt(draws);
  CHECK(std::abs(mean) < 5 * sigma);
  CHECK(std::abs(square - 1) < 5 * std::sqrt(2.0) * sigma);
  CHECK(std::abs(fourth - 3) < 5 * std::sqrt(96.0) * sigma);
  CHECK(std::abs(waiting - 1) < 5 * sigma);
  CHECK(std::abs(long_waits - draws * std::exp(-2)) < 5 * std::sqrt(draws * std::exp(-2)));
}

TEST_CASE("a selection has exactly the size that was asked for, and every thing the same chance") {
  std::array<int, 10> chosen{};
  constexpr std::uint64_t rounds = 20'000;
  for (std::uint64_t round = 0; round < rounds; ++round) {
    Selection selection(10, 3, RandomStream(round, "test"));
    int size = 0;
    for (int& count : chosen) {
      const int hit = selection.next() ? 1 : 0;
      count += hit;
      size += hit;
    }
    REQUIRE(size == 3);
  }
  for (const int count : chosen) CHECK(std::abs(count - 6'000) < 5 * std::sqrt(20'000 * 0.3 * 0.7));
  Selection all(4, 4, RandomStream(1)), none(4, 0, RandomStream(1));
  for (int i = 0; i < 4; ++i) {
    CHECK(all.next());
    CHECK_FALSE(none.next());
  }
}

TEST_CASE("every law keeps its range; half of the draws are below its median") {
  using Law = Distribution::Law;
  struct Case {
    Distribution law;
    double smallest, largest, median;
  };
  const Case cases[] = {
      {{.law = Law::uniform, .first = -1, .second = 3}, -1, 3, 1},
      {{.law = Law::logarithmic, .first = 1, .second = 10'000}, 1, 10'000, 100},
      {{.law = Law::normal, .first = 5, .second = 0.5}, 3, 7, 5},
      {{.law = Law::normal, .first = 0.5, .second = 0.4, .lowest = 0, .highest = 1}, 0, 1, 0.5},
  };
  for (const Case& c : cases) {
    CHECK(c.law.smallest() == c.smallest);
    CHECK(c.law.largest() == c.largest);
    RandomStream stream(4, "test");
    int below = 0;
    constexpr int draws = 40'000;
    for (int i = 0; i < draws; ++i) {
      const double value = c.law.draw(stream);
      REQUIRE(value >= c.smallest);
      REQUIRE(value <= c.largest);
      below += value < c.median ? 1 : 0;
    }
    CHECK(std::abs(below - draws / 2) < 5 * std::sqrt(draws / 4.0));
  }
  RandomStream stream(4, "test");
  const std::uint64_t next = RandomStream(stream).next();
  const Distribution fixed{.first = 0.1};
  CHECK(fixed.draw(stream) == 0.1);
  CHECK(stream.next() == next);  // a fixed value draws nothing
}
