// The symmetries of the theory on random networks, every device different: what a transformation must not
// change stays the same to tolerance, through decks.

#include <algorithm>
#include <functional>
#include <numeric>

#include "support/approx.hpp"
#include "support/random_network.hpp"
#include "support/run_deck.hpp"

using namespace memspice;
using memspice::testing::DeckRun;
using memspice::testing::Network;
using memspice::testing::Random;

namespace {

constexpr double stop = 2;

DeckRun simulate(const Network& network, double end = stop) {
  // The largest step is small because a row between two accepted points is interpolated, and within the step
  // in which a state meets its bound the interpolant is no better than the square of the step.
  return testing::run_deck(network.deck() +
                           fmt::format(".tran {:.17g} {:.17g} 0 {:.17g}\n", end / 20, end, end / 4000) +
                           ".options interp reltol=1e-7\n.save w(*) i(y*)\n");
}

/// Branch k of the original is branch map[k] of the image; its current there is factor[k] times as large.
struct Image {
  Network network;
  std::vector<std::size_t> map;
  std::vector<double> factor;
  double time_factor = 1;

  explicit Image(const Network& original)
      : network(original), map(original.branches.size()), factor(original.branches.size(), 1.0) {
    std::iota(map.begin(), map.end(), 0u);
  }
};

void check_same(const Network& original, const Image& image) {
  const DeckRun before = simulate(original);
  const DeckRun after = simulate(image.network, stop * image.time_factor);
  REQUIRE(before.rows() == 21);
  REQUIRE(after.rows() == before.rows());
  double largest_current = 0;
  for (std::size_t k = 0; k < original.branches.size(); ++k)
    for (const double i : before[fmt::format("i(y{})", k)])
      largest_current = std::max(largest_current, std::abs(i));
  double moved = 0;
  for (std::size_t k = 0; k < original.branches.size(); ++k) {
    CAPTURE(k);
    const auto& w = before[fmt::format("w(y{})", k)];
    const auto& i = before[fmt::format("i(y{})", k)];
    const auto& image_w = after[fmt::format("w(y{})", image.map[k])];
    const auto& image_i = after[fmt::format("i(y{})", image.map[k])];
    for (std::size_t row = 0; row < w.size(); ++row) {
      const bool same_state = std::abs(w[row] - image_w[row]) <= 1e-6;
      CHECK_MESSAGE(same_state, w[row] << " became " << image_w[row] << " in row " << row);
      const bool same_current = std::abs(image.factor[k] * i[row] - image_i[row]) <=
                                1e-6 * largest_current * std::max(std::abs(image.factor[k]), 1e-3);
      CHECK_MESSAGE(same_current, i[row] << " became " << image_i[row] << " in row " << row);
      moved = std::max(moved, std::abs(w[row] - w[0]));
    }
  }
  CHECK(moved > 0.02);  // otherwise nothing was compared
}

/// Runs a transformation on networks with constant and with sinusoidal sources, within the bounds and beyond.
void check_symmetry(std::uint64_t seed, const std::function<Image(const Network&, Random&)>& transform) {
  Random random(seed);
  for (const double emf : {0.5, 20.0}) {
    for (const double frequency : {0.0, 1.0}) {
      CAPTURE(emf);
      CAPTURE(frequency);
      const Network network = testing::random_network(random, 7, 7, emf, frequency);
      check_same(network, transform(network, random));
    }
  }
}

void shuffle(std::vector<std::size_t>& items, Random& random) {
  for (std::size_t i = items.size(); i > 1; --i)
    std::swap(items[i - 1], items[random.below(static_cast<std::uint32_t>(i))]);
}

}  // namespace

TEST_CASE("which node is ground, and so the spanning tree, changes neither states nor currents") {
  check_symmetry(31, [](const Network& network, Random& random) {
    Image image(network);
    image.network.grounded = 1 + random.below(network.nodes - 1);
    return image;
  });
}

TEST_CASE("relabelled nodes and branches give the permuted results") {
  check_symmetry(32, [](const Network& network, Random& random) {
    Image image(network);
    std::vector<std::size_t> nodes(network.nodes);
    std::iota(nodes.begin(), nodes.end(), 0u);
    shuffle(nodes, random);
    shuffle(image.map, random);
    for (std::size_t k = 0; k < network.branches.size(); ++k) {
      Network::Branch branch = network.branches[k];
      branch.from = static_cast<std::uint32_t>(nodes[branch.from]);
      branch.to = static_cast<std::uint32_t>(nodes[branch.to]);
      image.network.branches[image.map[k]] = branch;
    }
    return image;
  });
}

TEST_CASE(
    "turned branches, with their sources and polarities turned, keep the states and turn the currents") {
  check_symmetry(33, [](const Network& network, Random& random) {
    Image image(network);
    for (std::size_t k = 0; k < network.branches.size(); ++k) {
      if (random.coin()) continue;
      Network::Branch& branch = image.network.branches[k];
      std::swap(branch.from, branch.to);
      branch.emf = -branch.emf;
      branch.polarity = -branch.polarity;
      image.factor[k] = -1;
    }
    return image;
  });
}

TEST_CASE(
    "active devices for passive ones together with turned sources change nothing under current control") {
  check_symmetry(34, [](const Network& network, Random&) {
    Image image(network);
    for (Network::Branch& branch : image.network.branches) {
      branch.active = !branch.active;
      branch.emf = -branch.emf;
      // A voltage-controlled state sees v = -R i turned.
      if (branch.voltage_control) branch.polarity = -branch.polarity;
    }
    return image;
  });
}

TEST_CASE("sources changed by differences of node potentials change nothing but the node potentials") {
  Random random(35);
  for (const double emf : {0.5, 20.0}) {
    const Network network = testing::random_network(random, 7, 7, emf);
    Image image(network);
    std::vector<double> potential(network.nodes);
    for (double& p : potential) p = random.uniform(-2 * emf, 2 * emf);
    for (Network::Branch& branch : image.network.branches)
      branch.emf += potential[branch.to] - potential[branch.from];
    check_same(network, image);
  }
}

TEST_CASE("resistances c times as large keep the states and divide the currents by c") {
  check_symmetry(36, [](const Network& network, Random& random) {
    Image image(network);
    const double c = random.logarithmic(0.01, 100);
    for (Network::Branch& branch : image.network.branches) {
      branch.ron *= c;
      branch.roff *= c;
    }
    std::ranges::fill(image.factor, 1 / c);
    return image;
  });
}

TEST_CASE("a network c times as slow does the same in c times the time") {
  check_symmetry(37, [](const Network& network, Random& random) {
    Image image(network);
    image.time_factor = random.logarithmic(1e-6, 1e3);
    for (Network::Branch& branch : image.network.branches) {
      branch.alpha /= image.time_factor;
      branch.beta *= image.time_factor;
      branch.frequency /= image.time_factor;
    }
    return image;
  });
}

TEST_CASE("without decay, turned constant sources bring every state back where it came from") {
  Random random(38);
  Network network = testing::random_network(random, 7, 7, 0.5);
  for (Network::Branch& branch : network.branches) branch.alpha = 0;
  const DeckRun there = simulate(network);
  Network back = network;
  for (std::size_t k = 0; k < network.branches.size(); ++k) {
    back.branches[k].emf = -network.branches[k].emf;
    back.branches[k].w0 = there[fmt::format("w(y{})", k)].back();
  }
  const DeckRun again = simulate(back);
  double moved = 0;
  for (std::size_t k = 0; k < network.branches.size(); ++k) {
    const double w0 = network.branches[k].w0;
    CHECK(again[fmt::format("w(y{})", k)].back() == testing::approx(w0).epsilon(1e-5));
    moved = std::max(moved, std::abs(back.branches[k].w0 - w0));
  }
  CHECK(moved > 0.02);
}
