#include "truth/runner.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <ctime>
#include <exception>

#include "memspice/simulate.hpp"
#include "truth/kirchhoff.hpp"

namespace memspice::truth {

namespace {

double thread_seconds() {
  timespec now{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) + 1e-9 * static_cast<double>(now.tv_nsec);
}

void judge(Result& result, const Case& test, const Family& family, const Plot& plot) {
  std::string broken = broken_invariant(plot, test.elements(), test.stop());
  result.verdict = test.judge(plot, result.reltol);
  if (broken.empty()) broken = result.verdict.violation;
  // Where the circuit amplifies errors the yardstick's shows it.
  // A state that lands on a bound as a square root of the time that is left makes a root of every error.
  const double landing = family.bounds.yardstick > 0 ? std::sqrt(2 * result.reltol) : 0;
  const double gross = std::max({family.bounds.gross, landing, 10 * result.verdict.yardstick.value_or(0)});
  if (broken.empty() && !(result.verdict.error <= gross))
    broken = fmt::format("contradicts the oracle: {}", result.verdict.where);
  if (broken.empty()) return;
  result.ending = Ending::violated;
  result.message = broken;
}

// What a failure is called, so that the minimiser does not wander from one kind to another.
std::string kind_of(const Result& result) {
  std::string text = result.message.substr(0, result.message.find_first_of("0123456789="));
  if (result.ending == Ending::violated) text = text.substr(0, text.find(' '));
  return fmt::format("{} {}", static_cast<int>(result.ending), text);
}

}  // namespace

std::unique_ptr<Case> case_of(const Family& family, std::uint64_t seed) {
  Random random(seed);
  return family.generate(random);
}

Tolerance tolerance_of(std::uint64_t seed) {
  Random random(seed ^ 0xabcdef);
  if (random.chance(0.4)) return {};
  return {std::pow(10.0, -random.between(3, 8)), true};
}

std::string deck_of(const Case& test, const Tolerance& tolerance) {
  std::string text = "truth\n" + test.cards();
  if (tolerance.given) text += fmt::format(".options reltol={}\n", tolerance.value);
  return text + ".end\n";
}

Result run_case(const Case& test, const Family& family, const Tolerance& tolerance, double limit) {
  Result result;
  result.reltol = tolerance.value;
  const double begin = thread_seconds();
  const auto over = [&] { return thread_seconds() - begin > limit; };
  try {
    MemorySink sink;
    RunOptions options;
    options.interrupted = over;
    options.threads = 1;
    const RunReport report =
        run(elaborate(parse_text(deck_of(test, tolerance)), standard_catalogue()), sink, options);
    result.seconds = thread_seconds() - begin;
    for (const AnalysisReport& analysis : report.analyses) {
      if (analysis.outcome == Outcome::complete) continue;
      result.ending = analysis.outcome == Outcome::failed ? Ending::aborted : Ending::slow;
      result.message = analysis.message;
      return result;
    }
    judge(result, test, family, sink.plots().back());
  } catch (const DeckError& error) {
    result.ending = Ending::refused;
    result.message = error.what();
  } catch (const std::exception& error) {
    result.ending = Ending::aborted;
    result.message = error.what();
  }
  return result;
}

std::unique_ptr<Case> minimised(std::unique_ptr<Case> test, const Family& family, const Tolerance& tolerance,
                                double seconds) {
  const double begin = thread_seconds();
  const std::string kind = kind_of(run_case(*test, family, tolerance, 5));
  for (bool found = true; found;) {
    found = false;
    for (auto& simpler : test->simpler()) {
      if (thread_seconds() - begin > seconds) return test;
      if (kind_of(run_case(*simpler, family, tolerance, 2)) != kind) continue;
      test = std::move(simpler);
      found = true;
      break;
    }
  }
  return test;
}

Quantiles quantiles(std::vector<double> values) {
  if (values.empty()) return {};
  std::sort(values.begin(), values.end());
  const auto at = [&](double part) {
    return values[static_cast<std::size_t>(part * static_cast<double>(values.size() - 1) + 0.5)];
  };
  return {at(0.5), at(0.9), values.back()};
}

}  // namespace memspice::truth
