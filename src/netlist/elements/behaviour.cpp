#include "netlist/elements/behaviour.hpp"

#include "expression/program_compiler.hpp"

namespace memspice {

std::uint32_t compile_into(CardContext& card, Program& program, const Expression& expression,
                           const SelfProbe& x) {
  struct Circuitry : Compiler::Circuitry {
    Circuitry(CardContext& of, const SelfProbe& own) : card(of), x(own) {}
    std::uint32_t variable(Program& program, std::string_view name) override {
      return x && name == "x" ? x(program) : Program::none;
    }
    std::uint32_t voltage(Program& program, std::string_view plus, std::string_view minus) override {
      return card.elaboration.probes.voltage(program, plus, minus, card.scope);
    }
    std::uint32_t element(Program& program, std::string_view accessor, std::string_view name) override {
      return card.elaboration.probes.element(program, accessor, name, card.scope);
    }
    bool is_accessor(std::string_view name) override { return card.elaboration.probes.is_accessor(name); }
    std::uint32_t auxiliary(bool integral, Program argument, double initial) override {
      auto& auxiliaries = card.circuit.auxiliaries;
      auxiliaries.push_back({integral, add_program(card.circuit, std::move(argument)), initial});
      return static_cast<std::uint32_t>(auxiliaries.size() - 1);
    }
    CardContext& card;
    const SelfProbe& x;
  } circuitry(card, x);
  ScopeEnvironment environment(card.elaboration.values, card.scope);
  return Compiler(card.elaboration.evaluator, card.messages, circuitry)
      .compile(expression, environment, program);
}

std::uint32_t compile(CardContext& card, const Expression& expression, double factor) {
  Program program;
  const std::uint32_t result = compile_into(card, program, expression);
  program.finish(program.apply(Program::Operation::multiply, result, program.constant(factor)));
  return add_program(card.circuit, std::move(program));
}

}  // namespace memspice
