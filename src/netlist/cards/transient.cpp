#include "netlist/cards/transient.hpp"

#include <fmt/format.h>

#include <array>

#include "base/characters.hpp"
#include "netlist/elaboration/card_context.hpp"

namespace memspice {
namespace {

bool transient_modifier(CardContext& card, std::string_view word) {
  if (card.reader.accept_word("steady") || card.reader.accept_word("nodiscard")) {
    card.messages.warning(
        {word, fmt::format("'{}' is not done: the run goes from 0 to the stop time", word)});
    return true;
  }
  if (same_word(word, "startup"))
    throw Problem{word, "memspice does not ramp the sources up", "write waveforms that begin at 0, or uic"};
  if (same_word(word, "sweep"))
    throw Problem{word, "memspice does not have 'sweep' here", "write .step, which repeats the analyses"};
  return false;
}

}  // namespace

void read_op(CardContext& card) {
  card.reader.expect_end();
  card.circuit.analyses.emplace_back(OperatingPointCard{card.where});
}

void read_tran(CardContext& card) {
  constexpr std::string_view form = "its form is .tran tstep tstop [tstart [tmax]] [uic], or .tran tstop";
  TransientCard transient;
  transient.where = card.where;
  std::array<double, 4> values{};
  std::array<std::string_view, 4> at;
  std::size_t count = 0;
  for (card.reader.skip_commas(); !card.reader.at_end(); card.reader.skip_commas()) {
    const std::string_view word = card.reader.peek().text;
    if (card.reader.accept_word("uic") || card.reader.accept_word("noop")) {  // Xyce: no operating point
      transient.use_initial_conditions = true;
      continue;
    }
    if (transient_modifier(card, word)) continue;
    if (count == values.size())
      throw Problem{card.reader.peek().text, ".tran takes at most 4 times", std::string(form)};
    at[count] = card.reader.peek().text;
    values[count] = card.value(CardReader::Blanks::end_it);
    if (values[count] < 0)
      throw Problem{at[count], fmt::format("a time must be at least 0 s, not {:g}", values[count])};
    ++count;
  }
  if (count == 0) throw Problem{card.reader.peek().text, ".tran needs a stop time", std::string(form)};
  if (count == 1) {  // .tran tstop
    values[1] = values[0];
    at[1] = at[0];
    values[0] = 0;
  }
  transient.step = values[0];
  transient.stop = values[1];
  transient.start = values[2];
  if (count == 4 && values[3] > 0) transient.max_step = values[3];
  if (transient.stop == 0) throw Problem{at[1], "the stop time must be greater than 0 s", std::string(form)};
  constexpr double shortest = 1e-200;  // parts of it are still numbers of full precision
  if (transient.stop < shortest)
    throw Problem{at[1], fmt::format("a run of {:g} s is too short to be computed", transient.stop),
                  "the shortest one is 1e-200 s"};
  if (transient.step > transient.stop)
    throw Problem{
        at[0],
        fmt::format("the step {:g} s is longer than the run of {:g} s", transient.step, transient.stop),
        std::string(form)};
  if (transient.start >= transient.stop)
    throw Problem{at[2], fmt::format("the start time {:g} s is not before the stop time {:g} s",
                                     transient.start, transient.stop)};
  check_row_distance(transient.step, transient.stop - transient.start,
                     {at[0],
                      {},
                      "the first time is the distance of rows, 0 leaves it to the integrator; the last "
                      "one bounds the step"});
  card.circuit.analyses.emplace_back(transient);
}

void check_row_distance(double distance, double span, Problem problem) {
  constexpr double most = 1e9;
  if (!(distance > 0 && span / distance > most)) return;
  problem.message =
      fmt::format("rows {:g} s apart are {:g} rows, more than a file can hold", distance, span / distance);
  throw problem;
}

}  // namespace memspice
