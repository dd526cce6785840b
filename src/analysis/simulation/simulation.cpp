#include <fmt/format.h>

#include <atomic>
#include <stdexcept>
#include <utility>

#include "analysis/simulation/driven_sources.hpp"
#include "analysis/simulation/readings.hpp"
#include "analysis/simulation/saved_state.hpp"
#include "analysis/transient/step_budget.hpp"
#include "analysis/transient/transient_run.hpp"
#include "memspice/simulate.hpp"

namespace memspice {

/// Gives rows to the callback and to the user's sink.
class RowCaller final : public WaveformSink {
 public:
  explicit RowCaller(const SimulationOptions& options) : options_(options) {}
  void begin_plot(const PlotInfo& plot) override {
    plot_ = plot;
    if (!silent) begin();
  }
  void row(std::span<const double> values) override {
    has_rows_ = true;
    if (options_.sink) options_.sink->row(values);
    if (options_.row) options_.row(values);
  }
  void end_plot() override {
    open_ = false;
    if (options_.sink) options_.sink->end_plot();
  }
  void commit(std::string_view) override {}

  /// Rows that do not follow those so far go to a plot of their own.
  void begin_anew() {
    if (open_ && !has_rows_) return;
    if (open_) end_plot();
    begin();
  }
  [[nodiscard]] const std::vector<VectorInfo>& vectors() const { return plot_.vectors; }
  bool silent = false;  // another run begins its plot

 private:
  void begin() {
    open_ = true;
    has_rows_ = false;
    if (options_.sink) options_.sink->begin_plot(plot_);
  }

  const SimulationOptions& options_;
  PlotInfo plot_;
  bool open_ = false;
  bool has_rows_ = false;
};

namespace {

TransientCard card_of(const Circuit& circuit, const std::optional<TransientCard>& given) {
  if (!given) {
    if (const auto* transient = find_card<TransientCard>(circuit.analyses)) return *transient;
    throw std::invalid_argument("the circuit has no .tran card, and the options give no times");
  }
  if (!(given->stop > 0 && given->stop < infinity && given->step >= 0 && given->start >= 0 &&
        given->start < given->stop && given->max_step > 0))
    throw std::invalid_argument(
        "a transient needs a stop above 0, a step of at least 0, a start before the stop and a largest step "
        "above 0");
  return *given;
}

}  // namespace

/// Stays where it is: the run refers to the rest.
struct Simulation::Implementation {
  Implementation(Circuit its_circuit, SimulationOptions its_options)
      : options(std::move(its_options)),
        circuit(std::move(its_circuit)),
        card(card_of(circuit, options.transient)),
        sink(options) {
    check_steps(circuit, card);
    run_options.progress = options.progress;
    run_options.warned = options.warned;
    run = make_run();
    run->start(report);
    tell_warnings();
  }

  std::unique_ptr<TransientRun> make_run() {
    report = {};
    report.analysis = "tran";
    auto made = std::make_unique<TransientRun>(circuit, card, sink, run_options, warnings);
    made->look_back();
    return made;
  }

  /// Before the first step and before the first look: consistent values, and the first row.
  void prepare() {
    if (!std::exchange(fresh, false)) return;
    guarded([&] { run->open_segment(report); });
  }

  void advance() {
    if (ended) throw std::logic_error("the simulation has been finished");
    fresh = false;
    guarded([&] { run->step(report); });
  }

  template <class Callable>
  void guarded(Callable&& callable) {
    if (report.outcome == Outcome::complete) {
      try {
        callable();
      } catch (const SimulationError& error) {
        report.outcome = Outcome::failed;
        report.message = error.what();
      } catch (...) {  // of a callback, amid what cannot be half done
        report.outcome = Outcome::failed;
        report.message = "an exception of a callback has ended the run";
        throw;
      }
      tell_warnings();
    }
    if (report.outcome == Outcome::failed) throw SimulationError(report.message);
  }

  void tell_warnings() {
    for (const Diagnostic& warning : std::exchange(warnings, {}))
      if (options.warned) options.warned(warning);
  }

  void restore(const SimulationState& state) {
    const Unpacked saved = unpack(state, structure_of(run->system()));
    const double t = saved.head.time;
    if (!(t >= 0 && t < card.stop))
      throw std::invalid_argument(
          fmt::format("the state is of t = {:g} s, this simulation ends at {:g} s", t, card.stop));
    go_on_from(saved, [](Solution&) {});
    sink.begin_anew();
    ended = false;
  }

  /// Another run takes the place of this one, with `change(solution)` made where it begins.
  template <class Change>
  void go_on_from(const Unpacked& saved, Change&& change) {
    const double t = saved.head.time;
    sink.silent = true;
    AnalysisReport before = report;
    try {
      std::unique_ptr<TransientRun> restored = make_run();
      Archive archive(saved.run);
      restored->exchange(archive, t);
      restored->turn(change);
      run = std::move(restored);
    } catch (...) {
      sink.silent = false;
      report = std::move(before);
      throw;
    }
    sink.silent = false;
    warnings.clear();  // they have been told
    readings.reset();
    time = t;
    fresh = true;
  }

  SimulationState state() {
    prepare();
    Archive archive;
    run->exchange(archive, time);
    return pack({.structure = structure_of(run->system()), .time = time}, archive.take());
  }

  Readings& look() {
    prepare();
    if (!readings) readings.emplace(circuit);
    if (!readings->looks_at(time)) readings->look_at(time, run->at(time));
    return *readings;
  }

  void drive(double t, const Inputs& inputs, InputShape shape) {
    if (ended) throw std::logic_error("the simulation has been finished");
    const auto change = [&](Solution&) { drive_sources(circuit, inputs, shape, time, t); };
    if (may_be_driven(circuit, inputs) && !(time < run->time()) && run->turn(change)) return readings.reset();
    const SimulationState now = state();  // with the values that the sources have had so far
    drive_sources(circuit, inputs, shape, time, t);
    go_on_from(unpack(now, structure_of(run->system())), [](Solution&) {});
  }

  /// Names and places of the states, by device.
  void find_states() {
    if (!states.names.empty()) return;
    const Unknowns& unknowns = run->system().unknowns();
    for (std::size_t group = 0; group < circuit.groups.size(); ++group) {
      const DeviceGroup& devices = circuit.groups[group];
      for (std::size_t k = 0; k < devices.count(); ++k)
        for (std::size_t u = 0; u < devices.type->unknowns.size(); ++u) {
          const UnknownDescription& unknown = devices.type->unknowns[u];
          const std::size_t place = unknowns.index(group, k, u);
          if (unknown.kind != UnknownKind::state || unknown.name.empty() || place == Unknowns::npos) continue;
          states.places.push_back(place);
          states.bounds.push_back(unknowns.bounds(group, k, u));
          states.names.push_back(unknowns.name_of(place));
        }
    }
  }

  void set_states(std::span<const double> values) {
    if (ended) throw std::logic_error("the simulation has been finished");
    find_states();
    if (values.size() != states.places.size())
      throw std::invalid_argument(
          fmt::format("{} values for {} states", values.size(), states.places.size()));
    for (std::size_t i = 0; i < values.size(); ++i)
      if (!(values[i] >= states.bounds[i].lower && values[i] <= states.bounds[i].upper))
        throw std::invalid_argument(fmt::format("{} cannot be {:g}: its bounds are {:g} and {:g}",
                                                states.names[i], values[i], states.bounds[i].lower,
                                                states.bounds[i].upper));
    const SimulationState now = state();
    go_on_from(unpack(now, structure_of(run->system())), [&](Solution& at) {
      for (std::size_t i = 0; i < values.size(); ++i) at.y[states.places[i]] = values[i];
    });
  }

  SimulationOptions options;
  Circuit circuit;
  TransientCard card;
  RowCaller sink;
  RunOptions run_options;
  std::vector<Diagnostic> warnings;
  AnalysisReport report;
  std::unique_ptr<TransientRun> run;
  std::optional<Readings> readings;
  struct {
    std::vector<std::string> names;
    std::vector<std::size_t> places;  // in y
    std::vector<StateBounds> bounds;
  } states;
  double time = 0;    // s; the run may be a part of a step further
  bool fresh = true;  // the run has not left the point where it starts
  bool ended = false;
  std::atomic<bool> stop_asked = false;
};

Simulation::Simulation(Circuit circuit, SimulationOptions options)
    : implementation_(std::make_unique<Implementation>(std::move(circuit), std::move(options))) {}
Simulation::~Simulation() = default;
Simulation::Simulation(Simulation&&) noexcept = default;
Simulation& Simulation::operator=(Simulation&&) noexcept = default;

double Simulation::time() const {
  return implementation_->time;
}
double Simulation::stop_time() const {
  return implementation_->card.stop;
}
const Circuit& Simulation::circuit() const {
  return implementation_->circuit;
}
const std::vector<VectorInfo>& Simulation::vectors() const {
  return implementation_->sink.vectors();
}
void Simulation::stop() noexcept {
  implementation_->stop_asked = true;
}

bool Simulation::run_until(double t) {
  Implementation& it = *implementation_;
  if (!(t >= it.time && t <= it.card.stop))
    throw std::invalid_argument(
        fmt::format("{:g} s is not between the time of the simulation, {:g} s, and its stop, {:g} s", t,
                    it.time, it.card.stop));
  while (it.run->time() < t) {
    if (it.stop_asked.exchange(false)) return false;
    try {
      it.advance();
    } catch (...) {
      it.time = std::max(it.time, it.run->time());
      throw;
    }
    if (it.run->time() < t) it.time = it.run->time();
  }
  it.stop_asked = false;
  it.time = t;
  return true;
}

void Simulation::step() {
  Implementation& it = *implementation_;
  if (is_done()) return;
  if (!(it.time < it.run->time())) it.advance();
  it.time = it.run->time();
}

bool Simulation::run_until(double t, const Inputs& inputs, InputShape shape) {
  Implementation& it = *implementation_;
  if (!(t > it.time && t <= it.card.stop))
    throw std::invalid_argument(
        fmt::format("{:g} s is not behind the time of the simulation, {:g} s, or behind its stop, {:g} s", t,
                    it.time, it.card.stop));
  if (!inputs.empty()) it.drive(t, inputs, shape);
  return run_until(t);
}

double Simulation::operator[](std::string_view name) {
  Readings& readings = implementation_->look();
  return readings.read(implementation_->run->system(), name);
}

const std::vector<std::string>& Simulation::state_names() const {
  implementation_->find_states();
  return implementation_->states.names;
}

std::vector<double> Simulation::states() {
  Implementation& it = *implementation_;
  it.find_states();
  const Solution& point = it.look().point();
  std::vector<double> values;
  for (const std::size_t place : it.states.places) values.push_back(point.y[place]);
  return values;
}

void Simulation::set_states(std::span<const double> values) {
  implementation_->set_states(values);
}

SimulationState Simulation::state() {
  return implementation_->state();
}

void Simulation::restore(const SimulationState& state) {
  implementation_->restore(state);
}

AnalysisReport Simulation::finish() {
  Implementation& it = *implementation_;
  if (std::exchange(it.ended, true)) throw std::logic_error("the simulation has been finished");
  if (it.report.outcome == Outcome::complete && it.run->time() < it.card.stop) {
    it.report.outcome = Outcome::interrupted;
    it.report.message = fmt::format("ended at t = {:.6g} s of {:.6g} s", it.run->time(), it.card.stop);
  }
  it.run->finish(it.report);
  it.tell_warnings();
  return it.report;
}

}  // namespace memspice
