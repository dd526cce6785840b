#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "truth/case.hpp"

namespace memspice::truth {

/// Times and values of one vector, and what they should be.
struct Comparison {
  std::string vector;
  std::vector<double> exact;
};

/// A kind of circuit with some numbers: how its deck reads and what comes out.
struct Recipe {
  std::string_view name;
  std::vector<double> (*draw)(Random& random);
  /// Whether these numbers (the minimiser rounds them) make a circuit that can be judged.
  bool (*sound)(const std::vector<double>& numbers);
  /// The numbers come first: stop, tstep.
  std::string (*cards)(const std::vector<double>& numbers);
  std::vector<Comparison> (*exact)(const std::vector<double>& numbers, const std::vector<double>& times);
};

std::unique_ptr<Case> recipe_case(const Recipe& recipe, std::vector<double> numbers);

/// v' = rate v + drive(t), followed exactly between `corners` (where rate may change and drive may jump) by
/// Gauss quadrature on panels no longer than `panel`.
class FirstOrder {
 public:
  std::vector<double> corners = {};
  double panel = 0;
  std::function<double(double inside)> rate = {};
  std::function<double(double t, double inside)> drive = {};

  [[nodiscard]] std::vector<double> values(double initial, const std::vector<double>& times) const;
};

/// Times between 0 and `stop` at which sin(2 pi f t) passes `level`, rising and falling alike.
std::vector<double> sine_crossings(double frequency, double level, double stop);

}  // namespace memspice::truth
