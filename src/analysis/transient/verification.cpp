#include "analysis/transient/verification.hpp"

#include <fmt/format.h>

#include <cmath>
#include <set>
#include <string>
#include <utility>

#include "analysis/transient/flow_network_of.hpp"
#include "analysis/transient/transient.hpp"
#include "base/stopwatch.hpp"

namespace memspice {

namespace {

constexpr double verified_part = 0.1;  // of the run
constexpr int verified_rows = 100;
constexpr double finer = 0.1;     // IDA's tolerance: what is compared is to be the other's error
constexpr double tolerated = 10;  // times reltol

/// Patterns of the vectors of all states: "w(*)".
std::set<std::string> names_of_states(const Circuit& circuit) {
  std::set<std::string> patterns;
  for (const DeviceGroup& group : circuit.groups)
    for (const UnknownDescription& unknown : group.type->unknowns)
      if (group.count() > 0) patterns.insert(fmt::format("{}(*)", unknown.name));
  return patterns;
}

/// Keeps rows, or compares them with those that another one has kept.
class StateRows final : public WaveformSink {
 public:
  explicit StateRows(const StateRows* other, VerifyReport& report) : other_(other), report_(report) {}

  void begin_plot(const PlotInfo& plot) override {
    for (const VectorInfo& vector : plot.vectors) names_.push_back(vector.name);
    report_.states = names_.size() - 1;
  }
  void row(std::span<const double> values) override {
    if (other_ == nullptr) {
      values_.insert(values_.end(), values.begin(), values.end());
      ++rows_;
      return;
    }
    if (rows_ == other_->rows_) return;
    const double* theirs = other_->values_.data() + rows_++ * values.size();
    for (std::size_t k = 1; k < values.size(); ++k) {
      const double deviation = std::abs(values[k] - theirs[k]);
      if (deviation <= report_.largest_deviation) continue;
      report_.largest_deviation = deviation;
      report_.time = values[0];
      report_.state = names_[k];
    }
  }
  void end_plot() override {}
  void commit(std::string_view) override {}

 private:
  const StateRows* other_;
  VerifyReport& report_;
  std::vector<std::string> names_;
  std::vector<double> values_;
  std::size_t rows_ = 0;
};

}  // namespace

std::optional<VerifyReport> verify_integrators(const Circuit& circuit, const TransientCard& card,
                                               const RunOptions& options, std::vector<Diagnostic>& warnings) {
  const auto warn = [&](const std::string& message, const char* hint) {
    warnings.push_back(diagnose(*circuit.sources, card.where, 1, message, hint, Severity::warning));
  };
  if (const std::optional<std::string> obstacle = obstacle_to_flow(circuit)) {
    warn(fmt::format(".options verify compares nothing: the network integrator does not cover {}", *obstacle),
         ".omega compares with the closed form of a network, .options reltol=1e-6 with a finer run");
    return {};
  }
  Stopwatch watch;
  VerifyReport report;
  report.tolerance = tolerated * circuit.options.reltol;
  Circuit copy = circuit;
  copy.observers.clear();
  copy.outputs = {};
  for (const std::string& states : names_of_states(circuit))
    copy.outputs.saves.push_back({.pattern = states, .where = card.where});
  copy.options.interp = true;
  copy.options.solver = LinearSolver::automatic;
  copy.functions = {};  // what the whole run means by a frequency or a width that is not given
  for (SourceFunction function : circuit.functions) {
    function.resolve(card.step, card.stop);
    copy.functions.push_back(std::move(function));
  }
  TransientCard stretch = card;
  stretch.start = 0;
  stretch.stop = report.stretch = verified_part * card.stop;
  stretch.step = stretch.stop / verified_rows;
  RunOptions silent;
  silent.threads = options.threads;
  silent.interrupted = options.interrupted;
  std::vector<Diagnostic> unheard;
  CircuitPoint end;
  StateRows network(nullptr, report);
  StateRows ida(&network, report);
  copy.options.integrator = Integrator::network;
  AnalysisReport run = integrate_transient(copy, stretch, network, silent, unheard, end);
  if (run.outcome == Outcome::complete) {
    copy.options.integrator = Integrator::ida;
    copy.options.reltol *= finer;
    run = integrate_transient(copy, stretch, ida, silent, unheard, end);
  }
  report.seconds = watch.lap();
  if (run.outcome != Outcome::complete) {
    warn(fmt::format(".options verify compares nothing: {}", run.message), "");
    return {};
  }
  if (!report.passed())
    warn(fmt::format("the integrators differ: {} by {:.3g} at t = {:.6g} s, more than {:.3g}", report.state,
                     report.largest_deviation, report.time, report.tolerance),
         "the network may amplify errors: try a smaller reltol; .omega compares with the closed form");
  return report;
}

}  // namespace memspice
