#pragma once

#include <bit>
#include <cstdint>
#include <utility>
#include <vector>

#include "generate/network.hpp"

namespace memspice::generate {

/// Undirected edges, to be asked whether two nodes are joined: a hash table of fixed size with open
/// addressing, eight bytes a slot.
class EdgeSet {
 public:
  /// Room for `edges` of them at any time and for any number of removals.
  explicit EdgeSet(std::size_t edges) : slots_(std::bit_ceil(2 * edges + 16), empty) {}

  [[nodiscard]] bool contains(std::uint32_t a, std::uint32_t b) const {
    const std::uint64_t key = key_of(a, b);
    return slots_[find(key)] == key;
  }
  /// False, and nothing changed, when the edge is there already.
  bool insert(std::uint32_t a, std::uint32_t b) {
    const std::uint64_t key = key_of(a, b);
    std::uint64_t& slot = slots_[find(key)];
    if (slot == key) return false;
    slot = key;
    return true;
  }
  void erase(std::uint32_t a, std::uint32_t b) {
    std::size_t hole = find(key_of(a, b));
    if (slots_[hole] == empty) return;
    // What follows moves up, where its place allows, so that no search ends at the hole too early.
    const std::size_t mask = slots_.size() - 1;
    for (std::size_t next = (hole + 1) & mask; slots_[next] != empty; next = (next + 1) & mask) {
      const std::size_t home = home_of(slots_[next]);
      if (((next - home) & mask) >= ((next - hole) & mask)) {
        slots_[hole] = slots_[next];
        hole = next;
      }
    }
    slots_[hole] = empty;
  }

 private:
  static constexpr std::uint64_t empty = ~std::uint64_t{0};

  static std::uint64_t key_of(std::uint32_t a, std::uint32_t b) {
    return a < b ? std::uint64_t{a} << 32 | b : std::uint64_t{b} << 32 | a;
  }
  [[nodiscard]] std::size_t home_of(std::uint64_t key) const {
    key *= 0x9e3779b97f4a7c15u;
    return static_cast<std::size_t>(key ^ key >> 32) & (slots_.size() - 1);
  }
  [[nodiscard]] std::size_t find(std::uint64_t key) const {
    std::size_t slot = home_of(key);
    while (slots_[slot] != empty && slots_[slot] != key) slot = (slot + 1) & (slots_.size() - 1);
    return slot;
  }

  std::vector<std::uint64_t> slots_;
};

}  // namespace memspice::generate
