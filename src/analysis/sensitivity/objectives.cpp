#include "analysis/sensitivity/objectives.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "analysis/types/analysis_type.hpp"
#include "base/characters.hpp"
#include "base/spelling.hpp"
#include "circuit/element_view.hpp"
#include "netlist/cards/output_quantity.hpp"
#include "netlist/cards/vectors.hpp"
#include "netlist/elements/behaviour.hpp"

namespace memspice {
namespace {

using Kind = Token::Kind;
using Objective = Objectives::Objective;

constexpr std::string_view sens_form = "its form is .sens objfunc={expression} param=element:parameter, …";

/// The voltage of a node that an expression drives and nothing else knows.
Objective function_objective(CardContext& card) {
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
  Objective objective;
  objective.output.text = at;
  objective.output.plus = source.plus;
  try {
    objective.expression = vector_expression(card, expression);
  } catch (const Problem& problem) {
    objective.trouble = problem;
  }
  return objective;
}

Objective phasor_objective(CardContext& card) {
  Objective objective{.kind = Objectives::Kind::of_phasors};
  objective.expression = vector_expression(card, CardReader::Blanks::end_it);
  return objective;
}

Objective variable_objective(CardContext& card) {
  using Node = VectorExpression::Node;
  Objective objective{.kind = Objectives::Kind::variable};
  const std::string_view at = card.reader.peek().text;
  if (card.reader.peek(1).is(Kind::open)) {
    objective.output = output_quantity(card, ".sens");
  } else {
    const std::string_view node = card.reader.word("a node");
    objective.output.text = fmt::format("v({})", to_lower(node));
    objective.output.plus = card.elaboration.names.existing_node(node, card.scope);
  }
  objective.expression.text = objective.output.text;
  objective.expression.nodes.push_back({.kind = Node::Kind::vector,
                                        .name = objective.output.text,
                                        .where = card.location(at),
                                        .length = static_cast<std::uint32_t>(at.size())});
  return objective;
}

/// `r1:r`, `y1:w0` or `v1:dcv0`.
Objectives::Derivative derivative(CardContext& card) {
  const std::string_view at = card.reader.word("an element's parameter");
  const std::size_t colon = at.rfind(':');
  const std::string_view parameter =
      colon == std::string_view::npos ? std::string_view() : at.substr(colon + 1);
  std::uint32_t element = card.elaboration.names.find_element(at, card.scope);
  const bool whole = element != NameTable::npos;  // x1:r1, or r1
  if (!whole) element = card.elaboration.names.existing_element(at.substr(0, colon), card.scope);
  const std::string name = card.circuit.element_names[element];
  const Objectives::Derivative of_value{fmt::format("v({})", name), name, at};
  const ElementPlace place = element_places(card.circuit)[element];
  const bool source =
      place.kind == ElementPlace::Kind::voltage_source || place.kind == ElementPlace::Kind::current_source;
  if (source && (whole || same_word(parameter, "dcv0") || same_word(parameter, "dc"))) return of_value;
  if (place.kind != ElementPlace::Kind::device)
    throw Problem{at, fmt::format("there is no derivative by '{}'", at),
                  source ? "of a source it is that by its DC value, v1:dcv0"
                         : "it is for devices and independent sources"};
  const DeviceType& type = *card.circuit.groups[place.group].type;
  if (whole && type.positional) return of_value;
  if (whole)
    throw Problem{at, fmt::format("'{}' has no value without a name", name),
                  fmt::format("write {}:{}", name, type.parameters.front().name)};
  const auto index = type.find_parameter(to_lower(parameter));
  if (!index) {
    std::vector<std::string_view> names;
    for (const ParameterDescription& known : type.parameters) names.push_back(known.name);
    std::string hint = did_you_mean(to_lower(parameter), names);
    throw Problem{at, fmt::format("'{}' has no parameter '{}'", name, parameter),
                  hint.empty() ? "it has " + list(names) : std::move(hint)};
  }
  if (type.positional && *index == 0) return of_value;
  const std::string_view known = type.parameters[*index].name;
  return {fmt::format("v({}_{})", name, known), fmt::format("{}:{}", name, known), at};
}

/// The cards of the deck's analyses along which objectives are differentiated, where it has them.
struct Courses {
  const DcCard* dc = nullptr;
  const TransientCard* transient = nullptr;
  const AcCard* ac = nullptr;
};

SensitivityCard card_of(const Objective& objective, Location where) {
  SensitivityCard card;
  card.output = objective.output;
  card.where = where;
  return card;
}

SensitivityCard card_along(AnalysisCard course, const Objective& objective, const Objectives& objectives,
                           Location where) {
  SensitivityCard card;
  card.along.push_back(std::move(course));
  card.objective = objective.expression;
  for (const auto& derivative : objectives.derivatives) card.values.push_back(derivative.value);
  card.where = where;
  return card;
}

/// Each value costs runs of its own: they are not taken for all that there are. False: there are none.
bool has_values(Elaboration& elaboration, std::string_view course) {
  const Objectives& objectives = elaboration.outputs.objectives;
  if (!objectives.derivatives.empty()) return true;
  elaboration.messages.error(
      {objectives.at, fmt::format("along {} this .sens needs param=", course),
       "each value that is differentiated by takes four runs: name those, param=r1:r,c1:c"});
  return false;
}

/// Rows of several runs stand at the same times.
TransientCard on_a_grid(TransientCard card) {
  constexpr double rows = 1000;  // where the card does not say
  if (card.step == 0) card.step = (card.stop - card.start) / rows;
  return card;
}

/// A source that follows a waveform does not have its DC value along .tran.
void warn_of_waveforms(Elaboration& elaboration, const Objectives& objectives) {
  const Circuit& circuit = elaboration.circuit;
  for (const auto* sources : {&circuit.voltage_sources, &circuit.current_sources})
    for (const Source& source : *sources)
      for (const auto& derivative : objectives.derivatives)
        if (source.function != Source::constant && circuit.element_names[source.name] == derivative.value)
          elaboration.messages.warning(
              {derivative.at,
               fmt::format("along .tran '{}' has its waveform, not its DC value", derivative.value),
               "its derivative is 0 there; as a factor of the waveform write an element of its own"});
}

void add_cards(Elaboration& elaboration, const Objective& objective, const Courses& courses) {
  const Objectives& objectives = elaboration.outputs.objectives;
  const Location where = locate(*elaboration.deck.sources, objectives.at);
  std::vector<AnalysisCard>& analyses = elaboration.circuit.analyses;
  if (objective.kind == Objectives::Kind::of_phasors) {
    if (courses.ac == nullptr) {
      elaboration.messages.error(
          {objectives.at, "acobjfunc= needs a card .ac", "at rest and along .tran it is objfunc="});
    } else if (has_values(elaboration, ".ac")) {
      analyses.emplace_back(card_along(*courses.ac, objective, objectives, where));
    }
    return;
  }
  const bool of_phasor = objective.kind == Objectives::Kind::variable && courses.ac != nullptr;
  if (of_phasor) {
    SensitivityCard card = card_of(objective, where);
    card.frequencies = courses.ac->frequencies;
    analyses.emplace_back(std::move(card));
  }
  if (courses.transient != nullptr) {
    if (!has_values(elaboration, ".tran")) return;
    if (objective.trouble) elaboration.messages.error(*objective.trouble);
    analyses.emplace_back(card_along(on_a_grid(*courses.transient), objective, objectives, where));
  }
  if (courses.dc == nullptr && (of_phasor || courses.transient != nullptr)) return;
  SensitivityCard card = card_of(objective, where);
  if (courses.dc != nullptr) card.sweeps = courses.dc->sweeps;
  analyses.emplace_back(std::move(card));
}

void add_all_cards(Elaboration& elaboration) {
  const Objectives& objectives = elaboration.outputs.objectives;
  const std::vector<AnalysisCard>& analyses = elaboration.circuit.analyses;
  const Courses courses{find_card<DcCard>(analyses), find_card<TransientCard>(analyses),
                        find_card<AcCard>(analyses)};
  if (courses.transient != nullptr) warn_of_waveforms(elaboration, objectives);
  for (const Objective& objective : objectives.all) {
    if (objective.kind == Objectives::Kind::function && courses.ac != nullptr)
      elaboration.messages.warning({objectives.at, "objfunc= has no derivatives along .ac",
                                    "write acobjfunc={vm(out)}, or objvars=out for those of the phasor"});
    add_cards(elaboration, objective, courses);
  }
}

}  // namespace

bool read_objectives(CardContext& card) {
  if (!card.reader.at_assignment()) return false;
  Objectives& objectives = card.elaboration.outputs.objectives;
  const auto read_list = [&](const auto& read) {
    do {
      card.reader.skip_commas();
      read();
    } while (card.reader.peek().is(Kind::comma));
  };
  const auto read_objectives_by = [&](Objective (*read)(CardContext&)) {
    read_list([&] { objectives.all.push_back(read(card)); });
  };
  for (; !card.reader.at_end(); card.reader.skip_commas()) {
    const std::string_view at = card.reader.peek().text;
    const std::string name = to_lower(at);
    if (!card.reader.at_assignment()) throw card.reader.unexpected(at, std::string(sens_form));
    card.reader.take();
    card.reader.take();
    if (name == "objfunc") {
      read_objectives_by(function_objective);
    } else if (name == "objvars") {
      read_objectives_by(variable_objective);
    } else if (name == "acobjfunc") {
      read_objectives_by(phasor_objective);
    } else if (name == "param") {
      read_list([&] { objectives.derivatives.push_back(derivative(card)); });
    } else {
      std::string hint = did_you_mean(name, {"objfunc", "objvars", "acobjfunc", "param"});
      throw Problem{at, fmt::format("memspice does not have '{}' of .sens", at),
                    hint.empty() ? std::string(sens_form) : std::move(hint)};
    }
  }
  if (objectives.all.empty()) throw Problem{card.at, "this .sens has no objective", std::string(sens_form)};
  objectives.at = card.at;
  return true;
}

void add_objectives(Elaboration& elaboration) {
  const Objectives& objectives = elaboration.outputs.objectives;
  if (objectives.at.empty()) return;
  if (elaboration.options.cards != ElaborateOptions::Cards::no_analyses) add_all_cards(elaboration);
  for (PrintCard& print : elaboration.circuit.outputs.prints) {
    if (print.analysis != &type_of<SensitivityCard>()) continue;
    print.items.clear();  // values at the points of another analysis
    for (const auto& derivative : objectives.derivatives)
      print.items.push_back({.pattern = derivative.vector, .expression = {}, .where = print.where});
    if (print.items.empty())
      print.items.push_back({.pattern = "all", .expression = {}, .where = print.where});
  }
}

}  // namespace memspice
