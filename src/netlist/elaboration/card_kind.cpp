#include "netlist/elaboration/card_kind.hpp"

#include <algorithm>

#include "base/characters.hpp"
#include "base/spelling.hpp"

namespace memspice {

CardTable::CardTable(std::span<const CardKind> own, std::span<const CardKind* const> added) {
  for (const CardKind& kind : own) kinds_.push_back(&kind);
  kinds_.insert(kinds_.end(), added.begin(), added.end());
  std::ranges::stable_sort(kinds_, {}, &CardKind::group);
}

const CardKind* CardTable::find(std::string_view name) const {
  for (const CardKind* kind : kinds_) {
    bool is_this = kind->description.name == name;
    for_each_alias(kind->description.aliases, [&](std::string_view alias) { is_this |= alias == name; });
    if (is_this) return kind;
  }
  return nullptr;
}

const AnalysisType* CardTable::find_analysis(std::string_view word) const {
  for (const CardKind* kind : kinds_)
    if (kind->analysis && same_word(word, kind->description.name.substr(1))) return kind->analysis;
  return nullptr;
}

}  // namespace memspice
