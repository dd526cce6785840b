#include "netlist/elaboration/conditions.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "base/characters.hpp"
#include "base/spelling.hpp"
#include "netlist/elaboration/elaboration.hpp"

namespace memspice {
namespace {

void sort_cards(Body& body) {
  std::ranges::sort(body.elements);
  std::ranges::sort(body.commands);
}

// The branch of a block that counts in this scope; nullptr: none.
const ConditionalBlock::Branch* choose(Elaboration& elaboration, const ConditionalBlock& block,
                                       Scope& scope) {
  for (const ConditionalBlock::Branch& branch : block.branches) {
    if (branch.condition == ConditionalBlock::always) return &branch;
    bool holds = false;
    elaboration.attempt([&] {
      elaboration.reader.start(elaboration.deck.text(elaboration.deck.cards[branch.condition]));
      elaboration.reader.take();  // .if
      holds = elaboration.values.value(elaboration.reader.condition(), scope) != 0;
    });
    if (holds) return &branch;
  }
  return nullptr;
}

/// The first model whose card gives a parameter of this name a value; empty: none does.
std::string_view model_that_gives(Elaboration& elaboration, std::string_view name) {
  std::string_view found;
  for (const ModelDefinition& model : elaboration.top.models)
    elaboration.attempt([&] {
      CardReader& reader = elaboration.reader;
      reader.start(elaboration.deck.text(elaboration.deck.cards[model.card]));
      for (; found.empty() && !reader.at_end(); reader.take())
        if (reader.at_assignment() && same_word(reader.peek().text, name)) found = model.at;
    });
  return found;
}

std::string hint_of_setting(Elaboration& elaboration, std::string_view name, double value) {
  if (const std::string_view model = model_that_gives(elaboration, name); !model.empty())
    return fmt::format("it is one of the model '{0}': --set {0}:{1}={2}", model, name, value);
  std::vector<std::string_view> candidates;
  append_names(elaboration.top.parameter_numbers, candidates);
  const std::string hint = did_you_mean(name, candidates);
  return hint.empty() ? "--set changes elements and models: r1=2k, mymodel:beta=1" : hint;
}

}  // namespace

void override_parameters(Elaboration& elaboration, const ElaborateOptions& options, bool complete) {
  for (const auto& [given, value] : options.parameters) {
    const std::string name = to_lower(given);
    const auto found = elaboration.top.parameter_numbers.find(name);
    if (found == elaboration.top.parameter_numbers.end()) {
      if (!complete) continue;
      elaboration.messages.error({{},
                                  fmt::format("the deck has no parameter '{}' to be set", given),
                                  hint_of_setting(elaboration, name, value)});
      continue;
    }
    if (!std::isfinite(value)) {
      elaboration.messages.error({{}, fmt::format("parameter '{}' cannot be set to {}", given, value)});
      continue;
    }
    ParameterDefinition& parameter = elaboration.top.parameters[found->second];
    parameter.expression = {{{Expression::Kind::number, parameter.at, value, {}, {}}}, parameter.at};
  }
}

void decide_top_level(Elaboration& elaboration, const ElaborateOptions& options) {
  if (elaboration.top.conditions.empty()) return override_parameters(elaboration, options, true);
  while (!elaboration.top.conditions.empty()) {
    override_parameters(elaboration, options,
                        false);  // a condition may depend on them, and a branch may define them
    const ConditionalBlock block = std::move(elaboration.top.conditions.back());
    elaboration.top.conditions.pop_back();
    const ConditionalBlock::Branch* branch = choose(elaboration, block, *elaboration.top_scope);
    if (!branch) continue;
    add_branch(elaboration.deck, elaboration.messages, *branch, elaboration.top);
    elaboration.top_scope->grow(elaboration.top);
  }
  sort_cards(elaboration.top);
  override_parameters(elaboration, options, true);
}

void decide(Elaboration& elaboration, Scope& scope) {
  if (scope.body->conditions.empty()) return;
  CardReader instance;  // its card comes back when the conditions have been read
  std::swap(instance, elaboration.reader);
  while (!scope.body->conditions.empty()) {
    const Body& body = *scope.body;
    const ConditionalBlock& block = body.conditions.back();
    const ConditionalBlock::Branch* branch = choose(elaboration, block, scope);
    const std::string decision =
        branch ? fmt::format(".if {}", branch - block.branches.data()) : std::string(".endif");
    const auto [variant, fresh] = elaboration.variants.try_emplace({&body, decision});
    if (fresh) {
      variant->second = body;
      variant->second.conditions.pop_back();
      if (branch) add_branch(elaboration.deck, elaboration.messages, *branch, variant->second);
      sort_cards(variant->second);
    }
    scope.grow(variant->second);
  }
  std::swap(instance, elaboration.reader);
}

}  // namespace memspice
