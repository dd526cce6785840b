#include <fmt/format.h>

#include "base/characters.hpp"
#include "netlist/cards/spacing.hpp"
#include "netlist/elaborator.hpp"

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
    if (source.name == name) source.dc = swept.value * source.copies;
}

}  // namespace

// LTspice's decks give a parameter its values on .step alone.
void Elaborator::declare_stepped_parameters() {
  for (const std::size_t index : top_.commands) {
    const std::string_view card = deck_.text(deck_.cards[index]);
    if (!same_word(card.substr(0, 5), ".step")) continue;
    try {
      reader_.start(card);
      reader_.take();
      accept_spacing();
      if (!reader_.accept_word("param")) continue;
      const std::string_view name = reader_.word("a parameter");
      accept_spacing();
      ParameterDefinition parameter{name, {}, false};
      if (at_swept_file())
        parameter.expression = {{{Expression::Kind::number, name, swept_file().front(), {}, {}}}, name};
      else
        parameter.expression = reader_.expression(CardReader::Blanks::end_it);
      const auto number = static_cast<std::uint32_t>(top_.parameters.size());
      if (!top_.parameter_numbers.try_emplace(to_lower(name), number).second) continue;
      top_.parameters.push_back(std::move(parameter));
      top_scope_->grow(top_);
    } catch (const Problem&) {  // reported when the card is read
    }
  }
}

void Elaborator::set_swept_temperature() {
  for (const SweptValue& swept : swept_)
    if (swept.target == Target::temperature) circuit_.options.temperature = swept.value;
}

void Elaborator::set_swept_sources() {
  for (const SweptValue& swept : swept_)
    if (is_source(swept.target)) set_source(circuit_, swept);
}

void Elaborator::set_swept_parameters(bool model, std::string_view name, const DeviceType& type,
                                      std::vector<double>& values) const {
  for (const SweptValue& swept : swept_) {
    if (swept.target != Target::device_parameter || swept.model != model) continue;
    if (model ? !means_model(swept.name, name) : !same_word(name, swept.name)) continue;
    const std::optional<std::size_t> parameter =
        swept.parameter.empty() ? 0 : type.find_card_parameter(swept.parameter);
    if (parameter) values[*parameter] = swept.value;
  }
}

bool Elaborator::needs_deck() const {
  if (!circuit_.temperatures.empty() || circuit_.monte_carlo) return true;
  const auto varies = [](const Sweep& sweep) { return !is_source(sweep.target); };
  if (!circuit_.steps.empty()) return true;
  for (const AnalysisCard& card : circuit_.analyses)
    if (const auto* dc = std::get_if<DcCard>(&card); dc && std::ranges::any_of(dc->sweeps, varies))
      return true;
  return false;
}

Circuit variant(const Circuit& circuit, const Variation& variation) {
  using Cards = ElaborateOptions::Cards;
  const bool of_sources =
      std::ranges::all_of(variation.values, [](const SweptValue& swept) { return is_source(swept.target); });
  if (of_sources && !variation.run && !circuit.varies_with_deck) {
    Circuit changed = circuit;
    for (const SweptValue& swept : variation.values) set_source(changed, swept);
    return changed;
  }
  if (!circuit.deck) throw std::invalid_argument("this circuit has no deck to be elaborated from");
  ElaborateOptions options = circuit.elaborated_with;
  options.swept.insert(options.swept.end(), variation.values.begin(), variation.values.end());
  if (variation.run) options.run = *variation.run;
  if (!options.seed) options.seed = circuit.options.seed;  // of all variants one, if it was drawn
  options.cards = variation.analyses ? Cards::no_steps : Cards::no_sweeps;
  Circuit changed = elaborate(*circuit.deck, circuit.catalogue, options);
  changed.deck = circuit.deck;
  return changed;
}

}  // namespace memspice
