#include "convert/deck_writer.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>
#include <optional>

#include "convert/element_index.hpp"
#include "convert/file_names.hpp"
#include "convert/memristor_text.hpp"
#include "convert/peer_names.hpp"
#include "convert/program_text.hpp"
#include "convert/source_text.hpp"
#include "convert/vector_names.hpp"

namespace memspice::convert {

namespace {

/// Which nodes short circuits join: one that closes a loop carries no current, and no peer could solve it.
class Joined {
 public:
  explicit Joined(std::size_t nodes) : parent_(nodes) { std::iota(parent_.begin(), parent_.end(), 0u); }
  /// False when they were joined before.
  bool join(NodeId a, NodeId b) {
    a = root(a);
    b = root(b);
    parent_[a] = b;
    return a != b;
  }

 private:
  NodeId root(NodeId node) {
    while (parent_[node] != node) node = parent_[node] = parent_[parent_[node]];
    return node;
  }
  std::vector<NodeId> parent_;
};

class DeckWriter {
 public:
  DeckWriter(const Circuit& circuit, const Request& request,
             const std::function<void(std::string_view)>& consume)
      : circuit_(circuit),
        request_(request),
        consume_(consume),
        names_(request.peer, circuit),
        elements_(index_elements(circuit)),
        peer_elements_(elements_.size()),
        joined_(circuit.node_names.size()) {
    if (const auto* transient = find_card<TransientCard>(circuit.analyses)) transient_ = *transient;
    if (transient_) time_ = {transient_->step, transient_->stop};
  }

  std::vector<Diagnostic> write() {
    name_elements();
    translate();
    head();
    subcircuits();
    for (const Element& element : elements_) {
      device(element);
      if (text_.size() >= piece) flush();
    }
    couplings();
    initial_conditions();
    if (!translator_probes_.empty()) line("* what memspice computes and the peer does not");
    text_ += translator_probes_;
    options();
    analyses();
    saves();
    left_out();
    line(".end");
    flush();
    return std::move(warnings_);
  }

 private:
  static constexpr std::size_t piece = 1u << 16;
  static constexpr std::size_t line_length = 100;
  static constexpr double coarse = 2e-3;  // tstep as a part of the run

  [[nodiscard]] bool ngspice() const { return request_.peer == Peer::ngspice; }
  void line(std::string_view text) {
    text_ += text;
    text_ += '\n';
  }
  void flush() {
    consume_(text_);
    text_.clear();
  }
  void warn(Location where, std::string_view card, const std::string& reason, std::string hint = {}) {
    warnings_.push_back(diagnose(*circuit_.sources, where, card.size(), fmt::format("{}: {}", card, reason),
                                 std::move(hint), Severity::warning));
    line(fmt::format("* left out: {}: {}", card, reason));
  }

  void name_elements() {
    for (const Element& element : elements_) {
      if (element.letter == 'k') continue;
      PeerElement& peer = peer_elements_[element.name];
      const char letter = element.letter == 'y' ? 'x' : element.is_short() ? 'v' : element.letter;
      peer.name = names_.element(element.name, letter);
      if (element.letter == 'y') peer.state = names_.helper_node("w", circuit_.element_names[element.name]);
    }
  }

  void translate() {
    VectorTranslator translator(request_.peer, circuit_, elements_, peer_elements_, names_);
    for (const std::string& vector : request_.vectors) vectors_.push_back(translator.translate(vector));
    program_texts_.resize(circuit_.programs.size());
    for (const BehaviouralSource& source : circuit_.behavioural_sources)
      translate(source.program, source.where, translator);
    for (const Switch& element : circuit_.switches) translate(element.control, element.where, translator);
    translator_probes_ = translator.probes();
  }

  void translate(std::uint32_t program, Location where, VectorTranslator& translator) {
    const auto code = circuit_.programs[program].code();
    if (std::ranges::find(code, Program::Operation::random, &Program::Instruction::operation) != code.end())
      fail(where, "convert has no counterpart for LTspice's rand, random and white");
    const std::optional<std::string> text =
        program_text(circuit_.programs[program], request_.peer, [&](const Probe& probe) {
          if (const std::optional<std::string> input = translator.expression(probe)) return *input;
          fail(where, "convert has no counterpart for a quantity in this expression",
               "it writes voltages, currents, powers, time, w() and r() of memristors");
        });
    if (!text)
      fail(where, fmt::format("this expression is longer than {} characters without its parameters and "
                              "functions",
                              longest_expression));
    program_texts_[program] = request_.peer == Peer::xyce ? fmt::format("{{{}}}", *text) : *text;
  }

  /// An element that the peer cannot have.
  [[noreturn]] void fail(Location where, std::string message, std::string hint = {}) const {
    const std::string_view text = circuit_.sources->text(where.file).substr(where.offset);
    throw DeckError(diagnose(*circuit_.sources, where, std::min(text.find_first_of(" \t\r\n"), text.size()),
                             std::move(message), std::move(hint)));
  }

  [[nodiscard]] bool renamed() const {
    return std::ranges::any_of(vectors_,
                               [](const PeerVector& vector) { return vector.ours != vector.theirs; });
  }

  [[nodiscard]] std::string peer_raw() const {
    return plain_stem(request_.output, default_output()) + ".raw";
  }
  [[nodiscard]] std::string default_output() const { return ngspice() ? "deck_ngspice" : "deck_xyce"; }

  void head() {
    const std::string deck = shell_word(request_.deck, "deck.cir");
    const std::string output = shell_word(request_.output, default_output() + ".cir");
    std::string raw = plain_stem(request_.deck, "deck") + ".raw";
    if (raw == peer_raw()) raw = plain_stem(request_.deck, "deck") + "_memspice.raw";
    line(circuit_.title.empty() ? "no title" : circuit_.title);
    line(fmt::format("* Written by memspice convert for {}. To compare the two:", name_of(request_.peer)));
    line(fmt::format("*   memspice {} -o {}", deck, raw));
    line(ngspice() ? fmt::format("*   ngspice -b {} -r {}", output, peer_raw())
                   : fmt::format("*   Xyce {}", output));
    line(fmt::format("*   memspice compare {} {}{}", raw, peer_raw(),
                     renamed() ? fmt::format(" --names {}", output) : ""));
    if (transient_ && transient_->step > coarse * (transient_->stop - transient_->start))
      line("* Rows are joined by straight lines: with a smaller tstep the two come closer.");
  }

  void subcircuits() {
    std::array<bool, 2> used{};
    for (const Element& element : elements_)
      if (element.letter == 'y') used[element.parameter("control") != 0 ? 1 : 0] = true;
    for (const bool voltage_control : {false, true})
      if (used[voltage_control ? 1 : 0])
        text_ += memristor_subcircuit(request_.peer, voltage_control, time_.stop);
  }

  void device(const Element& element) {
    if (element.letter == 'k') return;
    const PeerElement& peer = peer_elements_[element.name];
    const std::string& name = peer.name;
    std::string minus = names_.node(element.minus);
    if (!peer.meter.empty()) {
      const std::string between = names_.helper_node("meter", name);
      line(fmt::format("{} {} {} DC 0", peer.meter, between, minus));
      minus = between;
    }
    const std::string start = fmt::format("{} {} {}", name, names_.node(element.plus), minus);
    switch (element.letter) {
      case 'r':
        if (!element.is_short()) return line(fmt::format("{} {}", start, element.parameter("r")));
        if (joined_.join(element.plus, element.minus)) return line(start + " DC 0");
        return warn(element.group->where[element.instance], circuit_.element_names[element.name],
                    "a short circuit across a short circuit carries no current");
      case 'c':
        return line(fmt::format("{} {}{}", start, element.parameter("c"), initial(element)));
      case 'l':
        return line(fmt::format("{} {}{}", start, element.parameter("l"), initial(element)));
      case 'y':
        return memristor(element, start);
      case 'b':
        return line(fmt::format("{} {}={}", start, element.behavioural->voltage ? "V" : "I",
                                program_texts_[element.behavioural->program]));
      case 's':
        return switch_element(*element.switch_element, start);
      case 't':
        return transmission_line(*element.line, start);
      default:
        return source(*element.source, start);
    }
  }

  void switch_element(const Switch& element, const std::string& start) {
    if (!ngspice()) fail(element.where, "Xyce has no switch that opens and closes at once");
    const std::string_view name = circuit_.element_names[element.name];
    const std::string control = names_.helper_node("control", name);
    line(fmt::format("B{0} {0} 0 V={1}", control, program_texts_[element.control]));
    line(fmt::format("{0} {1} 0 model_{1}{2}", start, control, element.initially_on ? " on" : ""));
    line(fmt::format(".model model_{} sw(vt={} vh={} ron={} roff={})", control, element.threshold,
                     element.hysteresis, element.on_resistance, element.off_resistance));
  }

  void transmission_line(const TransmissionLine& element, const std::string& start) {
    std::string text = fmt::format("{} {} {} Z0={} TD={}", start, names_.node(element.nodes[2]),
                                   names_.node(element.nodes[3]), element.impedance, element.delay);
    if (ngspice() && transient_ && transient_->use_initial_conditions)
      text += fmt::format(" IC={}", fmt::join(element.initial, ","));
    line(text);
  }

  void couplings() {
    for (const Coupling& coupling : circuit_.couplings)
      line(fmt::format("{} {} {} {}", names_.helper_element("k", circuit_.element_names[coupling.name]),
                       peer_elements_[coupling.first].name, peer_elements_[coupling.second].name,
                       coupling.coefficient));
  }

  /// ic= counts with uic only; Xyce would hold it at the operating point too.
  [[nodiscard]] std::string initial(const Element& element) const {
    const double value = element.parameter("ic");
    const bool used = transient_ && transient_->use_initial_conditions;
    return std::isnan(value) || !used ? "" : fmt::format(" ic={}", value);
  }

  void memristor(const Element& element, const std::string& start) {
    const std::size_t control = element.parameter("control") != 0 ? 1 : 0;
    std::string text = fmt::format("{} {} {} params:", start, peer_elements_[element.name].state,
                                   memristor_subcircuits[control]);
    for (const std::string_view parameter : {"ron", "roff", "alpha", "beta", "polarity", "active", "w0"})
      text += fmt::format(" {}={}", parameter, element.parameter(parameter));
    line(text);
  }

  void source(const Source& source, const std::string& start) {
    std::string text = fmt::format("{} DC {}", start, source.dc);
    if (source.function != Source::constant) {
      const std::optional<std::string> waveform = waveform_text(circuit_.functions[source.function], time_);
      if (!waveform && circuit_.functions[source.function].kind == SourceFunction::Kind::sine)
        throw DeckError(diagnose(*circuit_.sources, source.where, circuit_.element_names[source.name].size(),
                                 "the peers have no sine that ends after a number of periods",
                                 "leave the number out, and end the transient before"));
      if (!waveform)
        throw DeckError(
            diagnose(*circuit_.sources, source.where, circuit_.element_names[source.name].size(),
                     fmt::format("the repetitions of this PWL up to {:g} s are more than {} points",
                                 time_.stop, most_points),
                     "shorten the transient, or write the waveform as PULSE or SIN"));
      text += ' ';
      text += *waveform;
    }
    line(text);
  }

  void initial_conditions() {
    const auto write = [&](std::string_view card, const std::vector<NodeVoltage>& voltages) {
      for (const NodeVoltage& given : voltages)
        line(fmt::format("{} v({})={}", card, names_.node(given.node), given.voltage));
    };
    write(".ic", circuit_.initial_conditions);
    write(".nodeset", circuit_.nodesets);
  }

  // A tenth of memspice's tolerances, as far as the peer follows: it controls the error of a step only.
  void options() {
    const Options& ours = circuit_.options;
    const double reltol = std::clamp(0.1 * ours.reltol, 1e-7, 1e-4);
    const double vntol = std::clamp(0.1 * ours.voltage_tolerance(), 1e-10, 1e-6);
    const double abstol = std::clamp(ours.current_tolerance(), 1e-15, 1e-12);
    const auto text = [](double value) { return fmt::format("{:.3g}", value); };
    if (ngspice())
      line(fmt::format(".options reltol={} vntol={} abstol={} chgtol=1e-18 trtol=1", text(reltol),
                       text(vntol), text(abstol)));
    else
      line(fmt::format(".options timeint reltol={} abstol={}", text(reltol), text(vntol)));
  }

  // Peers bound their error by small steps more than by tolerances: a thousandth of the run at most.
  void write_transient(const TransientCard& card) {
    const double thousandth = 1e-3 * (card.stop - card.start);
    const double step = card.step > 0 ? card.step : thousandth;
    line(fmt::format(".tran {} {} {} {}{}", step, card.stop, card.start,
                     std::min({step, thousandth, card.max_step}), card.use_initial_conditions ? " uic" : ""));
  }

  void analyses() {
    bool transient_written = false;
    for (const AnalysisCard& card : circuit_.analyses) {
      if (const auto* transient = card.get_if<TransientCard>()) {
        if (transient_written)
          warn(transient->where, ".tran",
               fmt::format("{} runs one transient, the first", name_of(request_.peer)));
        else
          write_transient(*transient);
        transient_written = true;
      } else if (const auto* point = card.get_if<OperatingPointCard>()) {
        write_operating_point(*point);
      } else {
        warn(card.where(), card_name(card.type()), "it is not converted", "write it into the deck by hand");
      }
    }
  }

  void write_operating_point(const OperatingPointCard& card) {
    if (!ngspice() && transient_)
      return warn(card.where, ".op", "Xyce writes no operating point beside a transient",
                  "convert a deck with .op alone");
    line(".op");
    if (ngspice() && !circuit_.initial_conditions.empty())
      warn(circuit_.initial_conditions.front().where, ".ic",
           "ngspice does not hold it at .op, only at the start of .tran");
  }

  // ngspice's default is memspice's: nodes (states are some), currents of voltage sources and inductors.
  void saves() {
    if (ngspice() && circuit_.outputs.saves.empty()) return names_table();
    std::string card =
        ngspice() ? std::string(".save")
                  : fmt::format(".print {} format=raw file={}", transient_ ? "tran" : "dc", peer_raw());
    for (const PeerVector& vector : vectors_) {
      if (card.size() + vector.request.size() > line_length) {
        line(card);
        card = "+";
      }
      card += ' ';
      card += vector.request;
    }
    line(card);
    names_table();
  }

  void names_table() {
    if (!renamed()) return;
    line("* memspice's vectors = the peer's, for memspice compare --names");
    for (const PeerVector& vector : vectors_)
      if (vector.ours != vector.theirs) line(fmt::format("*= {} = {}", vector.ours, vector.theirs));
  }

  void left_out() {
    const auto missing = [&](const auto& cards) {
      for (const auto& card : cards)
        warn(card.where(), card_name(card.type()),
             fmt::format("{} has nothing like it", name_of(request_.peer)));
    };
    missing(circuit_.before_analyses);
    missing(circuit_.observers);
    missing(circuit_.after_analyses);
    const auto repeats = [&](Location where, std::string_view name) {
      warn(where, name, "the converted deck is that of one point, with the values the deck itself gives",
           "convert it once for each value, with -D name=value");
    };
    for (const Sweep& step : circuit_.repetitions.steps) repeats(step.where, ".step");
    if (!circuit_.repetitions.temperatures.empty()) repeats({}, ".temp");
    if (circuit_.repetitions.monte_carlo) repeats(circuit_.repetitions.monte_carlo->where, ".mc");
    const Options& options = circuit_.options;
    if (options.interp)
      warn({}, "interp", "the peer's rows stand where its steps end", "compare interpolates");
    if (options.max_order != Options{}.max_order) warn({}, "maxord", "the peer's integrator is another");
    if (options.max_steps) warn({}, "max_steps", "the peer has no such limit");
  }

  const Circuit& circuit_;
  const Request& request_;
  const std::function<void(std::string_view)>& consume_;
  PeerNames names_;
  std::vector<Element> elements_;
  std::vector<PeerElement> peer_elements_;
  Joined joined_;
  std::optional<TransientCard> transient_;
  TimeBase time_;
  std::vector<PeerVector> vectors_;
  std::vector<std::string> program_texts_;  // of those that elements use
  std::string translator_probes_;
  std::string text_;
  std::vector<Diagnostic> warnings_;
};

}  // namespace

std::vector<Diagnostic> write_deck(const Circuit& circuit, const Request& request,
                                   const std::function<void(std::string_view)>& consume) {
  return DeckWriter(circuit, request, consume).write();
}

}  // namespace memspice::convert
