#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <optional>

#include "base/characters.hpp"
#include "base/number.hpp"
#include "base/spelling.hpp"
#include "netlist/elaboration/model_bins.hpp"
#include "netlist/elaboration/parameters.hpp"
#include "netlist/elements/behaviour.hpp"
#include "netlist/elements/new_device.hpp"

namespace memspice {
namespace {

using Kind = Token::Kind;

/// The words that .model may have for a device: "d", "npn or pnp".
std::string model_types(const DeviceType& type) {
  std::vector<std::string_view> words;
  for (const ModelVariant& variant : type.form.model_variants) words.push_back(variant.type);
  return words.empty() ? std::string(type.model_type) : list(words, "or");
}

std::string plural(std::size_t count, std::string_view noun) {
  return fmt::format("{} {}{}", count, noun, count == 1 ? "" : "s");
}

/// How many nodes a device of this letter has on the card: as many as stand before the first model.
std::size_t count_nodes(CardContext& card, const DeviceType& type) {
  const auto [least, most] = card.elaboration.devices.node_counts(type.letter);
  if (least == most) return most;
  const ModelCache& last = card.elaboration.models;  // that of the element before stands here as a rule
  const std::size_t words = card.reader.count_words();
  for (std::size_t n = least; n <= most && n < words; ++n) {
    const std::string_view word = card.reader.peek(n).text;
    if ((last.last_scope == &card.scope && word == last.last_name) || model_exists(word, card.scope))
      return n;
  }
  for (std::size_t n = least; n <= most && n < words; ++n)
    if (has_bins(card.reader.peek(n).text, card.scope)) return n;
  return type.terminals.size() - type.form.optional_terminals;
}

/// Problems of a card that has not as many words as it needs: a device of `nodes` nodes.
void check_word_count(CardContext& card, const DeviceType& type, std::string_view name, std::size_t nodes) {
  const std::size_t words = card.reader.count_words();
  const bool needs_model = !type.model_type.empty() && !type.model_optional;
  if (words == nodes + 1 || (words == nodes && !needs_model)) return;
  const std::string wanted = fmt::format(
      "{} ({}){}", plural(nodes, "node"),
      fmt::join(type.terminals.begin(),
                type.terminals.begin() + static_cast<std::ptrdiff_t>(std::min(nodes, type.terminals.size())),
                " "),
      needs_model ? " and a model" : "");
  if (words < nodes) throw Problem{name, fmt::format("'{}' needs {}", name, wanted)};
  if (!needs_model) return;
  if (words == nodes) {
    const std::string_view last = card.reader.peek(words - 1).text;
    if (model_exists(last, card.scope))
      throw Problem{name, fmt::format("'{}' needs {}, but only {} given", name, wanted,
                                      words == 2 ? "1 node is" : fmt::format("{} nodes are", words - 1))};
    throw Problem{card.reader.peek(words).text, fmt::format("'{}' has no model", name),
                  fmt::format("name a .model of type {} behind the nodes", model_types(type))};
  }
  if (model_exists(card.reader.peek(nodes).text, card.scope)) return;  // words behind it are its parameters
  if (words > nodes + 1 && model_exists(card.reader.peek(words - 1).text, card.scope))
    throw Problem{card.reader.peek(nodes).text,
                  fmt::format("'{}' needs {}, but {} are given", name, wanted, plural(words - 1, "node"))};
}

/// `R1 a b 1M` is 1 mΩ and `C1 a b 1F` 1 fF: who writes the letter large means a million, or a farad.
void warn_of_unit(CardContext& card, std::string_view word) {
  if ((card.letter != 'r' && card.letter != 'c') || !signed_number(word)) return;
  const std::size_t end = word.find_last_of("0123456789.") + 1;
  const std::string_view digits = word.substr(0, end), unit = word.substr(end);
  const std::string lower = to_lower(unit);
  const bool ohms = unit.starts_with('M') && (unit == "M" || lower == "mohm" || lower == "mohms" ||
                                              unit == "MΩ" || unit == "M\xe2\x84\xa6");
  const bool farads = unit == "F" || lower == "farad" || lower == "farads";
  if (!signed_number(digits) || !(card.letter == 'r' ? ohms : farads)) return;  // 10µF
  card.messages.warning(card.letter == 'r'
                            ? Problem{word, fmt::format("'{}' is {} milliohm: M is milli", word, digits),
                                      fmt::format("for megohm write {0}Meg, for milliohm {0}m", digits)}
                            : Problem{word, fmt::format("'{}' is {} femtofarad: F is femto", word, digits),
                                      fmt::format("for farad write {0}, for femtofarad {0}f", digits)});
}

/// Reads one device: what belongs to it is here until it is complete.
class DeviceReader {
 public:
  explicit DeviceReader(CardContext& card)
      : card_(card),
        type_(card.elaboration.devices.type_of(card.letter)),
        values_(card.elaboration.scratch.values),
        given_at_(card.elaboration.scratch.given_at),
        nodes_(card.elaboration.scratch.nodes) {}

  void read() {
    read_name();
    given_nodes_ = count_nodes(card_, *type_);
    check_word_count(card_, *type_, name_, given_nodes_);
    const std::array<std::string_view, 2> node_words = read_nodes();
    if (may_be_behavioural() && behavioural_passive(card_, name_, node_words, nodes_)) return;
    read_value_and_model();
    read_parameters();
    if (!good_) return;  // what depends on several parameters cannot be judged
    add_device(card_,
               {.type = type_, .model = model_, .name = name_, .before = before_, .parasitics = parasitics_});
  }

 private:
  /// Whether its value may depend on the running circuit: it is a source then, not this device.
  [[nodiscard]] bool may_be_behavioural() const {
    return type_->positional && std::string_view("rcl").find(card_.letter) != std::string_view::npos;
  }

  void read_name() {
    name_ = card_.reader.take().text;
    if (!same_word(name_, "ymemristor")) return;  // Xyce: the type's name, then the element's
    card_.elaboration.dialect.xyce_at = name_;
    before_ = "ymemristor!";
    name_ = card_.reader.word("a name behind 'YMEMRISTOR'");
  }

  std::array<std::string_view, 2> read_nodes() {
    nodes_.clear();
    std::array<std::string_view, 2> words;
    for (std::size_t i = 0; i < given_nodes_; ++i) {
      const std::string_view word = card_.reader.word("a node");
      if (i < words.size()) words[i] = word;
      nodes_.push_back(card_.node(word));
    }
    return words;
  }

  // A value and a model in either order, or one of them.
  void read_value_and_model() {
    CardReader& reader = card_.reader;
    std::optional<double> value;
    std::string_view value_at;
    if (!type_->model_type.empty() && !type_->model_optional) {
      std::string_view name = reader.word("a model");
      if (!model_exists(name, card_.scope) && has_bins(name, card_.scope))
        name = choose_bin(card_, name, *type_);
      model_ = &find_model(card_, name, *type_);
    } else {
      for (int i = 0; i < 2 && !reader.at_end() && !reader.at_assignment(); ++i) {
        const Token& next = reader.peek();
        if (!model_ && next.is(Kind::word) && type_->model_optional && model_exists(next.text, card_.scope)) {
          model_ = &find_model(card_, reader.word("a model"), *type_);
        } else if (type_->positional && value_at.empty()) {
          value_at = next.text;
          good_ &= card_.attempt_assignment([&] { value = card_.value(CardReader::Blanks::end_it); });
          warn_of_unit(card_, value_at);
        }
      }
    }
    if (model_) {
      type_ = model_->type;
      fit_nodes();
      values_ = model_->values;
      good_ &= model_->good;
    } else {
      values_.clear();
      for (std::size_t i = 0; i < type_->card_parameter_count(); ++i)
        values_.push_back(type_->card_parameter(i).default_value);
    }
    given_at_.assign(values_.size(), {});
    if (value)
      good_ &= card_.attempt_assignment([&] { store(*type_, 0, *value, value_at, values_, given_at_); });
  }

  /// The model says how many nodes there are: those left out are ground.
  void fit_nodes() {
    const std::size_t most = type_->terminals.size();
    if (nodes_.size() > most || nodes_.size() + type_->form.optional_terminals < most)
      throw Problem{name_,
                    fmt::format("'{}' of model '{}' needs {} ({}), not {}", name_, model_->name,
                                plural(most, "node"), fmt::join(type_->terminals, " "), nodes_.size())};
    nodes_.resize(most, ground);
  }

  void read_parameters() {
    for (const std::string_view name : type_->form.behind_model) {
      if (!at_value(card_.reader)) break;
      good_ &= card_.attempt_assignment([&] {
        const std::string_view at = card_.reader.peek().text;
        store(*type_, type_->find_card_parameter(name).value(), card_.value(CardReader::Blanks::end_it), at,
              values_, given_at_);
      });
    }
    for (card_.reader.skip_commas(); !card_.reader.at_end(); card_.reader.skip_commas())
      good_ &= card_.attempt_assignment([&] {
        if (!read_parasitic(card_, type_->letter, parasitics_)) assign(card_, *type_, values_, given_at_);
      });
  }

  CardContext& card_;
  const DeviceType* type_;
  std::string_view name_, before_;  // before the name in the circuit
  std::size_t given_nodes_ = 0;
  const Model* model_ = nullptr;
  Parasitics parasitics_;
  bool good_ = true;
  std::vector<double>& values_;
  std::vector<std::string_view>& given_at_;
  std::vector<NodeId>& nodes_;
};

}  // namespace

void read_device(CardContext& card) {
  DeviceReader(card).read();
}

}  // namespace memspice
