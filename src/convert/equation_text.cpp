#include "convert/equation_text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "convert/program_text.hpp"

namespace memspice::convert {

namespace {

double initial_value(const Element& element, std::size_t unknown) {
  const std::string_view parameter = element.group->type->unknowns[unknown].initial;
  const double value = parameter.empty() ? 0 : element.parameter(parameter);
  return std::isnan(value) ? 0 : value;
}

// A state between bounds of the order of 1 is its own voltage.
double scale_of(const StateBounds& bounds, double initial) {
  const double most = std::max(std::abs(bounds.lower), std::abs(bounds.upper));
  if (std::isfinite(most)) return most >= 0.5 && most <= 2 ? 1 : most;
  return initial != 0 ? std::abs(initial) : 1;
}

std::string key_of(const Element& element) {
  const DeviceType& type = *element.group->type;
  std::string key = fmt::format("{}", static_cast<const void*>(&type));
  for (std::size_t i = 0; i < type.parameters.size(); ++i)
    key += fmt::format(" {}", element.group->parameter(element.instance, i));
  return key;
}

bool is_zero(const Program& program) {
  const auto code = program.code();
  return code.size() == 1 && code.front().operation == Program::Operation::constant &&
         code.front().constant == 0;
}

/// A subcircuit in the making.
class Subcircuit {
 public:
  Subcircuit(Peer peer, const DeviceType& type, const ElementEquations& element, double stop)
      : peer_(peer), type_(type), element_(element), stop_(stop) {}

  std::optional<std::string> text() {
    pins();
    for (std::size_t b = 0; b < type_.branches.size(); ++b) {
      if (is_zero(element_.equations.currents[b])) continue;
      const auto [plus, minus] = type_.branches[b];
      source(b == 0 ? "m" : fmt::format("m{}", b + 1), fmt::format("n{} n{}", plus + 1, minus + 1), 'I',
             expression(element_.equations.currents[b]));
    }
    for (std::size_t j = 0; j < type_.unknowns.size(); ++j) state(j);
    for (std::size_t k = 0; k < element_.equations.inner.size(); ++k)  // Kirchhoff's law at u: the sum is 0
      source(fmt::format("u{}", k + 1), fmt::format("0 u{}", k + 1), 'I',
             expression(element_.equations.inner[k]));
    text_ += ".ends\n";
    if (too_long_) return std::nullopt;
    return text_;
  }

 private:
  void pins() {
    for (std::size_t t = 0; t < type_.terminals.size(); ++t) text_ += fmt::format(" n{}", t + 1);
    for (std::size_t j = 0; j < type_.unknowns.size(); ++j) text_ += fmt::format(" x{}", j + 1);
    if (!type_.unknowns.empty()) text_ += " params:";
    for (std::size_t j = 0; j < type_.unknowns.size(); ++j) text_ += fmt::format(" x{}_0=0", j + 1);
    text_ += '\n';
  }

  // ngspice drops braces inside of the expressions of a B source.
  void source(const std::string& name, const std::string& nodes, char quantity, const std::string& text) {
    const bool braces = peer_ == Peer::xyce;
    text_ +=
        fmt::format("B{} {} {}={}{}{}\n", name, nodes, quantity, braces ? "{" : "", text, braces ? "}" : "");
  }

  std::string expression(const Program& program) {
    const auto inputs = [this](const Probe& probe) { return input(probe); };
    std::optional<std::string> text = program_text(program, peer_, inputs);
    constexpr std::size_t long_enough = 3000;  // for nodes to be less work than the same text again
    if (!text || text->size() > long_enough)
      text =
          program_text(program, peer_, inputs, [this](std::string part) { return shared(std::move(part)); });
    too_long_ |= !text;
    return text.value_or("0");
  }

  /// A part of an expression that stands in it several times, as the voltage of a node of its own.
  std::string shared(std::string part) {
    constexpr std::size_t long_enough = 60;
    if (part.size() < long_enough) return part;
    const auto [found, is_new] = shared_.try_emplace(std::move(part), fmt::format("t{}", shared_.size() + 1));
    if (is_new) source(found->second, found->second + " 0", 'V', found->first);
    return fmt::format("v({})", found->second);
  }

  [[nodiscard]] bool bounded(std::size_t j) const {
    const StateBounds& bounds = element_.equations.bounds[j];
    return std::isfinite(bounds.lower) || std::isfinite(bounds.upper);
  }

  [[nodiscard]] std::string input(const Probe& probe) const {
    if (probe.kind == Probe::Kind::voltage) {
      const auto [plus, minus] = type_.branches[probe.plus];
      return fmt::format("v(n{},n{})", plus + 1, minus + 1);
    }
    if (probe.accessor == "inner") return fmt::format("v(u{})", probe.element + 1);
    const double scale = element_.scales[probe.element];
    const std::string node = fmt::format("v({}{})", bounded(probe.element) ? 'c' : 'x', probe.element + 1);
    return scale == 1 ? node : fmt::format("{}*{}", scale, node);
  }

  // What memristor_text.cpp says of the linear memristor holds here: the bounds, the capacitor of as many
  // farads as the run has seconds, the state that is held as long as time is 0. The equations see the state
  // within its bounds, whatever an iteration tries: v(c).
  void state(std::size_t j) {
    constexpr const char* steep = "1e6";
    const double scale = element_.scales[j];
    const StateBounds bounds{element_.equations.bounds[j].lower / scale,
                             element_.equations.bounds[j].upper / scale};
    const std::string node = fmt::format("v(x{})", j + 1), number = fmt::format("{}", j + 1);
    std::string within = node;
    std::string rate = fmt::format("{}*{}", stop_ / scale, expression(element_.equations.rates[j]));
    if (std::isfinite(bounds.lower)) {
      within = fmt::format("max({},{})", within, bounds.lower);
      rate = fmt::format("max({},{}*({}-{}))", rate, steep, bounds.lower, node);
    }
    if (std::isfinite(bounds.upper)) {
      within = fmt::format("min({},{})", within, bounds.upper);
      rate = fmt::format("min({},{}*({}-{}))", rate, steep, bounds.upper, node);
    }
    if (peer_ == Peer::ngspice) rate = fmt::format("time>0 ? {} : x{}_0-{}", rate, number, node);
    text_ += fmt::format("Cx{0} x{0} 0 {1} ic={{x{0}_0}}\n", number, stop_);
    source('x' + number, "0 x" + number, 'I', rate);
    if (bounded(j)) source('c' + number, fmt::format("c{} 0", number), 'V', within);
  }

  Peer peer_;
  const DeviceType& type_;
  const ElementEquations& element_;
  double stop_;
  std::string text_;
  std::unordered_map<std::string, std::string> shared_;  // nodes by text
  bool too_long_ = false;
};

}  // namespace

std::optional<std::string> ElementEquations::quantity(
    const DeviceType& type, std::string_view name, Peer peer,
    const std::function<std::string(const Probe&)>& input) const {
  for (std::uint32_t j = 0; j < type.unknowns.size(); ++j)
    if (type.unknowns[j].name == name)
      return input({.kind = Probe::Kind::element, .element = j, .accessor = "unknown"});
  for (std::size_t i = 0; i < equations.observables.size(); ++i)
    if (type.observables[i].name == name) return program_text(equations.observables[i], peer, input);
  return std::nullopt;
}

const ElementEquations& EquationTable::of(const Element& element) {
  std::unique_ptr<const ElementEquations>& known = known_[key_of(element)];
  if (known) return *known;
  const DeviceType& type = *element.group->type;
  std::vector<double> values;
  for (std::size_t i = 0; i < type.parameters.size(); ++i)
    values.push_back(element.group->parameter(element.instance, i));
  ElementEquations made{.equations = type.form.equations(type, values, curves_), .scales = {}};
  for (std::size_t j = 0; j < type.unknowns.size(); ++j)
    made.scales.push_back(scale_of(made.equations.bounds[j], initial_value(element, j)));
  known = std::make_unique<const ElementEquations>(std::move(made));
  return *known;
}

std::optional<std::string> equation_subcircuit(Peer peer, const DeviceType& type,
                                               const ElementEquations& element, double stop) {
  return Subcircuit(peer, type, element, stop).text();
}

double initial_voltage(const Element& element, const ElementEquations& equations, std::size_t unknown) {
  return initial_value(element, unknown) / equations.scales[unknown];
}

}  // namespace memspice::convert
