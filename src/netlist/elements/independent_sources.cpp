#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <tuple>

#include "base/characters.hpp"
#include "base/spelling.hpp"
#include "netlist/elaborator.hpp"
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

}  // namespace

bool Elaborator::at_value() const {
  const Token& token = reader_.peek();
  if (token.is(Kind::expression)) return true;
  if (!token.is(Kind::word) || reader_.at_assignment()) return false;
  const char c = token.text.front();
  return is_digit(c) || c == '.' || c == '-' || c == '+';
}

std::pair<NodeId, NodeId> Elaborator::two_nodes(std::string_view name, Scope& scope) {
  if (reader_.count_words() < 2) throw Problem{name, fmt::format("'{}' needs 2 nodes (n+ n-)", name)};
  const NodeId plus = node(reader_.word("a node"), scope);
  return {plus, node(reader_.word("a node"), scope)};
}

void Elaborator::source(const Card& card, char letter, Scope& scope) {
  Source source;
  source.where = card.where;
  const std::string_view name = reader_.take().text;
  std::tie(source.plus, source.minus) = two_nodes(name, scope);
  std::optional<double> dc;
  std::optional<SourceFunction> function;
  double copies = scope.multiplier;  // side by side
  Parasitics parasitics;
  for (reader_.skip_commas(); !reader_.at_end(); reader_.skip_commas()) {
    const std::string_view word = reader_.peek().text;
    if (reader_.accept_word("dc")) {
      reader_.accept(Kind::equals);
      dc = reader_.at_assignment() ? 0 : value(scope, CardReader::Blanks::end_it);  // KiCad: DC ac=1
    } else if (reader_.accept_word("ac")) {                                         // alone it is 1 V or A
      reader_.accept(Kind::equals);
      source.ac_magnitude = 1;
      for (double* part : {&source.ac_magnitude, &source.ac_phase}) {
        if (!at_value()) break;
        *part = value(scope, CardReader::Blanks::end_it);
        reader_.skip_commas();
      }
    } else if (same_word(word, "distof1") || same_word(word, "distof2")) {
      messages_.warning({word, fmt::format("'{}' does nothing: memspice has no .disto", word)});
      for (reader_.take(); at_value(); reader_.skip_commas()) value(scope, CardReader::Blanks::end_it);
    } else if (find_waveform(word) && reader_.peek().is(Kind::word)) {
      if (function) throw Problem{word, fmt::format("'{}' has two waveforms", name)};
      function = source_function(name, scope);
    } else if (parasitic(letter, parasitics, scope)) {
      continue;
    } else if (const std::string_view why = missing_source(word); !why.empty()) {
      throw Problem{word, fmt::format("memspice does not have '{}' sources", word), std::string(why)};
    } else if (!dc && !function && !reader_.at_assignment()) {
      if (reader_.peek().is(Kind::word) && reader_.peek(1).is(Kind::open) && is_name_start(word.front())) {
        std::vector<std::string_view> names;
        for (const Waveform& waveform : waveforms()) names.push_back(waveform.name);
        throw Problem{word, fmt::format("unknown waveform '{}'", word), did_you_mean(to_lower(word), names)};
      }
      dc = value(scope, CardReader::Blanks::end_it);
    } else if (reader_.at_assignment() && same_word(word, "m")) {
      reader_.take();
      reader_.take();
      copies *= multiplier(scope);
    } else {
      throw Problem{word, fmt::format("unexpected '{}'", word)};
    }
  }
  if (!dc && !function) messages_.warning({name, fmt::format("'{}' has no value, 0 is taken", name)});
  if (letter == 'i' && copies != 1) {
    source.copies = copies;
    if (dc) *dc *= copies;
    source.ac_magnitude *= copies;
    if (function) function->scale(copies);
  }
  if (function && is_noise(function->kind)) {
    function->offset = dc.value_or(0);
    function->seed = evaluator_.seed_for(full_name(scope, name));
    source.dc = dc.value_or(0);
    source.function = static_cast<std::uint32_t>(circuit_.functions.size());
    circuit_.functions.push_back(std::move(*function));
  } else if (function) {
    SourceFunction at_rest = *function;
    at_rest.resolve(1, 1);  // the value at t = 0 does not depend on the transient
    source.dc = dc ? *dc : at_rest.value(0, 0);
    source.function = static_cast<std::uint32_t>(circuit_.functions.size());
    circuit_.functions.push_back(std::move(*function));
  } else {
    source.dc = dc.value_or(0);
  }
  source.name = new_element(full_name(scope, name), name);
  add_parasitics(parasitics, copies, name, card.where, source.plus, source.minus, scope);
  (letter == 'v' ? circuit_.voltage_sources : circuit_.current_sources).push_back(source);
}

void Elaborator::check_noise(std::string_view at, const SourceFunction& function) {
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

SourceFunction Elaborator::source_function(std::string_view name, Scope& scope) {
  const std::string_view at = reader_.peek().text;
  const Waveform& waveform = *find_waveform(reader_.take().text);
  SourceFunction function;
  function.kind = waveform.kind;
  function.values.fill(not_given);
  if (waveform.kind == SourceFunction::Kind::piecewise_linear) {
    piecewise_linear(function, scope);
    return function;
  }
  const auto names_of_values = [&] {
    std::string names = "they are";
    for (const WaveformValue& known : waveform.values) names += fmt::format(" {}", known.name);
    return names;
  };
  const bool parenthesised = reader_.accept(Kind::open);
  std::size_t count = 0;
  const auto finished = [&] {
    reader_.skip_commas();
    return parenthesised ? reader_.peek().is(Kind::close) : !at_value();
  };
  for (; !finished(); ++count) {
    const std::string_view value_at = reader_.peek().text;
    const double given = value(scope, CardReader::Blanks::end_it);
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
  if (parenthesised) reader_.expect(Kind::close, "')'");
  if (function.kind == SourceFunction::Kind::amplitude_modulation && !std::isnan(function.values[5]))
    messages_.warning({at, "ngspice 39 reads the phases of AM but does not use them"});
  if (is_noise(function.kind)) check_noise(at, function);
  if (count < 2)
    throw Problem{at, fmt::format("{} of '{}' needs at least 2 values", at, name), names_of_values()};
  return function;
}

}  // namespace memspice
