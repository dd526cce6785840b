#include "generate/random_graphs.hpp"

#include <cmath>
#include <utility>

#include "generate/components.hpp"
#include "generate/edge_set.hpp"
#include "generate/lattices.hpp"
#include "random/portable_math.hpp"

namespace memspice::generate {

std::vector<Edge> erdos_renyi(std::uint32_t n, double probability, RandomStream& random) {
  if (probability >= 1) return complete(n);
  std::vector<Edge> edges;
  const double pairs = 0.5 * n * (n - 1.0);
  edges.reserve(static_cast<std::size_t>(pairs * probability * 1.01 + 100));
  // How many pairs are passed over before the next edge is geometrically distributed.
  const double scale = 1 / portable_log(1 - probability);
  std::uint64_t from = 0;
  std::uint64_t to = 0;  // the pair (from, to), from < to, was looked at last
  for (;;) {
    const double skip = std::floor(portable_log(1 - random.uniform()) * scale);
    if (skip >= pairs) return edges;
    to += 1 + static_cast<std::uint64_t>(skip);
    while (to >= n) {
      ++from;
      if (from + 1 >= n) return edges;
      to = to - n + from + 1;
    }
    edges.push_back({static_cast<std::uint32_t>(from), static_cast<std::uint32_t>(to)});
  }
}

namespace {

// Pairs with a given degree, all different and no loops; empty when the repair got stuck.
std::vector<Edge> paired_stubs(std::uint32_t n, std::uint32_t degree, RandomStream& random) {
  std::vector<std::uint32_t> stubs;
  stubs.reserve(std::size_t{n} * degree);
  for (std::uint32_t node = 0; node < n; ++node) stubs.insert(stubs.end(), degree, node);
  for (auto last = static_cast<std::uint32_t>(stubs.size()); last > 1; --last)
    std::swap(stubs[last - 1], stubs[random.below(last)]);

  const auto count = static_cast<std::uint32_t>(stubs.size() / 2);
  EdgeSet present(count);
  std::vector<bool> good(count);
  std::vector<std::uint32_t> wrong;
  for (std::uint32_t k = 0; k < count; ++k) {
    good[k] = stubs[2 * k] != stubs[2 * k + 1] && present.insert(stubs[2 * k], stubs[2 * k + 1]);
    if (!good[k]) wrong.push_back(k);
  }
  constexpr int most_attempts = 10'000;
  for (int attempts = 0; !wrong.empty(); ++attempts) {
    if (attempts == most_attempts) return {};
    const std::uint32_t k = wrong.back();
    const std::uint32_t other = random.below(count);
    if (!good[other]) continue;
    const std::uint32_t a = stubs[2 * k], b = stubs[2 * k + 1];
    const std::uint32_t c = stubs[2 * other], d = stubs[2 * other + 1];
    const bool same = (a == c && b == d) || (a == d && b == c);
    if (a == c || b == d || same || present.contains(a, c) || present.contains(b, d)) continue;
    present.erase(c, d);
    present.insert(a, c);
    present.insert(b, d);
    stubs[2 * k + 1] = c;
    stubs[2 * other] = b;
    good[k] = true;
    wrong.pop_back();
    attempts = 0;
  }
  std::vector<Edge> edges;
  edges.reserve(count);
  for (std::uint32_t k = 0; k < count; ++k) edges.push_back({stubs[2 * k], stubs[2 * k + 1]});
  return edges;
}

std::vector<Edge> complement(std::uint32_t n, const std::vector<Edge>& missing) {
  EdgeSet absent(missing.size());
  for (const Edge& edge : missing) absent.insert(edge.from, edge.to);
  std::vector<Edge> edges;
  for (std::uint32_t i = 0; i < n; ++i)
    for (std::uint32_t j = i + 1; j < n; ++j)
      if (!absent.contains(i, j)) edges.push_back({i, j});
  return edges;
}

}  // namespace

std::vector<Edge> random_regular(std::uint32_t n, std::uint32_t degree, RandomStream& random) {
  if (degree == n - 1) return complete(n);
  // Where most pairs are joined, the few that are not are easier to find.
  const bool dense = degree > (n - 1) / 2;
  for (;;) {
    std::vector<Edge> edges = paired_stubs(n, dense ? n - 1 - degree : degree, random);
    if (edges.empty()) continue;
    if (dense) edges = complement(n, edges);
    if (joined_by(n, edges).count() == 1) return edges;
  }
}

std::vector<Edge> watts_strogatz(std::uint32_t n, std::uint32_t degree, double rewire, RandomStream& random) {
  std::vector<Edge> edges;
  edges.reserve(std::size_t{n} * degree / 2);
  for (std::uint32_t distance = 1; distance <= degree / 2; ++distance)
    for (std::uint32_t i = 0; i < n; ++i)
      edges.push_back({i, static_cast<std::uint32_t>((std::uint64_t{i} + distance) % n)});
  if (rewire == 0) return edges;
  EdgeSet present(edges.size());
  std::vector<std::uint32_t> degrees(n, degree);
  for (const Edge& edge : edges) present.insert(edge.from, edge.to);
  for (Edge& edge : edges) {
    if (random.uniform() >= rewire || degrees[edge.from] == n - 1) continue;
    std::uint32_t target = random.below(n);
    while (target == edge.from || present.contains(edge.from, target)) target = random.below(n);
    present.erase(edge.from, edge.to);
    present.insert(edge.from, target);
    --degrees[edge.to];
    ++degrees[target];
    edge.to = target;
  }
  return edges;
}

std::vector<Edge> barabasi_albert(std::uint32_t n, std::uint32_t links, RandomStream& random) {
  std::vector<Edge> edges = complete(links + 1);
  edges.reserve(edges.size() + std::size_t{n - links - 1} * links);
  // A random end of a random edge is a node with probability in proportion to its degree.
  std::vector<std::uint32_t> joined_to(n, 0);  // the newest node that each one was joined to
  for (std::uint32_t node = links + 1; node < n; ++node) {
    const auto ends = static_cast<std::uint32_t>(2 * edges.size());
    for (std::uint32_t k = 0; k < links; ++k) {
      std::uint32_t target = node;
      do {
        const std::uint32_t end = random.below(ends);
        target = end % 2 == 0 ? edges[end / 2].from : edges[end / 2].to;
      } while (joined_to[target] == node);
      joined_to[target] = node;
      edges.push_back({target, node});
    }
  }
  return edges;
}

}  // namespace memspice::generate
