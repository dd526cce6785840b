#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "convert/element_index.hpp"
#include "convert/equation_text.hpp"
#include "convert/peer_names.hpp"

namespace memspice::convert {

/// What the peer calls the elements of a circuit, by number of name.
struct PeerElement {
  std::string name;
  std::vector<std::string> states;            // nodes of the states, by unknown of a device of equations
  std::string subcircuit;                     // of a device of equations, once it is written
  std::map<std::size_t, std::string> meters;  // by terminal, sources of 0 V that measure its current
};

/// A vector as memspice calls it, as the peer's card asks for it, and as the peer's file calls it.
struct PeerVector {
  std::string ours;
  std::string request;
  std::string theirs;
};

/// Turns vectors such as `w(y1)`, `v(a,b)` or `p(r1)` into the peer's. What the peer does not compute itself
/// becomes the voltage of a probe: a behavioural source at a node of its own.
class VectorTranslator {
 public:
  VectorTranslator(Peer peer, const Circuit& circuit, const std::vector<Element>& elements,
                   std::vector<PeerElement>& peer_elements, EquationTable& equations, PeerNames& names)
      : peer_(peer),
        circuit_(circuit),
        elements_(elements),
        peer_elements_(peer_elements),
        equations_(equations),
        names_(names) {}

  /// `vector` is one that the circuit has; nothing where the peer has no such quantity.
  std::optional<PeerVector> translate(const std::string& vector);
  /// What a program reads, for an expression of the peer; nothing for integrals and derivatives.
  std::optional<std::string> expression(const Probe& probe);
  /// Cards of the probes so far.
  [[nodiscard]] const std::string& probes() const { return probes_; }

 private:
  PeerVector node_voltage(const std::string& vector, const std::string& node) const;
  PeerVector voltage(const std::string& vector, std::string_view argument);
  PeerVector current(const std::string& vector, const Element& element);
  PeerVector power(const std::string& vector, const Element& element);
  /// A parameter, which is constant.
  std::optional<PeerVector> parameter(const std::string& vector, const Element& element,
                                      std::string_view name);
  std::optional<PeerVector> quantity(const std::string& vector, const Element& element,
                                     std::string_view name);
  /// The current of any element, measured in series where the peer has no name for it; of more than two
  /// terminals that of the first.
  std::string current_expression(const Element& element);
  std::string metered(const Element& element, std::size_t terminal);
  std::string power_expression(const Element& element);
  [[nodiscard]] std::string difference(NodeId plus, NodeId minus) const;
  PeerVector probe(const std::string& vector, const std::string& expression);
  /// A quantity of a device of equations.
  std::optional<std::string> of_equations(const Element& element, std::string_view name);
  [[nodiscard]] NodeId find_node(std::string_view name) const;

  Peer peer_;
  const Circuit& circuit_;
  const std::vector<Element>& elements_;
  std::vector<PeerElement>& peer_elements_;
  EquationTable& equations_;
  PeerNames& names_;
  std::string probes_;
};

}  // namespace memspice::convert
