// omega_sweep [count [first seed [options]]]: `.omega` on that many passive networks made to be hard (1,000
// from seed 0), with such words on an .options card; one line for each that does not simply pass, with the
// CPU time in units of the first run's, and a table at the end. Repeat one of them with `omega_sweep --deck
// seed > deck.cir`.

#include <fmt/format.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <map>
#include <numeric>
#include <string>
#include <vector>

#include "analysis/transient/transient.hpp"
#include "memspice/simulate.hpp"
#include "network/omega_networks.hpp"

using namespace memspice;

namespace {

constexpr double longest = 60;  // CPU s for one network

double cpu_seconds() {
  return static_cast<double>(std::clock()) / CLOCKS_PER_SEC;
}

class NoRows : public WaveformSink {
 public:
  void begin_plot(const PlotInfo&) override {}
  void row(std::span<const double>) override {}
  void end_plot() override {}
  void commit(std::string_view) override {}
};

std::string first_line(const std::string& text) {
  return text.substr(0, text.find('\n'));
}

/// CPU time of the transient as it is without reruns.
double first_seconds(const Circuit& circuit) {
  const double begin = cpu_seconds();
  NoRows sink;
  std::vector<Diagnostic> warnings;
  CircuitPoint end;
  for (const AnalysisCard& card : circuit.analyses)
    if (const auto* transient = card.get_if<TransientCard>())
      integrate_transient(circuit, *transient, sink, {}, warnings, end);
  return cpu_seconds() - begin;
}

struct Tally {
  std::map<std::string, int> outcomes;
  std::vector<double> seconds;
  double omega = 0;    // s, of the closed form in the runs that count
  double dearest = 0;  // CPU time of all runs, in units of the first
};

/// Runs one; prints a line unless it simply passed.
void try_network(std::uint64_t seed, const std::string& deck, Tally& tally) {
  const double begin = cpu_seconds();
  RunOptions options;
  options.interrupted = [&] { return cpu_seconds() - begin > longest; };
  NoRows sink;
  const Circuit circuit = elaborate(parse_text(deck), standard_catalogue());
  const RunReport report = run(circuit, sink, options);
  const AnalysisReport& analysis = report.analyses.back();
  const double seconds = cpu_seconds() - begin;
  tally.seconds.push_back(seconds);
  std::string outcome = "passed", detail;
  if (analysis.omega) tally.omega += analysis.omega->seconds;
  if (analysis.outcome == Outcome::interrupted) {
    outcome = "too slow";
  } else if (analysis.outcome == Outcome::failed) {
    outcome = analysis.message.starts_with(".omega") ? "closed form failed" : "transient failed";
    detail = first_line(analysis.message);
  } else if (!analysis.omega->passed()) {
    outcome = analysis.omega->amplification ? "deviates, amplified" : "deviates";
    detail = fmt::format("{:.2g} after {} reruns: {}", analysis.omega->largest_deviation,
                         analysis.omega->reruns, analysis.omega->reason);
  } else if (analysis.omega->reruns > 0) {
    outcome = "passed in a rerun";
    detail = fmt::format("{:.2g}", analysis.omega->largest_deviation);
  }
  ++tally.outcomes[outcome];
  if (outcome == "passed") return;
  const double times = seconds / first_seconds(circuit);
  tally.dearest = std::max(tally.dearest, times);
  fmt::print("{:6} {:5.1f} s {:3.1f}x {}: {}\n", seed, seconds, times, outcome, detail);
  std::fflush(stdout);
}

}  // namespace

int main(int count, char** arguments) {
  if (count == 3 && std::string(arguments[1]) == "--deck") {
    fmt::print("{}", testing::deck_of(testing::brutal_network(std::strtoull(arguments[2], nullptr, 10), 1)));
    return 0;
  }
  const std::uint64_t networks = count > 1 ? std::strtoull(arguments[1], nullptr, 10) : 1000;
  const std::uint64_t first = count > 2 ? std::strtoull(arguments[2], nullptr, 10) : 0;
  const std::string extra = count > 3 ? fmt::format(".options {}", arguments[3]) : "";
  Tally tally;
  for (std::uint64_t seed = first; seed < first + networks; ++seed) {
    app::GenerateArguments network = testing::brutal_network(seed, 1);
    if (!extra.empty()) network.cards.push_back(extra);
    if (const std::string deck = testing::deck_of(network); !deck.empty()) try_network(seed, deck, tally);
  }
  std::vector<double>& seconds = tally.seconds;
  if (seconds.empty()) return 1;
  fmt::print("{} networks, {:.0f} CPU s, of which .omega {:.0f} s of the last runs\n", seconds.size(),
             std::accumulate(seconds.begin(), seconds.end(), 0.0), tally.omega);
  std::ranges::sort(seconds);
  fmt::print(
      "CPU s of one: median {:.2g}, p90 {:.2g}, largest {:.2g}; with reruns at most {:.1f} times the first "
      "run\n",
      seconds[seconds.size() / 2], seconds[seconds.size() * 9 / 10], seconds.back(), tally.dearest);
  for (const auto& [outcome, number] : tally.outcomes) fmt::print("{:6} {}\n", number, outcome);
  for (const char* fault : {"deviates", "closed form failed", "transient failed", "too slow"})
    if (tally.outcomes.contains(fault)) return 1;
  return 0;
}
