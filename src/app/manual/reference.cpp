#include "app/manual/reference.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <sstream>

#include "base/characters.hpp"
#include "base/spelling.hpp"
#include "expression/functions.hpp"
#include "netlist/cards/option_table.hpp"
#include "netlist/cards/table.hpp"
#include "netlist/elements/table.hpp"
#include "netlist/elements/waveforms.hpp"

namespace memspice::app {

namespace {

std::string typed(std::string_view text) {
  return text.empty() ? std::string() : fmt::format("`{}`", text);
}

/// A name and its other spellings.
std::string names(std::string_view name, std::string_view aliases) {
  std::string text = typed(name);
  for_each_alias(aliases, [&](std::string_view alias) { text += ", " + typed(alias); });
  return text;
}

std::string replaced(std::string text, std::string_view what, std::string_view by) {
  for (std::size_t at = text.find(what); at != std::string::npos; at = text.find(what, at + by.size()))
    text.replace(at, what.size(), by);
  return text;
}

std::string default_of(const ParameterDescription& parameter) {
  if (!parameter.choices.empty())
    return typed(parameter.choices[static_cast<std::size_t>(parameter.default_value)]);
  if (parameter.required) return "required";
  return std::isnan(parameter.default_value) ? "" : fmt::format("{:g}", parameter.default_value);
}

std::string range_of(const ParameterDescription& parameter) {
  if (!parameter.choices.empty()) return fmt::format("`{}`", fmt::join(parameter.choices, "`, `"));
  if (parameter.curve) return "file, or (x f(x) …)";
  const bool below = parameter.minimum > -infinity, above = parameter.maximum < infinity;
  if (below && above) return fmt::format("{:g} to {:g}", parameter.minimum, parameter.maximum);
  if (below) return fmt::format("{} {:g}", parameter.minimum_allowed ? ">=" : ">", parameter.minimum);
  return above ? fmt::format("<= {:g}", parameter.maximum) : std::string();
}

}  // namespace

ReferenceTable element_table(const Catalogue& catalogue) {
  ReferenceTable table{"elements", {{"element", Align::left}, {"form", Align::left}, {"", Align::left}}, {}};
  for (const auto& type : catalogue.types())
    table.rows.push_back({std::string(type->name), typed(element_form(*type)), std::string(type->help)});
  for (const ElementDescription& element : element_descriptions()) {
    std::vector<std::string> row{std::string(element.name), {}, std::string(element.help)};
    std::istringstream forms{std::string(element.form)};
    for (std::string form; std::getline(forms, form);) row[1] += (row[1].empty() ? "" : "\n") + typed(form);
    table.rows.push_back(std::move(row));
  }
  return table;
}

ReferenceTable waveform_table() {
  ReferenceTable table{"waveforms",
                       {{"waveform", Align::left},
                        {"value", Align::left},
                        {"unit", Align::left},
                        {"default", Align::left},
                        {"", Align::left}},
                       {}};
  for (const Waveform& waveform : waveforms()) {
    std::string name = names(waveform.name, waveform.aliases);
    std::ranges::transform(name, name.begin(), upper);
    for (const WaveformValue& value : waveform.values) {
      table.rows.push_back({name, typed(value.name),
                            value.unit == "source" ? "V or A" : std::string(value.unit),
                            value.default_value.empty() ? "required" : std::string(value.default_value),
                            std::string(value.help)});
      name.clear();  // once
    }
    if (waveform.values.empty())
      table.rows.push_back({name, "`t1 v1 …`", "s, V or A", "required",
                            "points with straight lines between them; also `file=`, `r=` and `td=`"});
  }
  return table;
}

ReferenceTable card_table() {
  ReferenceTable table{"cards", {{"card", Align::left}, {"form", Align::left}, {"", Align::left}}, {}};
  for (const CardDescription& card : card_descriptions())
    table.rows.push_back({names(card.name, card.aliases), typed(card.form), std::string(card.help)});
  return table;
}

ReferenceTable option_table() {
  ReferenceTable table{
      "options",
      {{"option", Align::left}, {"default", Align::left}, {"example", Align::left}, {"", Align::left}},
      {}};
  for (const OptionRow& row : option_rows()) {
    const OptionDescription& option = row.description;
    table.rows.push_back({names(option.name, option.aliases), std::string(option.default_value),
                          typed(option.example), std::string(option.help)});
  }
  return table;
}

std::vector<ReferenceTable> expression_tables() {
  const auto columns = [](std::string title) {
    return std::vector<TextColumn>{{std::move(title), Align::left}, {"", Align::left}};
  };
  ReferenceTable operators{"operators", columns("operators, the strongest first"), {}};
  for (const Description& row : operator_descriptions())
    operators.rows.push_back({std::string(row.form), std::string(row.help)});
  ReferenceTable constant{"constants", columns("constant"), {}};
  for (const NamedValue& row : constants()) constant.rows.push_back({typed(row.name), std::string(row.help)});
  ReferenceTable function{
      "functions", {{"function", Align::left}, {"example", Align::left}, {"", Align::left}}, {}};
  for (const Function& row : functions())
    function.rows.push_back({fmt::format("`{}({})`", row.name, row.arguments),
                             fmt::format("`{}` is {}", row.example, row.result), std::string(row.help)});
  ReferenceTable quantities{"quantities", columns("quantity of the simulation"), {}};
  for (const Description& row : quantity_descriptions())
    quantities.rows.push_back({typed(row.form), std::string(row.help)});
  return {operators, constant, function, quantities};
}

ReferenceTable parameter_table(const DeviceType& type) {
  std::string name(type.model_type.empty() ? type.name : type.model_type);
  if (type.level != 1) name += fmt::format(" level={}", type.level);
  ReferenceTable table{std::move(name),
                       {{"parameter", Align::left},
                        {"unit", Align::left},
                        {"default"},
                        {"range", Align::left},
                        {"", Align::left}},
                       {}};
  for (std::size_t i = 0; i < type.card_parameter_count(); ++i) {
    const ParameterDescription& parameter = type.card_parameter(i);
    std::string name = typed(parameter.name);
    for (const std::string_view alias : parameter.aliases) name += ", " + typed(alias);
    if (!parameter.on_element.empty()) name += fmt::format(", {} on an element", typed(parameter.on_element));
    table.rows.push_back({name, std::string(parameter.unit == "1" ? "" : parameter.unit),
                          default_of(parameter), range_of(parameter), std::string(parameter.help)});
  }
  return table;
}

std::string as_text(const ReferenceTable& table, std::string_view indent) {
  TextTable text(table.columns);
  for (const std::vector<std::string>& row : table.rows) {
    std::vector<std::string> line = row;
    for (std::string& cell : line) std::erase(cell, '`');
    // A cell of several lines makes rows in which the other cells are empty.
    for (bool more = true; more;) {
      more = false;
      std::vector<std::string> rest(line.size());
      for (std::size_t i = 0; i < line.size(); ++i) {
        const std::size_t end = line[i].find('\n');
        if (end == std::string::npos) continue;
        rest[i] = line[i].substr(end + 1);
        line[i].resize(end);
        more = true;
      }
      text.add(std::move(line));
      line = std::move(rest);
    }
  }
  return text.text(indent);
}

std::string as_markdown(const ReferenceTable& table) {
  std::string text = "|", rule = "|";
  for (const TextColumn& column : table.columns) {
    text += column.title.empty() ? " |" : fmt::format(" {} |", column.title);
    rule += column.align == Align::left ? "---|" : "--:|";
  }
  text += '\n' + rule + '\n';
  for (const std::vector<std::string>& row : table.rows) {
    text += '|';
    for (const std::string& cell : row)
      text += cell.empty() ? " |" : fmt::format(" {} |", replaced(replaced(cell, "|", "\\|"), "\n", "<br>"));
    text += '\n';
  }
  return text;
}

}  // namespace memspice::app
