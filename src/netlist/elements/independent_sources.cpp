#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <tuple>

#include "base/characters.hpp"
#include "base/spelling.hpp"
#include "netlist/elaboration/parameters.hpp"
#include "netlist/elements/element_words.hpp"
#include "netlist/elements/parasitics.hpp"
#include "netlist/elements/piecewise_linear.hpp"
#include "netlist/elements/waveforms.hpp"

namespace memspice {
namespace {

using Kind = Token::Kind;

bool is_noise(SourceFunction::Kind kind) {
  return kind == SourceFunction::Kind::noise || kind == SourceFunction::Kind::random_steps;
}

/// Why memspice has no such source; empty for any other word.
std::string_view missing_source(std::string_view word) {
  struct Missing {
    std::string_view word;
    std::string_view why;
  };
  static constexpr Missing list[] = {
      {"external", "another program would have to supply its values"},
      {"portnum", "memspice has no analysis of scattering parameters"},
      {"z0", "memspice has no analysis of scattering parameters"},
      {"pat", "give the pattern as PWL"},
      {"wavefile", "give its samples as PWL file="},
      {"tbl", "give the current as a B source with table()"},
      {"load", "give the load as a resistor or a B source"},
  };
  for (const Missing& missing : list)
    if (same_word(word, missing.word)) return missing.why;
  return {};
}

void check_noise_values(std::string_view at, const SourceFunction& function) {
  const auto& v = function.values;
  const auto given = [&](std::size_t i) { return std::isnan(v[i]) ? 0 : v[i]; };
  if (function.kind == SourceFunction::Kind::random_steps) {
    if (given(0) < 1 || given(0) > 4 || given(0) != std::floor(given(0)))
      throw Problem{at, fmt::format("the type of TRRANDOM must be 1, 2, 3 or 4, not {:g}", given(0)),
                    "1 is uniform, 2 normal, 3 exponential, 4 Poisson"};
    if (!(given(1) > 0)) throw Problem{at, fmt::format("ts must be greater than 0 s, not {:g}", given(1))};
    if (given(0) == 4 && given(3) < 0) throw Problem{at, "the mean of a Poisson number cannot be negative"};
    return;
  }
  if ((given(0) != 0 || given(3) != 0) && !(given(1) > 0))
    throw Problem{at, fmt::format("nt must be greater than 0 s, not {:g}", given(1)),
                  "it is the distance of the random numbers"};
  if (given(3) != 0 && (given(2) <= 0 || given(2) >= 2))
    throw Problem{at, fmt::format("nalpha must be between 0 and 2, not {:g}", given(2))};
  if (given(4) != 0 && (given(5) <= 0 || given(6) <= 0))
    throw Problem{at, "rtscapt and rtsemt must be greater than 0 s"};
}

SourceFunction source_function(CardContext& card, std::string_view name) {
  const std::string_view at = card.reader.peek().text;
  const Waveform& waveform = *find_waveform(card.reader.take().text);
  SourceFunction function;
  function.kind = waveform.kind;
  function.values.fill(not_given);
  if (waveform.kind == SourceFunction::Kind::piecewise_linear) {
    piecewise_linear(card, function);
    return function;
  }
  const auto names_of_values = [&] {
    std::string names = "they are";
    for (const WaveformValue& known : waveform.values) names += fmt::format(" {}", known.name);
    return names;
  };
  const bool parenthesised = card.reader.accept(Kind::open);
  std::size_t count = 0;
  const auto finished = [&] {
    card.reader.skip_commas();
    return parenthesised ? card.reader.peek().is(Kind::close) : !at_value(card.reader);
  };
  for (; !finished(); ++count) {
    const std::string_view value_at = card.reader.peek().text;
    const double given = card.value(CardReader::Blanks::end_it);
    if (count >= waveform.values.size())
      throw Problem{value_at, fmt::format("{} takes at most {} values", at, waveform.values.size()),
                    names_of_values()};
    const bool last = count + 1 == waveform.values.size();
    if (last &&
        (waveform.kind == SourceFunction::Kind::pulse || waveform.kind == SourceFunction::Kind::sine)) {
      if (given < 0 || given != std::floor(given))
        throw Problem{value_at,
                      fmt::format("{} must be a whole number, not {:g}", waveform.values[count].name, given)};
      if (given > 0) function.cycles = given;  // 0: without end
      continue;
    }
    // Rise, fall, width, period and time constants; 0 stands for the default.
    const bool is_time = (waveform.kind == SourceFunction::Kind::pulse && count >= 3) ||
                         (waveform.kind == SourceFunction::Kind::exponential && (count == 3 || count == 5));
    if (is_time && given < 0)
      throw Problem{value_at,
                    fmt::format("{} must be at least 0 s, not {:g}", waveform.values[count].name, given)};
    function.values[count] = given;
  }
  if (parenthesised) card.reader.expect(Kind::close, "')'");
  if (function.kind == SourceFunction::Kind::amplitude_modulation && !std::isnan(function.values[5]))
    card.messages.warning({at, "ngspice 39 reads the phases of AM but does not use them"});
  if (is_noise(function.kind)) check_noise_values(at, function);
  if (count < 2)
    throw Problem{at, fmt::format("{} of '{}' needs at least 2 values", at, name), names_of_values()};
  return function;
}

}  // namespace

void read_source(CardContext& card) {
  const char letter = card.letter;
  Source source;
  source.where = card.where;
  const std::string_view name = card.reader.take().text;
  std::tie(source.plus, source.minus) = two_nodes(card, name);
  std::optional<double> dc;
  std::optional<SourceFunction> function;
  double copies = card.scope.multiplier;  // side by side
  Parasitics parasitics;
  for (card.reader.skip_commas(); !card.reader.at_end(); card.reader.skip_commas()) {
    const std::string_view word = card.reader.peek().text;
    if (card.reader.accept_word("dc")) {
      card.reader.accept(Kind::equals);
      dc = card.reader.at_assignment() ? 0 : card.value(CardReader::Blanks::end_it);  // KiCad: DC ac=1
    } else if (card.reader.accept_word("ac")) {                                       // alone it is 1 V or A
      card.reader.accept(Kind::equals);
      SourceExtras& extras = source.extras.edit();
      extras.ac_magnitude = 1;
      for (double* part : {&extras.ac_magnitude, &extras.ac_phase}) {
        if (!at_value(card.reader)) break;
        *part = card.value(CardReader::Blanks::end_it);
        card.reader.skip_commas();
      }
    } else if (same_word(word, "distof1") || same_word(word, "distof2")) {
      card.messages.warning({word, fmt::format("'{}' does nothing: memspice has no .disto", word)});
      for (card.reader.take(); at_value(card.reader); card.reader.skip_commas())
        card.value(CardReader::Blanks::end_it);
    } else if (find_waveform(word) && card.reader.peek().is(Kind::word)) {
      if (function) throw Problem{word, fmt::format("'{}' has two waveforms", name)};
      function = source_function(card, name);
    } else if (read_parasitic(card, letter, parasitics)) {
      continue;
    } else if (const std::string_view why = missing_source(word); !why.empty()) {
      throw Problem{word, fmt::format("memspice does not have '{}' sources", word), std::string(why)};
    } else if (!dc && !function && !card.reader.at_assignment()) {
      if (card.reader.peek().is(Kind::word) && card.reader.peek(1).is(Kind::open) &&
          is_name_start(word.front())) {
        std::vector<std::string_view> names;
        for (const Waveform& waveform : waveforms()) names.push_back(waveform.name);
        throw Problem{word, fmt::format("unknown waveform '{}'", word), did_you_mean(to_lower(word), names)};
      }
      dc = card.value(CardReader::Blanks::end_it);
    } else if (card.reader.at_assignment() && same_word(word, "m")) {
      card.reader.take();
      card.reader.take();
      copies *= card.multiplier();
    } else {
      throw Problem{word, fmt::format("unexpected '{}'", word)};
    }
  }
  if (!dc && !function) card.messages.warning({name, fmt::format("'{}' has no value, 0 is taken", name)});
  if (letter == 'i' && copies != 1) {
    source.extras.edit().copies = copies;
    source.extras.edit().ac_magnitude *= copies;
    if (dc) *dc *= copies;
    if (function) function->scale(copies);
  }
  if (function && is_noise(function->kind)) {
    function->offset = dc.value_or(0);
    function->seed = card.elaboration.evaluator.seed_for(card.full_name(name));
    source.dc = dc.value_or(0);
    source.function = static_cast<std::uint32_t>(card.circuit.functions.size());
    card.circuit.functions.push_back(std::move(*function));
  } else if (function) {
    SourceFunction at_rest = *function;
    at_rest.resolve(1, 1);  // the value at t = 0 does not depend on the transient
    source.dc = dc ? *dc : at_rest.value(0, 0);
    source.function = static_cast<std::uint32_t>(card.circuit.functions.size());
    card.circuit.functions.push_back(std::move(*function));
  } else {
    source.dc = dc.value_or(0);
  }
  source.name = card.new_element(name);
  add_parasitics(card, parasitics, copies, name, source.plus, source.minus);
  (letter == 'v' ? card.circuit.voltage_sources : card.circuit.current_sources).push_back(std::move(source));
}

}  // namespace memspice
