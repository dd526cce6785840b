#include "netlist/elaboration/models.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "base/characters.hpp"
#include "base/spelling.hpp"
#include "netlist/dialects/foreign_models.hpp"
#include "netlist/elaboration/card_context.hpp"
#include "netlist/elaboration/parameters.hpp"
#include "netlist/elaboration/switch_models.hpp"

namespace memspice {
namespace {

using Kind = Token::Kind;

// A plain name is that of the top level, or else of all in subcircuits.
bool means_model(const Body& top, std::string_view name, std::string_view full) {
  if (name == full) return true;
  return full.size() > name.size() && full.ends_with(name) && full[full.size() - name.size() - 1] == '.' &&
         name.find('.') == std::string_view::npos && !top.model_numbers.contains(name);
}

}  // namespace

namespace {

[[noreturn]] void fail_unknown(const CardContext& card, std::string_view type_at, std::string_view level_at) {
  const std::string type = to_lower(type_at);
  std::vector<std::string_view> types;
  std::vector<std::string> levels;
  for (const auto& known : card.circuit.catalogue->types()) {
    if (!known->model_type.empty()) types.push_back(known->model_type);
    for (const ModelVariant& variant : known->form.model_variants) types.push_back(variant.type);
    if (!known->is_model_type(type)) continue;
    if (known.get() != card.circuit.catalogue->find_model(type, known->level)) continue;  // once a level
    levels.push_back(std::to_string(known->level));
    if (!known->form.level_names.empty())
      levels.back() += fmt::format(" ({})", fmt::join(known->form.level_names, ", "));
  }
  if (!levels.empty()) {
    std::string hint = foreign_level_hint(type, to_lower(level_at));
    if (hint.empty()) hint = fmt::format("it has level {}", fmt::join(levels, ", "));
    throw Problem{level_at, fmt::format("memspice has no {} of level {}", type, level_at), std::move(hint)};
  }
  if (is_future_model_type(type))
    throw Problem{type_at, fmt::format("memspice does not have models of type '{}' yet", type_at)};
  throw Problem{type_at, fmt::format("unknown model type '{}'", type_at), did_you_mean(type, types)};
}

/// The device that one of a .model card's parameters chooses; nullptr when none does.
const DeviceType* type_of_parameters(CardContext& card, std::string_view type) {
  for (const auto& known : card.circuit.catalogue->types()) {
    if (known->form.chosen_by.empty() || !known->is_model_type(type)) continue;
    for (std::size_t i = 0; !card.reader.peek(i).is(Kind::end); ++i) {
      const Token& name = card.reader.peek(i);
      if (name.is(Kind::word) && card.reader.peek(i + 1).is(Kind::equals) &&
          std::ranges::find(known->form.chosen_by, to_lower(name.text)) != known->form.chosen_by.end())
        return known.get();
    }
  }
  return nullptr;
}

/// Whether a device has all the parameters that come on a .model card. One that takes any has.
bool knows_all(const CardReader& reader, const DeviceType& type) {
  if (type.form.lenient) return true;
  for (std::size_t i = 0; !reader.peek(i).is(Kind::end); ++i)
    if (reader.peek(i).is(Kind::word) && reader.peek(i + 1).is(Kind::equals) &&
        !type.find_card_parameter(to_lower(reader.peek(i).text), DeviceType::Card::model))
      return false;
  return true;
}

/// The device that a .model card is of: that of its level, or without one the first that has all of its
/// parameters, as those of ngspice's memristor are of level 5. The reader stands behind its type, and does so
/// afterwards.
const DeviceType* type_of_level(CardContext& card, std::string_view type_at) {
  const Catalogue& catalogue = *card.circuit.catalogue;
  const std::string type = to_lower(type_at);
  for (std::size_t i = 0; !card.reader.peek(i).is(Kind::end); ++i) {
    if (!card.reader.peek(i).is(Kind::word) || !same_word(card.reader.peek(i).text, "level") ||
        !card.reader.peek(i + 1).is(Kind::equals))
      continue;
    const std::string_view at = card.reader.peek(i + 2).text;
    const DeviceType* found = catalogue.find_model(type, std::string_view(to_lower(at)));
    if (found) return found;
    while (card.reader.peek().text.data() != at.data()) card.reader.take();
    int level = 0;
    try {
      level = static_cast<int>(std::lround(card.value(CardReader::Blanks::allowed)));
    } catch (const Problem&) {
      if (!is_letter(at.front())) throw;
      fail_unknown(card, type_at, at);
    }
    card.reader.start(card.text);
    for (int skipped = 0; skipped < 3; ++skipped) card.reader.take();  // .model name type
    found = catalogue.find_model(type, level);
    if (!found && level == 1) found = find_switch_model(type);
    if (!found) fail_unknown(card, type_at, at);
    return found;
  }
  const DeviceType* found = type_of_parameters(card, type);
  if (found) return found;
  found = catalogue.find_model(type);
  if (found && !knows_all(card.reader, *found))
    for (const auto& other : catalogue.types())
      if (other->is_model_type(type) && knows_all(card.reader, *other)) return other.get();
  if (!found) found = find_switch_model(type);
  if (!found) fail_unknown(card, type_at, type_at);
  return found;
}

}  // namespace

bool model_exists(std::string_view name, const Scope& scope) {
  const std::string key = to_lower(name);
  for (const Scope* at = &scope; at; at = at->caller)
    if (at->body->model_numbers.contains(key)) return true;
  return false;
}

namespace {

/// The model of this name that the scope sees, read when it is named first; nullptr: there is none.
const Model* named_model(CardContext& card, const std::string& key) {
  for (Scope* at = &card.scope; at; at = at->caller) {
    const auto found = at->body->model_numbers.find(key);
    if (found == at->body->model_numbers.end()) continue;
    std::optional<Model>& model = at->models[found->second];
    if (model) return &*model;
    CardReader element;  // its card comes back when the model's has been read
    std::swap(element, card.reader);
    try {
      model = read_model(card.elaboration, at->body->models[found->second], *at);
    } catch (const Problem&) {
      std::swap(element, card.reader);
      throw;
    }
    std::swap(element, card.reader);
    return &*model;
  }
  return nullptr;
}

[[noreturn]] void fail_unnamed(const CardContext& card, std::string_view name, const std::string& key) {
  std::vector<std::string_view> candidates;
  for (const Scope* at = &card.scope; at; at = at->caller) append_names(at->body->model_numbers, candidates);
  throw Problem{name, fmt::format("unknown model '{}'", name), did_you_mean(key, candidates)};
}

}  // namespace

const Model& find_model(CardContext& card, std::string_view name, const DeviceType& wanted) {
  ModelCache& cache = card.elaboration.models;
  if (cache.last_scope == &card.scope && name == cache.last_name && suits(wanted, *cache.last->type))
    return *cache.last;
  const std::string key = to_lower(name);
  const Model* model = named_model(card, key);
  if (!model) fail_unnamed(card, name, key);
  if (!suits(wanted, *model->type))
    throw Problem{name, fmt::format("model '{}' is of type {}, not {}", name, model->type->model_type,
                                    wanted.model_type)};
  cache.last_name = name;
  cache.last_scope = &card.scope;
  cache.last = model;
  return *model;
}

namespace {

constexpr std::string_view a_kind_of = "ako:";

/// PSpice's `.model name ako:base [type] (…)`: the model of the base, whose card's parameters come in the
/// place of the base's. The reader stands behind the name.
Model derived_model(CardContext& card, std::string_view name) {
  std::string_view base_at = card.reader.take().text.substr(a_kind_of.size());
  if (base_at.empty()) base_at = card.reader.word("the model that this one is derived from");
  const std::string key = to_lower(base_at);
  std::vector<std::string_view>& open = card.elaboration.models.derived;
  if (std::ranges::find(open, name.data(), &std::string_view::data) != open.end())
    throw Problem{base_at, fmt::format("model '{}' is derived from itself", name)};
  open.push_back(name);
  const Model* base = nullptr;
  try {
    base = named_model(card, key);
  } catch (const Problem&) {
    open.pop_back();
    throw;
  }
  open.pop_back();
  if (!base) fail_unnamed(card, base_at, key);
  Model model = *base;
  model.name = name;
  for (const auto& general : card.circuit.catalogue->types())
    if (general->form.special.get() == base->type) model.type = general.get();
  const Token& type = card.reader.peek();
  if (!type.is(Kind::word) || card.reader.at_assignment()) return model;
  const std::string word = to_lower(type.text);
  bool same = model.type->is_model_type(word);
  for (const ModelVariant& variant : model.type->form.model_variants)
    same &= variant.type != word || model.values[variant.parameter] == variant.value;
  if (!same)
    throw Problem{type.text,
                  fmt::format("'{}' is derived from '{}', which is not of type {}", name, base_at, word)};
  card.reader.take();
  return model;
}

/// The model of a card of its own: its device's defaults.
Model fresh_model(CardContext& card, std::string_view name) {
  const std::string_view type_at = card.reader.word("a model type");
  const std::string type = to_lower(type_at);
  Model model;
  model.name = name;
  // The level chooses the device, so that it is looked for before anything else is read.
  model.type = type_of_level(card, type_at);
  for (std::size_t i = 0; i < model.type->card_parameter_count(); ++i)
    model.values.push_back(model.type->card_parameter(i).default_value);
  for (const ModelVariant& variant : model.type->form.model_variants)
    if (variant.type == type) model.values[variant.parameter] = variant.value;
  return model;
}

/// What the type of a model says the card does not say otherwise; flags, like pchan of a vdmos, may.
void expect_type_unchanged(const Model& model, const std::vector<double>& of_type) {
  for (const ModelVariant& variant : model.type->form.model_variants) {
    const std::size_t i = variant.parameter;
    const ParameterDescription& parameter = model.type->card_parameter(i);
    if (model.given_at[i].empty() || parameter.flag || model.values[i] == of_type[i]) continue;
    const auto& variants = model.type->form.model_variants;
    const auto other = std::ranges::find(variants, model.values[i], &ModelVariant::value);
    throw Problem{model.given_at[i],
                  fmt::format("the type of the model says that {} is {}", parameter.name, of_type[i]),
                  other == variants.end() ? "leave it out" : fmt::format("write the type {}", other->type)};
  }
}

}  // namespace

Model read_model(Elaboration& elaboration, const ModelDefinition& definition, Scope& scope) {
  CardContext card(elaboration, elaboration.deck.cards[definition.card], scope, ".model");
  card.reader.start(card.text);
  card.reader.take();  // .model
  const std::string_view name = card.reader.take().text;
  const bool derived = to_lower(card.reader.peek().text.substr(0, a_kind_of.size())) == a_kind_of;
  Model model = derived ? derived_model(card, name) : fresh_model(card, name);
  std::vector<std::string_view> base_given_at(model.values.size());
  std::swap(base_given_at, model.given_at);
  model.given_at.resize(model.values.size());
  const std::vector<double> of_type = model.values;
  const bool parenthesised = card.reader.accept(Kind::open);
  const auto finished = [&] { return card.reader.at_end() || card.reader.peek().is(Kind::close); };
  for (card.reader.skip_commas(); !finished(); card.reader.skip_commas()) {
    if (same_word(card.reader.peek().text, "level") && card.reader.at_assignment()) {
      card.reader.take();
      card.reader.take();
      const std::string_view at = card.reader.peek().text;
      const std::string word = to_lower(at);
      card.reader.expression(CardReader::Blanks::allowed);
      if (derived && word != std::to_string(model.type->level) &&
          std::ranges::find(model.type->form.level_names, word) == model.type->form.level_names.end())
        throw Problem{at, fmt::format("'{}' has the level of the model that it is derived from", name),
                      "leave level= out"};
      continue;
    }
    model.good &= card.attempt_assignment(
        [&] { assign(card, *model.type, model.values, model.given_at, DeviceType::Card::model); });
  }
  if (parenthesised) card.reader.accept(Kind::close);
  card.reader.expect_end();
  expect_type_unchanged(model, of_type);
  for (std::size_t i = 0; i < model.given_at.size(); ++i)
    if (derived && model.given_at[i].empty()) model.given_at[i] = base_given_at[i];
  const std::string_view full = card.full_name(model.name);
  if (card.scope.caller &&
      card.elaboration.models.in_subcircuits.intern(full) == card.elaboration.models.types.size())
    card.elaboration.models.types.push_back(model.type);
  if (!card.elaboration.options.swept.empty())
    set_swept_parameters(card.elaboration, true, full, *model.type, model.values);
  if (const CardForm& form = model.type->form; form.special && form.is_special(model.values))
    model.type = form.special.get();
  return model;
}

std::vector<const DeviceType*> models_named(const Elaboration& elaboration, std::string_view name) {
  if (const auto found = elaboration.top.model_numbers.find(name);
      found != elaboration.top.model_numbers.end()) {
    const std::optional<Model>& model = elaboration.top_scope->models[found->second];
    return {model ? model->type : nullptr};
  }
  std::vector<const DeviceType*> types;
  for (std::uint32_t i = 0; i < elaboration.models.in_subcircuits.size(); ++i)
    if (means_model(elaboration.top, name, elaboration.models.in_subcircuits[i]))
      types.push_back(elaboration.models.types[i]);
  return types;
}

void set_swept_parameters(const Elaboration& elaboration, bool model, std::string_view name,
                          const DeviceType& type, std::vector<double>& values) {
  for (const SweptValue& swept : elaboration.options.swept) {
    if (swept.target != Sweep::Target::device_parameter || swept.model != model) continue;
    if (model ? !means_model(elaboration.top, swept.name, name) : !same_word(name, swept.name)) continue;
    const std::optional<std::size_t> parameter =
        swept.parameter.empty()
            ? 0
            : type.find_card_parameter(swept.parameter,
                                       model ? DeviceType::Card::model : DeviceType::Card::element);
    if (parameter) values[*parameter] = swept.value;
  }
}

}  // namespace memspice
