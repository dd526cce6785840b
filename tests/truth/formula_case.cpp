#include "truth/formula_case.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>

namespace memspice::truth {

namespace {

class RecipeCase : public Case {
 public:
  RecipeCase(const Recipe& recipe, std::vector<double> numbers)
      : recipe_(recipe), numbers_(std::move(numbers)) {}

  std::string cards() const override {
    return fmt::format("* {}\n{}", recipe_.name, recipe_.cards(numbers_));
  }
  double stop() const override { return numbers_[0]; }
  const std::vector<Element>& elements() const override { return none_; }

  std::vector<std::unique_ptr<Case>> simpler() const override {
    std::vector<std::unique_ptr<Case>> result;
    const auto add = [&](std::size_t k, double value) {
      std::vector<double> numbers = numbers_;
      numbers[k] = value;
      if (value != numbers_[k] && recipe_.sound(numbers))
        result.push_back(recipe_case(recipe_, std::move(numbers)));
    };
    for (const double part : {0.5, 0.7, 0.9}) add(0, rounded(numbers_[0] * part, 2));
    for (std::size_t k = 0; k < numbers_.size(); ++k)
      for (const int digits : {1, 2, 3}) add(k, rounded(numbers_[k], digits));
    return result;
  }

  Verdict judge(const Plot& plot, double) const override {
    Verdict verdict;
    const std::vector<double>& time = plot.columns[0];
    for (const Comparison& comparison : recipe_.exact(numbers_, time)) {
      const std::vector<double>& values = column(plot, comparison.vector);
      const double scale = largest_magnitude(comparison.exact);
      for (std::size_t i = 0; i < time.size(); ++i) {
        const double miss = std::abs(values[i] - comparison.exact[i]) / scale;
        if (miss <= verdict.error) continue;
        verdict.error = miss;
        verdict.where = fmt::format("{} = {:.9g} for {:.9g} at {:.9g} s", comparison.vector, values[i],
                                    comparison.exact[i], time[i]);
      }
    }
    return verdict;
  }

 private:
  static double rounded(double value, int digits) {
    return std::strtod(fmt::format("{:.{}e}", value, digits - 1).c_str(), nullptr);
  }

  const Recipe& recipe_;
  std::vector<double> numbers_;
  std::vector<Element> none_;
};

// Nodes and weights of Gauss's formula with eight points on [-1, 1], by Newton's method on the Legendre
// polynomial.
struct Gauss {
  static constexpr int count = 8;
  std::array<double, count> nodes{}, weights{};
  Gauss() {
    for (int k = 0; k < count; ++k) {
      double x = std::cos(std::numbers::pi * (k + 0.75) / (count + 0.5));
      double slope = 1;
      for (int iteration = 0; iteration < 50; ++iteration) {
        double p0 = 1, p1 = x;
        for (int n = 2; n <= count; ++n) {
          const double p2 = ((2 * n - 1) * x * p1 - (n - 1) * p0) / n;
          p0 = p1;
          p1 = p2;
        }
        slope = count * (x * p1 - p0) / (x * x - 1);
        x -= p1 / slope;
      }
      nodes[static_cast<std::size_t>(k)] = x;
      weights[static_cast<std::size_t>(k)] = 2 / ((1 - x * x) * slope * slope);
    }
  }
};

}  // namespace

std::unique_ptr<Case> recipe_case(const Recipe& recipe, std::vector<double> numbers) {
  return std::make_unique<RecipeCase>(recipe, std::move(numbers));
}

std::vector<double> FirstOrder::values(double initial, const std::vector<double>& times) const {
  static const Gauss gauss;
  std::vector<double> ends = corners;
  ends.push_back(times.back());
  std::sort(ends.begin(), ends.end());
  std::vector<double> result;
  double t = 0, v = initial;
  std::size_t next = 0;
  const auto follow = [&](double to, double inside) {  // from t on, without moving there
    const double a = rate(inside), h = to - t;
    double sum = 0;
    for (std::size_t k = 0; k < gauss.nodes.size(); ++k) {
      const double s = t + h * (1 + gauss.nodes[k]) / 2;
      sum += gauss.weights[k] * std::exp(a * (to - s)) * drive(s, inside);
    }
    return v * std::exp(a * h) + sum * h / 2;
  };
  for (const double end : ends) {
    const double inside = t + (end - t) / 2;
    while (end > t) {
      const double step = std::min(panel, 0.5 / std::abs(rate(inside)));
      const double to = end - t <= 1.001 * step ? end : t + step;
      for (; next < times.size() && times[next] < to; ++next) result.push_back(follow(times[next], inside));
      v = follow(to, inside);
      t = to;
    }
  }
  for (; next < times.size(); ++next) result.push_back(v);
  return result;
}

std::vector<double> sine_crossings(double frequency, double level, double stop) {
  std::vector<double> result;
  if (std::abs(level) >= 1) return result;
  const double first = std::asin(level) / (2 * std::numbers::pi);  // turns
  for (double k = -1; (k - 1) / frequency <= stop; ++k)
    for (const double turns : {first, 0.5 - first}) {
      const double t = (k + turns) / frequency;
      if (t > 0 && t < stop) result.push_back(t);
    }
  std::sort(result.begin(), result.end());
  return result;
}

}  // namespace memspice::truth
