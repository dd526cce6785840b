#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/messages.hpp"
#include "base/string_map.hpp"
#include "deck/card_reader.hpp"
#include "expression/environment.hpp"
#include "memspice/deck.hpp"

namespace memspice {

struct ParameterDefinition {
  std::string_view at;  // its name in the source
  Expression expression;
  bool overridable = false;  // stands on the .subckt card: an instance may give it
};

struct ModelDefinition {
  std::string_view at;
  std::size_t card = 0;
};

/// `.if … .endif`: cards that count only when a condition holds.
struct ConditionalBlock {
  static constexpr std::size_t always = static_cast<std::size_t>(-1);  // .else has no condition
  struct Branch {
    std::size_t condition = always;  // the .if or .elseif card
    std::size_t begin = 0;           // its cards, the end excluded
    std::size_t end = 0;
  };
  std::vector<Branch> branches;
};

/// What a subcircuit, or the deck outside of all subcircuits, defines and holds. Names are lower case.
struct Body {
  std::string name;     // empty: the top level
  std::string_view at;  // the name in the source
  std::vector<std::string_view> pins;
  StringMap<std::uint32_t> pin_numbers;
  std::vector<ParameterDefinition> parameters;
  StringMap<std::uint32_t> parameter_numbers;
  StringMap<FunctionDefinition> functions;
  std::vector<ModelDefinition> models;
  StringMap<std::uint32_t> model_numbers;
  StringMap<std::shared_ptr<const Body>> subcircuits;
  StringMap<std::string_view> globals;  // global nodes; all of them are kept at the top level
  std::vector<std::pair<std::size_t, std::size_t>> elements;  // ranges of cards, ends excluded; also .edges
  std::vector<std::size_t> commands;         // cards that are neither elements nor definitions
  std::vector<ConditionalBlock> conditions;  // not decided yet: the last one comes first
  std::vector<std::pair<std::size_t, std::size_t>> scripts;  // cards of .control … .endc; top level only
};

/// Sorts the cards of a deck into bodies. What is wrong goes to `messages`.
Body collect_definitions(const Deck& deck, Messages& messages);

/// Adds the cards of a branch to the body that its block stands in. What is there keeps its numbers; elements
/// and commands are no longer in the deck's order.
void add_branch(const Deck& deck, Messages& messages, const ConditionalBlock::Branch& branch, Body& body);

}  // namespace memspice
