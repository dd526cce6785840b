#include "netlist/elements/transfer_functions.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <complex>
#include <numbers>
#include <optional>

#include "base/characters.hpp"
#include "netlist/elements/behaviour.hpp"
#include "netlist/elements/element_words.hpp"

namespace memspice {
namespace {

using Operation = Program::Operation;
using Polynomial = std::vector<double>;  // by ascending powers, the last one not 0 but of {0}

constexpr std::size_t highest_degree = 50;

Polynomial trimmed_polynomial(Polynomial p) {
  while (p.size() > 1 && p.back() == 0) p.pop_back();
  return p;
}

Polynomial product(const Polynomial& a, const Polynomial& b) {
  Polynomial result(a.size() + b.size() - 1);
  for (std::size_t i = 0; i < a.size(); ++i)
    for (std::size_t k = 0; k < b.size(); ++k) result[i + k] += a[i] * b[k];
  return trimmed_polynomial(std::move(result));
}

Polynomial sum(const Polynomial& a, const Polynomial& b, double sign) {
  Polynomial result(std::max(a.size(), b.size()));
  for (std::size_t i = 0; i < a.size(); ++i) result[i] += a[i];
  for (std::size_t i = 0; i < b.size(); ++i) result[i] += sign * b[i];
  return trimmed_polynomial(std::move(result));
}

/// Makes a rational function of the nodes of an expression.
class RationalReader {
 public:
  RationalReader(CardContext& card, const Expression& expression)
      : card_(card), expression_(expression), environment_(card.elaboration.values, card.scope) {}

  RationalFunction read(std::uint32_t index) {
    const Expression::Node& node = expression_.nodes[index];
    using Kind = Expression::Kind;
    switch (node.kind) {
      case Kind::number:
        return constant(node.number);
      case Kind::variable:
        if (node.name == "s") return {.numerator = {0, 1}};
        return constant(card_.elaboration.evaluator.value({{node}, node.at}, environment_));
      case Kind::negate:
        return scaled(read(node.operands[0]), -1);
      case Kind::add:
      case Kind::subtract:
        return added(node, read(node.operands[0]), read(node.operands[1]), node.kind == Kind::add ? 1 : -1);
      case Kind::multiply:
        return multiplied(node, read(node.operands[0]), read(node.operands[1]));
      case Kind::divide:
        return multiplied(node, read(node.operands[0]), inverse(node, read(node.operands[1])));
      case Kind::power:
        return power(node);
      case Kind::call:
        return call(node);
      default:
        fail(node);
    }
  }

 private:
  [[noreturn]] static void fail(const Expression::Node& node) {
    throw Problem{node.at, "this is no rational function of s, which is all that memspice integrates",
                  "polynomials of s over one another, and exp(-s*delay), are"};
  }
  static RationalFunction constant(double value) { return {.numerator = {value}}; }
  static bool is_constant(const RationalFunction& f) {
    return f.numerator.size() == 1 && f.denominator.size() == 1 && f.delay == 0;
  }
  static double value(const RationalFunction& f) { return f.numerator[0] / f.denominator[0]; }
  static RationalFunction scaled(RationalFunction f, double factor) {
    for (double& c : f.numerator) c *= factor;
    return f;
  }
  static RationalFunction checked(const Expression::Node& node, RationalFunction f) {
    if (f.numerator.size() > highest_degree + 1 || f.denominator.size() > highest_degree + 1)
      throw Problem{node.at,
                    fmt::format("this transfer function has a higher power of s than {}", highest_degree)};
    const auto finite = [](double c) { return std::isfinite(c); };
    if (!std::ranges::all_of(f.numerator, finite) || !std::ranges::all_of(f.denominator, finite))
      throw Problem{node.at, "the coefficients of this transfer function are too large"};
    return f;
  }
  static RationalFunction added(const Expression::Node& node, const RationalFunction& a,
                                const RationalFunction& b, double sign) {
    if (a.delay != b.delay)
      throw Problem{node.at, "terms of different delays cannot be added in one transfer function",
                    "give each delay an element of its own"};
    if (a.denominator == b.denominator)
      return checked(node, {sum(a.numerator, b.numerator, sign), a.denominator, a.delay});
    return checked(node, {sum(product(a.numerator, b.denominator), product(b.numerator, a.denominator), sign),
                          product(a.denominator, b.denominator), a.delay});
  }
  static RationalFunction multiplied(const Expression::Node& node, const RationalFunction& a,
                                     const RationalFunction& b) {
    return checked(
        node, {product(a.numerator, b.numerator), product(a.denominator, b.denominator), a.delay + b.delay});
  }
  static RationalFunction inverse(const Expression::Node& node, const RationalFunction& f) {
    if (f.numerator.size() == 1 && f.numerator[0] == 0)
      throw Problem{node.at, "this transfer function divides by 0"};
    return {f.denominator, f.numerator, -f.delay};
  }
  RationalFunction power(const Expression::Node& node) {
    const RationalFunction base = read(node.operands[0]), exponent = read(node.operands[1]);
    if (!is_constant(exponent)) fail(node);
    const double given = value(exponent);
    if (is_constant(base)) return constant(std::pow(value(base), given));
    if (given != std::floor(given) || std::abs(given) > static_cast<double>(highest_degree)) fail(node);
    RationalFunction result = constant(1);
    for (int i = 0; i < static_cast<int>(std::abs(given)); ++i) result = multiplied(node, result, base);
    return given < 0 ? inverse(node, result) : result;
  }
  RationalFunction call(const Expression::Node& node) {
    if (node.name == "exp" && node.operands.size() == 1) {
      const RationalFunction x = read(node.operands[0]);
      if (is_constant(x)) return constant(std::exp(value(x)));
      if (x.denominator.size() > 1 || x.numerator.size() != 2 || x.delay != 0) fail(node);
      RationalFunction late = constant(std::exp(x.numerator[0] / x.denominator[0]));
      late.delay = -x.numerator[1] / x.denominator[0];
      return late;
    }
    // Of numbers alone.
    Expression alone{{}, node.at};
    Expression::Node copy = node;
    copy.operands.clear();
    for (const std::uint32_t operand : node.operands) {
      const RationalFunction x = read(operand);
      if (!is_constant(x)) fail(node);
      copy.operands.push_back(static_cast<std::uint32_t>(alone.nodes.size()));
      alone.nodes.push_back({Expression::Kind::number, node.at, value(x), {}, {}});
    }
    alone.nodes.push_back(std::move(copy));
    return constant(card_.elaboration.evaluator.value(alone, environment_));
  }

  CardContext& card_;
  const Expression& expression_;
  ScopeEnvironment environment_;
};

/// The companion form of a transfer function: its states are x1 … xn with x(k+1) = tau dx(k)/dt, and
/// a0 x1 + a1 x2 + … + tau dxn/dt = input.
class Companion {
 public:
  Companion(CardContext& card, std::string_view name, const RationalFunction& function, const Program& input)
      : card_(card), name_(name), input_(input) {
    const Polynomial d = function.denominator;
    const std::size_t n = d.size() - 1;
    lowest_ = static_cast<std::size_t>(std::ranges::find_if(d, [](double c) { return c != 0; }) - d.begin());
    if (n > lowest_) tau_ = std::pow(std::abs(d[n] / d[lowest_]), 1 / static_cast<double>(n - lowest_));
    // In units of 1/tau all coefficients are near 1.
    a_ = scaled(d, 1);
    Polynomial b = scaled(function.numerator, 1);
    const double leading = a_[n];
    for (double& c : a_) c /= leading;
    for (double& c : b) c /= leading;
    // b = quotient a + rest
    quotient_.assign(b.size() > n ? b.size() - n : 0, 0);
    for (std::size_t k = b.size(); k-- > n;) {
      const double factor = quotient_[k - n] = b[k];
      for (std::size_t i = 0; i <= n; ++i) b[k - n + i] -= factor * a_[i];
    }
    b.resize(std::min(b.size(), n));
    rest_ = std::move(b);
    for (std::size_t k = 1; k <= n; ++k) states_.push_back(make_node(fmt::format("s{}#", k)));
  }

  void add_states() {
    const std::size_t n = states_.size();
    for (std::size_t k = 0; k < n; ++k) {
      Program program;
      std::uint32_t value = 0;
      if (k < lowest_) {
        value = integral(program, k + 1 < n ? state_program(k + 1, 1 / tau_) : input_program(1 / tau_));
      } else if (k == lowest_) {
        value = program.append(input_program(1));
        for (std::size_t i = lowest_ + 1; i < n; ++i)
          value = program.apply(Operation::subtract, value, times(program, a_[i], state(program, i)));
        value = program.apply(Operation::subtract, value, derivative(program, n - 1));
        value = times(program, 1 / a_[lowest_], value);
      } else {
        value = derivative(program, k - 1);
      }
      program.finish(value);
      add_source(states_[k], fmt::format("s{}#", k + 1), std::move(program));
    }
  }

  std::uint32_t output(Program& program) {
    std::uint32_t value = program.constant(0);
    for (std::size_t k = 0; k < rest_.size(); ++k)
      if (rest_[k] != 0)
        value = program.apply(Operation::add, value, times(program, rest_[k], state(program, k)));
    if (!quotient_.empty() && quotient_[0] != 0)
      value = program.apply(Operation::add, value, times(program, quotient_[0], program.append(input_)));
    if (quotient_.size() > 1)
      value = program.apply(Operation::add, value,
                            times(program, quotient_[1] * tau_, differentiated(program, input_program(1))));
    return value;
  }

  /// The same a delay later.
  std::uint32_t delayed(Program& program, double delay) {
    Program now;
    now.finish(output(now));
    const std::string begin = make_node("in#"), end = make_node("out#");
    add_source(begin, "in#", std::move(now));
    TransmissionLine line{
        .name = card_.new_element(name_, "line#"), .impedance = 1, .delay = delay, .where = card_.where};
    line.nodes = {node(begin), ground, node(end), ground};
    card_.circuit.lines.push_back(line);
    card_.elaboration.devices.add_linear('r', card_.new_element(name_, "load#"), node(end), ground, 1,
                                         card_.where);
    return card_.elaboration.probes.voltage(program, end, {}, card_.scope);
  }

 private:
  [[nodiscard]] Polynomial scaled(Polynomial p, double factor) const {
    for (double& c : p) {
      c *= factor;
      factor /= tau_;
    }
    return p;
  }
  std::string make_node(std::string_view before) {
    const std::string_view full = card_.full_name(name_, before);
    if (card_.circuit.node_names.find(full) != NameTable::npos)
      throw Problem{name_, fmt::format("the node '{}' that '{}' needs inside exists already", full, name_),
                    "give that node another name"};
    card_.circuit.hidden_nodes.push_back(card_.circuit.node_names.intern(full));
    return fmt::format("{}{}", before, to_lower(name_));
  }
  [[nodiscard]] NodeId node(const std::string& local) const {
    return card_.circuit.node_names.find(card_.scope.prefix + local);
  }
  void add_source(const std::string& local, std::string_view before, Program program) {
    BehaviouralSource source;
    source.where = card_.where;
    source.voltage = true;
    source.plus = node(local);
    source.program = add_program(card_.circuit, std::move(program));
    source.name = card_.new_element(name_, before);
    card_.circuit.behavioural_sources.push_back(source);
  }
  static std::uint32_t times(Program& program, double factor, std::uint32_t value) {
    return program.apply(Operation::multiply, program.constant(factor), value);
  }
  std::uint32_t state(Program& program, std::size_t k) {
    return card_.elaboration.probes.voltage(program, states_[k], {}, card_.scope);
  }
  Program state_program(std::size_t k, double factor) {
    Program program;
    program.finish(times(program, factor, state(program, k)));
    return program;
  }
  [[nodiscard]] Program input_program(double factor) const {
    Program program;
    program.finish(times(program, factor, program.append(input_)));
    return program;
  }
  std::uint32_t auxiliary(Program& program, bool is_integral, Program of) {
    auto& auxiliaries = card_.circuit.auxiliaries;
    auxiliaries.push_back({is_integral, add_program(card_.circuit, std::move(of)), 0});
    return program.input({.kind = is_integral ? Probe::Kind::integral : Probe::Kind::derivative,
                          .auxiliary = static_cast<std::uint32_t>(auxiliaries.size() - 1)});
  }
  std::uint32_t integral(Program& program, Program of) { return auxiliary(program, true, std::move(of)); }
  std::uint32_t differentiated(Program& program, Program of) {
    return of.is_constant() ? program.constant(0) : auxiliary(program, false, std::move(of));
  }
  /// tau times the derivative of a state.
  std::uint32_t derivative(Program& program, std::size_t k) {
    return differentiated(program, state_program(k, tau_));
  }

  CardContext& card_;
  std::string_view name_;
  const Program& input_;
  double tau_ = 1;          // s
  std::size_t lowest_ = 0;  // poles at 0
  Polynomial a_, rest_, quotient_;
  std::vector<std::string> states_;  // nodes, as names in the scope
};

}  // namespace

RationalFunction rational_function(CardContext& card, const Expression& expression) {
  RationalFunction function =
      RationalReader(card, expression).read(static_cast<std::uint32_t>(expression.nodes.size() - 1));
  if (function.delay < 0)
    throw Problem{expression.text, fmt::format("this transfer function looks {:g} s ahead", -function.delay),
                  "a delay is exp(-s*delay)"};
  // Common factors s.
  while (function.numerator.size() > 1 && function.denominator.size() > 1 && function.numerator[0] == 0 &&
         function.denominator[0] == 0) {
    function.numerator.erase(function.numerator.begin());
    function.denominator.erase(function.denominator.begin());
  }
  if (function.numerator.size() > function.denominator.size() + 1)
    throw Problem{expression.text,
                  "the numerator of this transfer function has a power of s that is more than 1 "
                  "above that of the denominator",
                  "add poles far above all frequencies of interest"};
  return function;
}

std::uint32_t laplace_response(CardContext& card, std::string_view name, const RationalFunction& function,
                               const Program& input, Program& program) {
  Companion companion(card, name, function, input);
  companion.add_states();
  return function.delay > 0 ? companion.delayed(program, function.delay) : companion.output(program);
}

namespace {

struct TableForm {
  bool decibels = true, degrees = true, parts = false;  // parts: real and imaginary
};

TableForm form_of(const std::vector<std::string>& words) {
  TableForm form;
  for (const std::string& word : words) {
    if (word == "mag") form.decibels = false;
    if (word == "rad") form.degrees = false;
    if (word == "r_i") form.parts = true;
  }
  return form;
}

/// Decibels and degrees of an entry.
std::pair<double, double> polar_of(const TableForm& form, double first, double second, std::string_view at) {
  constexpr double degree = std::numbers::pi / 180;
  if (form.parts) {
    const std::complex<double> gain(first, second);
    if (gain == 0.0) throw Problem{at, "a gain of 0 has no decibels"};
    return {20 * std::log10(std::abs(gain)), std::arg(gain) / degree};
  }
  if (!form.decibels && !(first > 0))
    throw Problem{at, fmt::format("a magnitude must be greater than 0, not {:g}", first)};
  return {form.decibels ? first : 20 * std::log10(first), form.degrees ? second : second / degree};
}

}  // namespace

std::uint32_t table_response(CardContext& card, std::string_view at, const std::vector<std::string>& words,
                             const Program& input, Program& program) {
  const TableForm form = form_of(words);
  Program::Table decibels, radians;
  while (!at_end_of_list(card.reader)) {
    std::array<double, 3> entry{};
    const std::string_view entry_at = card.reader.peek().text;
    for (double& value : entry) {
      if (at_end_of_list(card.reader))
        throw Problem{entry_at, "an entry of FREQ is (frequency, decibels, degrees)"};
      value = card.value(CardReader::Blanks::end_it);
    }
    if (!(entry[0] >= 0))
      throw Problem{entry_at, fmt::format("a frequency must be at least 0 Hz, not {:g}", entry[0])};
    const double place = std::log10(std::max(entry[0], 1e-30));
    if (!decibels.empty() && place <= decibels.back().first)
      throw Problem{entry_at, "the frequencies of FREQ must ascend"};
    const auto [gain, phase] = polar_of(form, entry[1], entry[2], entry_at);
    decibels.emplace_back(place, gain);
    radians.emplace_back(place, phase * std::numbers::pi / 180);
    if (form.parts && radians.size() > 1) {  // no jumps by a turn
      double& now = radians.back().second;
      now -= 2 * std::numbers::pi *
             std::round((now - radians[radians.size() - 2].second) / (2 * std::numbers::pi));
    }
  }
  if (decibels.empty()) throw Problem{at, "this FREQ has no entry", "write (frequency, decibels, degrees) …"};
  if (card.elaboration.noted.frequency_tables.empty()) card.elaboration.noted.frequency_tables = at;
  // Gain times input, its imaginary part by way of j x = dx/dt/omega.
  const auto apply = [&](Operation operation, std::uint32_t a, std::uint32_t b = 0) {
    return program.apply(operation, a, b);
  };
  const std::uint32_t frequency =
      apply(Operation::maximum, program.input({.kind = Probe::Kind::frequency}), program.constant(1e-30));
  const std::uint32_t place = apply(Operation::decimal_logarithm, frequency);
  const std::uint32_t magnitude =
      apply(Operation::exponential, apply(Operation::multiply, program.constant(std::numbers::ln10 / 20),
                                          program.table(place, std::move(decibels))));
  const std::uint32_t phase = program.table(place, std::move(radians));
  const std::uint32_t real = apply(Operation::multiply, magnitude, apply(Operation::cosine, phase));
  const std::uint32_t imaginary = apply(Operation::multiply, magnitude, apply(Operation::sine, phase));
  std::uint32_t value = apply(Operation::multiply, real, program.append(input));
  if (input.is_constant()) return value;
  card.circuit.auxiliaries.push_back({false, add_program(card.circuit, input), 0});
  const std::uint32_t slope =
      program.input({.kind = Probe::Kind::derivative,
                     .auxiliary = static_cast<std::uint32_t>(card.circuit.auxiliaries.size() - 1)});
  const std::uint32_t omega = apply(Operation::multiply, program.constant(2 * std::numbers::pi), frequency);
  return apply(Operation::add, value,
               apply(Operation::multiply, apply(Operation::divide, imaginary, omega), slope));
}

}  // namespace memspice
