#include <fmt/format.h>

#include <algorithm>
#include <optional>

#include "base/characters.hpp"
#include "base/spelling.hpp"
#include "netlist/elaboration/card_context.hpp"
#include "netlist/elements/asked_pins.hpp"

namespace memspice {
namespace {

constexpr std::size_t deepest_instance = 64;

const Body& find_subcircuit(std::string_view name, const Scope& scope) {
  const std::string key = to_lower(name);
  std::vector<std::string_view> candidates;
  for (const Scope* at = &scope; at; at = at->caller) {
    if (const auto found = at->body->subcircuits.find(key); found != at->body->subcircuits.end())
      return *found->second;
    append_names(at->body->subcircuits, candidates);
  }
  throw Problem{name, fmt::format("unknown subcircuit '{}'", name), did_you_mean(key, candidates)};
}

bool mentions(std::string_view text, std::string_view key) {
  const auto is_part = [](char c) { return is_letter(c) || is_digit(c) || c == '_'; };
  const auto same = [](char a, char b) { return lower(a) == b; };
  for (auto at = text.begin();; ++at) {
    at = std::search(at, text.end(), key.begin(), key.end(), same);
    if (at == text.end()) return false;
    const auto end = at + static_cast<std::ptrdiff_t>(key.size());
    if ((at == text.begin() || !is_part(at[-1])) && (end == text.end() || !is_part(*end))) return true;
  }
}

/// Whether what a body holds, or one inside of it, has this word, in lower case.
bool mentions(const Deck& deck, const Body& body, std::string_view key) {
  const auto in_card = [&](std::size_t card) { return mentions(deck.text(deck.cards[card]), key); };
  std::vector<std::pair<std::size_t, std::size_t>> ranges = body.elements;
  for (const ConditionalBlock& block : body.conditions)
    for (const ConditionalBlock::Branch& branch : block.branches) {
      ranges.emplace_back(branch.begin, branch.end);
      if (branch.condition != ConditionalBlock::always && in_card(branch.condition)) return true;
    }
  for (const auto& [begin, end] : ranges)
    for (std::size_t i = begin; i < end; ++i)
      if (in_card(i)) return true;
  for (const ParameterDefinition& parameter : body.parameters)
    if (mentions(parameter.expression.text, key)) return true;
  for (const auto& [name, function] : body.functions)
    if (mentions(function.body.text, key)) return true;
  for (const auto& [name, inside] : body.subcircuits)
    if (mentions(deck, *inside, key)) return true;
  return std::ranges::any_of(body.commands, in_card) ||
         std::ranges::any_of(body.models, in_card, &ModelDefinition::card);
}

/// The number of a parameter that the instance may give. As in LTspice it need not stand on the .subckt card
/// where what is inside of it reads it.
std::optional<std::uint32_t> find_parameter(CardContext& card, Scope& inner, std::string_view parameter) {
  const Body& body = *inner.body;
  const std::string key = to_lower(parameter);
  if (const auto found = body.parameter_numbers.find(key); found != body.parameter_numbers.end()) {
    if (body.parameters[found->second].overridable) return found->second;
    return {};
  }
  if (key == "m") return {};
  auto& variants = card.elaboration.variants;
  auto variant = variants.find({&body, key});
  if (variant == variants.end()) {
    if (!mentions(card.deck, body, key)) return {};
    variant = variants.try_emplace({&body, key}, body).first;
    Body& larger = variant->second;
    larger.parameter_numbers.emplace(key, static_cast<std::uint32_t>(larger.parameters.size()));
    larger.parameters.push_back({parameter, {}, true});
  }
  inner.grow(variant->second);
  return variant->second.parameter_numbers.at(key);
}

// Reads one `name = value` of an instance.
void give_parameter(CardContext& card, Scope& inner, std::string_view type) {
  const std::string_view parameter = card.reader.word("a parameter's name");
  const std::optional<std::uint32_t> number = find_parameter(card, inner, parameter);
  if (!number) {
    if (same_word(parameter, "m") && card.reader.accept(Token::Kind::equals)) {
      inner.multiplier *= card.multiplier();
      return;
    }
    const Body& body = *inner.body;
    const std::string key = to_lower(parameter);
    std::vector<std::string_view> candidates;
    for (const auto& [known, place] : body.parameter_numbers)
      if (body.parameters[place].overridable) candidates.push_back(known);
    throw Problem{
        parameter, fmt::format("subcircuit '{}' has no parameter '{}'", type, parameter),
        body.parameter_numbers.contains(key)
            ? fmt::format("a .param inside sets it: put it on the .subckt card, {}=default", parameter)
            : did_you_mean(key, candidates)};
  }
  card.reader.expect(Token::Kind::equals, fmt::format("'=' behind '{}'", parameter));
  inner.values[*number] = card.value(CardReader::Blanks::allowed);
  inner.states[*number] = Scope::State::given;
}

}  // namespace

void read_instance(CardContext& card) {
  const std::string_view name = card.reader.word("a name");
  std::vector<Scope::Pin> pins;
  std::string_view type;
  for (std::size_t n = card.reader.count_words(); n > 0; --n) {
    const std::string_view word = card.reader.word("a node");
    if (same_word(word, "params:")) break;
    if (!type.empty()) pins.push_back({type});
    type = word;
  }
  if (type.empty()) throw Problem{name, fmt::format("'{}' names no subcircuit", name)};
  const Body& body = find_subcircuit(type, card.scope);
  if (pins.size() != body.pins.size())
    throw Problem{type,
                  fmt::format("subcircuit '{}' has {} pin{}, but '{}' connects {}", type, body.pins.size(),
                              body.pins.size() == 1 ? "" : "s", name, pins.size()),
                  body.pins.empty() ? std::string() : "its pins are " + list(body.pins)};

  const std::string_view full = card.full_name(name);
  Instances& instances = card.elaboration.instances;
  if (const std::uint32_t known = instances.names.find(full); known != NameTable::npos)
    throw Problem{name, fmt::format("there are two elements named '{}'", full),
                  "the first one is at " + card.line_of(instances.places[known])};
  spend(card.elaboration, Resource::instances, 1, name);  // a few levels of doubling must not fill the memory
  instances.names.intern(full);
  instances.places.push_back(card.where);

  Scope inner(body, &card.scope, std::string(full) + '.');
  inner.pins = std::move(pins);
  inner.multiplier = card.scope.multiplier;
  std::size_t depth = 0;
  for (const Scope* at = &card.scope; at; at = at->caller) {
    if (at->body->at.data() == body.at.data())
      throw Problem{type, fmt::format("subcircuit '{}' contains itself", type),
                    fmt::format("the instance '{}' stands inside of it", full)};
    if (++depth > deepest_instance)
      throw Problem{type, fmt::format("subcircuits are nested more than {} deep", deepest_instance)};
  }
  if (!instances.asked_pins.empty())
    add_asked_pins(card, name, inner.prefix.substr(0, inner.prefix.size() - 1), inner);
  bool good = true;
  for (card.reader.skip_commas(); !card.reader.at_end(); card.reader.skip_commas())
    good &= card.attempt_assignment([&] { give_parameter(card, inner, type); });
  if (!good) return;
  decide(card.elaboration, inner);
  card.elaboration.walk(card.elaboration, inner);
  if (card.elaboration.models.last_scope == &inner) card.elaboration.models.last_scope = nullptr;
}

}  // namespace memspice
