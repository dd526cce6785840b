// memspice_truth: random circuits against independent oracles (docs/truth.md).
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <array>
#include <atomic>
#include <cstdio>
#include <mutex>
#include <thread>

#include "truth/case.hpp"
#include "truth/runner.hpp"

namespace memspice::truth {
namespace {

struct Arguments {
  std::string family;
  std::size_t count = 2000;
  std::uint64_t seed = 1;
  std::vector<double> reltol;
  std::size_t failures = 5;
  bool minimise = true;
  bool list = false;
  bool by_reltol = false;
  std::optional<std::uint64_t> show;
  std::size_t jobs = 1;
  double limit = 5;
};

Tolerance tolerance_of(const Arguments& arguments, std::uint64_t seed) {
  if (arguments.reltol.empty()) return truth::tolerance_of(seed);
  return {arguments.reltol[seed % arguments.reltol.size()], true};
}

struct Run {
  std::uint64_t seed;
  Result result;
};

std::vector<Run> run_family(const Family& family, const Arguments& arguments, std::size_t count) {
  std::vector<Run> runs(count);
  std::atomic<std::size_t> next = 0;
  const auto work = [&] {
    for (std::size_t i; (i = next++) < count;) {
      const std::uint64_t seed = arguments.seed + i;
      runs[i] = {seed,
                 run_case(*case_of(family, seed), family, tolerance_of(arguments, seed), arguments.limit)};
    }
  };
  std::vector<std::thread> threads;
  for (std::size_t i = 1; i < arguments.jobs; ++i) threads.emplace_back(work);
  work();
  for (std::thread& thread : threads) thread.join();
  return runs;
}

// One line of the table; what is wrong with it, empty where nothing is.
std::string print_line(const std::string& name, const Family& family, const std::vector<const Run*>& runs) {
  std::size_t aborted = 0, violated = 0, slow = 0;
  double seconds = 0;
  std::vector<double> errors, yardsticks, ratios;
  std::vector<std::string> wrong;
  for (const Run* run : runs) {
    const Result& r = run->result;
    seconds += r.seconds;
    aborted += r.ending == Ending::aborted || r.ending == Ending::refused;
    violated += r.ending == Ending::violated;
    slow += r.ending == Ending::slow;
    if (r.ending != Ending::complete && r.ending != Ending::violated) continue;
    errors.push_back(r.verdict.error / r.reltol);
    if (!r.verdict.yardstick) continue;
    yardsticks.push_back(*r.verdict.yardstick / r.reltol);
    // Within the tolerance there is nothing to compare.
    const double ratio = r.verdict.error / std::max(*r.verdict.yardstick, r.reltol);
    ratios.push_back(ratio);
    if (family.bounds.yardstick > 0 && ratio > family.bounds.yardstick &&
        r.verdict.amplification.value_or(0) <= 1000)
      wrong.push_back(
          fmt::format("seed {}: {:.3g} times the yardstick's error at reltol {:.0e}, amplification {:.3g}",
                      run->seed, ratio, r.reltol, r.verdict.amplification.value_or(0)));
  }
  const Quantiles e = quantiles(errors);
  fmt::print("{:<20} {:>6} {:>6} {:>6} {:>5} {:>9.3g} {:>9.3g} {:>9.3g}", name, runs.size(), aborted,
             violated, slow, e.median, e.p90, e.worst);
  if (!yardsticks.empty()) {
    const Quantiles y = quantiles(yardsticks);
    const Quantiles q = quantiles(ratios);
    const double most = family.bounds.yardstick;
    if (most > 0 && (q.median > most || q.p90 > most || e.median > most * std::max(y.median, 1.0) ||
                     e.p90 > most * std::max(y.p90, 1.0)))
      wrong.push_back(fmt::format("quantiles above {} times the yardstick's", most));
    fmt::print(" {:>9.3g} {:>9.3g} {:>9.3g} {:>6.3g} {:>6.3g} {:>6.3g}", y.median, y.p90, y.worst, q.median,
               q.p90, q.worst);
  } else {
    fmt::print("{:>51}", "");
  }
  fmt::print(" {:>7.2f}\n", seconds);
  std::string text;
  if (aborted) text += fmt::format(" {} aborts", aborted);
  if (violated) text += fmt::format(" {} silent violations", violated);
  if (slow) text += fmt::format(" {} slow", slow);
  if (e.median > family.bounds.median)
    text += fmt::format(" median {:.3g} > {}", e.median, family.bounds.median);
  if (family.bounds.p90 > 0 && e.p90 > family.bounds.p90)
    text += fmt::format(" p90 {:.3g} > {}", e.p90, family.bounds.p90);
  constexpr std::size_t most_listed = 10;
  if (!wrong.empty()) {
    text += fmt::format(" {} beyond the yardstick", wrong.size());
    for (std::size_t i = 0; i < std::min(wrong.size(), most_listed); ++i)
      text += fmt::format("{}{}", i == 0 ? " (" : "; ", wrong[i]);
    text += wrong.size() > most_listed ? "; …)" : ")";
  }
  return text;
}

void print_failures(const Family& family, const Arguments& arguments, const std::vector<Run>& runs) {
  std::array<std::size_t, 5> shown{};  // by ending
  for (const Run& run : runs) {
    const Result& r = run.result;
    if (r.ending == Ending::complete || shown[static_cast<std::size_t>(r.ending)]++ >= arguments.failures)
      continue;
    static constexpr const char* endings[] = {"complete", "ABORT", "SLOW", "VIOLATION", "REFUSED"};
    const Tolerance tolerance = tolerance_of(arguments, run.seed);
    std::string options =
        arguments.reltol.empty() ? "" : fmt::format(" --reltol {}", fmt::join(arguments.reltol, ","));
    fmt::print("\n{}: {}\n  repeat: memspice_truth --family {} --count 1 --seed {}{}\n",
               endings[static_cast<int>(r.ending)], r.message, family.name, run.seed, options);
    std::unique_ptr<Case> test = case_of(family, run.seed);
    if (arguments.minimise) {
      test = minimised(std::move(test), family, tolerance, 20);
      fmt::print("  minimised: {}\n", run_case(*test, family, tolerance, arguments.limit).message);
    }
    fmt::print("{}", deck_of(*test, tolerance));
    std::fflush(stdout);
  }
}

int show(const Family& family, const Arguments& arguments) {
  const std::unique_ptr<Case> test = case_of(family, *arguments.show);
  const Tolerance tolerance = tolerance_of(arguments, *arguments.show);
  fmt::print("{}", deck_of(*test, tolerance));
  const Result result = run_case(*test, family, tolerance, arguments.limit);
  const Verdict& verdict = result.verdict;
  fmt::print("* {}\n* largest error: {:.3g} reltol, {}\n",
             result.message.empty() ? "complete" : result.message, verdict.error / result.reltol,
             verdict.where);
  if (verdict.yardstick) fmt::print("* yardstick: {:.3g} reltol\n", *verdict.yardstick / result.reltol);
  if (verdict.amplification) fmt::print("* amplification: {:.3g}\n", *verdict.amplification);
  return result.ending == Ending::complete ? 0 : 1;
}

int run_all(const Arguments& arguments) {
  fmt::print("{:<20} {:>6} {:>6} {:>6} {:>5} {:>29} {:>29} {:>20} {:>7}\n", "", "", "", "silent", "",
             "error / reltol", "yardstick's error / reltol", "error / yardstick's", "");
  fmt::print("{:<20} {:>6} {:>6} {:>6} {:>5} {:>9} {:>9} {:>9} {:>9} {:>9} {:>9} {:>6} {:>6} {:>6} {:>7}\n",
             "family", "runs", "aborts", "wrong", "slow", "median", "p90", "worst", "median", "p90", "worst",
             "median", "p90", "worst", "CPU s");
  std::vector<std::string> wrong;
  std::vector<std::pair<const Family*, std::vector<Run>>> all;
  double shares = 0;
  for (const Family& family : families()) shares += family.share;
  for (const Family& family : families()) {
    if (!arguments.family.empty() && family.name != arguments.family) continue;
    const auto total = static_cast<double>(arguments.count);
    const std::size_t count = arguments.family.empty()
                                  ? static_cast<std::size_t>(total * family.share / shares + 0.5)
                                  : arguments.count;
    all.emplace_back(&family, run_family(family, arguments, count));
    std::vector<const Run*> runs;
    std::vector<double> tolerances;
    for (const Run& run : all.back().second) {
      runs.push_back(&run);
      tolerances.push_back(run.result.reltol);
    }
    const std::string objection = print_line(std::string(family.name), family, runs);
    if (!objection.empty()) wrong.push_back(fmt::format("{}:{}", family.name, objection));
    std::sort(tolerances.begin(), tolerances.end(), std::greater<>());
    tolerances.erase(std::unique(tolerances.begin(), tolerances.end()), tolerances.end());
    for (const double reltol : tolerances) {
      if (!arguments.by_reltol) break;
      std::vector<const Run*> part;
      for (const Run* run : runs)
        if (run->result.reltol == reltol) part.push_back(run);
      print_line(fmt::format("  {:g}", reltol), family, part);
    }
    std::fflush(stdout);
  }
  for (const std::string& text : wrong) fmt::print("WRONG {}\n", text);
  for (const auto& [family, runs] : all) print_failures(*family, arguments, runs);
  return wrong.empty() ? 0 : 1;
}

}  // namespace
}  // namespace memspice::truth

int main(int argc, char** argv) {
  using namespace memspice::truth;
  Arguments arguments;
  CLI::App app("Random circuits against independent oracles: aborts, silent violations and errors by family");
  app.add_option("--family", arguments.family, "only this one (--list)");
  app.add_option("--count", arguments.count, "circuits, of all families together or of the one");
  app.add_option("--seed", arguments.seed, "seed of the first circuit of each family; the others count up");
  app.add_option("--reltol", arguments.reltol, "tolerances instead of default options and 1e-3 to 1e-8")
      ->delimiter(',');
  app.add_flag("!--no-minimise", arguments.minimise,
               "print failing decks as they were drawn, not taken apart as far as they keep failing");
  app.add_option("--failures", arguments.failures,
                 "failing decks of each kind that are printed, of each family");
  app.add_flag("--by-reltol", arguments.by_reltol, "a line for every tolerance too");
  app.add_flag("--list", arguments.list, "the families and what they check");
  app.add_option("--show", arguments.show, "the deck of this seed of --family and its figures");
  app.add_option("--jobs", arguments.jobs, "threads");
  app.add_option("--limit", arguments.limit, "CPU seconds of one run, after which it counts as slow");
  CLI11_PARSE(app, argc, argv);
  if (arguments.list) {
    for (const Family& family : families()) fmt::print("{:<16} {}\n", family.name, family.what);
    return 0;
  }
  const auto found = std::find_if(families().begin(), families().end(),
                                  [&](const Family& family) { return family.name == arguments.family; });
  if (found == families().end() && (!arguments.family.empty() || arguments.show)) {
    fmt::print(stderr, "memspice_truth: --family takes one of --list\n");
    return 2;
  }
  return arguments.show ? show(*found, arguments) : run_all(arguments);
}
