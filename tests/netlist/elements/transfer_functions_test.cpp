// LAPLACE and FREQ of controlled sources against the function itself and closed forms.
#include <fmt/format.h>

#include <cmath>
#include <complex>
#include <numbers>
#include <random>

#include "support/approx.hpp"
#include "support/run_deck.hpp"

using namespace memspice;
using memspice::testing::run_deck;

namespace {

using Complex = std::complex<double>;

/// A transfer function of drawn poles and zeros, and its text.
struct Drawn {
  std::vector<double> numerator{1}, denominator{1};
  double delay = 0;

  [[nodiscard]] Complex operator()(Complex s) const {
    Complex above = 0, below = 0, power = 1;
    for (std::size_t k = 0; k < std::max(numerator.size(), denominator.size()); ++k, power *= s) {
      if (k < numerator.size()) above += numerator[k] * power;
      if (k < denominator.size()) below += denominator[k] * power;
    }
    return above / below * std::exp(-s * delay);
  }
  static std::string polynomial(const std::vector<double>& p) {
    std::string text;
    for (std::size_t k = 0; k < p.size(); ++k)
      text += fmt::format("{}({:.17g})*s**{}", k == 0 ? "" : "+", p[k], k);
    return "(" + text + ")";
  }
  [[nodiscard]] std::string text() const {
    return polynomial(numerator) + "/" + polynomial(denominator) +
           (delay > 0 ? fmt::format("*exp(-{:.17g}*s)", delay) : "");
  }
};

void multiply(std::vector<double>& p, std::vector<double> factor) {
  std::vector<double> result(p.size() + factor.size() - 1);
  for (std::size_t i = 0; i < p.size(); ++i)
    for (std::size_t k = 0; k < factor.size(); ++k) result[i + k] += p[i] * factor[k];
  p = std::move(result);
}

Drawn draw(std::mt19937_64& random) {
  std::uniform_real_distribution<double> unit(0, 1);
  const auto rate = [&] { return 1e3 * std::pow(10, 2 * unit(random)); };
  Drawn drawn;
  const int poles = 1 + static_cast<int>(random() % 5), zeros = static_cast<int>(random() % (poles + 2));
  for (int i = 0; i < poles; ++i) {
    if (i + 1 < poles && unit(random) < 0.4) {
      const double w = rate();
      multiply(drawn.denominator, {1, (0.1 + unit(random)) / w, 1 / (w * w)});
      ++i;
    } else {
      multiply(drawn.denominator,
               i == 0 && unit(random) < 0.2 ? std::vector{0.0, 1 / rate()} : std::vector{1, 1 / rate()});
    }
  }
  for (int i = 0; i < std::min(zeros, poles); ++i)
    multiply(drawn.numerator, {1, (unit(random) < 0.5 ? -1 : 1) / rate()});
  if (unit(random) < 0.3) drawn.delay = 1e-5 * unit(random);
  return drawn;
}

Complex value(const testing::DeckRun& run, const std::string& name, std::size_t row) {
  return run.plots.back().complex_values(name)[row];
}

}  // namespace

TEST_CASE("LAPLACE has at every frequency the value of its function") {
  std::mt19937_64 random(5);
  for (int i = 0; i < 60; ++i) {
    const Drawn h = draw(random);
    CAPTURE(h.text());
    std::string coefficients;
    for (const double c : h.numerator) coefficients += fmt::format(" {:.17g}", c);
    coefficients += " /";
    for (const double c : h.denominator) coefficients += fmt::format(" {:.17g}", c);
    const auto run = run_deck(fmt::format(
        "V1 in 0 AC 1\n.param one=1\nE1 a 0 LAPLACE {{v(in)}} = {{one*{0}}}\nG1 0 b in 0 laplace={0}\n"
        "Rb b 0 1\nE2 c 0 LAPLACE in 0{1}\nX1 in d part\n.subckt part p q\nE1 q 0 LAPLACE {{2*v(p)}} "
        "{{{0}}}\n.ends\n"
        "R1 a c 1\nR2 d 0 1\n.ac dec 3 10 1meg\n",
        h.text(), coefficients));
    for (std::size_t row = 0; row < run.rows(); ++row) {
      const double f = run["frequency"][row];
      const Complex expected = h({0, 2 * std::numbers::pi * f});
      const double tolerance = 1e-8 * std::abs(expected) + 1e-12;
      CHECK(std::abs(value(run, "v(a)", row) - expected) < tolerance);
      CHECK(std::abs(value(run, "v(b)", row) - expected) < tolerance);
      CHECK(std::abs(value(run, "v(d)", row) - 2.0 * expected) < 2 * tolerance);
      if (h.delay == 0) CHECK(std::abs(value(run, "v(c)", row) - expected) < tolerance);
    }
  }
}

TEST_CASE("LAPLACE answers a step as its partial fractions do") {
  std::mt19937_64 random(6);
  std::uniform_real_distribution<double> unit(0, 1);
  for (int i = 0; i < 12; ++i) {
    std::vector<double> rates;
    for (int k = 0; k < 1 + i % 4; ++k) rates.push_back(1e3 * std::pow(3, k) * (1 + 0.5 * unit(random)));
    const double delay = i % 3 == 0 ? 0.3e-3 : 0;
    std::string text = delay > 0 ? "exp(-s*0.3m)" : "1";
    for (const double rate : rates) text += fmt::format("/(1+s/{:.17g})", rate);
    const auto run =
        run_deck(fmt::format("V1 in 0 PWL(0 0 0.1m 0 0.1m 1 1 1)\nE1 out 0 LAPLACE {{v(in)}} = {{{}}}\nR1 "
                             "out 0 1\n.options reltol=1e-6\n"
                             ".tran 20u 4m\n",
                             text));
    double largest = 0;
    for (std::size_t row = 0; row < run.rows(); ++row) {
      const double t = run["time"][row] - 0.1e-3 - delay;
      if (std::abs(t) < 1e-9) continue;
      double expected = t < 0 ? 0 : 1;
      for (std::size_t k = 0; k < rates.size() && t > 0; ++k) {
        double residue = 1;
        for (std::size_t j = 0; j < rates.size(); ++j)
          if (j != k) residue *= rates[j] / (rates[j] - rates[k]);
        expected -= residue * std::exp(-rates[k] * t);
      }
      largest = std::max(largest, std::abs(run["v(out)"][row] - expected));
    }
    CAPTURE(text);
    CHECK(largest < 2e-4);
  }
}

TEST_CASE("LAPLACE is its gain at s = 0 at rest, and an integrator begins at 0") {
  const auto run = run_deck(
      "V1 in 0 2\nE1 a 0 LAPLACE {v(in)} = {(3+s)/(2+s*(1+s))}\nE2 b 0 LAPLACE {v(in)} = {1/s}\nE3 c 0 "
      "LAPLACE {v(in)} = "
      "{s/(1+s)}\nR1 a b 1\nR2 c 0 1\n.op\n");
  CHECK(run["v(a)"][0] == testing::approx(3));
  for (const VectorInfo& vector : run.plots.back().vectors)
    CHECK(vector.name.find('#') == std::string::npos);  // its states
  CHECK(run["v(b)"][0] == testing::approx(0));
  CHECK(run["v(c)"][0] == testing::approx(0));
  const auto ramp = run_deck("V1 in 0 2\nE2 b 0 LAPLACE {v(in)} = {1/s}\nR1 b 0 1\n.tran 0.1 1\n");
  for (std::size_t row = 0; row < ramp.rows(); ++row)
    CHECK(ramp["v(b)"][row] == testing::approx(2 * ramp["time"][row]).epsilon(1e-4));
}

TEST_CASE("FREQ goes on straight lines of decibels and degrees between its points") {
  const auto run = run_deck(
      "V1 in 0 DC 0 AC 2\nE1 a 0 FREQ {v(in)} = (100, 20, 0) (10k, -20, -90)\n"
      "E2 b 0 FREQ {v(in)} MAG RAD (100, 10, 0) (10k, 0.1, -1.5707963267948966)\n"
      "G1 0 c FREQ {v(in)} R_I = (100 10 0) (10k 0 -0.1)\nRc c 0 1\nR1 a b 1\n.ac dec 4 10 100k\n");
  for (std::size_t row = 0; row < run.rows(); ++row) {
    const double part = std::clamp(std::log10(run["frequency"][row] / 100) / 2, 0.0, 1.0);
    const Complex expected =
        std::polar(2 * std::pow(10, (20 - 40 * part) / 20), -part * std::numbers::pi / 2);
    for (const char* name : {"v(a)", "v(b)", "v(c)"})
      CHECK(std::abs(value(run, name, row) - expected) < 1e-9 * std::abs(expected));
  }
  try {
    run_deck("V1 in 0 1\nE1 a 0 FREQ {v(in)} = (1 0 0)\nR1 a 0 1\n.tran 1u 1m\n");
    FAIL("no error");
  } catch (const DeckError& error) {
    CHECK(error.diagnostics().front().message == "a gain by frequency has no meaning in .tran");
  }
}
