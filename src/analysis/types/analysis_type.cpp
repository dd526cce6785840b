#include "analysis/types/analysis_type.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "netlist/elaboration/card_context.hpp"

namespace memspice {

namespace {

/// The place of a card's type among those that memspice comes with; the others come behind them.
std::size_t rank_of(const ObserverCard& card) {
  const auto types = standard_analyses();
  return static_cast<std::size_t>(std::ranges::find(types, &card.type().card) - types.begin());
}

template <class Type>
void refuse_second(CardContext& context, const std::vector<AnyCard<Type>>& cards, const AnyCard<Type>& card) {
  const std::string_view name = card.type().card.description.name;
  for (const AnyCard<Type>& other : cards)
    if (&other.type() == &card.type())
      throw Problem{context.text.substr(0, name.size()), fmt::format("there are two {} cards", name),
                    "the first one is at " + context.line_of(other.where())};
}

}  // namespace

std::string_view card_name(const AnalysisType& type) {
  return type.card.description.name;
}

std::string_view card_name(const ObserverType& type) {
  return type.card.description.name;
}

void add_card(Circuit& circuit, AnalysisCard card) {
  using Stage = AnalysisType::Stage;
  const auto stage_of = [](const AnalysisCard& of) { return of.type().stage; };
  const Stage stage = stage_of(card);
  std::vector<AnalysisCard>& cards = stage == Stage::analysis ? circuit.analyses
                                     : stage == Stage::before ? circuit.before_analyses
                                                              : circuit.after_analyses;
  cards.insert(std::ranges::upper_bound(cards, stage, {}, stage_of), std::move(card));
}

void add_only_card(CardContext& context, AnalysisCard card) {
  for (const auto* cards :
       {&context.circuit.before_analyses, &context.circuit.analyses, &context.circuit.after_analyses})
    refuse_second(context, *cards, card);
  add_card(context.circuit, std::move(card));
}

void add_only_card(CardContext& context, ObserverCard card) {
  std::vector<ObserverCard>& cards = context.circuit.observers;
  refuse_second(context, cards, card);
  cards.insert(std::ranges::upper_bound(cards, rank_of(card), {}, rank_of), std::move(card));
}

void require(Elaboration& elaboration, bool there, Location where, std::string reason, std::string hint) {
  if (there) return;
  const std::string_view text = elaboration.deck.sources->text(where.file).substr(where.offset);
  elaboration.messages.error(
      {text.substr(0, text.find_first_of(" \t\r\n")), std::move(reason), std::move(hint)});
}

void require_transient(Elaboration& elaboration, const ObserverType& type) {
  for (const ObserverCard& card : elaboration.circuit.observers)
    if (&card.type() == &type)
      require(elaboration, has_end(elaboration.circuit), card.where(),
              fmt::format("{} follows a transient, and the deck has no .tran card", card_name(type)),
              "add .tran tstep tstop");
}

bool has_end(const Circuit& circuit) {
  return std::ranges::any_of(circuit.analyses,
                             [](const AnalysisCard& card) { return card.type().leaves_end; });
}

}  // namespace memspice
