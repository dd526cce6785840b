#include "memspice/detail/program.hpp"

#include <algorithm>
#include <bit>

#include "expression/operations.hpp"

namespace memspice {
namespace {

using Operation = Program::Operation;
using Instruction = Program::Instruction;

constexpr int operand_count(Operation operation) {
  if (operation <= Operation::input) return 0;
  if (operation == Operation::select) return 3;
  const bool unary = operation <= Operation::ramp || operation >= Operation::table;
  return unary ? 1 : 2;
}

bool is_event(Operation operation) {
  return operation == Operation::step || operation == Operation::round;
}

bool commutes(Operation operation) {
  return operation == Operation::add || operation == Operation::multiply || operation == Operation::minimum ||
         operation == Operation::maximum || operation == Operation::hypotenuse;
}

double event_mode(const Instruction& instruction, double argument) {
  return instruction.operation == Operation::step ? (argument > 0 ? 1.0 : 0.0)
                                                  : operations::round(argument, instruction.b);
}

bool same(const Instruction& x, const Instruction& y) {
  return x.operation == y.operation && x.a == y.a && x.b == y.b && x.c == y.c &&
         std::bit_cast<std::uint64_t>(x.constant) == std::bit_cast<std::uint64_t>(y.constant);
}

std::uint64_t hash_of_instruction(const Instruction& i) {
  std::uint64_t h = static_cast<std::uint64_t>(i.operation);
  for (const std::uint64_t part : {std::uint64_t{i.a}, std::uint64_t{i.b}, std::uint64_t{i.c},
                                   std::bit_cast<std::uint64_t>(i.constant)}) {
    h = (h ^ part) * 0x9e3779b97f4a7c15u;
    h ^= h >> 32;
  }
  return h;
}

}  // namespace

void Program::grow_slots() {
  slots_.assign(std::max<std::size_t>(16, 2 * slots_.size()), none);
  for (std::uint32_t i = 0; i < code_.size(); ++i) {
    std::size_t slot = hash_of_instruction(code_[i]) & (slots_.size() - 1);
    while (slots_[slot] != none) slot = (slot + 1) & (slots_.size() - 1);
    slots_[slot] = i;
  }
}

std::uint32_t Program::add(const Instruction& instruction) {
  if (2 * code_.size() >= slots_.size()) grow_slots();
  std::size_t slot = hash_of_instruction(instruction) & (slots_.size() - 1);
  for (; slots_[slot] != none; slot = (slot + 1) & (slots_.size() - 1))
    if (same(code_[slots_[slot]], instruction)) return slots_[slot];
  slots_[slot] = static_cast<std::uint32_t>(code_.size());
  code_.push_back(instruction);
  return slots_[slot];
}

std::uint32_t Program::constant(double value) {
  return add({Operation::constant, 0, 0, 0, value});
}

std::uint32_t Program::input(const Probe& probe) {
  const auto found = std::find(inputs_.begin(), inputs_.end(), probe);
  const auto number = static_cast<std::uint32_t>(found - inputs_.begin());
  if (found == inputs_.end()) inputs_.push_back(probe);
  return add({Operation::input, number, 0, 0, 0});
}

std::uint32_t Program::apply(Operation operation, std::uint32_t a, std::uint32_t b, std::uint32_t c) {
  if (operation == Operation::select) {
    if (is_constant(a)) return code_[a].constant != 0 ? b : c;
    if (b == c) return b;
  }
  if (is_event(operation) && is_constant(a))
    return constant(event_mode({operation, a, b, 0, 0}, code_[a].constant));
  const int operands = operand_count(operation);
  if (operands == 1 && !is_event(operation) && is_constant(a))
    return constant(operations::value(operation, code_[a].constant, 0));
  if (operands == 2) {
    if (is_constant(a) && is_constant(b))
      return constant(operations::value(operation, code_[a].constant, code_[b].constant));
    if (const std::uint32_t simpler = simplify(operation, a, b); simpler != none) return simpler;
    if (commutes(operation) && a > b) std::swap(a, b);
  }
  return add({operation, a, b, c, 0});
}

// What an operation with one constant operand amounts to; `none`: nothing simpler.
std::uint32_t Program::simplify(Operation operation, std::uint32_t a, std::uint32_t b) {
  const auto is = [this](std::uint32_t i, double value) {
    return is_constant(i) && code_[i].constant == value;
  };
  switch (operation) {
    case Operation::add:
      return is(a, 0) ? b : is(b, 0) ? a : none;
    case Operation::subtract:
      if (is(b, 0)) return a;
      return is(a, 0) ? apply(Operation::negate, b) : none;
    case Operation::multiply:
      if (is(a, 0) || is(b, 0)) return constant(0);
      return is(a, 1) ? b : is(b, 1) ? a : none;
    case Operation::divide:
      return is(b, 1) ? a : is(a, 0) ? constant(0) : none;
    case Operation::power:
      if (is(b, 1)) return a;
      if (is(b, 3)) return apply(Operation::multiply, apply(Operation::multiply, a, a), a);
      [[fallthrough]];
    case Operation::absolute_power:
      if (is(b, 0)) return constant(1);
      return is(b, 2) ? apply(Operation::multiply, a, a) : none;
    case Operation::signed_power:
      return is(b, 1) ? a : none;
    default:
      return none;
  }
}

std::uint32_t Program::table(std::uint32_t argument, Table points) {
  if (is_constant(argument)) return constant(operations::interpolate(points, code_[argument].constant));
  auto number = static_cast<std::uint32_t>(tables_.size());
  const auto known = std::find(tables_.begin(), tables_.end(), points);
  if (known != tables_.end())
    number = static_cast<std::uint32_t>(known - tables_.begin());
  else
    tables_.push_back(std::move(points));
  return add({Operation::table, argument, number, 0, 0});
}

std::uint32_t Program::append(const Program& other, std::span<const std::uint32_t> inputs) {
  std::vector<std::uint32_t> here;  // by the number of an instruction there
  here.reserve(other.code_.size());
  for (const Instruction& there : other.code_) {
    const int operands = operand_count(there.operation);
    const auto operand = [&](int number, std::uint32_t given) {
      return number < operands ? here[given] : given;
    };
    if (there.operation == Operation::constant)
      here.push_back(constant(there.constant));
    else if (there.operation == Operation::input)
      here.push_back(there.a < inputs.size() && inputs[there.a] != none ? inputs[there.a]
                                                                        : input(other.inputs_[there.a]));
    else if (there.operation == Operation::table)
      here.push_back(table(here[there.a], other.tables_[there.b]));
    else
      here.push_back(apply(there.operation, operand(0, there.a), operand(1, there.b), operand(2, there.c)));
  }
  return here.back();
}

void Program::finish(std::uint32_t result) {
  std::vector<bool> needed(result + 1);
  needed[result] = true;
  for (std::uint32_t i = result + 1; i-- > 0;) {
    if (!needed[i]) continue;
    const int operands = operand_count(code_[i].operation);
    if (operands > 0) needed[code_[i].a] = true;
    if (operands > 1) needed[code_[i].b] = true;
    if (operands > 2) needed[code_[i].c] = true;
  }
  std::vector<Instruction> code;
  std::vector<Probe> inputs;
  std::vector<Table> tables;
  std::vector<std::uint32_t> place(result + 1), table_place(tables_.size(), none);
  events_ = 0;
  for (std::uint32_t i = 0; i <= result; ++i) {
    if (!needed[i]) continue;
    Instruction instruction = code_[i];
    const int operands = operand_count(instruction.operation);
    if (operands > 0) instruction.a = place[instruction.a];
    if (operands > 1) instruction.b = place[instruction.b];
    if (operands > 2) instruction.c = place[instruction.c];
    const bool option =
        instruction.operation == Operation::table || instruction.operation == Operation::round;
    if (operands < 2 && !option) instruction.b = 0;  // read without use: it must stay inside
    if (instruction.operation == Operation::input) {
      inputs.push_back(std::move(inputs_[instruction.a]));
      instruction.a = static_cast<std::uint32_t>(inputs.size() - 1);
    } else if (instruction.operation == Operation::table) {
      std::uint32_t& table = table_place[instruction.b];
      if (table == none) {
        table = static_cast<std::uint32_t>(tables.size());
        tables.push_back(std::move(tables_[instruction.b]));
      }
      instruction.b = table;
    } else if (is_event(instruction.operation)) {
      ++events_;
    }
    place[i] = static_cast<std::uint32_t>(code.size());
    code.push_back(instruction);
  }
  code_ = std::move(code);
  inputs_ = std::move(inputs);
  tables_ = std::move(tables);
  code_.shrink_to_fit();
  slots_ = {};
}

double Program::compute(const Instruction& instruction, const double* value) const {
  switch (instruction.operation) {
    case Operation::constant:
      return instruction.constant;
    case Operation::table:
      return operations::interpolate(tables_[instruction.b], value[instruction.a]);
    case Operation::select:
      return value[value[instruction.a] != 0 ? instruction.b : instruction.c];
    default:
      return operations::value(instruction.operation, value[instruction.a], value[instruction.b]);
  }
}

void Program::run(std::span<const double> x, std::span<const double> modes, double* value) const {
  std::size_t event = 0;
  for (std::size_t i = 0; i < code_.size(); ++i) {
    const Instruction& instruction = code_[i];
    if (instruction.operation == Operation::input) {
      value[i] = x[instruction.a];
    } else if (is_event(instruction.operation)) {
      value[i] = modes.empty() ? event_mode(instruction, value[instruction.a]) : modes[event];
      ++event;
    } else {
      value[i] = compute(instruction, value);
    }
  }
}

double Program::value(std::span<const double> x, std::span<const double> modes, Workspace& work) const {
  work.value.resize(std::max(work.value.size(), code_.size()));
  run(x, modes, work.value.data());
  return work.value[code_.size() - 1];
}

double Program::gradient(std::span<const double> x, std::span<const double> modes, std::span<double> gradient,
                         Workspace& work) const {
  const double result = value(x, modes, work);
  work.adjoint.resize(std::max(work.adjoint.size(), code_.size()));
  const double* const value = work.value.data();
  double* const adjoint = work.adjoint.data();
  std::fill_n(adjoint, code_.size(), 0);
  std::fill(gradient.begin(), gradient.end(), 0);
  adjoint[code_.size() - 1] = 1;
  for (std::size_t i = code_.size(); i-- > 0;) {
    // Not only for speed: an operation that counts nothing here may have an infinite derivative.
    if (adjoint[i] == 0) continue;
    const Instruction& instruction = code_[i];
    switch (instruction.operation) {
      case Operation::constant:
      case Operation::step:
      case Operation::round:
      case Operation::random:
        break;
      case Operation::input:
        gradient[instruction.a] = adjoint[i];
        break;
      case Operation::table:
        adjoint[instruction.a] +=
            adjoint[i] * operations::interpolate_slope(tables_[instruction.b], value[instruction.a]);
        break;
      case Operation::select:
        adjoint[value[instruction.a] != 0 ? instruction.b : instruction.c] += adjoint[i];
        break;
      default: {
        const operations::Partials partial =
            operations::partials(instruction.operation, value[instruction.a], value[instruction.b], value[i]);
        if (partial.a != 0) adjoint[instruction.a] += adjoint[i] * partial.a;
        if (partial.b != 0) adjoint[instruction.b] += adjoint[i] * partial.b;
      }
    }
  }
  return result;
}

void Program::events(std::span<const double> x, std::span<const double> modes, std::span<double> argument,
                     std::span<double> mode, Workspace& work) const {
  value(x, modes, work);
  std::size_t event = 0;
  for (const Instruction& instruction : code_) {
    if (!is_event(instruction.operation)) continue;
    argument[event] = work.value[instruction.a];
    mode[event] = event_mode(instruction, argument[event]);
    ++event;
  }
}

void Program::settled_modes(std::span<const double> x, std::span<const double> tolerance,
                            std::span<double> mode, Workspace& work) const {
  work.value.resize(std::max(work.value.size(), code_.size()));
  work.adjoint.resize(std::max(work.adjoint.size(), code_.size()));
  double* const value = work.value.data();
  double* const margin = work.adjoint.data();
  std::size_t event = 0;
  for (std::size_t i = 0; i < code_.size(); ++i) {
    const Instruction& instruction = code_[i];
    const std::uint32_t a = instruction.a;
    margin[i] = 0;
    if (instruction.operation == Operation::input) {
      value[i] = x[a];
      margin[i] = tolerance[a];
    } else if (is_event(instruction.operation)) {
      const double held = mode[event];
      const bool may_be_held = margin[a] > 0 && event_mode(instruction, value[a] - margin[a]) <= held &&
                               held <= event_mode(instruction, value[a] + margin[a]);
      if (!may_be_held) mode[event] = event_mode(instruction, value[a]);
      value[i] = mode[event++];
    } else {
      value[i] = compute(instruction, value);
      if (instruction.operation == Operation::constant) continue;
      if (instruction.operation == Operation::table) {
        margin[i] = margin[a] * std::abs(operations::interpolate_slope(tables_[instruction.b], value[a]));
      } else if (instruction.operation == Operation::select) {
        margin[i] = margin[value[a] != 0 ? instruction.b : instruction.c];
      } else if (margin[a] > 0 || margin[instruction.b] > 0) {
        const operations::Partials partial =
            operations::partials(instruction.operation, value[a], value[instruction.b], value[i]);
        if (margin[a] > 0) margin[i] += margin[a] * std::abs(partial.a);
        if (margin[instruction.b] > 0) margin[i] += margin[instruction.b] * std::abs(partial.b);
      }
    }
  }
}

}  // namespace memspice
