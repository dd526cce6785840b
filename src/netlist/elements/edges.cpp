// The card .edges: a memristor, and a source in series, for every line of a file.
#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <optional>

#include "base/number.hpp"
#include "netlist/elaboration/parameters.hpp"
#include "netlist/elements/edge_form.hpp"
#include "netlist/elements/new_device.hpp"

namespace memspice {
namespace {

/// Reads one card: the columns, the card, and then the lines.
class EdgeReader {
 public:
  EdgeReader(CardContext& card, DataFile file, const Model& model)
      : card_(card), file_at_(file.at), file_(std::move(file)), model_(model) {}

  void read() {
    bool any = false;
    if (!attempt_line([&] { any = file_.next(); })) return;
    if (!any) throw Problem{file_at_, "the file has no edges", std::string(edge_header)};
    if (!attempt_line([&] { columns_ = read_edge_columns(file_, *model_.type); })) return;
    form_ = read_edge_form(card_, model_, columns_);
    warn_of_unused();
    name_ = fmt::format(" {}", form_.label);
    scope_.emplace(columns_.names, &card_.scope, card_.scope.prefix);
    std::ranges::fill(scope_->states, Scope::State::given);
    read_lines();
  }

 private:
  /// What is wrong with a line goes to the messages, with the line.
  template <class Action>
  bool attempt_line(Action action) {
    try {
      action();
      return true;
    } catch (const Problem& problem) {
      card_.messages.add(file_.describe(problem));
      return false;
    }
  }

  void warn_of_unused() {
    for (std::size_t i = 0; i < columns_.list.size(); ++i)
      if (!columns_.list[i].used)
        card_.messages.add(file_.describe(
            {file_.words()[i], fmt::format("nothing reads the column '{}'", columns_.list[i].spelling),
             "columns are parameters of the memristors, or stand in braces on the card"},
            Severity::warning));
  }

  void read_lines() {
    bool any = false;
    while (true) {
      bool more = false;
      const bool good = attempt_line([&] {
        more = file_.next();
        if (more && !any) make_room();
        if (more) read_line();
      });
      if (good && !more) break;
      any = true;
    }
    if (!any) throw Problem{file_at_, "the file has no edges"};
  }

  // Room that stays empty is never touched.
  void make_room() {
    const std::size_t lines = file_.lines_left() + 1;
    Circuit& circuit = card_.circuit;
    const std::size_t sources = form_.has_source ? lines : 0;
    circuit.element_names.reserve(circuit.element_names.size() + lines + sources);
    circuit.node_names.reserve(circuit.node_names.size() + sources + lines);
    circuit.voltage_sources.reserve(circuit.voltage_sources.size() + sources);
    circuit.functions.reserve(circuit.functions.size() + sources);
    DeviceGroup& group = circuit.groups[card_.elaboration.devices.group_of(*model_.type)];
    group.names.reserve(group.count() + lines);
    group.nodes.reserve(2 * (group.count() + lines));
    group.parameters.expect(group.count() + lines);
    group.where.reserve(group.count() + lines);
  }

  void read_line() {
    const std::vector<std::string_view>& words = file_.words();
    if (words.size() > columns_.list.size())
      throw Problem{words[columns_.list.size()],
                    fmt::format("the file has {} columns, this is one more", columns_.list.size())};
    if (words.size() < columns_.list.size())
      throw Problem{words.back().substr(words.back().size()),
                    fmt::format("'{}' is missing", columns_.list[words.size()].spelling),
                    "'-' stands for what is not given"};
    ++count_;
    std::string_view from, to, label;
    bool driven = form_.has_source;
    for (std::size_t i = 0; i < columns_.list.size(); ++i) {
      switch (columns_.list[i].role) {
        case EdgeColumn::Role::from:
          from = words[i];
          break;
        case EdgeColumn::Role::to:
          to = words[i];
          break;
        case EdgeColumn::Role::label:
          label = words[i];
          break;
        case EdgeColumn::Role::number:
          if (columns_.list[i].used) read_number(i);
          if (columns_.list[i].of_source && !is_present(i)) driven = false;
          break;
      }
    }
    spend(card_.elaboration, Resource::elements, 1, file_at_);
    name_edge(label);
    const NodeId plus = driven ? add_source(from) : from_node(from);
    add_memristor(plus, card_.node(to));
  }

  [[nodiscard]] bool is_present(std::size_t column) const {
    const std::string_view word = file_.words()[column];
    return word.size() != 1 || word.front() != '-';
  }

  void read_number(std::size_t column) {
    const std::string_view word = file_.words()[column];
    scope_->values[column] = not_given;
    if (!is_present(column)) return;
    const std::optional<double> number = signed_number(word);
    if (!number) throw Problem{word, fmt::format("expected a number, not '{}'", word)};
    scope_->values[column] = *number;
  }

  // y, v or x and what follows: the name of the edge, or its number.
  void name_edge(std::string_view label) {
    name_.resize(1 + form_.label.size());
    if (!label.empty()) {
      name_ += label;
      return;
    }
    char digits[20];
    name_.append(digits, std::to_chars(digits, digits + sizeof digits, count_).ptr);
  }
  std::string_view name(char letter) {
    name_[0] = letter;
    return name_;
  }
  // Neighbours often begin at the same node.
  NodeId from_node(std::string_view from) {
    if (from != last_from_) {
      last_from_node_ = card_.node(from);
      last_from_ = from;
    }
    return last_from_node_;
  }

  [[nodiscard]] bool is_present(const EdgeExpression& of) const {
    return std::ranges::all_of(of.columns, [this](std::size_t column) { return is_present(column); });
  }
  double value(const EdgeExpression& of) {
    if (of.plain) return scope_->values[of.columns[0]];
    return card_.elaboration.values.value(of.expression, *scope_);
  }
  // Where what is wrong with its value stands.
  [[nodiscard]] std::string_view place(const EdgeExpression& of) const {
    return of.plain ? file_.words()[of.columns[0]] : file_.line();
  }

  // Gives the node where the source's memristor begins.
  NodeId add_source(std::string_view from) {
    const std::size_t nodes = card_.circuit.node_names.size();
    Source source;
    source.where = card_.where;
    source.plus = card_.node(name('x'));
    if (card_.circuit.node_names.size() == nodes)
      throw Problem{
          from, fmt::format("the node '{}' between this edge's source and memristor exists already", name_),
          "give that node another name, or the edges one: name="};
    source.minus = from_node(from);
    for (const EdgeExpression& of : form_.source_values) {
      form_.source.values[of.place] = value(of);
      form_.source.at[of.place] = place(of);
    }
    std::optional<SourceFunction> function;
    if (form_.source.waveform) function = waveform_function(card_, form_.source);
    give_source_values(card_, name('v'), form_.source, std::move(function), 1, source);
    source.name = card_.new_element(name('v'));
    const NodeId inside = source.plus;
    card_.circuit.voltage_sources.push_back(std::move(source));
    return inside;
  }

  void add_memristor(NodeId plus, NodeId minus) {
    ElementScratch& scratch = card_.elaboration.scratch;
    scratch.values = form_.values;
    scratch.given_at = form_.given_at;
    scratch.nodes = {plus, minus};
    scratch.nodes.resize(model_.type->terminals.size(), ground);
    const auto give = [&](std::size_t parameter, double value, std::string_view at) {
      store(*model_.type, parameter, value, at, scratch.values, scratch.given_at);
    };
    for (std::size_t i = 0; i < columns_.list.size(); ++i)
      if (columns_.list[i].parameter && is_present(i))
        give(*columns_.list[i].parameter, scope_->values[i], file_.words()[i]);
    for (const EdgeExpression& of : form_.parameters)
      if (is_present(of)) give(of.place, value(of), place(of));
    add_device(card_, {.type = model_.type, .model = &model_, .name = name('y'), .before = {}});
  }

  CardContext& card_;
  std::string_view file_at_;  // its name on the card
  EdgeFile file_;
  const Model& model_;
  EdgeColumns columns_;
  EdgeForm form_;
  std::optional<Scope> scope_;  // the columns with their numbers in this line; NaN: not given
  std::size_t count_ = 0;       // of the line, among the edges
  std::string name_;
  std::string last_from_;
  NodeId last_from_node_ = ground;
};

}  // namespace

void read_edges(CardContext& card) {
  card.reader.take();  // .edges
  const DeviceType* memristor = card.elaboration.devices.type_of('y');
  if (!memristor) throw Problem{card.at, "the catalogue has no element 'y'"};
  DataFile file = open_data_file(card);
  const Model& model = find_model(card, card.reader.word("a model"), *memristor);
  if (!model.good) return;
  EdgeReader(card, std::move(file), model).read();
}

}  // namespace memspice
