// Circuits of memspice_truth that failed once, each for a reason of its own.

#include <doctest/doctest.h>

#include <algorithm>
#include <string_view>
#include <vector>

#include "truth/runner.hpp"

using namespace memspice::truth;

TEST_CASE("Truth machine: circuits that failed once do not fail again") {
  struct Seeds {
    std::string_view family;
    std::string_view why;
    std::vector<std::uint64_t> seeds;
  };
  const std::vector<Seeds> all{
      {"linear", "a kiloampere across a source left its rounding in an equation", {4169}},
      {"linear",
       "the first step, made of slopes that are rounding, was too short to be regular",
       {2085, 16633}},
      {"linear", "the edge of a pulse is too short for any step", {8215, 10062}},
      {"linear", "what C/h made of rounding was more than the currents of a row", {5560, 6515, 17374}},
      {"linear",
       "the rounding of a sum went to a node that cannot bear it",
       {12233, 17399, 19403, 7324, 7395}},
      {"linear", "a correction of the first row diverged, to 1e50 V", {2177}},
      {"linear", "potentials beside coupled inductors were not tested", {17191}},
      {"linear",
       "beside C/h nothing was left of the conductances of nodes that only capacitors join",
       {22759, 25582, 26840, 30331, 33132, 33250, 34159, 38273, 39534}},
      {"linear", "steps longer than what decays in them saw no change", {24991}},
      {"linear",
       "rounding of large currents was left where next to nothing flows",
       {4692, 25654, 25702, 30202}},
      {"linear", "the rounding of a coil's current is a voltage in a short step", {22761}},
      {"events", "a condition touched its level in the middle of a step that crosses it twice", {803}},
      {"events", "a coarse reltol let errors of one sign add up", {677, 5985, 6379, 9053}},
      {"memristor_r", "what is left to a bound decides what becomes of w", {15963}},
      {"networks", "what is left to a bound decides what becomes of w", {10850}},
      {"memristor_r", "w leaves its bound at 1e5 to 1e10/s", {6307, 8515, 9301, 9779, 13680, 15204, 18396}},
      {"memristor_r", "a small w decides what becomes of it", {19965, 3152, 18276}},
      {"networks", "a small w decides what becomes of it", {297}},
  };
  for (const Seeds& group : all) {
    const auto family = std::ranges::find(families(), group.family, &Family::name);
    REQUIRE(family != families().end());
    for (const std::uint64_t seed : group.seeds) {
      CAPTURE(group.family);
      CAPTURE(group.why);
      CAPTURE(seed);
      const Result result = run_case(*case_of(*family, seed), *family, tolerance_of(seed), 60);
      CHECK_MESSAGE(result.ending == Ending::complete, result.message);
      if (const auto& yardstick = result.verdict.yardstick)
        CHECK(result.verdict.error <= 2 * std::max(*yardstick, result.reltol));
    }
  }
}
