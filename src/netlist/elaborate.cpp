#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "base/characters.hpp"
#include "base/spelling.hpp"
#include "netlist/elaborator.hpp"

namespace memspice {
namespace {

constexpr std::size_t deepest_instance = 64;
constexpr std::size_t most_instances = 5'000'000;  // a few levels of doubling must not fill the memory

}  // namespace

Elaborator::Elaborator(const Deck& deck, std::shared_ptr<const Catalogue> catalogue)
    : deck_(deck), messages_(*deck.sources), evaluator_(circuit_.options, messages_) {
  circuit_.title = deck.title;
  circuit_.sources = deck.sources;
  circuit_.catalogue = std::move(catalogue);
  circuit_.node_names.intern("0");
  const auto& types = circuit_.catalogue->types();
  groups_by_type_.assign(types.size(), NameTable::npos);
  for (const auto& type : types)
    if (auto& slot = types_by_letter_[static_cast<std::size_t>(type->letter - 'a')]; !slot) slot = type.get();
  messages_.warnings(deck.warnings);
}

Circuit Elaborator::run(const ElaborateOptions& given) {
  ElaborateOptions options = given;
  cards_ = options.cards;
  swept_ = options.swept;
  seed_given_ = options.seed.has_value();
  for (const SweptValue& swept : swept_)
    if (swept.target == Sweep::Target::parameter) options.parameters.emplace_back(swept.name, swept.value);
  evaluator_.seed(options.seed, options.run);
  top_ = collect_definitions(deck_, messages_);
  top_scope_ = std::make_unique<Scope>(top_, nullptr, std::string());
  declare_stepped_parameters();
  override_parameters(options, false);
  early_commands();
  set_swept_temperature();
  decide_top_level(options);
  early_commands();  // those of conditions
  set_swept_temperature();
  if (options.seed) circuit_.options.seed = options.seed;
  if (cards_ != ElaborateOptions::Cards::all) circuit_.monte_carlo.reset();
  evaluate_top_level();
  instantiate(*top_scope_);
  resolve_couplings();
  scripts();
  apply_options_to_transients();
  resolve_probes();
  check_noise_lengths();
  check_connections();
  check_network_cards();
  finish_output_cards();
  check_dialect();
  messages_.throw_errors();
  set_swept_sources();
  circuit_.warnings = messages_.take_warnings();
  circuit_.elaborated_with = given;
  circuit_.deck = std::make_shared<const Deck>(deck_);
  circuit_.varies_with_deck = needs_deck();
  return std::move(circuit_);
}

void Elaborator::override_parameters(const ElaborateOptions& options, bool complete) {
  for (const auto& [given, value] : options.parameters) {
    const std::string name = to_lower(given);
    const auto found = top_.parameter_numbers.find(name);
    if (found == top_.parameter_numbers.end()) {
      if (!complete) continue;
      std::vector<std::string_view> candidates;
      append_names(top_.parameter_numbers, candidates);
      messages_.error({{},
                       fmt::format("the deck has no parameter '{}' to be set", given),
                       did_you_mean(name, candidates)});
      continue;
    }
    if (!std::isfinite(value)) {
      messages_.error({{}, fmt::format("parameter '{}' cannot be set to {}", given, value)});
      continue;
    }
    ParameterDefinition& parameter = top_.parameters[found->second];
    parameter.expression = {{{Expression::Kind::number, parameter.at, value, {}, {}}}, parameter.at};
  }
}

void Elaborator::evaluate_top_level() {
  for (std::uint32_t i = 0; i < top_.parameters.size(); ++i)
    attempt([&] { evaluator_.parameter(*top_scope_, i); });
  for (std::uint32_t i = 0; i < top_.models.size(); ++i)
    attempt([&] { top_scope_->models[i] = read_model(top_.models[i], *top_scope_); });
}

void Elaborator::instantiate(Scope& scope) {
  for (const auto& [begin, end] : scope.body->elements)
    for (std::size_t i = begin; i < end; ++i) attempt([&] { element(deck_.cards[i], scope); });
  commands(scope);
}

void Elaborator::subcircuit_instance(const Card& card, char, Scope& scope) {
  const std::string_view name = reader_.word("a name");
  std::vector<Scope::Pin> pins;
  std::string_view type;
  for (std::size_t n = reader_.count_words(); n > 0; --n) {
    const std::string_view word = reader_.word("a node");
    if (same_word(word, "params:")) break;
    if (!type.empty()) pins.push_back({type});
    type = word;
  }
  if (type.empty()) throw Problem{name, fmt::format("'{}' names no subcircuit", name)};
  const Body& body = find_subcircuit(type, scope);
  if (pins.size() != body.pins.size())
    throw Problem{type,
                  fmt::format("subcircuit '{}' has {} pin{}, but '{}' connects {}", type, body.pins.size(),
                              body.pins.size() == 1 ? "" : "s", name, pins.size()),
                  body.pins.empty() ? std::string() : "its pins are " + list(body.pins)};

  const std::string_view full = full_name(scope, name);
  if (const std::uint32_t known = instance_names_.find(full); known != NameTable::npos)
    throw Problem{name, fmt::format("there are two elements named '{}'", full),
                  "the first one is at " + line_of(instance_places_[known])};
  if (instance_names_.size() == most_instances) {  // nothing that follows can be right: stop here
    messages_.error({name, fmt::format("the subcircuits expand to more than {} instances", most_instances)});
    messages_.throw_errors();
  }
  instance_names_.intern(full);
  instance_places_.push_back(card.where);

  Scope inner(body, &scope, std::string(full) + '.');
  inner.pins = std::move(pins);
  inner.multiplier = scope.multiplier;
  std::size_t depth = 0;
  for (const Scope* at = &scope; at; at = at->caller) {
    if (at->body->at.data() == body.at.data())
      throw Problem{type, fmt::format("subcircuit '{}' contains itself", type),
                    fmt::format("the instance '{}' stands inside of it", full)};
    if (++depth > deepest_instance)
      throw Problem{type, fmt::format("subcircuits are nested more than {} deep", deepest_instance)};
  }
  bool good = true;
  for (reader_.skip_commas(); !reader_.at_end(); reader_.skip_commas())
    good &= attempt_assignment([&] { give_parameter(inner, type, scope); });
  if (!good) return;
  decide(inner);
  instantiate(inner);
  if (last_model_scope_ == &inner) last_model_scope_ = nullptr;
}

void Elaborator::give_parameter(Scope& inner, std::string_view type, Scope& scope) {
  const Body& body = *inner.body;
  const std::string_view parameter = reader_.word("a parameter's name");
  const std::string key = to_lower(parameter);
  const auto found = body.parameter_numbers.find(key);
  if (found == body.parameter_numbers.end() || !body.parameters[found->second].overridable) {
    if (key == "m" && reader_.accept(Token::Kind::equals)) {
      inner.multiplier *= multiplier(scope);
      return;
    }
    std::vector<std::string_view> candidates;
    for (const auto& [known, number] : body.parameter_numbers)
      if (body.parameters[number].overridable) candidates.push_back(known);
    throw Problem{parameter, fmt::format("subcircuit '{}' has no parameter '{}'", type, parameter),
                  did_you_mean(key, candidates)};
  }
  reader_.expect(Token::Kind::equals, fmt::format("'=' behind '{}'", parameter));
  inner.values[found->second] = value(scope, CardReader::Blanks::allowed);
  inner.states[found->second] = Scope::State::given;
}

double Elaborator::multiplier(Scope& scope) {
  const std::string_view at = reader_.peek().text;
  const double given = value(scope, CardReader::Blanks::allowed);
  if (given <= 0) throw Problem{at, fmt::format("m must be greater than 0, not {:g}", given)};
  if (given != 1 && scope.multiplier != 1) name_difference(at, nested_copies);
  return given;
}

const Body& Elaborator::find_subcircuit(std::string_view name, const Scope& scope) const {
  const std::string key = to_lower(name);
  std::vector<std::string_view> candidates;
  for (const Scope* at = &scope; at; at = at->caller) {
    if (const auto found = at->body->subcircuits.find(key); found != at->body->subcircuits.end())
      return *found->second;
    append_names(at->body->subcircuits, candidates);
  }
  throw Problem{name, fmt::format("unknown subcircuit '{}'", name), did_you_mean(key, candidates)};
}

void Elaborator::warn_of_atto(std::string_view word, double number) {
  const std::size_t letters = word.find_last_of("0123456789.") + 1;
  if (lower(word[letters]) != 'a' || word.size() >= letters + 3) return;
  messages_.warning({word, fmt::format("'{}' is {:g}: a is the factor 1e-18 here", word, number),
                     "ngspice 39, LTspice and Xyce take it for ampere: leave it out"});
}

double Elaborator::value(Scope& scope, CardReader::Blanks blanks) {
  double number = 0;
  const std::string_view word = reader_.peek().text;
  if (reader_.plain_number(number, blanks)) {
    if (is_letter(word.back())) warn_of_atto(word, number);
    return number;
  }
  return evaluator_.value(reader_.expression(blanks), scope);
}

Circuit elaborate(const Deck& deck, std::shared_ptr<const Catalogue> catalogue,
                  const ElaborateOptions& options) {
  return Elaborator(deck, std::move(catalogue)).run(options);
}

}  // namespace memspice
