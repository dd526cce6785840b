#include <fmt/format.h>

#include <tuple>

#include "base/characters.hpp"
#include "base/spelling.hpp"
#include "netlist/elaboration/parameters.hpp"
#include "netlist/elements/element_words.hpp"
#include "netlist/elements/parasitics.hpp"
#include "netlist/elements/piecewise_linear.hpp"
#include "netlist/elements/source_form.hpp"

namespace memspice {
namespace {

using Kind = Token::Kind;

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

SourceFunction read_points(CardContext& card) {
  card.reader.take();  // PWL
  SourceFunction function;
  function.kind = SourceFunction::Kind::piecewise_linear;
  function.values.fill(not_given);
  piecewise_linear(card, function);
  return function;
}

bool at_points(const CardReader& reader) {
  return reader.peek().is(Kind::word) && same_word(reader.peek().text, "pwl");
}

}  // namespace

void read_source(CardContext& card) {
  const char letter = card.letter;
  Source source;
  source.where = card.where;
  const std::string_view name = card.reader.take().text;
  std::tie(source.plus, source.minus) = two_nodes(card, name);
  SourceForm form;
  std::optional<SourceFunction> points;
  double copies = card.scope.multiplier;  // side by side
  Parasitics parasitics;
  const ReadSourceValue read = [&](std::size_t) { return card.value(CardReader::Blanks::end_it); };
  for (card.reader.skip_commas(); !card.reader.at_end(); card.reader.skip_commas()) {
    const std::string_view word = card.reader.peek().text;
    const bool has_waveform = form.waveform || points;
    if (same_word(word, "distof1") || same_word(word, "distof2")) {
      card.messages.warning({word, fmt::format("'{}' does nothing: memspice has no .disto", word)});
      for (card.reader.take(); at_value(card.reader); card.reader.skip_commas())
        card.value(CardReader::Blanks::end_it);
    } else if (at_points(card.reader) ||
               (points && find_waveform(word) && card.reader.peek().is(Kind::word))) {
      if (has_waveform) throw Problem{word, fmt::format("'{}' has two waveforms", name)};
      points = read_points(card);
    } else if (read_source_part(card, name, form, read) || read_parasitic(card, letter, parasitics)) {
      continue;
    } else if (const std::string_view why = missing_source(word); !why.empty()) {
      throw Problem{word, fmt::format("memspice does not have '{}' sources", word), std::string(why)};
    } else if (!form.has(SourceForm::dc) && !has_waveform && !card.reader.at_assignment()) {
      if (card.reader.peek().is(Kind::word) && card.reader.peek(1).is(Kind::open) &&
          is_name_start(word.front())) {
        std::vector<std::string_view> names;
        for (const Waveform& waveform : waveforms()) names.push_back(waveform.name);
        throw Problem{word, fmt::format("unknown waveform '{}'", word), did_you_mean(to_lower(word), names)};
      }
      form.at[SourceForm::dc] = word;
      form.values[SourceForm::dc] = card.value(CardReader::Blanks::end_it);
    } else if (card.reader.at_assignment() && same_word(word, "m")) {
      card.reader.take();
      card.reader.take();
      copies *= card.multiplier();
    } else {
      throw card.reader.unexpected(word);
    }
  }
  if (!form.has(SourceForm::dc) && !form.waveform && !points)
    card.messages.warning({name, fmt::format("'{}' has no value, 0 is taken", name)});
  if (form.waveform) points = waveform_function(card, form);
  give_source_values(card, name, form, std::move(points), letter == 'i' ? copies : 1, source);
  source.name = card.new_element(name);
  add_parasitics(card, parasitics, copies, name, source.plus, source.minus);
  (letter == 'v' ? card.circuit.voltage_sources : card.circuit.current_sources).push_back(std::move(source));
}

}  // namespace memspice
