#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "base/disjoint_sets.hpp"
#include "convert/deck_text.hpp"
#include "convert/element_index.hpp"
#include "convert/equation_text.hpp"
#include "convert/peer.hpp"
#include "convert/peer_names.hpp"
#include "convert/source_text.hpp"
#include "convert/vector_names.hpp"

namespace memspice::convert {

/// Writes the elements of a circuit, after what they read has become the peer's.
class ElementWriter {
 public:
  ElementWriter(Peer peer, const Circuit& circuit, const TransientCard* transient, PeerNames& names,
                DeckText& text);

  /// Before anything is written: the vectors as the peer's, without a request where it has no such
  /// quantity. Throws DeckError for expressions without counterpart.
  std::vector<PeerVector> translate(const std::vector<std::string>& vectors);
  /// Subcircuits, elements and their couplings.
  void write();
  /// Cards of what memspice computes and the peer does not.
  [[nodiscard]] const std::string& probes() const { return probes_; }

 private:
  void name_elements();
  void translate_program(std::uint32_t program, Location where, VectorTranslator& translator);
  void write_element(const Element& element);
  void write_couplings();
  void write_resistor(const Element& element, const std::string& start);
  void write_semiconductor(const Element& element, const std::string& start);
  void write_equations(const Element& element, const std::string& start);
  void write_switch(const Switch& element, const std::string& start);
  void write_line(const TransmissionLine& element, const std::string& start);
  void write_source(const Source& source, const std::string& start);
  [[nodiscard]] std::string initial(const Element& element) const;
  /// The name and the nodes of an element, behind meters where its currents are measured.
  std::string name_and_nodes(const Element& element);

  Peer peer_;
  const Circuit& circuit_;
  PeerNames& names_;
  DeckText& text_;
  std::vector<Element> elements_;
  std::vector<PeerElement> peer_elements_;
  DisjointSets
      joined_;  // nodes: a short circuit that closes a loop carries no current, and no peer solves it
  TimeBase time_;
  bool initial_conditions_used_;
  EquationTable equations_;
  std::unordered_map<std::string, std::string> models_;  // names by text
  std::vector<std::string> program_texts_;               // of those that elements use
  std::string probes_;
};

}  // namespace memspice::convert
