#include "solver/team.hpp"

#include <doctest/doctest.h>

#include <vector>

using namespace memspice;

TEST_CASE("a team does every part once, round after round") {
  for (const std::size_t threads : {1u, 2u, 3u, 8u}) {
    Team team(threads);
    CHECK(team.size() == threads);
    for (std::size_t round = 0; round < 3000; ++round) {
      const std::size_t parts = round % 7;
      std::vector<int> done(parts, 0);
      team.share(parts, [&](std::size_t part) { done[part] += static_cast<int>(round) + 1; });
      CHECK(done == std::vector<int>(parts, static_cast<int>(round) + 1));
    }
  }
}

TEST_CASE("ranges cover all numbers once") {
  Team team(3);
  for (const std::size_t count : {0u, 1u, 9u, 10u, 11u, 1000u}) {
    std::vector<int> done(count, 0);
    team.share_ranges(count, 10, [&](std::size_t first, std::size_t last) {
      CHECK(last - first <= 10);
      for (std::size_t i = first; i < last; ++i) ++done[i];
    });
    CHECK(done == std::vector<int>(count, 1));
  }
}

TEST_CASE("a team that is given nothing to do ends") {
  for (int i = 0; i < 100; ++i) Team team(4);
}
