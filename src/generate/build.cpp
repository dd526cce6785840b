#include "generate/build.hpp"

#include <utility>

#include "base/usage_error.hpp"
#include "generate/components.hpp"
#include "generate/crossbar.hpp"
#include "generate/lattices.hpp"
#include "generate/nanowires.hpp"
#include "generate/random_graphs.hpp"

namespace memspice::generate {

namespace {

Network of_edges(std::uint32_t nodes, std::vector<Edge> edges) {
  Network network;
  network.nodes = nodes;
  network.memristors = std::move(edges);
  return network;
}

Network of_grid(const Topology& topology, std::vector<Edge> edges) {
  Network network = of_edges(topology.rows * topology.columns, std::move(edges));
  network.naming = Naming::grid;
  network.rows = topology.rows;
  network.columns = topology.columns;
  return network;
}

Network raw_network(const Topology& topology, Drive drive, RandomStream random) {
  const std::uint32_t n = topology.columns;
  switch (topology.family) {
    case Family::ring:
      return of_edges(n, ring(n));
    case Family::complete:
      return of_edges(n, complete(n));
    case Family::grid:
    case Family::ladder:
      return of_grid(topology, grid(topology.rows, n));
    case Family::torus:
      return of_grid(topology, torus(topology.rows, n));
    case Family::random:
      return of_edges(n, erdos_renyi(n, topology.probability, random));
    case Family::regular:
      return of_edges(n, random_regular(n, topology.degree, random));
    case Family::small_world:
      return of_edges(n, watts_strogatz(n, topology.degree, topology.rewire, random));
    case Family::scale_free:
      return of_edges(n, barabasi_albert(n, topology.links, random));
    case Family::crossbar:
      return crossbar(topology.rows, n, topology.line_resistance, drive);
    case Family::nanowire: {
      const std::vector<Wire> wires = scatter_wires(n, topology.wire_length, random);
      return nanowire_network(wires, topology.wire_length, drive == Drive::port, topology.contact_resistance);
    }
  }
  return {};
}

}  // namespace

Network build(const Specification& specification) {
  const Topology& topology = specification.topology;
  const Drive drive = specification.sources.drive;
  Network network = raw_network(topology, drive, RandomStream(specification.seed, "graph"));
  if (network.terminals.empty()) {
    keep_component_of(network, node_of_largest_component(network));
  } else {
    if (!connected(network, 0, network.terminals.front()))
      throw UsageError("no path of wires leads from the left electrode to the right one",
                       "a density above 5.64 percolates in a large box; or another --seed");
    keep_component_of(network, 0);
  }
  if (network.memristors.empty())
    throw UsageError("no two nodes came out connected", "more edges, or another --seed");
  if (drive == Drive::port && network.terminals.empty()) network.terminals = {farthest_node(network)};
  return network;
}

}  // namespace memspice::generate
