#include "convert/program_text.hpp"

#include <fmt/format.h>

#include <cmath>
#include <string_view>
#include <vector>

namespace memspice::convert {

namespace {

using Operation = Program::Operation;
using Instruction = Program::Instruction;

std::string_view function_name(Operation operation) {
  switch (operation) {
    case Operation::absolute:
      return "abs";
    case Operation::sine:
      return "sin";
    case Operation::cosine:
      return "cos";
    case Operation::tangent:
      return "tan";
    case Operation::arc_sine:
      return "asin";
    case Operation::arc_cosine:
      return "acos";
    case Operation::arc_tangent:
      return "atan";
    case Operation::hyperbolic_sine:
      return "sinh";
    case Operation::hyperbolic_cosine:
      return "cosh";
    case Operation::hyperbolic_tangent:
      return "tanh";
    case Operation::area_sine:
      return "asinh";
    case Operation::area_cosine:
      return "acosh";
    case Operation::area_tangent:
      return "atanh";
    case Operation::exponential:
      return "exp";
    case Operation::logarithm:
      return "ln";
    case Operation::decimal_logarithm:
      return "log10";
    case Operation::square_root:
      return "sqrt";
    case Operation::minimum:
      return "min";
    default:
      return "max";
  }
}

/// The instructions that another one reads.
template <class Function>
void for_each_operand(const Instruction& instruction, Function&& function) {
  const Operation operation = instruction.operation;
  if (operation == Operation::constant || operation == Operation::input) return;
  function(instruction.a);
  const bool two = operation >= Operation::add && operation < Operation::table;
  if (two || operation == Operation::select) function(instruction.b);
  if (operation == Operation::select) function(instruction.c);
}

class Printer {
 public:
  Printer(const Program& program, Peer peer, const std::function<std::string(const Probe&)>& input,
          const std::function<std::string(std::string)>& share)
      : program_(program), peer_(peer), input_(input), share_(share) {
    if (share_) count_uses();
  }

  std::optional<std::string> print() {
    for (const Instruction& instruction : program_.code()) {
      texts_.push_back(text(instruction));
      if (share_ && uses_[texts_.size() - 1] > 1 && is_tame(instruction.operation))
        texts_.back() = share_(std::move(texts_.back()));
      if (texts_.back().size() > longest_expression) return std::nullopt;
    }
    return texts_.back();
  }

 private:
  void count_uses() {
    uses_.resize(program_.code().size());
    for (const Instruction& instruction : program_.code())
      for_each_operand(instruction, [this](std::uint32_t operand) { ++uses_[operand]; });
  }

  /// What may be computed where its value is not used, too. Powers and exponentials may overflow there.
  static bool is_tame(Operation operation) {
    return operation == Operation::select || operation == Operation::add ||
           operation == Operation::subtract || operation == Operation::multiply;
  }

  std::string text(const Instruction& instruction) const {
    const auto operand = [&](std::uint32_t number) -> const std::string& { return texts_[number]; };
    const auto a = [&]() -> const std::string& { return operand(instruction.a); };
    const auto b = [&]() -> const std::string& { return operand(instruction.b); };
    switch (instruction.operation) {
      case Operation::constant:
        return instruction.constant < 0 ? fmt::format("({})", instruction.constant)
                                        : fmt::format("{}", instruction.constant);
      case Operation::input:
        return fmt::format("({})", input_(program_.inputs()[instruction.a]));
      case Operation::negate:
        return fmt::format("(-{})", a());
      case Operation::ramp:
        return fmt::format("max({},0)", a());
      case Operation::add:
        return fmt::format("({}+{})", a(), b());
      case Operation::subtract:
        return fmt::format("({}-{})", a(), b());
      case Operation::multiply:
        return fmt::format("({}*{})", a(), b());
      case Operation::divide:
        return fmt::format("({}/{})", a(), b());
      case Operation::power:
        return power(a(), program_.code()[instruction.b], b());
      case Operation::absolute_power:
        return fmt::format("(abs({})**{})", a(), b());
      case Operation::signed_power:
        return fmt::format("(sgn({0})*abs({0})**{1})", a(), b());
      case Operation::hypotenuse:
        return fmt::format("sqrt({0}*{0}+{1}*{1})", a(), b());
      case Operation::arc_tangent_2:
        return arc_tangent(a(), b());
      case Operation::minimum:
      case Operation::maximum:
        return fmt::format("{}({},{})", function_name(instruction.operation), a(), b());
      case Operation::table:
        return table(a(), program_.tables()[instruction.b]);
      case Operation::step:
        return fmt::format("({}>0 ? 1 : 0)", a());
      case Operation::round:
        return rounded(a(), instruction.b);
      case Operation::select: {
        const Instruction& condition = program_.code()[instruction.a];
        if (condition.operation == Operation::step)
          return fmt::format("({}>0 ? {} : {})", operand(condition.a), b(), operand(instruction.c));
        return fmt::format("({}!=0 ? {} : {})", a(), b(), operand(instruction.c));
      }
      default:
        return fmt::format("{}({})", function_name(instruction.operation), a());
    }
  }

  // ngspice's ** takes the magnitude of its base.
  static std::string power(const std::string& base, const Instruction& exponent, const std::string& text) {
    const bool odd = exponent.operation == Operation::constant && std::fmod(exponent.constant, 2) != 0 &&
                     exponent.constant == std::floor(exponent.constant);
    return odd ? fmt::format("(sgn({0})*abs({0})**{1})", base, text) : fmt::format("({}**{})", base, text);
  }

  std::string arc_tangent(const std::string& y, const std::string& x) const {
    if (peer_ == Peer::xyce) return fmt::format("atan2({},{})", y, x);
    const std::string half = "1.5707963267948966";
    return fmt::format(
        "({1}>0 ? atan({0}/{1}) : ({1}<0 ? atan({0}/{1})+({0}<0 ? -2 : 2)*{2} : sgn({0})*{2}))", y, x, half);
  }

  static std::string towards_zero(const std::string& value) {
    return fmt::format("(sgn({0})*floor(abs({0})))", value);
  }

  std::string rounded(const std::string& value, std::uint32_t how) const {
    switch (how) {
      case 0:
        return fmt::format("floor({})", value);
      case 1:
        return fmt::format("ceil({})", value);
      case 2:
        return towards_zero(value);
      default:
        return fmt::format("nint({})", value);
    }
  }

  // ngspice goes on with the first and the last slope.
  std::string table(const std::string& argument, const Program::Table& points) const {
    if (points.size() == 1) return fmt::format("{}", points.front().second);
    std::string text = peer_ == Peer::xyce ? fmt::format("table({}", argument)
                                           : fmt::format("pwl(min(max({},{}),{})", argument,
                                                         points.front().first, points.back().first);
    for (const auto& [x, y] : points) text += fmt::format(",{},{}", x, y);
    return text + ')';
  }

  const Program& program_;
  Peer peer_;
  const std::function<std::string(const Probe&)>& input_;
  const std::function<std::string(std::string)>& share_;
  std::vector<int> uses_;  // of each instruction, where texts are shared
  std::vector<std::string> texts_;
};

}  // namespace

std::optional<std::string> program_text(const Program& program, Peer peer,
                                        const std::function<std::string(const Probe&)>& input,
                                        const std::function<std::string(std::string)>& share) {
  return Printer(program, peer, input, share).print();
}

}  // namespace memspice::convert
