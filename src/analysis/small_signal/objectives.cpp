#include "analysis/small_signal/objectives.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "analysis/types/analysis_type.hpp"
#include "base/characters.hpp"
#include "netlist/cards/output_quantity.hpp"
#include "netlist/elements/behaviour.hpp"

namespace memspice {
namespace {

using Kind = Token::Kind;

constexpr std::string_view sens_form = "its form is .sens objfunc={expression} param=element:parameter, …";

/// The voltage of a node that an expression drives and nothing else knows.
OutputQuantity expression_objective(CardContext& card) {
  const std::string_view at = card.reader.peek().text;
  const Expression expression = card.reader.expression(CardReader::Blanks::end_it);
  Program program;
  program.finish(compile_into(card, program, expression));
  const std::string name = fmt::format("#objective{}", card.circuit.behavioural_sources.size());
  BehaviouralSource source;
  source.where = card.where;
  source.voltage = true;
  source.plus = card.node(name);
  source.program = add_program(card.circuit, std::move(program));
  source.name = card.new_element(name);
  card.circuit.hidden_nodes.push_back(source.plus);
  card.circuit.behavioural_sources.push_back(source);
  return {.text = std::string(at), .plus = source.plus};
}

OutputQuantity variable_objective(CardContext& card) {
  if (card.reader.peek(1).is(Kind::open)) return output_quantity(card, ".sens");
  const std::string_view node = card.reader.word("a node");
  return {.text = fmt::format("v({})", to_lower(node)),
          .plus = card.elaboration.names.existing_node(node, card.scope)};
}

/// The vector of a derivative by `r1:r`, `y1:w0` or `v1:dcv0`.
std::string derivative(CardContext& card) {
  const std::string_view at = card.reader.word("an element's parameter");
  const std::size_t colon = at.rfind(':');
  const std::string_view parameter =
      colon == std::string_view::npos ? std::string_view() : at.substr(colon + 1);
  std::uint32_t element = card.elaboration.names.find_element(at, card.scope);
  const bool whole = element != NameTable::npos;  // x1:r1, or r1
  if (!whole) element = card.elaboration.names.existing_element(at.substr(0, colon), card.scope);
  const std::string name = card.circuit.element_names[element];
  if (whole || same_word(parameter, "dcv0")) return fmt::format("v({})", name);
  for (const DeviceGroup& group : card.circuit.groups) {
    if (std::ranges::find(group.names, element) == group.names.end()) continue;
    const auto index = group.type->find_parameter(to_lower(parameter));
    if (!index) throw Problem{at, fmt::format("'{}' has no parameter '{}'", name, parameter), {}};
    if (group.type->positional && *index == 0) return fmt::format("v({})", name);
    return fmt::format("v({}_{})", name, group.type->parameters[*index].name);
  }
  throw Problem{at, fmt::format("there is no derivative by '{}'", at), {}};
}

}  // namespace

bool read_objectives(CardContext& card) {
  if (!card.reader.at_assignment()) return false;
  auto& objectives = card.elaboration.outputs.objectives;
  const auto read_list = [&](const auto& read) {
    do {
      card.reader.skip_commas();
      read();
    } while (card.reader.peek().is(Kind::comma));
  };
  for (; !card.reader.at_end(); card.reader.skip_commas()) {
    const std::string_view at = card.reader.peek().text;
    const std::string name = to_lower(at);
    if (!card.reader.at_assignment()) throw card.reader.unexpected(at, std::string(sens_form));
    card.reader.take();
    card.reader.take();
    if (name == "objfunc") {
      read_list([&] { objectives.push_back(expression_objective(card)); });
    } else if (name == "objvars") {
      read_list([&] { objectives.push_back(variable_objective(card)); });
    } else if (name == "param") {
      read_list([&] { card.elaboration.outputs.derivatives.push_back(derivative(card)); });
    } else {
      throw Problem{
          at, fmt::format("memspice does not have '{}' of .sens", at),
          name == "acobjfunc" ? "write .sens v(node) ac dec number first last" : std::string(sens_form)};
    }
  }
  if (objectives.empty()) throw Problem{card.at, "this .sens has no objective", std::string(sens_form)};
  card.elaboration.outputs.objectives_at = card.at;
  return true;
}

void add_objectives(Elaboration& elaboration) {
  const std::string_view at = elaboration.outputs.objectives_at;
  if (at.empty()) return;
  std::vector<AnalysisCard>& analyses = elaboration.circuit.analyses;
  const auto moves = [](const AnalysisCard& card) {
    return card.get_if<TransientCard>() || card.get_if<AcCard>();
  };
  if (std::ranges::any_of(analyses, moves))
    elaboration.messages.warning(
        {at, "these are the derivatives at rest, not along .tran or .ac",
         "Xyce has them at each of their points; .sens v(node) ac … are those of phasors"});
  SensitivityCard read;
  read.where = locate(*elaboration.deck.sources, at);
  if (const auto* along = find_card<DcCard>(analyses)) read.sweeps = along->sweeps;
  for (OutputQuantity& objective : elaboration.outputs.objectives) {
    read.output = std::move(objective);
    analyses.emplace_back(read);
  }
  for (PrintCard& print : elaboration.circuit.outputs.prints) {
    if (print.analysis != &type_of<SensitivityCard>()) continue;
    print.items.clear();  // values at the points of another analysis
    for (const std::string& vector : elaboration.outputs.derivatives)
      print.items.push_back({.pattern = vector, .expression = {}, .where = print.where});
    if (print.items.empty())
      print.items.push_back({.pattern = "all", .expression = {}, .where = print.where});
  }
}

}  // namespace memspice
