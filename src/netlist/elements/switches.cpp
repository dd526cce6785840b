#include <fmt/format.h>

#include <cmath>

#include "base/characters.hpp"
#include "netlist/elaboration/switch_models.hpp"
#include "netlist/elements/behaviour.hpp"
#include "netlist/elements/element_words.hpp"

namespace memspice {
namespace {

using Operation = Program::Operation;

/// The current through a smooth switch. With x from -1/2 (open) to 1/2 (closed), ln R = ln sqrt(ron roff) +
/// ln(ron/roff) (3/2 x - 2 x^3): PSpice's and Xyce's formula.
std::uint32_t smooth_current(Program& program, std::uint32_t voltage, std::uint32_t control,
                             const SwitchLaw& law) {
  const auto number = [&](double value) { return program.constant(value); };
  const auto times = [&](std::uint32_t a, std::uint32_t b) {
    return program.apply(Operation::multiply, a, b);
  };
  const auto plus = [&](std::uint32_t a, std::uint32_t b) { return program.apply(Operation::add, a, b); };
  std::uint32_t x = times(number(1 / (law.on - law.off)), plus(control, number(-0.5 * (law.on + law.off))));
  x = program.apply(Operation::minimum, program.apply(Operation::maximum, x, number(-0.5)), number(0.5));
  const double ratio = std::log(law.on_resistance / law.off_resistance);
  const double mean = 0.5 * (std::log(law.on_resistance) + std::log(law.off_resistance));
  const std::uint32_t cubic = plus(number(1.5), times(number(-2), times(x, x)));
  const std::uint32_t logarithm = plus(number(-mean), times(number(-ratio), times(x, cubic)));
  return times(program.apply(Operation::exponential, logarithm), voltage);
}

}  // namespace

void read_switch(CardContext& card) {
  const char letter = card.letter;
  const std::string_view name = card.reader.take().text;
  const std::string_view plus = listed_word(card.reader, "the node n+"),
                         minus = listed_word(card.reader, "the node n-");
  Program program;
  std::uint32_t control_value = 0;
  // Xyce: S n+ n- model [on] control={expression}
  bool by_expression = false;
  for (std::size_t i = 0; letter == 's' && !card.reader.peek(i).is(Token::Kind::end); ++i)
    by_expression |=
        card.reader.peek(i + 1).is(Token::Kind::equals) && same_word(card.reader.peek(i).text, "control");
  if (!by_expression) control_value = controlling_quantity(card, program, letter == 'w');
  const std::string_view model_at = listed_word(card.reader, "a model");
  const DeviceType& wanted = *find_switch_model(by_expression ? "switch" : letter == 's' ? "sw" : "csw");
  const Model& model = find_model(card, model_at, wanted);

  Switch element;
  element.where = card.where;
  card.reader.skip_marks();
  if (card.reader.accept_word("on"))
    element.initially_on = true;
  else
    card.reader.accept_word("off");
  double copies = card.scope.multiplier;  // side by side
  std::optional<Expression> expression;
  std::string option;
  static constexpr std::string_view options[] = {"m", "control"};
  while (element_option(card.reader, name, std::span(options).first(by_expression ? 2 : 1), option)) {
    if (option == "m")
      copies *= positive(card, "m", "");
    else
      expression = card.reader.expression(CardReader::Blanks::allowed);
  }
  if (!model.good) return;
  SwitchLaw law = switch_law(model);
  law.on_resistance /= copies;
  law.off_resistance /= copies;
  element.plus = card.node(plus);
  element.minus = card.node(minus);
  if (law.smooth && law.hysteresis > 0)
    card.messages.warning({model_at,
                           fmt::format("the negative hysteresis of '{}' makes its transition smooth, as "
                                       "in LTspice",
                                       model.name),
                           "in ngspice it makes the switch change early, without hysteresis"});

  if (by_expression) element.control = compile(card, *expression);
  if (law.smooth) {
    if (by_expression) {
      control_value = program.append(card.circuit.programs[element.control]);
      if (element.control + 1 == card.circuit.programs.size()) card.circuit.programs.pop_back();
    }
    const std::uint32_t voltage = card.elaboration.probes.voltage(program, plus, minus, card.scope);
    program.finish(smooth_current(program, voltage, control_value, law));
    const std::uint32_t number = add_program(card.circuit, std::move(program));
    element.name = card.new_element(name);
    card.circuit.behavioural_sources.push_back(
        {element.name, element.plus, element.minus, false, number, card.where});
    return;
  }
  if (!by_expression) {
    program.finish(control_value);
    element.control = add_program(card.circuit, std::move(program));
  }
  element.on_resistance = law.on_resistance;
  element.off_resistance = law.off_resistance;
  element.threshold = law.threshold;
  element.hysteresis = law.hysteresis;
  element.name = card.new_element(name);
  card.circuit.switches.push_back(element);
}

}  // namespace memspice
