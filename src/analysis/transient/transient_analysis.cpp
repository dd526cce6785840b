#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "analysis/transient/flow_network_of.hpp"
#include "analysis/transient/step_budget.hpp"
#include "analysis/transient/transient.hpp"
#include "analysis/types/analysis_run.hpp"
#include "base/characters.hpp"
#include "netlist/cards/data_tables.hpp"
#include "netlist/cards/transient.hpp"
#include "netlist/elaboration/card_context.hpp"

namespace memspice {

namespace {

constexpr std::string_view transient_form =
    "its form is .tran tstep tstop [tstart [tmax]] [uic], or .tran tstop";

/// A word that other simulators know; whether it is one.
bool foreign_modifier(CardContext& card, std::string_view word) {
  if (card.reader.accept_word("steady") || card.reader.accept_word("nodiscard")) {
    card.messages.warning(
        {word, fmt::format("'{}' is not done: the run goes from 0 to the stop time", word)});
    return true;
  }
  if (same_word(word, "sweep")) {
    read_sweep_behind(card);
    return true;
  }
  return false;
}

/// The times of a card and where they stand: tstep, tstop, tstart and tmax.
struct Times {
  std::array<double, 4> value{};
  std::array<std::string_view, 4> at;
  std::size_t count = 0;
};

Times read_times(CardContext& card, TransientCard& transient) {
  Times times;
  for (card.reader.skip_commas(); !card.reader.at_end(); card.reader.skip_commas()) {
    const std::string_view word = card.reader.peek().text;
    if (card.reader.accept_word("uic") || card.reader.accept_word("noop")) {  // Xyce: no operating point
      transient.use_initial_conditions = true;
      continue;
    }
    if (card.reader.accept_word("startup")) {
      transient.startup = true;
      continue;
    }
    if (foreign_modifier(card, word)) continue;
    if (times.count == times.value.size())
      throw Problem{card.reader.peek().text, ".tran takes at most 4 times", std::string(transient_form)};
    times.at[times.count] = card.reader.peek().text;
    const double time = card.value(CardReader::Blanks::end_it);
    if (time < 0)
      throw Problem{times.at[times.count], fmt::format("a time must be at least 0 s, not {:g}", time)};
    times.value[times.count++] = time;
  }
  if (times.count == 0)
    throw Problem{card.reader.peek().text, ".tran needs a stop time", std::string(transient_form)};
  if (times.count == 1) {  // .tran tstop
    times.value[1] = times.value[0];
    times.at[1] = times.at[0];
    times.value[0] = 0;
  }
  return times;
}

void check_times(const TransientCard& transient, const Times& times) {
  constexpr double shortest = 1e-200;  // parts of it are still numbers of full precision
  if (transient.stop == 0)
    throw Problem{times.at[1], "the stop time must be greater than 0 s", std::string(transient_form)};
  if (transient.stop < shortest)
    throw Problem{times.at[1], fmt::format("a run of {:g} s is too short to be computed", transient.stop),
                  "the shortest one is 1e-200 s"};
  if (transient.step > transient.stop)
    throw Problem{
        times.at[0],
        fmt::format("the step {:g} s is longer than the run of {:g} s", transient.step, transient.stop),
        std::string(transient_form)};
  if (transient.start >= transient.stop)
    throw Problem{times.at[2], fmt::format("the start time {:g} s is not before the stop time {:g} s",
                                           transient.start, transient.stop)};
  check_row_distance(transient.step, transient.stop - transient.start,
                     {times.at[0],
                      {},
                      "the first time is the distance of rows, 0 leaves it to the integrator; the last "
                      "one bounds the step"});
}

void read_transient(CardContext& card) {
  TransientCard transient;
  transient.where = card.where;
  const Times times = read_times(card, transient);
  transient.step = times.value[0];
  transient.stop = times.value[1];
  transient.start = times.value[2];
  if (times.count == 4 && times.value[3] > 0) transient.max_step = times.value[3];
  check_times(transient, times);
  card.circuit.analyses.emplace_back(transient);
}

/// Whether other nodes may have no path to ground, or other loops no resistance, at the operating point.
bool may_differ_at_rest(const Circuit& circuit) {
  return differs_at_operating_point(circuit) ||
         std::ranges::any_of(circuit.groups, [](const DeviceGroup& group) { return group.type->open_at_dc; });
}

void check_transient(const Circuit& circuit, const AnalysisCard& card) {
  require_integrator(circuit, card.as<TransientCard>().where);
  require_potentials(circuit, EquationMode::transient);
  if (!card.as<TransientCard>().use_initial_conditions && may_differ_at_rest(circuit))
    require_potentials(circuit, EquationMode::operating_point);
}

AnalysisReport run_transient_card(AnalysisRun& run, const TransientCard& card) {
  if (card.startup)
    return run_transient(ramped(run.circuit), card, run.sink, run.options, run.warnings, run.end, run.keeper);
  return run_transient(run.circuit, card, run.sink, run.options, run.warnings, run.end, run.keeper);
}

}  // namespace

const AnalysisType& type_of(const TransientCard*) {
  static constexpr AnalysisType type{
      .card = {.description = {".tran", "", "tstep tstop [tstart [tmax]] [uic] [startup] | tstop",
                               "transient"},
               .group = CardGroup::analyses,
               .read = read_transient,
               .analysis = &type},
      .plot = "Transient Analysis",
      .vectors = AnalysisType::Vectors::circuit,
      .scale = {"time", Quantity::time},
      .leaves_end = true,
      .check = check_transient,
      .rows = [](const Circuit& circuit,
                 const AnalysisCard& card) { return rows_of_transient(circuit, card.as<TransientCard>()); },
      .check_length = [](const Circuit& circuit,
                         const AnalysisCard& card) { check_steps(circuit, card.as<TransientCard>()); },
      .run = run_reported<TransientCard, run_transient_card>,
  };
  return type;
}

}  // namespace memspice
