// Circuits made in code: the cards of a deck, written by calls.
#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <stdexcept>

#include "base/characters.hpp"
#include "base/spelling.hpp"
#include "memspice/circuit.hpp"

namespace memspice {

namespace {

/// The shortest spelling that reads back as the same number.
std::string exact(double value) {
  char room[32];
  return {room, std::to_chars(room, room + sizeof room, value).ptr};
}

/// A name as one word of a card.
std::string_view word_of(std::string_view name, std::string_view what) {
  if (name.empty() || name.find_first_of(" \t\r\n,=(){}'\"") != std::string_view::npos)
    throw std::invalid_argument(
        fmt::format("'{}' cannot be the name of {}: it must be one word", name, what));
  return name;
}

std::string_view element_name(char letter, std::string_view name, std::string_view what) {
  word_of(name, "an element");
  if (lower(name.front()) != letter)
    throw std::invalid_argument(
        fmt::format("the name of {} begins with '{}', unlike '{}'", with_article(what), letter, name));
  return name;
}

const DeviceType& find_type(const Catalogue& catalogue, std::string_view wanted) {
  const std::string key = to_lower(wanted);
  std::vector<std::string_view> names;
  for (const auto& type : catalogue.types()) {
    if (key == type->name || (type->level == 1 && key == type->model_type)) return *type;
    names.push_back(type->name);
  }
  std::string hint = did_you_mean(key, names);
  throw std::out_of_range(fmt::format("there is no device '{}'; {}", wanted,
                                      hint.empty() ? "there are " + list(names) : std::move(hint)));
}

/// A parameter's value as a card has it: one with choices takes a word.
std::string value_text(const ParameterDescription& parameter, double value) {
  if (parameter.choices.empty()) return exact(value);
  const auto place = static_cast<std::size_t>(value);
  if (!(value >= 0) || value != std::floor(value) || place >= parameter.choices.size())
    throw std::invalid_argument(fmt::format("{} takes a number from 0 to {}, the place of one of {}",
                                            parameter.name, parameter.choices.size() - 1,
                                            list(parameter.choices)));
  return std::string(parameter.choices[place]);
}

std::string function_text(const SourceFunction& function) {
  using Kind = SourceFunction::Kind;
  if (function.rise != 0) throw std::invalid_argument("all sources rise together: TransientCard::startup");
  std::string text;
  switch (function.kind) {
    case Kind::pulse:
      text = "pulse(";
      break;
    case Kind::sine:
      text = "sin(";
      break;
    case Kind::exponential:
      text = "exp(";
      break;
    case Kind::frequency_modulation:
      text = "sffm(";
      break;
    case Kind::amplitude_modulation:
      text = "am(";
      break;
    case Kind::piecewise_linear: {
      text = "pwl(";
      for (const auto& [t, value] : function.points) text += exact(t) + ' ' + exact(value) + ' ';
      text += ')';
      if (!std::isnan(function.repeat_from)) text += " r=" + exact(function.repeat_from);
      if (function.delay != 0) text += " td=" + exact(function.delay);
      return text;
    }
    default:
      throw std::invalid_argument("the card of a source makes noise: card(\"V1 in 0 trnoise(...)\")");
  }
  std::size_t given = function.values.size();
  while (given > 0 && std::isnan(function.values[given - 1])) --given;
  for (std::size_t i = 0; i < given; ++i) {
    if (std::isnan(function.values[i]))
      throw std::invalid_argument("values of a function of time can be left out at its end only");
    text += exact(function.values[i]) + ' ';
  }
  const bool counts = function.kind == Kind::pulse || function.kind == Kind::sine;
  if (counts && !std::isnan(function.cycles)) {
    if (given != (function.kind == Kind::pulse ? 7u : 6u))
      throw std::invalid_argument("a number of periods stands behind all other values of a function of time");
    text += exact(function.cycles);
  }
  return text + ')';
}

SourceFunction made(SourceFunction::Kind kind, std::initializer_list<double> values) {
  SourceFunction function;
  function.kind = kind;
  function.values.fill(not_given);
  std::ranges::copy(values, function.values.begin());
  return function;
}

}  // namespace

CircuitBuilder::CircuitBuilder(std::string_view title, std::shared_ptr<const Catalogue> catalogue)
    : catalogue_(std::move(catalogue)) {
  if (title.find_first_of("\r\n") != std::string_view::npos)
    throw std::invalid_argument("a title is one line");
  text_ = fmt::format("{}\n", title);
}

CircuitBuilder& CircuitBuilder::device(std::string_view type_name, std::string_view name,
                                       const std::vector<std::string_view>& nodes,
                                       const std::vector<Value>& parameters) {
  const DeviceType& type = find_type(*catalogue_, type_name);
  element_name(type.letter, name, type.name);
  if (nodes.size() != type.terminals.size())
    throw std::out_of_range(fmt::format("{} has {} nodes ({}), not {}", with_article(type.name),
                                        type.terminals.size(), fmt::join(type.terminals, " "), nodes.size()));
  std::string card(name);
  for (const std::string_view node : nodes) card += fmt::format(" {}", word_of(node, "a node"));
  std::string given;
  for (const auto& [parameter, value] : parameters) {
    const std::optional<std::size_t> place = type.find_card_parameter(to_lower(parameter));
    if (!place) {
      std::vector<std::string_view> names;
      for (std::size_t i = 0; i < type.card_parameter_count(); ++i)
        names.push_back(type.card_parameter(i).name);
      const std::string hint = did_you_mean(to_lower(parameter), names);
      throw std::out_of_range(fmt::format("{} has no parameter '{}'; {}its parameters are {}",
                                          with_article(type.name), parameter,
                                          hint.empty() ? hint : hint + " ", list(names)));
    }
    const std::string text = value_text(type.card_parameter(*place), value);
    if (*place == 0 && type.positional)
      card += ' ' + text;
    else
      given += fmt::format(" {}={}", type.card_parameter(*place).name, text);
  }
  if (!type.model_type.empty() && (!type.model_optional || type.level != 1)) {
    const std::string model = fmt::format("built_{}_{}", type.model_type, type.level);
    if (std::ranges::find(modelled_, &type) == modelled_.end()) {
      modelled_.push_back(&type);
      text_ += type.level == 1 ? fmt::format(".model {} {}\n", model, type.model_type)
                               : fmt::format(".model {} {} level={}\n", model, type.model_type, type.level);
    }
    card += ' ' + model;
  }
  text_ += card + given + '\n';
  return *this;
}

CircuitBuilder& CircuitBuilder::source(char letter, std::string_view name, std::string_view plus,
                                       std::string_view minus, double dc,
                                       const std::optional<SourceFunction>& function) {
  element_name(letter, name, letter == 'v' ? "voltage source" : "current source");
  text_ += fmt::format("{} {} {} dc {}{}{}\n", name, word_of(plus, "a node"), word_of(minus, "a node"),
                       exact(dc), function ? " " : "", function ? function_text(*function) : std::string());
  return *this;
}

CircuitBuilder& CircuitBuilder::voltage_source(std::string_view name, std::string_view plus,
                                               std::string_view minus, double dc,
                                               const std::optional<SourceFunction>& function) {
  return source('v', name, plus, minus, dc, function);
}

CircuitBuilder& CircuitBuilder::current_source(std::string_view name, std::string_view plus,
                                               std::string_view minus, double dc,
                                               const std::optional<SourceFunction>& function) {
  return source('i', name, plus, minus, dc, function);
}

CircuitBuilder& CircuitBuilder::card(std::string_view text) {
  text_ += fmt::format("{}\n", text);
  return *this;
}

CircuitBuilder& CircuitBuilder::transient(const TransientCard& card) {
  std::string text = fmt::format(".tran {} {} {}", exact(card.step), exact(card.stop), exact(card.start));
  if (card.max_step < infinity) text += ' ' + exact(card.max_step);
  return this->card(text + (card.use_initial_conditions ? " uic" : "") + (card.startup ? " startup" : ""));
}

SourceFunction CircuitBuilder::sine(double offset, double amplitude, double frequency) {
  return made(SourceFunction::Kind::sine, {offset, amplitude, frequency});
}

SourceFunction CircuitBuilder::pulse(double low, double high, double delay, double rise, double fall,
                                     double width, double period) {
  return made(SourceFunction::Kind::pulse, {low, high, delay, rise, fall, width, period});
}

SourceFunction CircuitBuilder::piecewise_linear(std::vector<std::pair<double, double>> points) {
  SourceFunction function = made(SourceFunction::Kind::piecewise_linear, {});
  function.points = std::move(points);
  return function;
}

Circuit CircuitBuilder::build(const ElaborateOptions& options) const {
  return elaborate(parse_text(text_ + ".end\n", "circuit made in code"), catalogue_, options);
}

}  // namespace memspice
