#include "app/checkpoint/run_checkpoints.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <memspice/error.hpp>
#include <system_error>
#include <utility>

#include "app/console/console.hpp"
#include "app/console/interrupt.hpp"

namespace memspice::app {

namespace {

constexpr double usual_interval = 60;  // s
constexpr int most_misses = 20;        // at one place

/// How many times as long as a checkpoint takes the next one is away, at least: they take 2 % of the time,
/// and where they are asked for more often than usual up to a sixth.
double least_distance(double every) {
  return every < usual_interval ? 5 : 50;
}

}  // namespace

RunCheckpoints::RunCheckpoints(const CheckpointOptions& options, std::uint64_t circuit,
                               const std::string& output)
    : options_(options) {
  if (!options.resumed.empty()) {
    saved_ = read_checkpoint(options.resumed);
    const auto refuse = [&](const std::string& reason) {
      throw FileError(fmt::format("cannot go on from '{}': {}", options.resumed, reason));
    };
    if (saved_.output != output)
      refuse(
          fmt::format("its waveforms are in '{}', and this run's would be in '{}'", saved_.output, output));
    if (saved_.circuit != circuit)
      refuse("the deck, a file that it reads, a value or an option is another one than it was then");
    kept_ = std::move(saved_.run);
  }
  saved_.circuit = circuit;
  saved_.output = output;
  saved_.every = options.every.value_or(options.resumed.empty() ? usual_interval : saved_.every);
  pace_.signals = user_signals();
}

void RunCheckpoints::set_outputs(std::function<void(Archive&)> exchange) {
  outputs_ = std::move(exchange);
  if (options_.resumed.empty()) return;
  try {
    Archive archive(saved_.outputs);
    outputs_(archive);
    if (!archive.at_end()) throw std::invalid_argument("there is more in it than belongs there");
  } catch (const std::invalid_argument& error) {
    throw FileError(fmt::format("cannot go on from '{}': {}", options_.resumed, error.what()));
  }
}

bool RunCheckpoints::is_time() {
  if (options_.file.empty()) return false;
  if (user_signals() != pace_.signals) return true;
  return pace_.running.seconds() - pace_.last >= std::max(saved_.every, pace_.apart);
}

bool RunCheckpoints::is_asked_for(const RunPlace& place) const {
  if (!place.restarts || options_.places.empty() || pace_.missed >= most_misses) return false;
  const double from = saved_.last.analysis == place.analysis ? saved_.last.at : 0;
  return std::ranges::any_of(options_.places, [&](const CheckpointPlace& wanted) {
    return wanted.analysis.value_or(place.analysis) == place.analysis && wanted.at > from &&
           wanted.at <= place.at;
  });
}

bool RunCheckpoints::is_worth(const RunPlace& place) const {
  return !options_.file.empty() && place.at > 0 &&
         (saved_.last.analysis != place.analysis || place.at > saved_.last.at);
}

bool RunCheckpoints::is_due(const RunPlace& place) {
  if (!is_asked_for(place) && !is_time() && !(place.last && is_worth(place))) return false;
  pace_.begun = pace_.running.seconds();
  return true;
}

void RunCheckpoints::keep(const RunPlace& place, const std::vector<std::byte>& run) {
  saved_.last = {place.analysis, place.at};
  if (place.restarts) saved_.places.push_back(saved_.last);
  pace_.missed = 0;
  if (options_.file.empty()) return;
  Archive outputs;
  outputs_(outputs);
  saved_.outputs = outputs.take();
  saved_.run = run;
  try {
    write_checkpoint(options_.file, saved_);
    written_ = true;
  } catch (const FileError& error) {
    if (!std::exchange(pace_.told, true))
      print_error("memspice: warning: {}: the run goes on\n", error.what());
  }
  saved_.run = {};
  pace_.signals = user_signals();
  pace_.last = pace_.running.seconds();
  pace_.apart = least_distance(saved_.every) * (pace_.last - pace_.begun);
}

void RunCheckpoints::miss() {
  pace_.last = pace_.running.seconds();
  pace_.apart = least_distance(saved_.every) * (pace_.last - pace_.begun);
  pace_.signals = user_signals();
  ++pace_.missed;
}

std::vector<std::string> RunCheckpoints::places() const {
  std::vector<std::string> texts;
  for (const CheckpointPlace& place : saved_.places) texts.push_back(text_of(place));
  return texts;
}

void RunCheckpoints::remove() {
  std::error_code error;
  if (written_ || options_.file == options_.resumed) std::filesystem::remove(options_.file, error);
}

}  // namespace memspice::app
