#pragma once

#include <fmt/format.h>

#include <cmath>
#include <cstdint>
#include <string>
#include <vector>

#include "support/random.hpp"

namespace memspice::testing {

/// A memristive network of the theory: branches of one memristor in series with one sinusoidal or constant
/// EMF, every one different.
struct Network {
  struct Branch {
    std::uint32_t from = 0, to = 0;  // nodes; the orientation
    double emf = 0;                  // V, positive: drives current along the orientation
    double frequency = 0;            // Hz; 0: constant
    double ron = 100, roff = 1600;   // ohm
    double alpha = 0, beta = 1;      // 1/s, V.s
    double w0 = 0.5;
    int polarity = 1;
    bool active = false;
    bool voltage_control = false;
  };
  std::uint32_t nodes = 0;
  std::uint32_t grounded = 0;  // which node is node 0 of the deck
  std::vector<Branch> branches;

  [[nodiscard]] std::string node(std::uint32_t n) const {
    return n == grounded ? "0" : fmt::format("n{}", n);
  }

  /// Elements and their models; branch k is y<k> and v<k>.
  [[nodiscard]] std::string deck() const {
    std::string text;
    for (std::size_t k = 0; k < branches.size(); ++k) {
      const Branch& b = branches[k];
      text += fmt::format(
          ".model m{} memristor(ron={:.17g} roff={:.17g} alpha={:.17g} beta={:.17g} polarity={} active={} "
          "control={})\n",
          k, b.ron, b.roff, b.alpha, b.beta, b.polarity, b.active ? 1 : 0,
          b.voltage_control ? "voltage" : "current");
      const std::string wave = b.frequency > 0 ? fmt::format("SIN(0 {:.17g} {:.17g})", b.emf, b.frequency)
                                               : fmt::format("DC {:.17g}", b.emf);
      // The source's plus side at the memristor: the EMF raises the potential along the branch.
      text += fmt::format("V{0} x{0} {1} {2}\nY{0} x{0} {3} m{0} w0={4:.17g}\n", k, node(b.from), wave,
                          node(b.to), b.w0);
    }
    return text;
  }
};

/// Connected, with `chords` branches more than a tree; sources of about `emf` V per 1,000 ohm of ron.
inline Network random_network(Random& random, std::uint32_t nodes, std::size_t chords, double emf,
                              double frequency = 0) {
  Network network;
  network.nodes = nodes;
  const auto add = [&](std::uint32_t a, std::uint32_t b) {
    Network::Branch branch;
    branch.from = random.coin() ? a : b;
    branch.to = branch.from == a ? b : a;
    branch.emf = random.uniform(-emf, emf);
    branch.frequency = frequency;
    branch.ron = random.logarithmic(50, 200);
    branch.roff = branch.ron * random.logarithmic(2, 100);
    branch.alpha = random.uniform(0, 0.3);
    branch.beta = random.uniform(0.5, 2);
    branch.w0 = random.uniform(0.3, 0.7);
    branch.polarity = random.coin() ? 1 : -1;
    branch.voltage_control = random.below(4) == 0;
    network.branches.push_back(branch);
  };
  for (std::uint32_t n = 1; n < nodes; ++n) add(n, random.below(n));
  for (std::size_t k = 0; k < chords; ++k) {
    const std::uint32_t a = random.below(nodes);
    add(a, (a + 1 + random.below(nodes - 1)) % nodes);
  }
  return network;
}

}  // namespace memspice::testing
