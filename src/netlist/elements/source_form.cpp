#include "netlist/elements/source_form.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <vector>

#include "base/characters.hpp"
#include "base/number.hpp"
#include "netlist/elaboration/parameters.hpp"

namespace memspice {
namespace {

using Kind = Token::Kind;

bool is_noise(SourceFunction::Kind kind) {
  return kind == SourceFunction::Kind::noise || kind == SourceFunction::Kind::random_steps;
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

std::string names_of_values(const Waveform& waveform) {
  std::string names = "they are";
  for (const WaveformValue& known : waveform.values) names += fmt::format(" {}", known.name);
  return names;
}

void read_value(CardContext& card, SourceForm& form, std::size_t place, const ReadSourceValue& read) {
  form.at[place] = card.reader.peek().text;
  form.values[place] = read(place);
}

/// Warns of `SIN(0 1,5 1k)`: commas separate values as blanks do, but who writes both may mean decimals.
void warn_of_decimal_commas(CardContext& card, const SourceForm& form) {
  const std::string_view first = form.at[SourceForm::first],
                         last = form.at[SourceForm::first + form.count - 1];
  if (std::find(first.data(), last.data(), ',') == last.data()) return;
  std::vector<std::string_view> gaps;
  for (std::size_t i = SourceForm::first + 1; i < SourceForm::first + form.count; ++i) {
    const char* const end = form.at[i - 1].data() + form.at[i - 1].size();
    gaps.emplace_back(end, static_cast<std::size_t>(form.at[i].data() - end));
  }
  if (std::ranges::all_of(gaps, [](auto gap) { return gap.find(',') != std::string_view::npos; })) return;
  for (std::size_t i = 0; i < gaps.size(); ++i) {
    const std::string_view left = form.at[SourceForm::first + i], right = form.at[SourceForm::first + i + 1];
    if (gaps[i] == "," && signed_number(left) && signed_number(right))
      card.messages.warning({right,
                             fmt::format("'{},{}' are two values, {} and {}", left, right, left, right),
                             fmt::format("decimals stand behind a point: write {}.{}", left, right)});
  }
}

void read_waveform(CardContext& card, std::string_view name, SourceForm& form, const ReadSourceValue& read) {
  const Waveform& waveform = *form.waveform;
  const bool parenthesised = card.reader.accept(Kind::open);
  const auto finished = [&] {
    card.reader.skip_commas();
    return parenthesised ? card.reader.peek().is(Kind::close) : !at_value(card.reader);
  };
  for (; !finished(); ++form.count) {
    if (form.count == waveform.values.size())
      throw Problem{card.reader.peek().text,
                    fmt::format("{} takes at most {} values", form.waveform_at, waveform.values.size()),
                    names_of_values(waveform)};
    read_value(card, form, SourceForm::first + form.count, read);
  }
  if (parenthesised) card.reader.expect(Kind::close, "')'");
  if (form.count > 2) warn_of_decimal_commas(card, form);
  if (form.count < 2)
    throw Problem{form.waveform_at, fmt::format("{} of '{}' needs at least 2 values", form.waveform_at, name),
                  names_of_values(waveform)};
}

}  // namespace

bool read_source_part(CardContext& card, std::string_view name, SourceForm& form,
                      const ReadSourceValue& read) {
  const std::string_view word = card.reader.peek().text;
  if (card.reader.accept_word("dc")) {
    card.reader.accept(Kind::equals);
    if (card.reader.at_assignment()) {  // KiCad: DC ac=1
      form.at[SourceForm::dc] = word;
      form.values[SourceForm::dc] = 0;
    } else {
      read_value(card, form, SourceForm::dc, read);
    }
    return true;
  }
  if (card.reader.accept_word("ac")) {
    card.reader.accept(Kind::equals);
    form.ac = true;
    form.values[SourceForm::ac_magnitude] = 1;
    for (const std::size_t part : {SourceForm::ac_magnitude, SourceForm::ac_phase}) {
      if (!at_value(card.reader)) break;
      read_value(card, form, part, read);
      card.reader.skip_commas();
    }
    return true;
  }
  if (!card.reader.peek().is(Kind::word)) return false;
  const Waveform* waveform = find_waveform(word);
  if (!waveform || waveform->kind == SourceFunction::Kind::piecewise_linear) return false;
  if (form.waveform) throw Problem{word, fmt::format("'{}' has two waveforms", name)};
  form.waveform = waveform;
  form.waveform_at = card.reader.take().text;
  read_waveform(card, name, form, read);
  return true;
}

SourceFunction waveform_function(CardContext& card, const SourceForm& form) {
  const Waveform& waveform = *form.waveform;
  const bool counts =
      waveform.kind == SourceFunction::Kind::pulse || waveform.kind == SourceFunction::Kind::sine;
  SourceFunction function;
  function.kind = waveform.kind;
  function.values.fill(not_given);
  for (std::size_t i = 0; i < form.count; ++i) {
    const double given = form.values[SourceForm::first + i];
    const std::string_view at = form.at[SourceForm::first + i];
    if (counts && i + 1 == waveform.values.size()) {
      if (given < 0 || given != std::floor(given))
        throw Problem{at, fmt::format("{} must be a whole number, not {:g}", waveform.values[i].name, given)};
      if (given > 0) function.cycles = given;  // 0: without end
      continue;
    }
    // Rise, fall, width, period and time constants; 0 stands for the default.
    const bool is_time = (waveform.kind == SourceFunction::Kind::pulse && i >= 3) ||
                         (waveform.kind == SourceFunction::Kind::exponential && (i == 3 || i == 5));
    if (is_time && given < 0)
      throw Problem{at, fmt::format("{} must be at least 0 s, not {:g}", waveform.values[i].name, given)};
    function.values[i] = given;
  }
  if (function.kind == SourceFunction::Kind::amplitude_modulation && !std::isnan(function.values[5]))
    card.messages.warning({form.waveform_at, "ngspice 39 reads the phases of AM but does not use them"});
  if (is_noise(function.kind)) check_noise_values(form.waveform_at, function);
  return function;
}

void give_source_values(CardContext& card, std::string_view name, const SourceForm& form,
                        std::optional<SourceFunction>&& function, double copies, Source& source) {
  const bool has_dc = form.has(SourceForm::dc);
  const double dc = has_dc ? copies * form.values[SourceForm::dc] : 0;
  if (form.ac) {
    source.extras.edit().ac_magnitude = copies * form.values[SourceForm::ac_magnitude];
    source.extras.edit().ac_phase = form.values[SourceForm::ac_phase];
  }
  if (copies != 1) source.extras.edit().copies = copies;
  source.dc = dc;
  if (!function) return;
  if (copies != 1) function->scale(copies);
  if (is_noise(function->kind)) {
    function->offset = dc;
    function->seed = card.elaboration.evaluator.seed_for(card.full_name(name));
  } else if (!has_dc) {
    const auto given = function->values;
    function->resolve(1, 1);  // the value at t = 0 does not depend on the transient
    source.dc = function->value(0, 0);
    function->values = given;
  }
  source.function = static_cast<std::uint32_t>(card.circuit.functions.size());
  card.circuit.functions.push_back(std::move(*function));
}

}  // namespace memspice
