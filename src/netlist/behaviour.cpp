#include <fmt/format.h>

#include <cmath>
#include <optional>
#include <tuple>

#include "base/characters.hpp"
#include "base/spelling.hpp"
#include "netlist/compiler.hpp"
#include "netlist/elaborator.hpp"
#include "netlist/elements/source_factor.hpp"

namespace memspice {
namespace {

constexpr std::string_view form = "its form is Bname n+ n- V={expression} or I={expression}";

}  // namespace

std::uint32_t Elaborator::compile_into(Program& program, const Expression& expression, Scope& scope,
                                       const SelfProbe& x) {
  struct Probes : Compiler::Circuitry {
    Probes(Elaborator& of, const SelfProbe& own) : elaborator(of), x(own) {}
    std::uint32_t variable(Program& program, std::string_view name) override {
      return x && name == "x" ? x(program) : Program::none;
    }
    std::uint32_t voltage(Program& program, std::string_view plus, std::string_view minus,
                          Scope& at) override {
      return elaborator.voltage_probe(program, plus, minus, at);
    }
    std::uint32_t element(Program& program, std::string_view accessor, std::string_view name,
                          Scope& at) override {
      return elaborator.element_probe(program, accessor, name, at);
    }
    bool is_accessor(std::string_view name) override { return elaborator.is_accessor(name); }
    std::uint32_t auxiliary(bool integral, Program argument, double initial) override {
      auto& auxiliaries = elaborator.circuit_.auxiliaries;
      auxiliaries.push_back({integral, elaborator.add_program(std::move(argument)), initial});
      return static_cast<std::uint32_t>(auxiliaries.size() - 1);
    }
    Elaborator& elaborator;
    const SelfProbe& x;
  } probes(*this, x);
  return Compiler(evaluator_, messages_, probes).compile(expression, scope, program);
}

std::uint32_t Elaborator::compile(const Expression& expression, Scope& scope, double factor) {
  Program program;
  const std::uint32_t result = compile_into(program, expression, scope);
  program.finish(program.apply(Program::Operation::multiply, result, program.constant(factor)));
  return add_program(std::move(program));
}

std::uint32_t Elaborator::add_program(Program program) {
  circuit_.programs.push_back(std::move(program));
  return static_cast<std::uint32_t>(circuit_.programs.size() - 1);
}

void Elaborator::behavioural_source(const Card& card, char, Scope& scope) {
  BehaviouralSource source;
  source.where = card.where;
  const std::string_view name = reader_.take().text;
  std::tie(source.plus, source.minus) = two_nodes(name, scope);

  std::optional<Expression> expression;
  constexpr auto& known = SourceFactor::names;
  SourceFactor factors;
  Parasitics parasitics;
  for (reader_.skip_commas(); !reader_.at_end(); reader_.skip_commas()) {
    const std::string_view word = reader_.peek().text;
    if (!reader_.at_assignment())
      throw Problem{word, fmt::format("unexpected '{}'", word),
                    expression ? std::string() : std::string(form)};
    if (parasitic('b', parasitics, scope)) continue;
    const std::string option = to_lower(reader_.take().text);
    reader_.take();
    if (option == "v" || option == "i") {
      if (expression) throw Problem{word, fmt::format("'{}' has two values", name), std::string(form)};
      source.voltage = option == "v";
      expression = reader_.expression(CardReader::Blanks::allowed);
      continue;
    }
    const auto* const found = std::find(std::begin(known), std::end(known), option);
    if (found == std::end(known)) {
      std::vector<std::string_view> names(std::begin(known), std::end(known));
      names.insert(names.end(), {"v", "i"});
      throw Problem{word, fmt::format("a behavioural source has no parameter '{}'", word),
                    did_you_mean(option, names)};
    }
    factors.given[static_cast<std::size_t>(found - std::begin(known))] =
        value(scope, CardReader::Blanks::allowed);
  }
  if (!expression) throw Problem{name, fmt::format("'{}' has no value", name), std::string(form)};

  if (!source.voltage && scope.multiplier != 1) name_difference(name, copied_sources);
  const double factor = factors.value(circuit_.options.temperature) * (source.voltage ? 1 : scope.multiplier);
  if (!std::isfinite(factor))
    throw Problem{name, fmt::format("the factor of '{}' from m, tc1 and tc2 is infinite", name)};
  source.program = compile(*expression, scope, factor);
  source.name = new_element(full_name(scope, name), name);
  add_parasitics(parasitics, scope.multiplier, name, card.where, source.plus, source.minus, scope);
  circuit_.behavioural_sources.push_back(source);
}

}  // namespace memspice
