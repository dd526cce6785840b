#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "base/characters.hpp"
#include "base/spelling.hpp"
#include "netlist/elaborator.hpp"
#include "netlist/elements/switch_models.hpp"

namespace memspice {
namespace {

using Kind = Token::Kind;

// Model types of other simulators whose devices memspice does not have yet.
bool is_future_model_type(std::string_view type) {
  static constexpr std::string_view types[] = {"d",   "npn", "pnp",  "nmos", "pmos", "njf",   "pjf",
                                               "nmf", "pmf", "ltra", "urc",  "txl",  "vdmos", "cpl"};
  return std::find(std::begin(types), std::end(types), type) != std::end(types);
}

}  // namespace

bool Elaborator::model_exists(std::string_view name, const Scope& scope) const {
  const std::string key = to_lower(name);
  for (const Scope* at = &scope; at; at = at->caller)
    if (at->body->model_numbers.contains(key)) return true;
  return false;
}

const Model& Elaborator::find_model(std::string_view name, const DeviceType& wanted, Scope& scope) {
  if (last_model_scope_ == &scope && name == last_model_name_ && suits(wanted, *last_model_->type))
    return *last_model_;
  name_buffer_.clear();
  append_lower(name_buffer_, name);
  for (Scope* at = &scope; at; at = at->caller) {
    const auto found = at->body->model_numbers.find(name_buffer_);
    if (found == at->body->model_numbers.end()) continue;
    std::optional<Model>& model = at->models[found->second];
    if (!model) {
      CardReader element;  // its card comes back when the model's has been read
      std::swap(element, reader_);
      try {
        model = read_model(at->body->models[found->second], *at);
      } catch (const Problem&) {
        std::swap(element, reader_);
        throw;
      }
      std::swap(element, reader_);
    }
    if (!suits(wanted, *model->type))
      throw Problem{name, fmt::format("model '{}' is of type {}, not {}", name, model->type->model_type,
                                      wanted.model_type)};
    last_model_name_ = name;
    last_model_scope_ = &scope;
    last_model_ = &*model;
    return *model;
  }
  std::vector<std::string_view> candidates;
  for (const Scope* at = &scope; at; at = at->caller) append_names(at->body->model_numbers, candidates);
  throw Problem{name, fmt::format("unknown model '{}'", name), did_you_mean(name_buffer_, candidates)};
}

Model Elaborator::read_model(const ModelDefinition& definition, Scope& scope) {
  const std::string_view card = deck_.text(deck_.cards[definition.card]);
  reader_.start(card);
  reader_.take();  // .model
  Model model;
  model.name = reader_.take().text;
  const std::string_view type_at = reader_.word("a model type");
  const std::string type = to_lower(type_at);
  const bool parenthesised = reader_.accept(Kind::open);
  const auto finished = [&] { return reader_.at_end() || reader_.peek().is(Kind::close); };

  // The level chooses the device, so that it is looked for before anything else is read.
  int level = 1;
  std::string_view level_at = type_at;
  for (std::size_t i = 0; !reader_.peek(i).is(Kind::end); ++i)
    if (reader_.peek(i).is(Kind::word) && same_word(reader_.peek(i).text, "level") &&
        reader_.peek(i + 1).is(Kind::equals)) {
      level_at = reader_.peek(i + 2).text;
      while (reader_.peek().text.data() != level_at.data()) reader_.take();
      level = static_cast<int>(std::lround(value(scope, CardReader::Blanks::allowed)));
      reader_.start(card);
      for (int skipped = parenthesised ? 4 : 3; skipped > 0; --skipped) reader_.take();
      break;
    }
  model.type = circuit_.catalogue->find_model(type, level);
  if (!model.type && level == 1) model.type = find_switch_model(type);
  if (!model.type) {
    std::vector<std::string_view> types;
    std::vector<std::string> levels;
    for (const auto& known : circuit_.catalogue->types()) {
      if (!known->model_type.empty()) types.push_back(known->model_type);
      if (known->model_type == type) levels.push_back(std::to_string(known->level));
    }
    if (!levels.empty())
      throw Problem{level_at, fmt::format("memspice has no {} of level {}", type, level),
                    fmt::format("it has level {}", fmt::join(levels, ", "))};
    if (is_future_model_type(type))
      throw Problem{type_at, fmt::format("memspice does not have models of type '{}' yet", type_at)};
    throw Problem{type_at, fmt::format("unknown model type '{}'", type_at), did_you_mean(type, types)};
  }
  for (std::size_t i = 0; i < model.type->card_parameter_count(); ++i)
    model.values.push_back(model.type->card_parameter(i).default_value);
  model.given_at.resize(model.values.size());
  for (reader_.skip_commas(); !finished(); reader_.skip_commas()) {
    if (same_word(reader_.peek().text, "level") && reader_.at_assignment()) {
      reader_.take();
      reader_.take();
      reader_.expression(CardReader::Blanks::allowed);
      continue;
    }
    model.good &= attempt_assignment([&] { assign(*model.type, model.values, model.given_at, scope); });
  }
  if (parenthesised) reader_.accept(Kind::close);
  reader_.expect_end();
  const std::string_view full = full_name(scope, model.name);
  if (scope.caller && subcircuit_models_.intern(full) == subcircuit_model_types_.size())
    subcircuit_model_types_.push_back(model.type);
  if (!swept_.empty()) set_swept_parameters(true, full, *model.type, model.values);
  return model;
}

}  // namespace memspice
