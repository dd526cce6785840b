#include "convert/subcircuits.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <unordered_map>

#include "convert/memristor_text.hpp"
#include "convert/program_text.hpp"

namespace memspice::convert {

namespace {

void write_linear_memristors(const SubcircuitContext& context, const std::vector<Element>& elements) {
  for (const bool voltage_control : {false, true}) {
    const auto is_of = [&](const Element& element) {
      return is_linear_memristor(element) && has_voltage_control(element) == voltage_control;
    };
    if (std::ranges::any_of(elements, is_of))
      context.text.add(memristor_subcircuit(context.peer, voltage_control, context.stop));
  }
}

std::string body_of(const SubcircuitContext& context, const Element& element) {
  const DeviceType& type = *element.group->type;
  const ElementEquations& equations = context.equations.of(element);
  if (equations.equations.random)
    context.text.fail(element.where(),
                      fmt::format("{} has no random numbers of such a device", name_of(context.peer)),
                      "convert writes its mean, without variant=stochastic");
  const std::optional<std::string> body = equation_subcircuit(context.peer, type, equations, context.stop);
  if (!body)
    context.text.fail(element.where(), fmt::format("the equations of this {} are longer than {} characters",
                                                   type.name, longest_expression));
  return *body;
}

/// Writes a subcircuit whose text there is not yet.
std::string name_of_subcircuit(const SubcircuitContext& context, const Element& element,
                               std::unordered_map<std::string, std::string>& names) {
  const std::string body = body_of(context, element);
  std::string& name = names[body];
  if (!name.empty()) return name;
  const DeviceType& type = *element.group->type;
  name = context.names.helper_element(
      "device", type.form.level_names.empty() ? type.model_type : type.form.level_names.front());
  context.text.add(fmt::format(".subckt {}{}", name, body));
  return name;
}

}  // namespace

bool is_linear_memristor(const Element& element) {
  return element.letter == 'y' && element.group->type->network_role == NetworkRole::linear_memristor;
}

bool has_voltage_control(const Element& element) {
  return element.parameter("control") != 0;
}

void write_subcircuits(const SubcircuitContext& context, const std::vector<Element>& elements,
                       std::vector<PeerElement>& peer_elements) {
  write_linear_memristors(context, elements);
  std::unordered_map<std::string, std::string> names;  // by text: elements that differ in their states share
  std::unordered_map<const ElementEquations*, std::string> known;
  for (const Element& element : elements) {
    if (element.letter != 'y' || is_linear_memristor(element)) continue;
    std::string& name = known[&context.equations.of(element)];
    if (name.empty()) name = name_of_subcircuit(context, element, names);
    peer_elements[element.name].subcircuit = name;
  }
}

}  // namespace memspice::convert
