// .pz against transfer functions of known poles and zeros, closed forms, and .ac: the product over poles and
// zeros has the frequency response.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <complex>
#include <numbers>

#include "support/random.hpp"
#include "support/run_deck.hpp"

using namespace memspice;
using memspice::testing::run_deck;

namespace {

using Complex = std::complex<double>;

struct PolesAndZeros {
  std::vector<Complex> poles, zeros;

  explicit PolesAndZeros(const Plot& plot) {
    for (const VectorInfo& vector : plot.vectors)
      (vector.name.starts_with("v(pole(") ? poles : zeros).push_back(plot.complex_values(vector.name)[0]);
  }
  [[nodiscard]] Complex product(Complex s) const {
    Complex result = 1;
    for (std::size_t i = 0; i < std::max(poles.size(), zeros.size()); ++i) {
      if (i < zeros.size()) result *= s - zeros[i];
      if (i < poles.size()) result /= s - poles[i];
    }
    return result;
  }
};

PolesAndZeros pole_zero(const std::string& deck) {
  return PolesAndZeros(run_deck(deck).plots.back());
}

/// The largest relative distance of two sets, each value matched with the nearest unused one.
double difference(const std::vector<Complex>& found, std::vector<Complex> expected) {
  CHECK(found.size() == expected.size());
  double largest = 0;
  for (const Complex value : found) {
    if (expected.empty()) return 1;
    const auto nearest =
        std::ranges::min_element(expected, {}, [&](Complex e) { return std::abs(e - value); });
    largest = std::max(largest, std::abs(value - *nearest) / std::max(std::abs(*nearest), 1e-9));
    expected.erase(nearest);
  }
  return largest;
}

/// Whether the deck's .ac has the shape of its .pz, up to a factor that does not depend on the frequency.
void check_against_ac(const std::string& circuit, const std::string& pz, const std::string& output,
                      const std::string& frequencies, double tolerance = 1e-6) {
  CAPTURE(circuit);
  CAPTURE(pz);
  const PolesAndZeros found = pole_zero(circuit + pz);
  const auto ac = run_deck(circuit + ".ac " + frequencies + "\n");
  const std::vector<Complex> response = ac.plots.back().complex_values(output);
  Complex factor;
  for (std::size_t i = 0; i < ac.rows(); ++i) {
    const Complex shape = found.product({0, 2 * std::numbers::pi * ac["frequency"][i]});
    if (i == 0) factor = response[i] / shape;
    CHECK(std::abs(response[i] / (shape * factor) - 1.0) < tolerance);
  }
}

}  // namespace

TEST_CASE(".pz finds the poles and zeros that a transfer function is made of") {
  testing::Random random(12);
  for (int round = 0; round < 40; ++round) {
    std::vector<Complex> poles, zeros;
    std::string text = "1";
    const auto add = [&](std::vector<Complex>& to, std::size_t most, const char* operation) {
      while (to.size() < most) {
        const double rate = std::pow(10, random.uniform(1, 7));
        if (to.size() + 2 <= most && random.coin()) {
          const double damping = random.uniform(0.1, 0.9);
          to.push_back(std::polar(rate, std::acos(-damping)));
          to.push_back(std::conj(to.back()));
          text += fmt::format("{}(1+s*{:.17g}+s*s*{:.17g})", operation, 2 * damping / rate, 1 / rate / rate);
        } else {
          to.emplace_back((operation[0] == '*' && random.coin() ? 1 : -1) * rate);
          text += fmt::format("{}(1+s*{:.17g})", operation, -1 / to.back().real());
        }
      }
    };
    const auto order = static_cast<std::size_t>(random.uniform(1, 6.99));
    add(poles, order, "/");
    add(zeros, static_cast<std::size_t>(random.uniform(0, static_cast<double>(order) + 0.99)), "*");
    if (random.coin() && zeros.size() < poles.size()) {
      zeros.emplace_back(0);
      text += "*s";
    }
    const PolesAndZeros found = pole_zero("V1 in 0 DC 0 AC 1\nE1 out 0 LAPLACE {v(in)} = {" + text +
                                          "}\nR1 out 0 1k\n.pz in 0 out 0 vol pz\n");
    CAPTURE(text);
    CHECK(difference(found.poles, poles) < 1e-6);
    // LAPLACE takes its gain at infinity out of the numerator, and so has the rest to the rounding of that.
    double feed_through = 0;
    if (poles.size() == zeros.size()) {
      feed_through = 1;
      for (std::size_t i = 0; i < poles.size(); ++i)
        feed_through *= std::abs(poles[i]) / (zeros[i] == 0.0 ? 1 : std::abs(zeros[i]));
    }
    if (feed_through < 1e8) CHECK(difference(found.zeros, zeros) < 1e-6);
  }
}

TEST_CASE(".pz of simple circuits has their closed forms") {
  const std::string low_pass = "R1 in out 1k\nC1 out 0 1u\n";
  CHECK(difference(pole_zero("V1 in 0 AC 1\n" + low_pass + ".pz in 0 out 0 vol pz\n").poles, {-1e3}) < 1e-9);
  CHECK(pole_zero("V1 in 0 AC 1\n" + low_pass + ".pz in 0 out 0 vol pz\n").zeros.empty());
  // The same input without a source, and the current into it: the poles of an impedance are others.
  const auto open = pole_zero(low_pass + "R2 out 0 1k\n.pz in 0 out 0 vol pz\n");
  CHECK(difference(open.poles, {-2e3}) < 1e-9);
  CHECK(open.zeros.empty());
  const auto impedance = pole_zero(low_pass + "R2 out 0 1k\n.pz in 0 in 0 cur pz\n");
  CHECK(difference(impedance.poles, {-1e3}) < 1e-9);
  CHECK(difference(impedance.zeros, {-2e3}) < 1e-9);
  const auto high_pass = pole_zero("V1 in 0 AC 1\nC1 in out 1u\nR1 out 0 1k\n.pz in 0 out 0 vol pz\n");
  CHECK(difference(high_pass.poles, {-1e3}) < 1e-9);
  CHECK(high_pass.zeros == std::vector<Complex>{0});
  // Series RLC: s² + R/L s + 1/(LC); two capacitors side by side are one.
  const auto resonance = pole_zero(
      "V1 in 0 AC 1\nR1 in a 10\nL1 a out 1m\nC1 out 0 0.4u\nC2 out 0 0.6u\n.pz in 0 out 0 vol pz\n");
  const Complex root = std::sqrt(Complex(5e3 * 5e3 - 1e9));
  CHECK(difference(resonance.poles, {-5e3 + root, -5e3 - root}) < 1e-9);
  CHECK(resonance.zeros.empty());
  // A twin T has its notch on the axis.
  const auto notch = pole_zero(
      "V1 in 0 AC 1\nR1 in a 10k\nR2 a out 10k\nC3 a 0 20n\nC1 in b 10n\nC2 b out 10n\nR3 b 0 5k\n"
      ".pz in 0 out 0 vol zer\n");
  CHECK(difference(notch.zeros, {Complex(0, 1e4), Complex(0, -1e4), -1e4}) < 1e-6);
}

TEST_CASE(".pz has the frequency response of random networks") {
  testing::Random random(13);
  for (int round = 0; round < 40; ++round) {
    const int nodes = 3 + round % 6;
    std::string deck = "V1 n1 0 DC 0 AC 1\n";
    int count = 0;
    for (int i = 2; i <= nodes; ++i)  // a tree of resistors holds all potentials
      deck += fmt::format("R{} n{} n{} {:.6g}\n", ++count, i, static_cast<int>(random.uniform(1, i - 0.01)),
                          std::pow(10, random.uniform(2, 5)));
    for (int i = 0; i < 2 * nodes; ++i) {
      const int a = static_cast<int>(random.uniform(1, nodes + 0.99));
      const int b = static_cast<int>(random.uniform(0, a - 0.01));
      const double kind = random.uniform(0, 1);
      if (kind < 0.5)
        deck += fmt::format("C{} n{} n{} {:.6g}\n", ++count, a, b, std::pow(10, random.uniform(-11, -7)));
      else if (kind < 0.7)
        deck += fmt::format("L{0} n{1} m{0} {3:.6g}\nR{0} m{0} n{2} 1\n", ++count, a, b,
                            std::pow(10, random.uniform(-5, -2)));
      else if (kind < 0.85)
        deck += fmt::format("G{} n{} n{} n{} 0 {:.6g}\n", ++count, a, b,
                            static_cast<int>(random.uniform(1, nodes + 0.99)),
                            std::pow(10, random.uniform(-5, -3)));
      else
        deck += fmt::format("R{} n{} n{} {:.6g}\n", ++count, a, b, std::pow(10, random.uniform(2, 5)));
    }
    const std::string output = fmt::format("n{}", nodes);
    // Elements from a node to itself would be refused; "n0" is ground.
    std::string named = deck;
    for (std::size_t at = named.find(" n0 "); at != std::string::npos; at = named.find(" n0 "))
      named.replace(at, 4, " 0 ");
    check_against_ac(named, fmt::format(".pz n1 0 {} 0 vol pz\n", output), "v(" + output + ")",
                     "dec 2 10 100meg", 1e-5);
  }
}

TEST_CASE(".pz has the frequency response of an amplifier of transistors") {
  const std::string amplifier =
      "V1 in 0 DC 0 AC 1\nVcc vcc 0 12\nRs in a 600\nC1 a b 1u\nRb1 vcc b 47k\nRb2 b 0 10k\nRc vcc c 4.7k\n"
      "Q1 c b e qn\nRe e 0 1k\nCe e 0 100u\nM1 vcc c out out mm\nRl out 0 2k\nCl out 0 100p\n"
      ".model qn npn bf=150 cje=20p cjc=5p tf=0.4n rb=50 vaf=100\n"
      ".model mm nmos vto=1 kp=5m cgso=1n cgdo=1n\n";
  check_against_ac(amplifier, ".pz in 0 out 0 vol pz\n", "v(out)", "dec 2 0.1 100meg", 1e-5);
  // With a current as its input and what ngspice 39 finds.
  const std::string stage =
      "I1 0 in DC 0 AC 1\nRin in 0 1k\nVcc vcc 0 12\nRs in a 600\nC1 a b 1u\nRb1 vcc b 47k\nRb2 b 0 10k\n"
      "Rc vcc c 4.7k\nQ1 c b e qn\nRe e 0 1k\nCe e 0 100u\nRl c out 100\nCl out 0 100p\n"
      ".model qn npn bf=150 cje=20p cjc=5p tf=0.4n rb=50 vaf=100\n";
  check_against_ac(stage, ".pz in 0 out 0 cur pz\n", "v(out)", "dec 2 0.1 100meg", 1e-5);
  const PolesAndZeros found = pole_zero(stage + ".pz in 0 out 0 cur pz\n");
  CHECK(difference(found.poles, {-68.175, -517.87, -9.46447e5, -3.41095e7, -4.96003e9}) < 1e-3);
  CHECK(difference(found.zeros, {0, -9.999229, 1.79029e10}) < 1e-3);
}

TEST_CASE(".pz refuses what it has no answer to") {
  const auto failure = [](const std::string& deck) {
    const auto run = testing::try_circuit(memspice::testing::circuit_of(deck));
    return run.analysis().message.substr(0, run.analysis().message.find('\n'));
  };
  CHECK(failure("V1 a 0 AC 1\nR1 a 0 1\nR2 b 0 1\nC1 b 0 1\n.pz a 0 b 0 vol zer\n") ==
        ".pz: the output does not depend on the input beyond rounding");
  const auto refusal = [](const std::string& deck) -> std::string {
    try {
      run_deck(deck);
    } catch (const DeckError& error) {
      return error.diagnostics().front().message;
    }
    return {};
  };
  CHECK(refusal("V1 a 0 AC 1\nR1 a b 1\nC1 b 0 1\n.pz a 0 b 0 cur pz\n") ==
        "'v1' holds the voltage where .pz feeds a current");
  CHECK(refusal("V1 a 0 AC 1\nV2 c 0 AC 1\nR2 c b 1\nR1 a b 1\nC1 b 0 1\n.pz a 0 b 0 vol pz\n") ==
        "'v2' has an AC value and is not the input of this .pz");
  CHECK(refusal("V1 a 0 1\nT1 a 0 b 0 z0=50 td=1n\nR1 b 0 50\n.pz a 0 b 0 vol pz\n") ==
        "a circuit with lossless lines has infinitely many poles");
  CHECK(refusal("V1 a 0 1\nR1 a 0 1\n.pz a 0 a 0 vol both\n") == "expected zer or pol or pz, not 'both'");
  CHECK(refusal("V1 a 0 1\nR1 a 0 1\n.pz a a a 0 vol pz\n") == "the input of .pz is one node against itself");
}
