#include "convert/element_writer.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "convert/memristor_text.hpp"
#include "convert/program_text.hpp"
#include "convert/semiconductor_card.hpp"
#include "convert/subcircuits.hpp"

namespace memspice::convert {

ElementWriter::ElementWriter(Peer peer, const Circuit& circuit, const TransientCard* transient,
                             PeerNames& names, DeckText& text)
    : peer_(peer),
      circuit_(circuit),
      names_(names),
      text_(text),
      elements_(index_elements(circuit)),
      peer_elements_(elements_.size()),
      joined_(circuit.node_names.size()),
      initial_conditions_used_(transient != nullptr && transient->use_initial_conditions),
      equations_(circuit.records.curves) {
  if (transient != nullptr) time_ = {transient->step, transient->stop};
}

void ElementWriter::name_elements() {
  for (const Element& element : elements_) {
    if (element.letter == 'k') continue;
    PeerElement& peer = peer_elements_[element.name];
    const char letter = element.letter == 'y' ? 'x' : element.is_short() ? 'v' : element.letter;
    peer.name = names_.element(element.name, letter);
    if (element.letter != 'y') continue;
    for (const UnknownDescription& unknown : element.group->type->unknowns)
      peer.states.push_back(names_.helper_node(unknown.name, circuit_.element_names[element.name]));
  }
}

std::vector<PeerVector> ElementWriter::translate(const std::vector<std::string>& vectors) {
  name_elements();
  VectorTranslator translator(peer_, circuit_, elements_, peer_elements_, equations_, names_);
  std::vector<PeerVector> translated;
  for (const std::string& vector : vectors)
    translated.push_back(translator.translate(vector).value_or(PeerVector{vector, {}, {}}));
  program_texts_.resize(circuit_.programs.size());
  for (const BehaviouralSource& source : circuit_.behavioural_sources)
    translate_program(source.program, source.where, translator);
  for (const Switch& element : circuit_.switches)
    translate_program(element.control, element.where, translator);
  probes_ = translator.probes();
  return translated;
}

void ElementWriter::translate_program(std::uint32_t program, Location where, VectorTranslator& translator) {
  const auto code = circuit_.programs[program].code();
  if (std::ranges::find(code, Program::Operation::random, &Program::Instruction::operation) != code.end())
    text_.fail(where, "convert has no counterpart for LTspice's rand, random and white");
  const std::optional<std::string> text =
      program_text(circuit_.programs[program], peer_, [&](const Probe& probe) {
        if (const std::optional<std::string> input = translator.expression(probe)) return *input;
        text_.fail(where, "convert has no counterpart for a quantity in this expression",
                   "it writes voltages, currents of two terminals, ic() of transistors and the like, powers, "
                   "time, w() and r() "
                   "of memristors");
      });
  if (!text)
    text_.fail(where, fmt::format("this expression is longer than {} characters without its parameters and "
                                  "functions",
                                  longest_expression));
  program_texts_[program] = peer_ == Peer::xyce ? fmt::format("{{{}}}", *text) : *text;
}

void ElementWriter::write() {
  write_subcircuits({peer_, names_, text_, equations_, time_.stop}, elements_, peer_elements_);
  for (const Element& element : elements_) {
    write_element(element);
    text_.flush_large();
  }
  write_couplings();
}

void ElementWriter::write_element(const Element& element) {
  if (element.letter == 'k') return;
  const std::string start = name_and_nodes(element);
  if (is_semiconductor(element)) return write_semiconductor(element, start);
  switch (element.letter) {
    case 'r':
      return write_resistor(element, start);
    case 'c':
      return text_.line(fmt::format("{} {}{}", start, element.parameter("c"), initial(element)));
    case 'l':
      return text_.line(fmt::format("{} {}{}", start, element.parameter("l"), initial(element)));
    case 'y':
      return write_equations(element, start);
    case 'b':
      return text_.line(fmt::format("{} {}={}", start, element.behavioural->voltage ? "V" : "I",
                                    program_texts_[element.behavioural->program]));
    case 's':
      return write_switch(*element.switch_element, start);
    case 't':
      return write_line(*element.line, start);
    default:
      return write_source(*element.source, start);
  }
}

std::string ElementWriter::name_and_nodes(const Element& element) {
  const PeerElement& peer = peer_elements_[element.name];
  std::vector<NodeId> nodes = {element.plus, element.minus};
  if (element.group != nullptr) nodes.assign(element.nodes().begin(), element.nodes().end());
  std::string start = peer.name;
  for (std::size_t terminal = 0; terminal < nodes.size(); ++terminal) {
    const std::string& node = names_.node(nodes[terminal]);
    start += ' ';
    if (!peer.meters.contains(terminal)) {
      start += node;
      continue;
    }
    const std::string between = names_.helper_node("meter", peer.name);
    const bool outwards = nodes.size() == 2;  // from the first to the second
    text_.line(fmt::format("{} {} {} DC 0", peer.meters.at(terminal), outwards ? between : node,
                           outwards ? node : between));
    start += between;
  }
  return start;
}

void ElementWriter::write_semiconductor(const Element& element, const std::string& start) {
  SemiconductorCard card;
  try {
    card = semiconductor_card(peer_, element, initial_conditions_used_, circuit_.options.gmin);
  } catch (const NoCounterpart& missing) {
    text_.fail(element.where(), missing.reason, missing.hint);
  }
  if (peer_ == Peer::ngspice && element.letter == 'd' && initial_conditions_used_ &&
      !std::isnan(element.parameter("ic")))
    text_.warn(element.where(), "ic=", "ngspice 39 takes no notice of that of a diode",
               "write .ic of its nodes in its place");
  std::string& model = models_[card.model];
  if (model.empty()) {
    model = names_.helper_element("model", circuit_.element_names[element.name]);
    text_.line(fmt::format(".model {} {}", model, card.model));
  }
  text_.line(fmt::format("{} {}{}", start, model, card.element));
}

void ElementWriter::write_resistor(const Element& element, const std::string& start) {
  if (!element.is_short()) return text_.line(fmt::format("{} {}", start, element.parameter("r")));
  if (joined_.join(element.plus, element.minus)) return text_.line(start + " DC 0");
  text_.warn(element.group->where[element.instance], circuit_.element_names[element.name],
             "a short circuit across a short circuit carries no current");
}

void ElementWriter::write_switch(const Switch& element, const std::string& start) {
  if (peer_ != Peer::ngspice) text_.fail(element.where, "Xyce has no switch that opens and closes at once");
  const std::string name = circuit_.element_names[element.name];
  const std::string control = names_.helper_node("control", name);
  text_.line(fmt::format("B{0} {0} 0 V={1}", control, program_texts_[element.control]));
  text_.line(fmt::format("{0} {1} 0 model_{1}{2}", start, control, element.initially_on ? " on" : ""));
  text_.line(fmt::format(".model model_{} sw(vt={} vh={} ron={} roff={})", control, element.threshold,
                         element.hysteresis, element.on_resistance, element.off_resistance));
}

void ElementWriter::write_line(const TransmissionLine& element, const std::string& start) {
  std::string text = fmt::format("{} {} {} Z0={} TD={}", start, names_.node(element.nodes[2]),
                                 names_.node(element.nodes[3]), element.impedance, element.delay);
  if (peer_ == Peer::ngspice && initial_conditions_used_)
    text += fmt::format(" IC={}", fmt::join(element.initial, ","));
  text_.line(text);
}

void ElementWriter::write_couplings() {
  for (const Coupling& coupling : circuit_.couplings)
    text_.line(fmt::format("{} {} {} {}", names_.helper_element("k", circuit_.element_names[coupling.name]),
                           peer_elements_[coupling.first].name, peer_elements_[coupling.second].name,
                           coupling.coefficient));
}

/// ic= counts with uic only; Xyce would hold it at the operating point too.
std::string ElementWriter::initial(const Element& element) const {
  const double value = element.parameter("ic");
  return std::isnan(value) || !initial_conditions_used_ ? "" : fmt::format(" ic={}", value);
}

void ElementWriter::write_equations(const Element& element, const std::string& start) {
  const PeerElement& peer = peer_elements_[element.name];
  std::string text = start;
  for (const std::string& state : peer.states) text += ' ' + state;
  if (is_linear_memristor(element)) {
    text += fmt::format(" {} params:", memristor_name(has_voltage_control(element)));
    for (const std::string_view parameter : {"ron", "roff", "alpha", "beta", "polarity", "active", "w0"})
      text += fmt::format(" {}={}", parameter, element.parameter(parameter));
    return text_.line(text);
  }
  text += ' ' + peer.subcircuit;
  if (!peer.states.empty()) text += " params:";
  for (std::size_t j = 0; j < peer.states.size(); ++j)
    text += fmt::format(" x{}_0={}", j + 1, initial_voltage(element, equations_.of(element), j));
  text_.line(text);
}

void ElementWriter::write_source(const Source& source, const std::string& start) {
  std::string text = fmt::format("{} DC {}", start, source.dc);
  if (source.function != Source::constant) {
    const std::optional<std::string> waveform = waveform_text(circuit_.functions[source.function], time_);
    if (!waveform && circuit_.functions[source.function].kind == SourceFunction::Kind::sine)
      throw DeckError(diagnose(*circuit_.sources, source.where, circuit_.element_names[source.name].size(),
                               "the peers have no sine that ends after a number of periods",
                               "leave the number out, and end the transient before"));
    if (!waveform)
      throw DeckError(diagnose(*circuit_.sources, source.where, circuit_.element_names[source.name].size(),
                               fmt::format("the repetitions of this PWL up to {:g} s are more than {} points",
                                           time_.stop, most_points),
                               "shorten the transient, or write the waveform as PULSE or SIN"));
    text += ' ';
    text += *waveform;
  }
  text_.line(text);
}

}  // namespace memspice::convert
