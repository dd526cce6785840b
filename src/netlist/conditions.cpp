#include <algorithm>

#include "netlist/elaborator.hpp"

namespace memspice {
namespace {

void sort_cards(Body& body) {
  std::ranges::sort(body.elements);
  std::ranges::sort(body.commands);
}

}  // namespace

const ConditionalBlock::Branch* Elaborator::choose(const ConditionalBlock& block, Scope& scope) {
  for (const ConditionalBlock::Branch& branch : block.branches) {
    if (branch.condition == ConditionalBlock::always) return &branch;
    bool holds = false;
    attempt([&] {
      reader_.start(deck_.text(deck_.cards[branch.condition]));
      reader_.take();  // .if
      holds = evaluator_.value(reader_.condition(), scope) != 0;
    });
    if (holds) return &branch;
  }
  return nullptr;
}

void Elaborator::decide_top_level(const ElaborateOptions& options) {
  if (top_.conditions.empty()) return override_parameters(options, true);
  while (!top_.conditions.empty()) {
    override_parameters(options, false);  // a condition may depend on them, and a branch may define them
    const ConditionalBlock block = std::move(top_.conditions.back());
    top_.conditions.pop_back();
    const ConditionalBlock::Branch* branch = choose(block, *top_scope_);
    if (!branch) continue;
    add_branch(deck_, messages_, *branch, top_);
    top_scope_->grow(top_);
  }
  sort_cards(top_);
  override_parameters(options, true);
}

void Elaborator::decide(Scope& scope) {
  if (scope.body->conditions.empty()) return;
  CardReader instance;  // its card comes back when the conditions have been read
  std::swap(instance, reader_);
  while (!scope.body->conditions.empty()) {
    const Body& body = *scope.body;
    const ConditionalBlock& block = body.conditions.back();
    const ConditionalBlock::Branch* branch = choose(block, scope);
    const std::size_t number =
        branch ? static_cast<std::size_t>(branch - block.branches.data()) : ConditionalBlock::always;
    const auto [variant, fresh] = variants_.try_emplace({&body, number});
    if (fresh) {
      variant->second = body;
      variant->second.conditions.pop_back();
      if (branch) add_branch(deck_, messages_, *branch, variant->second);
      sort_cards(variant->second);
    }
    scope.grow(variant->second);
  }
  std::swap(instance, reader_);
}

}  // namespace memspice
