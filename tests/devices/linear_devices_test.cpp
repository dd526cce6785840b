// Devices that promise linear equations keep it.

#include <doctest/doctest.h>

#include <cstdint>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "memspice/model.hpp"

using namespace memspice;

TEST_CASE("resistors, capacitors and coils say that they are linear, and their Jacobians are constant") {
  std::set<std::string> linear;
  for (const auto& type : standard_catalogue()->types()) {
    CAPTURE(type->name);
    const std::vector<double> parameters(type->parameters.size(), 2.0);
    const std::unique_ptr<Population> population = type->populate(parameters, 1, {});
    if (!population->is_linear()) continue;
    linear.insert(std::string(type->name));
    const std::size_t branches = type->branches.size(), unknowns = type->unknowns.size();
    for (std::uint32_t b = 0; b < branches; ++b) {
      population->wiring.plus.push_back(b + 1);
      population->wiring.minus.push_back(0);
    }
    population->wiring.first_unknown = branches + 1;
    const auto jacobians_at = [&](double size) {
      std::vector<double> y(branches + 1 + unknowns), derivative(y.size());
      for (std::size_t i = 1; i < y.size(); ++i) {
        y[i] = size * static_cast<double>(i);
        derivative[i] = size / static_cast<double>(i);
      }
      std::vector<double> values((branches + unknowns) * (branches + 2 * unknowns));
      population->jacobians({.y = y.data(), .derivative = derivative.data()}, values.data());
      return values;
    };
    CHECK(jacobians_at(-0.3) == jacobians_at(1e4));
  }
  CHECK(linear == std::set<std::string>{"capacitor", "inductor", "resistor"});
}
