#include <doctest/doctest.h>

#include <bit>
#include <cmath>
#include <cstdint>
#include <vector>

#include "memspice/circuit.hpp"

using namespace memspice;

namespace {

using FunctionKind = SourceFunction::Kind;

bool same_bits(double a, double b) {
  return std::bit_cast<std::uint64_t>(a) == std::bit_cast<std::uint64_t>(b);
}

void check_same(const SourceFunction& a, const SourceFunction& b) {
  CHECK(a.kind == b.kind);
  for (std::size_t i = 0; i < a.values.size(); ++i) CHECK(same_bits(a.values[i], b.values[i]));
  CHECK(same_bits(a.cycles, b.cycles));
  CHECK(same_bits(a.repeat_from, b.repeat_from));
  CHECK(a.offset == b.offset);
  CHECK(a.delay == b.delay);
  CHECK(a.seed == b.seed);
  CHECK(a.points == b.points);
}

SourceFunction given(FunctionKind kind, std::vector<double> values) {
  SourceFunction function;
  function.kind = kind;
  function.values.fill(not_given);
  std::copy(values.begin(), values.end(), function.values.begin());
  return function;
}

// Plain ones with nothing to all values given, with a gap, and everything that is more than values.
std::vector<SourceFunction> all_sorts() {
  std::vector<SourceFunction> list;
  for (const FunctionKind kind : {FunctionKind::pulse, FunctionKind::sine, FunctionKind::exponential,
                                  FunctionKind::frequency_modulation, FunctionKind::amplitude_modulation,
                                  FunctionKind::noise, FunctionKind::random_steps})
    for (std::size_t count = 0; count <= 7; ++count)
      list.push_back(given(kind, std::vector<double>(count, -0.25 * static_cast<double>(count))));
  list.push_back(given(FunctionKind::sine, {0, 1, not_given, 0, not_given, 90}));
  list.push_back(SourceFunction{});
  SourceFunction counted = given(FunctionKind::pulse, {0, 1});
  counted.cycles = 3;
  SourceFunction points = given(FunctionKind::piecewise_linear, {});
  points.points = {{0, 1}, {2, 3}};
  SourceFunction late = points, repeated = points, noise = given(FunctionKind::noise, {1, 1e-3});
  late.delay = 0.5;
  repeated.repeat_from = 0;
  noise.offset = 2;
  noise.seed = 7;
  for (const SourceFunction& function : {counted, points, late, repeated, noise}) list.push_back(function);
  return list;
}

}  // namespace

TEST_CASE("packed waveforms come out as they were put in, and so do those of a copy") {
  const std::vector<SourceFunction> list = all_sorts();
  SourceFunctions functions;
  for (const SourceFunction& function : list) functions.push_back(function);
  const SourceFunctions copy = functions;
  REQUIRE(copy.size() == list.size());
  std::size_t i = 0;
  for (const SourceFunction& function : functions) {
    check_same(function, list[i]);
    check_same(copy[i], list[i]);
    ++i;
  }
  CHECK(i == list.size());
}

TEST_CASE("resolved waveforms have the defaults of the transient, each its own") {
  SourceFunctions functions;
  functions.push_back(given(FunctionKind::sine, {0, 1}));
  functions.push_back(given(FunctionKind::pulse, {0, 1}));
  const std::vector<SourceFunction> resolved = functions.resolved(0.25, 4);
  REQUIRE(resolved.size() == 2);
  CHECK(resolved[0].values[2] == 0.25);  // one period in the run
  CHECK(resolved[1].values[3] == 0.25);  // rises in a step
  CHECK(resolved[1].values[6] == 4);
  CHECK(std::isnan(functions[1].values[3]));
}

TEST_CASE("of waveforms that differ in level and amplitude alone one stands for all") {
  SourceFunctions functions;
  for (const double amplitude : {0.5, 0.0, -1.0, 2.0})
    functions.push_back(given(FunctionKind::sine, {0, amplitude, 3}));
  functions.push_back(given(FunctionKind::sine, {1, 2, 3}));
  for (const double delay : {2.0, 2.5, 2.0}) functions.push_back(given(FunctionKind::pulse, {0, 1, delay}));
  SourceFunction points = given(FunctionKind::piecewise_linear, {});
  points.points = {{0, 1}, {2, 3}};
  for (int i = 0; i < 2; ++i) functions.push_back(points);
  CHECK(functions.distinct_in_time() == std::vector<std::uint32_t>{0, 1, 4, 5, 6, 7, 8, 9});
  functions.push_back(given(FunctionKind::sine, {0, 1, 4}));  // now frequencies differ
  CHECK(functions.distinct_in_time() == std::vector<std::uint32_t>{0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10});
}
