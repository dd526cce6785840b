#include "convert/peer_names.hpp"

#include <algorithm>

namespace memspice::convert {

namespace {

bool is_plain_in_name(char c) {
  return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_';
}

}  // namespace

PeerNames::PeerNames(Peer peer, const Circuit& circuit) : peer_(peer), circuit_(circuit) {
  const std::size_t count = circuit.node_names.size();
  nodes_.resize(count);
  used_nodes_.insert("gnd");
  for (NodeId id = 0; id < count; ++id) {  // first, so that no translated name takes theirs
    if (!legal(circuit.node_names[id])) continue;
    nodes_[id] = circuit.node_names[id];
    used_nodes_.insert(nodes_[id]);
  }
  for (NodeId id = 0; id < count; ++id)
    if (nodes_[id].empty()) nodes_[id] = unique(legalised(circuit.node_names[id]), used_nodes_);
  for (std::uint32_t id = 0; id < circuit.element_names.size(); ++id)
    if (legal(circuit.element_names[id])) used_elements_.emplace(circuit.element_names[id]);
}

// A dot stands in ngspice's own names of nodes and elements inside of subcircuits, so it reads them.
bool PeerNames::legal(std::string_view name) const {
  return std::ranges::all_of(
             name, [&](char c) { return is_plain_in_name(c) || (c == '.' && peer_ == Peer::ngspice); }) &&
         name.front() != '.' && name.back() != '.';
}

std::string PeerNames::legalised(std::string_view name) const {
  std::string text(name);
  for (char& c : text)
    if (!is_plain_in_name(c)) c = '_';
  while (text.size() > 1 && text.back() == '_') text.pop_back();
  return text;
}

std::string PeerNames::unique(std::string wanted, std::unordered_set<std::string>& used) {
  if (used.insert(wanted).second) return wanted;
  for (std::size_t k = 2;; ++k)
    if (std::string candidate = wanted + '_' + std::to_string(k); used.insert(candidate).second)
      return candidate;
}

std::string PeerNames::element(std::uint32_t name, char letter) {
  const std::string own = circuit_.element_names[name];
  if (own.front() == letter && own.find('.') == std::string_view::npos && legal(own))
    return std::string(own);  // claimed by the constructor
  return unique(std::string(1, letter) + '_' + legalised(own), used_elements_);
}

std::string PeerNames::helper_node(std::string_view prefix, std::string_view of) {
  return unique(std::string(prefix) + '_' + legalised(of), used_nodes_);
}

std::string PeerNames::helper_element(std::string_view prefix, std::string_view of) {
  return unique(std::string(prefix) + '_' + legalised(of), used_elements_);
}

}  // namespace memspice::convert
