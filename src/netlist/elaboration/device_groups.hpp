#pragma once

#include <array>
#include <cstdint>
#include <unordered_map>

#include "memspice/circuit.hpp"

namespace memspice {

/// The devices of the catalogue and their groups in the circuit.
class DeviceGroups {
 public:
  /// The circuit has its catalogue already.
  explicit DeviceGroups(Circuit& circuit);

  /// The first type whose elements begin with this letter, lower case; nullptr: there is none.
  [[nodiscard]] const DeviceType* type_of(char letter) const {
    return types_by_letter_[static_cast<std::size_t>(letter - 'a')];
  }
  /// How many nodes an element of this letter may have: of its types the fewest, and the most.
  struct NodeCounts {
    std::size_t least = 0, most = 0;
  };
  [[nodiscard]] NodeCounts node_counts(char letter) const {
    return node_counts_[static_cast<std::size_t>(letter - 'a')];
  }
  /// How many elements there may be of each letter.
  void expect(const std::array<std::size_t, 26>& by_letter) { expected_ = by_letter; }
  /// The number of the type's group, which is made when it is needed first.
  std::uint32_t group_of(const DeviceType& type);
  /// Adds a plain element, whose first parameter is `value`. Throws Problem when there is no such type.
  void add_linear(char letter, std::uint32_t name, NodeId plus, NodeId minus, double value, Location where);

 private:
  Circuit& circuit_;
  std::array<const DeviceType*, 26> types_by_letter_{};
  std::array<NodeCounts, 26> node_counts_{};
  std::array<std::size_t, 26> expected_{};
  const DeviceType* last_type_ = nullptr;  // that a group was asked for, and that group
  std::uint32_t last_group_ = 0;
  std::unordered_map<const DeviceType*, std::uint32_t> groups_;  // the special types too
};

}  // namespace memspice
