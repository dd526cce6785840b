#include "convert/deck_writer.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "convert/deck_text.hpp"
#include "convert/element_writer.hpp"
#include "convert/file_names.hpp"
#include "convert/peer_names.hpp"
#include "convert/vector_names.hpp"

namespace memspice::convert {

namespace {

class DeckWriter {
 public:
  DeckWriter(const Circuit& circuit, const Request& request,
             const std::function<void(std::string_view)>& consume)
      : circuit_(circuit),
        request_(request),
        transient_(find_card<TransientCard>(circuit.analyses)),
        text_(*circuit.sources, consume),
        names_(request.peer, circuit),
        elements_(request.peer, circuit, transient_, names_, text_) {}

  std::vector<Diagnostic> write() {
    vectors_ = elements_.translate(request_.vectors);
    head();
    elements_.write();
    initial_conditions();
    if (!elements_.probes().empty()) text_.line("* what memspice computes and the peer does not");
    text_.add(elements_.probes());
    options();
    analyses();
    saves();
    left_out();
    text_.line(".end");
    text_.flush();
    return text_.take_warnings();
  }

 private:
  static constexpr std::size_t line_length = 100;
  static constexpr double coarse = 2e-3;  // tstep as a part of the run

  [[nodiscard]] bool ngspice() const { return request_.peer == Peer::ngspice; }
  [[nodiscard]] bool renamed() const {
    return std::ranges::any_of(vectors_, [](const PeerVector& vector) {
      return !vector.request.empty() && vector.ours != vector.theirs;
    });
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
    text_.line(circuit_.title.empty() ? "no title" : circuit_.title);
    text_.line(
        fmt::format("* Written by memspice convert for {}. To compare the two:", name_of(request_.peer)));
    text_.line(fmt::format("*   memspice {} -o {}", deck, raw));
    text_.line(ngspice() ? fmt::format("*   ngspice -b {} -r {}", output, peer_raw())
                         : fmt::format("*   Xyce {}", output));
    text_.line(fmt::format("*   memspice compare {} {}{}", raw, peer_raw(),
                           renamed() ? fmt::format(" --names {}", output) : ""));
    if (transient_ && transient_->step > coarse * (transient_->stop - transient_->start))
      text_.line("* Rows are joined by straight lines: with a smaller tstep the two come closer.");
  }

  void initial_conditions() {
    const auto write = [&](std::string_view card, const std::vector<NodeVoltage>& voltages) {
      for (const NodeVoltage& given : voltages)
        text_.line(fmt::format("{} v({})={}", card, names_.node(given.node), given.voltage));
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
    if (const double gmin = ours.gmin; gmin != Options{}.gmin)
      text_.line(fmt::format(".options {}gmin={}", ngspice() ? "" : "device ", gmin));
    if (ngspice())
      text_.line(fmt::format(".options reltol={} vntol={} abstol={} chgtol=1e-18 trtol=1", text(reltol),
                             text(vntol), text(abstol)));
    else
      text_.line(fmt::format(".options timeint reltol={} abstol={}", text(reltol), text(vntol)));
  }

  // Peers bound their error by small steps more than by tolerances: a thousandth of the run at most.
  void write_transient(const TransientCard& card) {
    const double thousandth = 1e-3 * (card.stop - card.start);
    const double step = card.step > 0 ? card.step : thousandth;
    if (card.startup)
      text_.warn(card.where, ".tran", "the sources begin with their values there, without startup's ramps");
    text_.line(fmt::format(".tran {} {} {} {}{}", step, card.stop, card.start,
                           std::min({step, thousandth, card.max_step}),
                           card.use_initial_conditions ? " uic" : ""));
  }

  void analyses() {
    bool transient_written = false;
    for (const AnalysisCard& card : circuit_.analyses) {
      if (const auto* transient = card.get_if<TransientCard>()) {
        if (transient_written)
          text_.warn(transient->where, ".tran",
                     fmt::format("{} runs one transient, the first", name_of(request_.peer)));
        else
          write_transient(*transient);
        transient_written = true;
      } else if (const auto* point = card.get_if<OperatingPointCard>()) {
        write_operating_point(*point);
      } else {
        text_.warn(card.where(), card_name(card.type()), "it is not converted",
                   "write it into the deck by hand");
      }
    }
  }

  void write_operating_point(const OperatingPointCard& card) {
    if (!ngspice() && transient_)
      return text_.warn(card.where, ".op", "Xyce writes no operating point beside a transient",
                        "convert a deck with .op alone");
    text_.line(".op");
    if (ngspice() && !circuit_.initial_conditions.empty())
      text_.warn(circuit_.initial_conditions.front().where, ".ic",
                 "ngspice does not hold it at .op, only at the start of .tran");
  }

  // ngspice's default is memspice's: nodes (states are some), currents of voltage sources and inductors. What
  // a .print has beyond must be asked for.
  void saves() {
    const bool beyond = std::ranges::any_of(
        vectors_, [](const PeerVector& vector) { return vector.request.find('@') != std::string::npos; });
    if (ngspice() && circuit_.outputs.saves.empty() && !beyond) return names_table();
    std::string card =
        ngspice() ? std::string(".save")
                  : fmt::format(".print {} format=raw file={}", transient_ ? "tran" : "dc", peer_raw());
    for (const PeerVector& vector : vectors_) {
      if (vector.request.empty()) continue;
      if (card.size() + vector.request.size() > line_length) {
        text_.line(card);
        card = "+";
      }
      card += ' ';
      card += vector.request;
    }
    text_.line(card);
    names_table();
  }

  void names_table() {
    if (!renamed()) return;
    text_.line("* memspice's vectors = the peer's, for memspice compare --names");
    for (const PeerVector& vector : vectors_)
      if (!vector.request.empty() && vector.ours != vector.theirs)
        text_.line(fmt::format("*= {} = {}", vector.ours, vector.theirs));
  }

  void left_out() {
    const auto missing = [&](const auto& cards) {
      for (const auto& card : cards)
        text_.warn(card.where(), card_name(card.type()),
                   fmt::format("{} has nothing like it", name_of(request_.peer)));
    };
    for (const PeerVector& vector : vectors_)
      if (vector.request.empty())
        text_.warn({}, vector.ours, fmt::format("{} has no such quantity", name_of(request_.peer)));
    missing(circuit_.before_analyses);
    missing(circuit_.observers);
    missing(circuit_.after_analyses);
    for (const MeasureCard& measure : circuit_.outputs.measures)
      text_.warn(measure.where, ".measure", "it is not converted, but the vectors that it reads are",
                 "write it into the deck by hand, with their names there");
    const auto repeats = [&](Location where, std::string_view name) {
      text_.warn(where, name,
                 "the converted deck is that of one point, with the values the deck itself gives",
                 "convert it once for each value, with -D name=value");
    };
    for (const Sweep& step : circuit_.repetitions.steps) repeats(step.where, ".step");
    if (!circuit_.repetitions.temperatures.empty()) repeats({}, ".temp");
    if (circuit_.repetitions.monte_carlo) repeats(circuit_.repetitions.monte_carlo->where, ".mc");
    const Options& options = circuit_.options;
    if (options.interp)
      text_.warn({}, "interp", "the peer's rows stand where its steps end", "compare interpolates");
    if (options.max_order != Options{}.max_order)
      text_.warn({}, "maxord", "the peer's integrator is another");
    if (options.max_steps) text_.warn({}, "max_steps", "the peer has no such limit");
  }

  const Circuit& circuit_;
  const Request& request_;
  const TransientCard* transient_;  // nullptr: none
  DeckText text_;
  PeerNames names_;
  ElementWriter elements_;
  std::vector<PeerVector> vectors_;
};

}  // namespace

std::vector<Diagnostic> write_deck(const Circuit& circuit, const Request& request,
                                   const std::function<void(std::string_view)>& consume) {
  return DeckWriter(circuit, request, consume).write();
}

}  // namespace memspice::convert
