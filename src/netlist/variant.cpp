#include "netlist/variant.hpp"

#include <algorithm>
#include <stdexcept>

#include "base/characters.hpp"
#include "netlist/cards/data_tables.hpp"
#include "netlist/cards/sweeps.hpp"

namespace memspice {
namespace {

using Target = Sweep::Target;

bool is_source(Target target) {
  return target == Target::voltage_source || target == Target::current_source;
}

void set_source(Circuit& circuit, const SweptValue& swept) {
  const std::uint32_t name = circuit.element_names.find(swept.name);
  for (Source& source :
       swept.target == Target::voltage_source ? circuit.voltage_sources : circuit.current_sources)
    if (source.name == name) source.dc = swept.value * source.extras->copies;
}

}  // namespace

namespace {

// LTspice's decks give a parameter its values on .step alone.
void append_stepped_parameters(Elaboration& elaboration, std::vector<ParameterDefinition>& parameters) {
  for (const std::size_t index : elaboration.top.commands) {
    CardContext card(elaboration, elaboration.deck.cards[index], *elaboration.top_scope, ".step");
    if (!same_word(card.text.substr(0, 5), card.at)) continue;
    try {
      card.reader.start(card.text);
      card.reader.take();
      accept_spacing(card.reader);
      if (!card.reader.accept_word("param")) continue;
      const std::string_view name = card.reader.word("a parameter");
      accept_spacing(card.reader);
      ParameterDefinition parameter{name, {}, false};
      if (at_swept_file(card.reader))
        parameter.expression = {{{Expression::Kind::number, name, swept_file(card).front(), {}, {}}}, name};
      else
        parameter.expression = card.reader.expression(CardReader::Blanks::end_it);
      parameters.push_back(std::move(parameter));
    } catch (const Problem&) {  // reported when the card is read
    }
  }
}

}  // namespace

void declare_stepped_parameters(Elaboration& elaboration) {
  auto& known = elaboration.circuit.origin.options.stepped;
  if (!known) {
    SteppedParameters found;
    append_data_parameters(elaboration, found.all);
    append_stepped_parameters(elaboration, found.all);
    known = std::make_shared<const SteppedParameters>(std::move(found));
  }
  Body& top = elaboration.top;
  for (const ParameterDefinition& parameter : known->all) {
    const auto number = static_cast<std::uint32_t>(top.parameters.size());
    if (!top.parameter_numbers.try_emplace(to_lower(parameter.at), number).second) continue;
    top.parameters.push_back(parameter);
  }
  elaboration.top_scope->grow(top);
}

void set_swept_temperature(Elaboration& elaboration) {
  for (const SweptValue& swept : elaboration.options.swept)
    if (swept.target == Target::temperature) elaboration.circuit.options.temperature = swept.value;
}

void set_swept_sources(Elaboration& elaboration) {
  for (const SweptValue& swept : elaboration.options.swept)
    if (is_source(swept.target)) set_source(elaboration.circuit, swept);
}

bool needs_deck(const Circuit& circuit) {
  if (!circuit.repetitions.temperatures.empty() || circuit.repetitions.monte_carlo) return true;
  const auto varies = [](const Sweep& sweep) { return !is_source(sweep.target); };
  if (!circuit.repetitions.steps.empty()) return true;
  for (const AnalysisCard& card : circuit.analyses)
    if (const auto* dc = card.get_if<DcCard>(); dc && std::ranges::any_of(dc->sweeps, varies)) return true;
  return false;
}

Circuit variant(const Circuit& circuit, const Variation& variation) {
  using Cards = ElaborateOptions::Cards;
  const bool of_sources =
      std::ranges::all_of(variation.values, [](const SweptValue& swept) { return is_source(swept.target); });
  if (of_sources && !variation.run && !circuit.origin.varies) {
    Circuit changed = circuit;
    for (const SweptValue& swept : variation.values) set_source(changed, swept);
    return changed;
  }
  if (!circuit.origin.deck) throw std::invalid_argument("this circuit has no deck to be elaborated from");
  ElaborateOptions options = circuit.origin.options;
  options.swept.insert(options.swept.end(), variation.values.begin(), variation.values.end());
  if (variation.run) options.run = *variation.run;
  if (!options.seed) options.seed = circuit.options.seed;  // of all variants one, if it was drawn
  options.cards = variation.analyses ? Cards::no_steps : Cards::no_analyses;
  return elaborate(circuit.origin.deck, circuit.catalogue, options);
}

}  // namespace memspice
