#include "netlist/cards/measures.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "base/characters.hpp"
#include "base/spelling.hpp"
#include "netlist/cards/vectors.hpp"

namespace memspice {
namespace {

using Kind = Token::Kind;
using Blanks = CardReader::Blanks;
using Measure = MeasureCard::Kind;

struct Form {
  std::string_view word;
  Measure kind;
};

constexpr Form forms[] = {
    {"find", Measure::find},       {"when", Measure::where},        {"trig", Measure::distance},
    {"targ", Measure::distance},   {"avg", Measure::average},       {"rms", Measure::rms},
    {"integ", Measure::integral},  {"integral", Measure::integral}, {"min", Measure::minimum},
    {"max", Measure::maximum},     {"min_at", Measure::minimum_at}, {"max_at", Measure::maximum_at},
    {"pp", Measure::peak_to_peak}, {"deriv", Measure::derivative},  {"derivative", Measure::derivative},
    {"param", Measure::parameter},
};

constexpr std::string_view form_hint =
    "a measure is one of trig … targ …, find … at=…, find … when …, when …, avg, rms, integ, min, max, "
    "min_at, "
    "max_at, pp, deriv, param";

bool is_range_kind(Measure kind) {
  return kind >= Measure::average && kind <= Measure::peak_to_peak;
}

/// The same where no vector may stand: the value of a place.
VectorExpression measure_constant(CardContext& card, std::string_view what, const MeasureCard& measure) {
  VectorExpression constant = vector_expression(card, Blanks::allowed, &measure);
  for (const VectorExpression::Node& node : constant.nodes)
    if (node.kind == VectorExpression::Node::Kind::vector)
      throw Problem{
          card.deck.sources->text(node.where.file).substr(node.where.offset, node.length),
          fmt::format("'{}' is neither a parameter nor an earlier measure of this analysis", node.name),
          fmt::format("{} is a number; the value of a vector at one place is find … at=…", what)};
  return constant;
}

/// An omitted analysis is the only one there is, operating points aside.
AnalysisKind measured_analysis(CardContext& card, std::string_view at) {
  std::vector<AnalysisKind> kinds(card.elaboration.outputs.analyses.begin(),
                                  card.elaboration.outputs.analyses.end());
  if (kinds.size() > 1) std::erase(kinds, AnalysisKind::operating_point);
  if (kinds.empty()) return AnalysisKind::transient;
  if (kinds.size() > 1)
    throw Problem{
        at, "this measure does not say which of the deck's analyses it is about",
        fmt::format("write for example .measure {} {} …", card.elaboration.cards.word_of(kinds[0]), at)};
  return kinds.front();
}

/// What it measures needs no place.
bool has_one_row(const Circuit& circuit, AnalysisKind kind) {
  return kind == AnalysisKind::operating_point || kind == AnalysisKind::transfer_function ||
         (kind == AnalysisKind::sensitivity &&
          std::ranges::none_of(circuit.analyses, [](const AnalysisCard& card) {
            const auto* sensitivity = std::get_if<SensitivityCard>(&card);
            return sensitivity != nullptr && !sensitivity->frequencies.empty();
          }));
}

bool measure_option(CardContext& card, MeasureCard& measure, MeasureEvent* event) {
  static constexpr std::string_view edges[] = {"cross", "rise", "fall"};
  static constexpr std::string_view of_optimisers[] = {"goal", "minval", "weight"};  // HSPICE's and Xyce's
  card.reader.skip_commas();
  if (!card.reader.peek().is(Kind::word)) return false;
  const std::string_view at = card.reader.peek().text;
  const std::string name = to_lower(at);
  const auto edge = std::ranges::find(edges, name);
  if (card.reader.at_assignment() && std::ranges::find(of_optimisers, name) != std::end(of_optimisers)) {
    card.messages.warning({at, fmt::format("'{}' does nothing: memspice does not optimise", at)});
    for (int i = 0; i < 3; ++i) card.reader.take();
    return true;
  }
  const bool of_event = name == "td" || edge != std::end(edges);
  if (!of_event && name != "from" && name != "to") return false;
  card.reader.take();
  card.reader.accept(Kind::equals);
  const std::string_view value_at = card.reader.peek().text;
  if (edge != std::end(edges)) {
    if (event == nullptr || !event->at.empty())
      throw Problem{at, fmt::format("'{}' counts crossings, and there are none to count here", at),
                    "it belongs behind when, trig or targ"};
    if (event->counts)
      throw Problem{at, fmt::format("only one of rise=, fall= and cross= can be given"),
                    "a second place is a measure of its own"};
    event->counts = true;
    event->edge = static_cast<MeasureEvent::Edge>(edge - std::begin(edges));
    if (card.reader.accept_word("last")) {
      event->count = MeasureEvent::last;
      return true;
    }
    const double count = card.value(Blanks::allowed);
    if (!(count >= 1 && count <= 1e9 && count == static_cast<std::uint32_t>(count)))
      throw Problem{value_at, fmt::format("{} must be 1, 2, … or last, not {:g}", name, count)};
    event->count = static_cast<std::uint32_t>(count);
    return true;
  }
  VectorExpression given = measure_constant(card, name, measure);
  if (name == "td" && event != nullptr) {
    event->delay = std::move(given);
  } else if (!is_range_kind(measure.kind)) {
    if (measure.kind == Measure::distance)
      throw Problem{at, fmt::format("'{}' does not belong to trig or targ", at), "write td=… behind either"};
    (name == "to" ? measure.upper : measure.lower) = std::move(given);
  } else {
    MeasureEvent& end = name == "to" ? measure.to : measure.from;
    if (end.given()) throw Problem{at, fmt::format("this end of the range is given twice")};
    end.at = std::move(given);
  }
  return true;
}

void measure_event(CardContext& card, MeasureCard& measure, MeasureEvent& event, std::string_view word) {
  if (event.given()) throw Problem{word, fmt::format("'{}' is given twice", word)};
  if (card.reader.accept_word("at")) {
    card.reader.accept(Kind::equals);
    event.at = measure_constant(card, "at", measure);
  } else {
    event.left = vector_expression(card, Blanks::allowed, &measure);
    card.reader.accept_word("val");
    card.reader.expect(Kind::equals, fmt::format("'=' behind '{}'", event.left.text));
    event.right = vector_expression(card, Blanks::allowed, &measure);
    const auto& left = event.left.nodes.back();
    const bool scale = left.kind == VectorExpression::Node::Kind::vector &&
                       (left.name == "time" || left.name == "frequency");
    if (scale && event.right.nodes.size() == 1) {  // when time=1m
      event.at = std::move(event.right);
      event.left = {};
    }
  }
  while (measure_option(card, measure, &event)) {
  }
}

void measured_value(CardContext& card, MeasureCard& measure) {
  const std::string_view value_at = card.reader.peek().text;
  measure.value = vector_expression(card, Blanks::allowed, &measure);
  if (is_range_kind(measure.kind)) {
    while (!card.reader.at_end()) {
      card.reader.skip_commas();
      if (card.reader.accept_word("trig")) {
        measure_event(card, measure, measure.from, "trig");
      } else if (card.reader.accept_word("targ")) {
        measure_event(card, measure, measure.to, "targ");
      } else if (!measure_option(card, measure, nullptr)) {
        throw Problem{card.reader.peek().text,
                      fmt::format("unexpected '{}' behind what is measured", card.reader.peek().text),
                      "from=, to= and td= may follow"};
      }
    }
    return;
  }
  while (measure_option(card, measure, nullptr)) {  // from= and to= before when
  }
  if (card.reader.accept_word("when")) {
    measure_event(card, measure, measure.to, "when");
  } else if (card.reader.peek().is(Kind::word) && same_word(card.reader.peek().text, "at")) {
    measure_event(card, measure, measure.to, "at");
  } else if (!has_one_row(card.circuit, measure.analysis) || measure.kind == Measure::derivative) {
    throw Problem{value_at, fmt::format("this measure does not say where '{}' is taken", measure.value.text),
                  "add at=… or when …"};
  }
}

void read_measure(CardContext& card, MeasureCard& measure) {
  measure.where = card.where;
  const std::string_view first = card.reader.word("an analysis or the measure's name");
  const std::optional<AnalysisKind> analysis = card.elaboration.cards.find_analysis(first);
  const std::string_view name = analysis ? card.reader.word("the measure's name") : first;
  measure.analysis = analysis ? *analysis : measured_analysis(card, name);
  measure.name = to_lower(name);
  for (const MeasureCard& earlier : card.circuit.measures)
    if (earlier.name == measure.name && earlier.analysis == measure.analysis)
      throw Problem{name, fmt::format("there are two measures named '{}'", name),
                    "the first one is at " + card.line_of(earlier.where)};
  const std::string_view word = card.reader.word("what is measured");
  const auto form = std::ranges::find_if(forms, [&](const Form& f) { return same_word(word, f.word); });
  if (form == std::end(forms))
    throw Problem{word, fmt::format("memspice does not measure '{}'", word), std::string(form_hint)};
  measure.kind = form->kind;
  if (measure.kind == Measure::parameter) {
    card.reader.accept(Kind::equals);
    measure.value = measure_constant(card, "param", measure);
  } else if (measure.kind == Measure::distance) {
    if (!same_word(word, "trig"))
      throw Problem{word, "a distance begins with trig", "its form is trig … targ …"};
    measure_event(card, measure, measure.from, word);
    if (!card.reader.accept_word("targ"))
      throw Problem{card.reader.peek().text, "this trig has no targ", "its form is trig … targ …"};
    measure_event(card, measure, measure.to, "targ");
  } else if (measure.kind == Measure::where) {
    measure_event(card, measure, measure.to, word);
  } else {
    measured_value(card, measure);
  }
  card.reader.expect_end();
}

}  // namespace

void keep_measure(CardContext& card) {
  card.elaboration.outputs.measures.push_back(card.card);
}

void read_four(CardContext& card) {
  constexpr std::string_view form = "its form is .four frequency [harmonics [periods]] v(out) …";
  FourierCard fourier;
  fourier.where = card.where;
  const std::string_view at = card.reader.peek().text;
  if (card.reader.peek(1).is(Kind::open))
    throw Problem{at, fmt::format("expected a frequency, not '{}'", at), std::string(form)};
  fourier.frequency = card.value(Blanks::end_it);
  if (!(fourier.frequency > 0))
    throw Problem{at, fmt::format("the frequency must be greater than 0 Hz, not {:g}", fourier.frequency)};
  card.reader.skip_commas();
  const std::string_view count_at = card.reader.peek().text;
  if (double count = 0; card.reader.plain_number(count, Blanks::end_it)) {  // LTspice: harmonics, periods
    if (!(count >= 1 && count < 10000 && count == std::floor(count)))
      throw Problem{count_at,
                    fmt::format("the number of harmonics is a whole number from 1 on, not {:g}", count)};
    fourier.harmonics = static_cast<int>(count) + 1;
    card.reader.skip_commas();
    const std::string_view periods_at = card.reader.peek().text;
    double& periods = fourier.periods;
    card.reader.plain_number(periods, Blanks::end_it);
    if (!(periods == -1 || (periods >= 1 && periods == std::floor(periods))))
      throw Problem{
          periods_at,
          fmt::format("the number of periods is a whole number from 1 on, or -1 for all of them, not {:g}",
                      periods)};
  }
  for (card.reader.skip_commas(); !card.reader.at_end(); card.reader.skip_commas()) {
    const std::string_view vector_at = card.reader.peek().text;
    VectorExpression vector = named_expression(card);
    if (std::ranges::none_of(
            vector.nodes, [](const auto& node) { return node.kind == VectorExpression::Node::Kind::vector; }))
      throw Problem{vector_at, fmt::format("'{}' names no vector", vector.text), std::string(form)};
    fourier.vectors.push_back(std::move(vector));
  }
  if (fourier.vectors.empty())
    throw Problem{card.reader.peek().text, "this card names no vector", std::string(form)};
  card.circuit.fouriers.push_back(std::move(fourier));
}

void finish_output_cards(Elaboration& elaboration) {
  for (const Card& kept : elaboration.outputs.measures) {
    MeasureCard measure;
    elaboration.attempt([&] {
      CardContext card(elaboration, kept, *elaboration.top_scope, {});
      card.reader.start(card.text);
      card.at = card.reader.take().text;
      read_measure(card, measure);
    });
    // Those that name a measure with a mistake are not wrong for that.
    if (!measure.name.empty()) elaboration.circuit.measures.push_back(std::move(measure));
  }
  const auto miss = [&](Location where, AnalysisKind kind, std::string_view what) {
    if (elaboration.outputs.analyses.contains(kind)) return;
    const std::string_view text = elaboration.deck.sources->text(where.file).substr(where.offset);
    elaboration.messages.warning(
        {text.substr(0, text.find_first_of(" \t\r\n")),
         fmt::format("the deck has no .{} card, so there is no {}", elaboration.cards.word_of(kind), what),
         {}});
  };
  for (const PrintCard& card : elaboration.circuit.prints)
    if (card.analysis) miss(card.where, *card.analysis, "table");
  for (const MeasureCard& card : elaboration.circuit.measures)
    miss(card.where, card.analysis, fmt::format("measure '{}'", card.name));
  for (const FourierCard& card : elaboration.circuit.fouriers)
    miss(card.where, AnalysisKind::transient, "harmonic");
}

}  // namespace memspice
