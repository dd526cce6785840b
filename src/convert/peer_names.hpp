#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_set>
#include <vector>

#include "convert/peer.hpp"
#include "memspice/circuit.hpp"

namespace memspice::convert {

/// Names that a peer can read, one for each node, element and helper node of a circuit, all different. A name
/// that is legal as it stands is kept, so that its vectors need no translation.
class PeerNames {
 public:
  PeerNames(Peer peer, const Circuit& circuit);

  [[nodiscard]] const std::string& node(NodeId id) const { return nodes_[id]; }
  /// Name of an element: begins with `letter`, which says to the peer what it is.
  std::string element(std::uint32_t name, char letter);
  /// A node, or an element, of our own making, such as `w_y1` for the state of y1.
  std::string helper_node(std::string_view prefix, std::string_view of);
  std::string helper_element(std::string_view prefix, std::string_view of);

 private:
  [[nodiscard]] bool legal(std::string_view name) const;
  [[nodiscard]] std::string legalised(std::string_view name) const;
  static std::string unique(std::string wanted, std::unordered_set<std::string>& used);

  Peer peer_;
  const Circuit& circuit_;
  std::vector<std::string> nodes_;
  std::unordered_set<std::string> used_nodes_;
  std::unordered_set<std::string> used_elements_;
};

}  // namespace memspice::convert
