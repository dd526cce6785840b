#pragma once

#include <optional>
#include <string>
#include <vector>

#include "equations/equation_system.hpp"
#include "network/flow/collocation_flow.hpp"
#include "network/flow/flow_network.hpp"

namespace memspice {

/// A circuit as its network integrator sees it.
struct CircuitFlow {
  network::FlowNetwork network;
  std::vector<std::size_t> states;  // of its memristors, in y
  /// Its memristors where they are not all linear ones; these have laws instead.
  std::vector<network::CollocationFlow::Devices> devices;
};

/// What of a circuit the network integrator does not cover, by name and kind: "'c1', a capacitor". Nothing:
/// it can do all of it.
[[nodiscard]] std::optional<std::string> obstacle_to_flow(const Circuit& circuit);

/// Whether no memristor's Roff/Ron is beyond 1e3: then a network may be too stiff for accurate steps.
[[nodiscard]] bool has_moderate_ratios(const Circuit& circuit);

/// Why auto does not take the network integrator; nothing: it does. "there are 12 memristors: 1000 are worth
/// it".
[[nodiscard]] std::optional<std::string> why_not_network(const Circuit& circuit);

/// Whether the network integrator takes a circuit: one that it covers, and that is large enough for it or
/// asks for it.
[[nodiscard]] inline bool takes_network_integrator(const Circuit& circuit) {
  return circuit.options.integrator == Integrator::network || !why_not_network(circuit);
}

/// Throws DeckError at a .tran card when `.options integrator=network` asks for what it does not cover, or
/// solver= for what the integrator does not have.
void require_integrator(const Circuit& circuit, Location card);

/// The network of such a circuit, with the sources' functions as they are resolved.
[[nodiscard]] CircuitFlow flow_network_of(const EquationSystem& system);

}  // namespace memspice
