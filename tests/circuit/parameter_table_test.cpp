#include <doctest/doctest.h>

#include <array>
#include <cmath>
#include <vector>

#include "memspice/circuit.hpp"

using namespace memspice;

TEST_CASE("a table of parameters gives back what each instance was given, shared or not") {
  // The first parameter is one for all, the second differs from the third instance on, the third is missing
  // once.
  ParameterTable table;
  table.expect(2);  // fewer than come
  const std::vector<std::array<double, 3>> given{
      {1, 2, not_given}, {1, 2, not_given}, {1, 5, 3}, {1, 2, 3}, {1, -0.0, 3}};
  for (const auto& values : given) table.add(values);
  for (std::size_t k = 0; k < given.size(); ++k) {
    for (std::size_t i = 0; i < 2; ++i) CHECK(table(k, i) == given[k][i]);
    CHECK(std::isnan(table(k, 2)) == std::isnan(given[k][2]));
  }
  CHECK(table.row(2) == std::vector<double>{1, 5, 3});
  const std::array<std::uint32_t, 2> some{3, 2};
  CHECK(table.rows(some) == std::vector<double>{1, 2, 3, 1, 5, 3});
  CHECK(table.rows().size() == 15);
}

TEST_CASE("one instance of a shared parameter is changed alone, and in one of two copies") {
  ParameterTable table;
  for (int k = 0; k < 3; ++k) table.add(std::vector<double>{1, 2});
  ParameterTable copy = table;
  copy.set(1, 0, 1);
  copy.set(1, 1, 7);
  CHECK(copy.rows() == std::vector<double>{1, 2, 1, 7, 1, 2});
  CHECK(table.rows() == std::vector<double>{1, 2, 1, 2, 1, 2});
  copy.add(std::vector<double>{3, 2});
  CHECK(copy.row(3) == std::vector<double>{3, 2});
  CHECK(copy(0, 0) == 1);
}
