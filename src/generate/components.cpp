#include "generate/components.hpp"

#include <algorithm>
#include <numeric>
#include <utility>

namespace memspice::generate {

DisjointSets joined_by(std::uint32_t nodes, std::span<const Edge> edges) {
  DisjointSets sets(nodes);
  for (const Edge& edge : edges) sets.join(edge.from, edge.to);
  return sets;
}

namespace {

DisjointSets components_of(const Network& network) {
  DisjointSets sets = joined_by(network.nodes, network.memristors);
  for (const Edge& edge : network.resistors) sets.join(edge.from, edge.to);
  return sets;
}

}  // namespace

bool connected(const Network& network, std::uint32_t a, std::uint32_t b) {
  DisjointSets sets = components_of(network);
  return sets.find(a) == sets.find(b);
}

void keep_component_of(Network& network, std::uint32_t node) {
  DisjointSets sets = components_of(network);
  if (sets.count() == 1) return;
  const std::uint32_t kept = sets.find(node);
  std::vector<std::uint32_t> number(network.nodes, 0);
  std::uint32_t nodes = 0;
  for (std::uint32_t n = 0; n < network.nodes; ++n)
    if (sets.find(n) == kept) number[n] = nodes++;
  const auto keep = [&](std::vector<Edge>& edges) {
    std::erase_if(edges, [&](const Edge& edge) { return sets.find(edge.from) != kept; });
    for (Edge& edge : edges) edge = {number[edge.from], number[edge.to]};
  };
  if (!network.wires.empty()) {
    // Between electrodes node 0 is no wire.
    const std::uint32_t first = network.naming == Naming::wires ? 1 : 0;
    std::vector<Wire> wires;
    for (std::uint32_t k = 0; k < network.wires.size(); ++k)
      if (sets.find(k + first) == kept) wires.push_back(network.wires[k]);
    network.wires = std::move(wires);
  }
  network.lost_nodes = network.nodes - nodes;
  network.lost_memristors = static_cast<std::uint32_t>(network.memristors.size());
  keep(network.memristors);
  network.lost_memristors -= static_cast<std::uint32_t>(network.memristors.size());
  keep(network.resistors);
  for (std::uint32_t& terminal : network.terminals) terminal = number[terminal];
  network.nodes = nodes;
}

std::uint32_t node_of_largest_component(const Network& network) {
  DisjointSets sets = components_of(network);
  std::vector<std::uint32_t> size(network.nodes, 0);  // by a set's smallest node
  for (std::uint32_t n = 0; n < network.nodes; ++n) ++size[sets.find(n)];
  return static_cast<std::uint32_t>(std::ranges::max_element(size) - size.begin());
}

std::uint32_t farthest_node(const Network& network) {
  // Neighbours of node n: neighbours[first[n]] to neighbours[first[n + 1] - 1].
  std::vector<std::uint32_t> first(std::size_t{network.nodes} + 2, 0);
  const auto for_each_end = [&](auto&& visit) {
    for (const std::vector<Edge>* edges : {&network.memristors, &network.resistors}) {
      for (const Edge& edge : *edges) {
        visit(edge.from, edge.to);
        visit(edge.to, edge.from);
      }
    }
  };
  for_each_end([&](std::uint32_t node, std::uint32_t) { ++first[node + 2]; });
  std::partial_sum(first.begin(), first.end(), first.begin());
  std::vector<std::uint32_t> neighbours(first.back());
  for_each_end([&](std::uint32_t node, std::uint32_t other) { neighbours[first[node + 1]++] = other; });

  std::vector<std::uint32_t> distance(network.nodes, ~std::uint32_t{0});
  std::vector<std::uint32_t> queue{0};
  queue.reserve(network.nodes);
  distance[0] = 0;
  for (std::size_t next = 0; next < queue.size(); ++next) {
    const std::uint32_t node = queue[next];
    for (std::uint32_t k = first[node]; k < first[node + 1]; ++k) {
      if (distance[neighbours[k]] != ~std::uint32_t{0}) continue;
      distance[neighbours[k]] = distance[node] + 1;
      queue.push_back(neighbours[k]);
    }
  }
  std::uint32_t farthest = 0;
  for (std::uint32_t n = 1; n < network.nodes; ++n)
    if (distance[n] > distance[farthest]) farthest = n;
  return farthest;
}

std::vector<std::uint32_t> chords(const Network& network) {
  DisjointSets sets = joined_by(network.nodes, network.resistors);
  std::vector<std::uint32_t> found;
  for (std::uint32_t k = 0; k < network.memristors.size(); ++k)
    if (!sets.join(network.memristors[k].from, network.memristors[k].to)) found.push_back(k);
  return found;
}

}  // namespace memspice::generate
