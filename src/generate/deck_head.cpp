#include "generate/deck_head.hpp"

#include <algorithm>
#include <cmath>
#include <string_view>
#include <vector>

#include "generate/node_name.hpp"

namespace memspice::generate {

std::string describe(const Topology& topology) {
  const std::string columns = std::to_string(topology.columns);
  const std::string product = std::to_string(topology.rows) + " x " + columns;
  switch (topology.family) {
    case Family::ring:
      return "ring of " + columns + " nodes";
    case Family::complete:
      return "complete graph of " + columns + " nodes";
    case Family::grid:
      return "grid of " + product + " nodes";
    case Family::torus:
      return "torus of " + product + " nodes";
    case Family::ladder:
      return "ladder of " + columns + " rungs";
    case Family::random:
      return "random network of " + columns + " nodes";
    case Family::regular:
      return "random network of " + columns + " nodes of degree " + std::to_string(topology.degree);
    case Family::small_world:
      return "small world of " + columns + " nodes";
    case Family::scale_free:
      return "scale-free network of " + columns + " nodes";
    case Family::crossbar:
      return "crossbar of " + std::to_string(topology.rows) + " rows and " + columns + " columns";
    case Family::nanowire:
      return "network of " + columns + " nanowires";
  }
  return {};
}

std::string describe(const Network& network) {
  std::string text = std::to_string(network.nodes) + " nodes, " + std::to_string(network.memristors.size()) +
                     " memristors, ";
  if (!network.resistors.empty()) text += std::to_string(network.resistors.size()) + " resistors, ";
  const std::uint64_t loops = network.loops();
  return text + std::to_string(loops) + (loops == 1 ? " independent loop" : " independent loops");
}

std::string describe_loss(const Network& network) {
  if (network.lost_nodes == 0) return {};
  const bool one = network.lost_nodes == 1;
  return std::to_string(network.lost_nodes) + (one ? " node" : " nodes") + " and " +
         std::to_string(network.lost_memristors) +
         (network.lost_memristors == 1 ? " memristor" : " memristors") +
         " that were drawn but not connected to the rest are left out";
}

std::uint32_t part_of(const Network& network, double fraction) {
  return static_cast<std::uint32_t>(
      std::floor(fraction * static_cast<double>(network.memristors.size()) + 0.5));
}

std::uint32_t driven_memristors(const Sources& sources, const Network& network) {
  if (sources.waveform == Waveform::none) return 0;
  switch (sources.drive) {
    case Drive::all:
      return static_cast<std::uint32_t>(network.memristors.size());
    case Drive::fraction:
      return std::max(1u, part_of(network, sources.fraction));
    case Drive::one:
      return 1;
    default:
      return 0;
  }
}

namespace {

void write_law(DeckText& deck, const Distribution& law) {
  deck.exact(law.first) << ':';
  deck.exact(law.second);
  if (law.law == Distribution::Law::logarithmic) deck << ":log";
  if (law.law == Distribution::Law::normal) deck << ":normal";
}

void comment(DeckText& deck, std::string_view text) {
  deck << "* " << text;
  deck.end_line();
}

void write_drawn(DeckText& deck, const Specification& specification) {
  const Sources& sources = specification.sources;
  const Devices& devices = specification.devices;
  struct Quantity {
    const char* name;
    const Distribution& law;
    bool used;
  };
  const bool driven = sources.waveform != Waveform::none;
  const bool periodic = sources.waveform == Waveform::sine || sources.waveform == Waveform::pulse;
  const bool linear = devices.level.empty();
  std::vector<Quantity> quantities{{"amplitude", sources.amplitude, driven},
                                   {"frequency", sources.frequency, periodic},
                                   {"phase", sources.phase, sources.waveform == Waveform::sine},
                                   {"ron", devices.ron, linear},
                                   {"roff", devices.roff, linear},
                                   {"alpha", devices.alpha, linear},
                                   {"beta", devices.beta, linear},
                                   {"w0", devices.w0, linear}};
  for (const ModelParameter& parameter : devices.parameters)
    quantities.push_back({parameter.name.c_str(), parameter.law, true});
  const char* separator = "* Drawn: ";
  for (const Quantity& quantity : quantities) {
    if (!quantity.used || quantity.law.fixed()) continue;
    write_law(deck << separator << quantity.name << ' ', quantity.law);
    separator = ", ";
  }
  if (*separator == ',') deck.end_line();
}

std::string_view names_text(const Network& network, Family family) {
  switch (network.naming) {
    case Naming::numbered:
      return family == Family::nanowire ? "Every node is a wire, every memristor a crossing of two."
                                        : std::string_view();
    case Naming::grid:
      return "Node n<r>_<c> is in row r and column c, both from 0; n0_0 is ground, 0.";
    case Naming::crossbar:
      return "Memristor Y<r>_<c> leads from row r (node r<r>_<c>) to column c (node c<r>_<c>), both from 1.";
    case Naming::ideal_crossbar:
      return "Memristor Y<r>_<c> leads from row r to column c, both from 1.";
    case Naming::wires:
      return "Nodes n<k> are wires, memristors crossings, resistors contacts: with 'left' and, on the right, "
             "ground.";
  }
  return {};
}

void write_drive(DeckText& deck, const Sources& sources, const Network& network) {
  if (sources.waveform == Waveform::none) return comment(deck, "There are no sources.");
  switch (sources.drive) {
    case Drive::all:
      return comment(deck,
                     "Every memristor Y<k> has a source V<k> in series; where positive, its current enters "
                     "Y<k> at x<k>.");
    case Drive::fraction:
    case Drive::one: {
      const std::uint32_t driven = driven_memristors(sources, network);
      return comment(deck, std::to_string(driven) +
                               (driven == 1 ? " memristor has" : " of the memristors have") +
                               " a source of the same number in series.");
    }
    case Drive::port: {
      char room[longest_name];
      const std::string name(room, write_node_name(room, network, network.terminals.front()));
      return comment(deck, "One source drives node " + name + " against ground.");
    }
    case Drive::rows:
      return comment(deck, "Every row has a source at its head; every column ends in ground.");
  }
}

void write_mixture(DeckText& deck, const Devices& devices, const Network& network) {
  const auto line = [&](double fraction, std::string_view what) {
    if (fraction == 0) return;
    deck << "* " << what << ": ";
    deck.count(part_of(network, fraction)) << " of the ";
    deck.count(network.memristors.size()) << " memristors.";
    deck.end_line();
  };
  line(devices.reversed, "Polarity -1");
  line(devices.active, "Negative resistance (active=1)");
}

}  // namespace

void write_head(DeckText& deck, const Specification& specification, const Network& network) {
  const Topology& topology = specification.topology;
  deck << describe(topology) << ", ";
  deck.count(network.memristors.size()) << " memristors";
  deck.end_line();
  comment(deck, specification.command);
  comment(deck, describe(network) + ".");
  if (const std::string loss = describe_loss(network); !loss.empty()) comment(deck, loss + ".");
  if (const std::string_view names = names_text(network, topology.family); !names.empty())
    comment(deck, names);
  write_drive(deck, specification.sources, network);
  write_mixture(deck, specification.devices, network);
  write_drawn(deck, specification);
}

}  // namespace memspice::generate
