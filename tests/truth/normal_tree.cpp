#include "truth/normal_tree.hpp"

namespace memspice::truth {

NormalTree::NormalTree(const Netlist& netlist) : way(netlist.elements.size()) {
  const auto& elements = netlist.elements;
  Groups groups(netlist.nodes() + 1);
  std::vector<char> in_tree(elements.size());
  for (const char kind : {'v', 'c', 'r', 'l', 'i'})
    for (std::size_t k = 0; k < elements.size(); ++k) {
      const Element& e = elements[k];
      if (e.kind != kind) continue;
      in_tree[k] = groups.join(e.a, e.b);
      if (kind == 'v') (in_tree[k] ? sources_v : loops_).push_back(k);
      if (kind == 'c') (in_tree[k] ? tree_c : cotree_c).push_back(k);
      if (kind == 'r') (in_tree[k] ? tree_r : cotree_r).push_back(k);
      if (kind == 'l') (in_tree[k] ? tree_l : cotree_l).push_back(k);
      if (kind == 'i') (in_tree[k] ? cuts_ : sources_i).push_back(k);
    }
  for (std::size_t k = 0; k < elements.size(); ++k)
    if (elements[k].kind != 'k' && !in_tree[k]) find_way(netlist, in_tree, k);
}

void NormalTree::find_way(const Netlist& netlist, const std::vector<char>& in_tree, std::size_t branch) {
  const auto nodes = static_cast<std::size_t>(netlist.nodes() + 1);
  std::vector<int> from(nodes, -2);
  const int begin = netlist.elements[branch].a;
  const int end = netlist.elements[branch].b;
  from[static_cast<std::size_t>(begin)] = -1;
  Places queue{static_cast<std::size_t>(begin)};
  for (std::size_t q = 0; q < queue.size(); ++q)
    for (std::size_t k = 0; k < netlist.elements.size(); ++k) {
      const Element& e = netlist.elements[k];
      if (!in_tree[k] || e.kind == 'k') continue;
      const int here = static_cast<int>(queue[q]);
      if (e.a != here && e.b != here) continue;
      const auto there = static_cast<std::size_t>(e.a == here ? e.b : e.a);
      if (from[there] != -2) continue;
      from[there] = static_cast<int>(k);
      queue.push_back(there);
    }
  for (int node = end; node != begin;) {
    const auto k = static_cast<std::size_t>(from[static_cast<std::size_t>(node)]);
    const Element& e = netlist.elements[k];
    way[branch].emplace_back(k, e.b == node ? 1 : -1);  // v(begin) - v(end) is the sum along the way
    node = e.b == node ? e.a : e.b;
  }
}

}  // namespace memspice::truth
