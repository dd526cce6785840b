#include <fmt/format.h>

#include "base/characters.hpp"
#include "base/spelling.hpp"
#include "netlist/elaboration/card_context.hpp"

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

// Reads one `name = value` of an instance.
void give_parameter(CardContext& card, Scope& inner, std::string_view type) {
  const Body& body = *inner.body;
  const std::string_view parameter = card.reader.word("a parameter's name");
  const std::string key = to_lower(parameter);
  const auto found = body.parameter_numbers.find(key);
  if (found == body.parameter_numbers.end() || !body.parameters[found->second].overridable) {
    if (key == "m" && card.reader.accept(Token::Kind::equals)) {
      inner.multiplier *= card.multiplier();
      return;
    }
    std::vector<std::string_view> candidates;
    for (const auto& [known, number] : body.parameter_numbers)
      if (body.parameters[number].overridable) candidates.push_back(known);
    throw Problem{parameter, fmt::format("subcircuit '{}' has no parameter '{}'", type, parameter),
                  did_you_mean(key, candidates)};
  }
  card.reader.expect(Token::Kind::equals, fmt::format("'=' behind '{}'", parameter));
  inner.values[found->second] = card.value(CardReader::Blanks::allowed);
  inner.states[found->second] = Scope::State::given;
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
  bool good = true;
  for (card.reader.skip_commas(); !card.reader.at_end(); card.reader.skip_commas())
    good &= card.attempt_assignment([&] { give_parameter(card, inner, type); });
  if (!good) return;
  decide(card.elaboration, inner);
  card.elaboration.walk(card.elaboration, inner);
  if (card.elaboration.models.last_scope == &inner) card.elaboration.models.last_scope = nullptr;
}

}  // namespace memspice
