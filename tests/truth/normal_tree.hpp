#pragma once

#include <cstddef>
#include <utility>
#include <vector>

#include "truth/netlist.hpp"

namespace memspice::truth {

using Places = std::vector<std::size_t>;

/// Which branches make a tree, voltage sources and capacitors first, inductors and current sources last, and
/// for every other branch the way through the tree between its ends.
struct NormalTree {
  Places sources_v, tree_c, cotree_c, tree_r, cotree_r, tree_l, cotree_l, sources_i;
  std::vector<std::vector<std::pair<std::size_t, int>>> way;  // by element: tree branches and their signs

  explicit NormalTree(const Netlist& netlist);
  /// A loop of voltage sources, or a cutset of current sources.
  [[nodiscard]] bool contradictory() const { return !loops_.empty() || !cuts_.empty(); }

 private:
  void find_way(const Netlist& netlist, const std::vector<char>& in_tree, std::size_t branch);
  Places loops_, cuts_;
};

}  // namespace memspice::truth
