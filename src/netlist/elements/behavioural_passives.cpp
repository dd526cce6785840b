// R, C and L whose value is an expression of the running circuit.

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "base/characters.hpp"
#include "netlist/elaboration/parameters.hpp"
#include "netlist/elements/behaviour.hpp"
#include "netlist/elements/source_factor.hpp"

namespace memspice {
namespace {

/// Whether an expression's text names a quantity of the running circuit: v(…), i(…), w(…), ddt(…), time, ….
bool reads_circuit(std::string_view text) {
  static constexpr std::array<std::string_view, 11> quantities{"v",   "i",   "w",   "r",    "p",    "ddt",
                                                               "idt", "sdt", "ddx", "time", "hertz"};
  for (std::size_t i = 0; i < text.size();) {
    if (!is_name_start(text[i])) {
      ++i;
      continue;
    }
    const std::size_t begin = i;
    while (i < text.size() && is_name(text[i])) ++i;
    const std::string_view name = text.substr(begin, i - begin);
    std::size_t next = i;
    while (next < text.size() && is_blank(text[next])) ++next;
    const bool called = next < text.size() && text[next] == '(';
    const bool variable = same_word(name, "time") || same_word(name, "hertz");
    if (called == variable) continue;
    for (const std::string_view quantity : quantities)
      if (same_word(name, quantity)) return true;
  }
  return false;
}

double behavioural_factor(CardContext& card, double& copies, bool& noisy) {
  const char letter = card.letter;
  const DeviceType& type = *card.elaboration.devices.type_of(letter);
  SourceFactor factor;
  std::string_view coefficient_at;
  for (card.reader.skip_commas(); !card.reader.at_end(); card.reader.skip_commas()) {
    const std::string_view at = card.reader.peek().text;
    const std::string option = to_lower(at);
    if (!card.reader.at_assignment() || !type.find_card_parameter(option))
      throw card.reader.unexpected(
          at, letter == 'r'
                  ? "a resistor whose value depends on the running circuit has m=, tc1=, tc2= and noisy="
                  : "an element whose value depends on the running circuit has m=, tc1= and tc2=");
    card.reader.take();
    card.reader.take();
    if (option == "m") {
      copies *= card.multiplier();
      continue;
    }
    const double given = card.value(CardReader::Blanks::allowed);
    if (option == "noisy") {
      noisy = given != 0;
      continue;
    }
    const auto known = std::ranges::find(SourceFactor::names, option);
    if (option == "tc1" || option == "tc2") {
      factor.given[static_cast<std::size_t>(known - SourceFactor::names.begin())] = given;
      coefficient_at = at;
    } else {
      while (card.reader.accept(Token::Kind::comma) && at_value(card.reader))  // tc=tc1,tc2
        card.value(CardReader::Blanks::end_it);
      card.messages.warning(
          {at, fmt::format("'{}' does nothing where the value depends on the running circuit", at),
           "as in ngspice; the expression may say it"});
    }
  }
  const double by_temperature = factor.value(card.circuit.options.temperature);
  if (letter == 'c' && by_temperature != 1)
    card.messages.warning({coefficient_at, "this capacitance is multiplied by its temperature factor",
                           "as all others are; ngspice 39 divides it"});
  return by_temperature;
}

std::string_view value_text(const CardContext& card) {
  const bool named = card.reader.at_assignment();
  const Token& token = card.reader.peek(named ? 2 : 0);
  if (token.is(Token::Kind::expression)) return token.text;
  if (!named || !token.is(Token::Kind::word)) return {};
  const std::string_view text = card.text;
  const char* after = nullptr;
  try {
    return parse_bare_expression(text.substr(static_cast<std::size_t>(token.text.data() - text.data())), true,
                                 after)
        .text;
  } catch (const Problem&) {  // reported when the value is read
    return token.text;
  }
}

}  // namespace

bool behavioural_passive(CardContext& card, std::string_view name,
                         const std::array<std::string_view, 2>& node_words, std::span<const NodeId> nodes) {
  const char letter = card.letter;
  const bool named = card.reader.at_assignment();
  const std::string_view word = named ? card.reader.peek().text : std::string_view();
  // LTspice: a charge of the voltage, a flux of the current; x is that voltage or current.
  const bool charge = letter == 'c' && (same_word(word, "q") || same_word(word, "charge"));
  const bool flux = letter == 'l' && same_word(word, "flux");
  if (!charge && !flux && !reads_circuit(value_text(card))) return false;
  if (named) {
    const std::array<std::string_view, 3> long_names{"resistance", "capacitance", "inductance"};
    const std::string_view long_name = long_names[letter == 'r' ? 0 : letter == 'c' ? 1 : 2];
    if (!charge && !flux && !same_word(word, std::string_view(&letter, 1)) && !same_word(word, long_name))
      throw Problem{word, fmt::format("'{}' cannot depend on the running circuit", word),
                    fmt::format("only the value can: {}={{…}}", letter)};
    card.reader.take();
    card.reader.take();
  }
  const Expression expression =
      card.reader.expression(named ? CardReader::Blanks::allowed : CardReader::Blanks::end_it);
  double copies = card.scope.multiplier;
  bool noisy = false;
  const double factor = behavioural_factor(card, copies, noisy);

  BehaviouralSource source;
  source.where = card.where;
  source.plus = nodes[0];
  source.minus = nodes[1];
  source.voltage = letter == 'l';
  source.name = card.new_element(name);
  using Operation = Program::Operation;
  const auto derivative_of = [&](std::uint32_t argument) {
    card.circuit.auxiliaries.push_back({.integral = false, .program = argument});
    return Probe{.kind = Probe::Kind::derivative,
                 .auxiliary = static_cast<std::uint32_t>(card.circuit.auxiliaries.size() - 1)};
  };
  const SelfProbe across = [&](Program& program) {
    return card.elaboration.probes.voltage(program, node_words[0], node_words[1], card.scope);
  };
  const SelfProbe through = [&](Program& program) {
    const std::uint32_t all =
        card.elaboration.probes.element(program, "i", name, card.scope);  // of all copies
    return flux ? program.apply(Operation::multiply, all, program.constant(1 / copies)) : all;
  };
  if (charge || flux) {  // i = dq/dt, v = dφ/dt
    Program argument;
    const std::uint32_t value = compile_into(card, argument, expression, charge ? across : through);
    argument.finish(
        argument.apply(Operation::multiply, value, argument.constant(factor * (charge ? copies : 1))));
    Program program;
    program.finish(program.input(derivative_of(add_program(card.circuit, std::move(argument)))));
    source.program = add_program(card.circuit, std::move(program));
  } else {
    // R: i = v/R; C: i = C dv/dt; L: v = L di/dt.
    Program quantity;
    quantity.finish(letter == 'l' ? through(quantity) : across(quantity));
    Program program;
    const std::uint32_t value = compile_into(card, program, expression);
    if (letter == 'r') {
      const std::uint32_t current = program.apply(Operation::divide, across(program), value);
      program.finish(program.apply(Operation::multiply, current, program.constant(copies / factor)));
      if (noisy) {
        Program resistance;
        const std::uint32_t one = compile_into(card, resistance, expression);
        resistance.finish(resistance.apply(Operation::multiply, one, resistance.constant(factor / copies)));
        source.resistance = add_program(card.circuit, std::move(resistance));
      }
    } else {
      const std::uint32_t rate = program.input(derivative_of(add_program(card.circuit, std::move(quantity))));
      program.finish(program.apply(Operation::multiply, program.apply(Operation::multiply, value, rate),
                                   program.constant(letter == 'c' ? factor * copies : factor / copies)));
    }
    source.program = add_program(card.circuit, std::move(program));
  }
  card.circuit.behavioural_sources.push_back(source);
  return true;
}

}  // namespace memspice
