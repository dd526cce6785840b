#include "netlist/elements/edge_form.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/characters.hpp"
#include "base/number.hpp"
#include "netlist/elaboration/parameters.hpp"

namespace memspice {
namespace {

EdgeColumn::Role edge_role(std::string_view name) {
  if (name == "from" || name == "source") return EdgeColumn::Role::from;
  if (name == "to" || name == "target") return EdgeColumn::Role::to;
  return name == "name" ? EdgeColumn::Role::label : EdgeColumn::Role::number;
}

/// Reads what follows the model on the card.
class EdgeFormReader {
 public:
  EdgeFormReader(CardContext& card, const DeviceType& type, EdgeColumns& columns)
      : card_(card), type_(type), columns_(columns) {}

  EdgeForm read(const Model& model) {
    form_.values = model.values;
    form_.given_at.assign(form_.values.size(), {});
    bool named = false;
    CardReader& reader = card_.reader;
    for (reader.skip_commas(); !reader.at_end(); reader.skip_commas()) {
      const std::string_view word = reader.peek().text;
      if (!reader.at_assignment())
        throw reader.unexpected(word, "behind the model stand name=, source= and parameters");
      if (same_word(word, "source") || same_word(word, "name")) {
        const bool source = same_word(word, "source");
        if (source ? form_.has_source : named) throw Problem{word, fmt::format("{} is given twice", word)};
        reader.take();
        reader.take();
        (source ? form_.has_source : named) = true;
        if (source)
          read_source_form();
        else
          form_.label = reader.word("a name");
      } else {
        read_parameter();
      }
    }
    return std::move(form_);
  }

 private:
  void read_parameter() {
    if (!card_.reader.peek(2).is(Token::Kind::expression))
      return assign(card_, type_, form_.values, form_.given_at);
    const std::string_view name = card_.reader.peek().text;
    const std::optional<std::size_t> parameter = type_.find_card_parameter(to_lower(name));
    if (!parameter || !type_.card_parameter(*parameter).is_number())
      return assign(card_, type_, form_.values, form_.given_at);  // which says what is wrong
    card_.reader.take();
    card_.reader.take();
    const std::string_view at = card_.reader.peek().text;
    Expression expression = card_.reader.expression(CardReader::Blanks::allowed);
    EdgeExpression read{*parameter, std::move(expression)};
    if (varies(read, false)) {
      form_.parameters.push_back(std::move(read));
    } else {
      store(type_, *parameter, card_.elaboration.values.value(read.expression, card_.scope), at, form_.values,
            form_.given_at);
    }
  }

  void read_source_form() {
    const Token text = card_.reader.take();
    if (!text.is(Token::Kind::expression) && !text.is(Token::Kind::string))
      throw Problem{text.text, "expected a source in quotes", "such as source='SIN(0 {amplitude} 1)'"};
    CardReader rest;  // of the card comes back when its source has been read
    std::swap(rest, card_.reader);
    try {
      card_.reader.start(text.text);
      read_source_parts();
    } catch (const Problem&) {
      std::swap(rest, card_.reader);
      throw;
    }
    std::swap(rest, card_.reader);
    if (!form_.source.waveform && !form_.source.has(SourceForm::dc))
      throw Problem{text.text, "the source has no value", "such as source='SIN(0 {amplitude} 1)'"};
  }

  void read_source_parts() {
    CardReader& reader = card_.reader;
    const ReadSourceValue read = [&](std::size_t place) {
      if (signed_number(reader.peek().text)) return card_.value(CardReader::Blanks::end_it);
      EdgeExpression given{place, reader.expression(CardReader::Blanks::end_it)};
      if (!varies(given, true)) return card_.elaboration.values.value(given.expression, card_.scope);
      form_.source_values.push_back(std::move(given));
      return 0.0;
    };
    for (reader.skip_commas(); !reader.at_end(); reader.skip_commas()) {
      if (read_source_part(card_, "source=", form_.source, read)) continue;
      const std::string_view word = reader.peek().text;
      if (form_.source.waveform || form_.source.has(SourceForm::dc) ||
          (reader.peek().is(Token::Kind::word) && !at_value(reader)))
        throw reader.unexpected(word, "the source of an edge has DC, AC and a waveform other than PWL");
      form_.source.at[SourceForm::dc] = word;
      form_.source.values[SourceForm::dc] = read(SourceForm::dc);
    }
  }

  // Whether an expression may have another value in every line: it reads a column, which is noted, or calls a
  // function, which may be random.
  bool varies(EdgeExpression& of, bool of_source) {
    bool found = false;
    for (const Expression::Node& node : of.expression.nodes) {
      found |= node.kind == Expression::Kind::call;
      if (node.kind != Expression::Kind::variable) continue;
      const auto column = columns_.names.parameter_numbers.find(node.name);
      if (column == columns_.names.parameter_numbers.end()) continue;
      EdgeColumn& read = columns_.list[column->second];
      if (read.role != EdgeColumn::Role::number)
        throw Problem{node.at, fmt::format("the column '{}' has names, no numbers", node.at)};
      read.used = found = true;
      read.of_source |= of_source;
      of.columns.push_back(column->second);
    }
    of.plain = of.expression.nodes.size() == 1 && !of.columns.empty();
    return found;
  }

  CardContext& card_;
  const DeviceType& type_;
  EdgeColumns& columns_;
  EdgeForm form_;
};

}  // namespace

EdgeColumns read_edge_columns(const EdgeFile& file, const DeviceType& memristor) {
  EdgeColumns columns;
  for (const std::string_view word : file.words()) {
    if (!is_name_start(word.front()) || !std::ranges::all_of(word, is_name))
      throw Problem{word, fmt::format("'{}' is not the name of a column", word), std::string(edge_header)};
    const std::string name = to_lower(word);
    const auto number = static_cast<std::uint32_t>(columns.list.size());
    EdgeColumn& column = columns.list.emplace_back();
    column.role = edge_role(name);
    const bool twice = column.role != EdgeColumn::Role::number &&
                       std::ranges::count(columns.list, column.role, &EdgeColumn::role) > 1;
    if (twice || !columns.names.parameter_numbers.try_emplace(name, number).second)
      throw Problem{word, fmt::format("there are two columns '{}'", word)};
    column.spelling = word;
    columns.names.parameters.push_back({});
    column.used = column.role != EdgeColumn::Role::number;
    if (column.used) continue;
    column.parameter = memristor.find_card_parameter(name);
    if (column.parameter && !memristor.card_parameter(*column.parameter).is_number())
      throw Problem{word, fmt::format("'{}' is no number: it cannot be a column", word),
                    fmt::format("write it on the card or in the model: {}=…", name)};
    column.used |= column.parameter.has_value();
  }
  for (const EdgeColumn::Role role : {EdgeColumn::Role::from, EdgeColumn::Role::to})
    if (std::ranges::find(columns.list, role, &EdgeColumn::role) == columns.list.end())
      throw Problem{{},
                    fmt::format("there is no column '{}'", role == EdgeColumn::Role::from ? "from" : "to"),
                    std::string(edge_header)};
  return columns;
}

EdgeForm read_edge_form(CardContext& card, const Model& model, EdgeColumns& columns) {
  return EdgeFormReader(card, *model.type, columns).read(model);
}

}  // namespace memspice
