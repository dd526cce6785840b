#include <array>

#include "base/characters.hpp"
#include "base/interruption.hpp"
#include "base/lines.hpp"
#include "netlist/cards/options.hpp"
#include "netlist/cards/table.hpp"
#include "netlist/checks.hpp"
#include "netlist/elements/asked_pins.hpp"
#include "netlist/elements/couplings.hpp"
#include "netlist/elements/table.hpp"
#include "netlist/scripts/scripts.hpp"
#include "netlist/variant.hpp"

namespace memspice {
namespace {

void read_commands(Elaboration& elaboration, Scope& scope) {
  for (const std::size_t index : scope.body->commands) {
    if (!scope.caller && elaboration.read_early.contains(index)) continue;
    CardContext card(elaboration, elaboration.deck.cards[index], scope, {});
    const std::string name = to_lower(first_word(card.text));
    if (passes_over(elaboration, name)) continue;
    elaboration.attempt([&] {
      card.reader.start(card.text);
      card.at = card.reader.take().text;
      read_card(card, name);
    });
  }
}

// Reads the cards of the top level on which the values of elements may depend.
void read_early_commands(Elaboration& elaboration) {
  for (const std::size_t index : elaboration.top.commands) {
    CardContext card(elaboration, elaboration.deck.cards[index], *elaboration.top_scope, {});
    card.at = first_word(card.text);
    const std::string name = to_lower(card.at);
    const CardKind* kind = elaboration.cards.find(name);
    if (!kind || !kind->early || !elaboration.read_early.insert(index).second) continue;
    if (passes_over(elaboration, name)) continue;
    elaboration.attempt([&] {
      card.reader.start(card.text);
      card.reader.take();
      read_card(card, name);
    });
  }
}

void evaluate_top_level(Elaboration& elaboration) {
  Scope& scope = *elaboration.top_scope;
  for (std::uint32_t i = 0; i < elaboration.top.parameters.size(); ++i)
    elaboration.attempt([&] { elaboration.values.parameter(scope, i); });
  for (std::uint32_t i = 0; i < elaboration.top.models.size(); ++i)
    elaboration.attempt([&] { scope.models[i] = read_model(elaboration, elaboration.top.models[i], scope); });
}

// Reads what stands in the body of a scope.
void read_body(Elaboration& elaboration, Scope& scope) {
  InterruptionCounter counter;
  for (const auto& [begin, end] : scope.body->elements) {
    for (std::size_t i = begin; i < end; ++i) {
      counter();
      spend(elaboration, Resource::elements, 1, elaboration.deck.text(elaboration.deck.cards[i]));
      elaboration.attempt([&] { read_element(elaboration, elaboration.deck.cards[i], scope); });
    }
  }
  read_commands(elaboration, scope);
}

void read_definitions(Elaboration& elaboration) {
  const ElaborateOptions& options = elaboration.options;
  elaboration.top = collect_definitions(elaboration.deck, elaboration.messages);
  elaboration.top_scope = std::make_unique<Scope>(elaboration.top, nullptr, std::string());
  declare_stepped_parameters(elaboration);
  override_parameters(elaboration, options, false);
  read_early_commands(elaboration);
  set_swept_temperature(elaboration);
  decide_top_level(elaboration, options);
  read_early_commands(elaboration);  // those of conditions
  set_swept_temperature(elaboration);
  if (options.seed) elaboration.circuit.options.seed = options.seed;
  if (options.cards != ElaborateOptions::Cards::all) elaboration.circuit.repetitions.monte_carlo.reset();
  evaluate_top_level(elaboration);
}

// Counts the top level's elements by their letters, so that the lists of a large circuit need not grow. Room
// that stays empty is never touched.
void make_room(Elaboration& elaboration) {
  std::array<std::size_t, 26> count{};
  std::size_t elements = 0;
  for (const auto& [begin, end] : elaboration.top_scope->body->elements) {
    elements += end - begin;
    for (std::size_t i = begin; i < end; ++i) {
      const char letter = lower(elaboration.deck.text(elaboration.deck.cards[i]).front());
      if (is_letter(letter)) ++count[static_cast<std::size_t>(letter - 'a')];
    }
  }
  Circuit& circuit = elaboration.circuit;
  circuit.element_names.reserve(elements);
  circuit.voltage_sources.reserve(count['v' - 'a']);
  circuit.current_sources.reserve(count['i' - 'a']);
  circuit.functions.reserve(count['v' - 'a'] + count['i' - 'a']);
  elaboration.devices.expect(count);
}

// Each is checked, and has vectors of its own.
void check_analyses(Elaboration& elaboration) {
  Circuit& circuit = elaboration.circuit;
  const Budgets& budgets = circuit.options.budgets;
  double count = 0;
  for (const auto* cards : {&circuit.before_analyses, &circuit.analyses, &circuit.after_analyses})
    for (const AnalysisCard& card : *cards)
      if (++count > budgets.limit(Resource::analyses))
        return elaboration.messages.add(diagnose(*elaboration.deck.sources, card.where(), 1,
                                                 budgets.message(Resource::analyses),
                                                 budgets.hint(Resource::analyses)));
}

// What waited for the circuit to be complete.
void finish(Elaboration& elaboration) {
  resolve_couplings(elaboration);
  run_scripts(elaboration);
  apply_options_to_transients(elaboration);
  // With errors the card of a name may be the wrong one.
  if (elaboration.messages.error_count() == 0) elaboration.probes.resolve();
  check_noise_lengths(elaboration);
  check_initial_values(elaboration);
  check_frequency_tables(elaboration);
  check_connections(elaboration);
  for (const bool of_outputs : {false, true})  // which look at what all others leave
    for (const CardKind* kind : elaboration.cards.kinds())
      if (kind->check && (kind->group == CardGroup::outputs) == of_outputs) kind->check(elaboration);
  check_analyses(elaboration);
  check_dialect(elaboration);
  elaboration.messages.throw_errors();
}

}  // namespace

Circuit elaborate(std::shared_ptr<const Deck> deck, std::shared_ptr<const Catalogue> catalogue,
                  const ElaborateOptions& given) {
  ElaborateOptions options = given;
  for (const SweptValue& swept : options.swept)
    if (swept.target == Sweep::Target::parameter) options.parameters.emplace_back(swept.name, swept.value);
  Elaboration elaboration(*deck, std::move(catalogue), options, card_table(options.analyses), read_body);
  elaboration.circuit.origin.options = given;
  read_definitions(elaboration);
  make_room(elaboration);
  note_asked_pins(elaboration);
  read_body(elaboration, *elaboration.top_scope);
  finish(elaboration);
  set_swept_sources(elaboration);
  Circuit& circuit = elaboration.circuit;
  circuit.warnings = elaboration.messages.take_warnings();
  circuit.origin.deck = std::move(deck);
  circuit.origin.varies = needs_deck(circuit);
  return std::move(circuit);
}

}  // namespace memspice
