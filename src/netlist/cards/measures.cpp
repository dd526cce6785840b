#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "base/characters.hpp"
#include "base/spelling.hpp"
#include "circuit/analysis_words.hpp"
#include "netlist/elaborator.hpp"

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

}  // namespace

VectorExpression Elaborator::vector_expression(Scope& scope, Blanks blanks, const MeasureCard* measure) {
  std::vector<std::string> names;
  if (measure != nullptr)
    for (const MeasureCard& earlier : circuit_.measures)
      if (earlier.analysis == measure->analysis) names.push_back(earlier.name);
  VectorExpression expression =
      VectorCompiler(*deck_.sources, circuit_.element_names, evaluator_, scope, names)
          .compile(reader_.expression(blanks));
  for (const VectorExpression::Node& node : expression.nodes)
    if (node.kind == VectorExpression::Node::Kind::parameter)
      circuit_.output_parameters.emplace(node.name, node.number);
  return expression;
}

/// The same where no vector may stand: the value of a place.
VectorExpression Elaborator::measure_constant(std::string_view what, Scope& scope,
                                              const MeasureCard& measure) {
  VectorExpression constant = vector_expression(scope, Blanks::allowed, &measure);
  for (const VectorExpression::Node& node : constant.nodes)
    if (node.kind == VectorExpression::Node::Kind::vector)
      throw Problem{
          deck_.sources->text(node.where.file).substr(node.where.offset, node.length),
          fmt::format("'{}' is neither a parameter nor an earlier measure of this analysis", node.name),
          fmt::format("{} is a number; the value of a vector at one place is find … at=…", what)};
  return constant;
}

void Elaborator::measure(const Card& card, std::string_view, Scope&) {
  measure_cards_.push_back(card);
}

/// An omitted analysis is the only one there is, operating points aside.
AnalysisKind Elaborator::measured_analysis(std::string_view at) {
  std::vector<AnalysisKind> kinds(analysis_cards_.begin(), analysis_cards_.end());
  if (kinds.size() > 1) std::erase(kinds, AnalysisKind::operating_point);
  if (kinds.empty()) return AnalysisKind::transient;
  if (kinds.size() > 1)
    throw Problem{at, "this measure does not say which of the deck's analyses it is about",
                  fmt::format("write for example .measure {} {} …", analysis_word(kinds[0]), at)};
  return kinds.front();
}

void Elaborator::read_measure(const Card& card, MeasureCard& measure, Scope& scope) {
  measure.where = card.where;
  const std::string_view first = reader_.word("an analysis or the measure's name");
  const std::optional<AnalysisKind> analysis = find_analysis(first);
  const std::string_view name = analysis ? reader_.word("the measure's name") : first;
  measure.analysis = analysis ? *analysis : measured_analysis(name);
  measure.name = to_lower(name);
  for (const MeasureCard& earlier : circuit_.measures)
    if (earlier.name == measure.name && earlier.analysis == measure.analysis)
      throw Problem{name, fmt::format("there are two measures named '{}'", name),
                    "the first one is at " + line_of(earlier.where)};
  const std::string_view word = reader_.word("what is measured");
  const auto form = std::ranges::find_if(forms, [&](const Form& f) { return same_word(word, f.word); });
  if (form == std::end(forms))
    throw Problem{word, fmt::format("memspice does not measure '{}'", word), std::string(form_hint)};
  measure.kind = form->kind;
  if (measure.kind == Measure::parameter) {
    reader_.accept(Kind::equals);
    measure.value = measure_constant("param", scope, measure);
  } else if (measure.kind == Measure::distance) {
    if (!same_word(word, "trig"))
      throw Problem{word, "a distance begins with trig", "its form is trig … targ …"};
    measure_event(measure, measure.from, word, scope);
    if (!reader_.accept_word("targ"))
      throw Problem{reader_.peek().text, "this trig has no targ", "its form is trig … targ …"};
    measure_event(measure, measure.to, "targ", scope);
  } else if (measure.kind == Measure::where) {
    measure_event(measure, measure.to, word, scope);
  } else {
    measured_value(measure, scope);
  }
  reader_.expect_end();
}

void Elaborator::measured_value(MeasureCard& measure, Scope& scope) {
  const std::string_view value_at = reader_.peek().text;
  measure.value = vector_expression(scope, Blanks::allowed, &measure);
  if (is_range_kind(measure.kind)) {
    while (!reader_.at_end()) {
      reader_.skip_commas();
      if (reader_.accept_word("trig")) {
        measure_event(measure, measure.from, "trig", scope);
      } else if (reader_.accept_word("targ")) {
        measure_event(measure, measure.to, "targ", scope);
      } else if (!measure_option(measure, nullptr, scope)) {
        throw Problem{reader_.peek().text,
                      fmt::format("unexpected '{}' behind what is measured", reader_.peek().text),
                      "from=, to= and td= may follow"};
      }
    }
    return;
  }
  while (measure_option(measure, nullptr, scope)) {  // from= and to= before when
  }
  if (reader_.accept_word("when")) {
    measure_event(measure, measure.to, "when", scope);
  } else if (reader_.peek().is(Kind::word) && same_word(reader_.peek().text, "at")) {
    measure_event(measure, measure.to, "at", scope);
  } else if (!has_one_row(measure.analysis) || measure.kind == Measure::derivative) {
    throw Problem{value_at, fmt::format("this measure does not say where '{}' is taken", measure.value.text),
                  "add at=… or when …"};
  }
}

/// What it measures needs no place.
bool Elaborator::has_one_row(AnalysisKind kind) const {
  return kind == AnalysisKind::operating_point || kind == AnalysisKind::transfer_function ||
         (kind == AnalysisKind::sensitivity &&
          std::ranges::none_of(circuit_.analyses, [](const AnalysisCard& card) {
            const auto* sensitivity = std::get_if<SensitivityCard>(&card);
            return sensitivity != nullptr && !sensitivity->frequencies.empty();
          }));
}

void Elaborator::measure_event(MeasureCard& measure, MeasureEvent& event, std::string_view word,
                               Scope& scope) {
  if (event.given()) throw Problem{word, fmt::format("'{}' is given twice", word)};
  if (reader_.accept_word("at")) {
    reader_.accept(Kind::equals);
    event.at = measure_constant("at", scope, measure);
  } else {
    event.left = vector_expression(scope, Blanks::allowed, &measure);
    reader_.accept_word("val");
    reader_.expect(Kind::equals, fmt::format("'=' behind '{}'", event.left.text));
    event.right = vector_expression(scope, Blanks::allowed, &measure);
    const auto& left = event.left.nodes.back();
    const bool scale = left.kind == VectorExpression::Node::Kind::vector &&
                       (left.name == "time" || left.name == "frequency");
    if (scale && event.right.nodes.size() == 1) {  // when time=1m
      event.at = std::move(event.right);
      event.left = {};
    }
  }
  while (measure_option(measure, &event, scope)) {
  }
}

bool Elaborator::measure_option(MeasureCard& measure, MeasureEvent* event, Scope& scope) {
  static constexpr std::string_view edges[] = {"cross", "rise", "fall"};
  static constexpr std::string_view of_optimisers[] = {"goal", "minval", "weight"};  // HSPICE's and Xyce's
  reader_.skip_commas();
  if (!reader_.peek().is(Kind::word)) return false;
  const std::string_view at = reader_.peek().text;
  const std::string name = to_lower(at);
  const auto edge = std::ranges::find(edges, name);
  if (reader_.at_assignment() && std::ranges::find(of_optimisers, name) != std::end(of_optimisers)) {
    messages_.warning({at, fmt::format("'{}' does nothing: memspice does not optimise", at)});
    for (int i = 0; i < 3; ++i) reader_.take();
    return true;
  }
  const bool of_event = name == "td" || edge != std::end(edges);
  if (!of_event && name != "from" && name != "to") return false;
  reader_.take();
  reader_.accept(Kind::equals);
  const std::string_view value_at = reader_.peek().text;
  if (edge != std::end(edges)) {
    if (event == nullptr || !event->at.empty())
      throw Problem{at, fmt::format("'{}' counts crossings, and there are none to count here", at),
                    "it belongs behind when, trig or targ"};
    if (event->counts)
      throw Problem{at, fmt::format("only one of rise=, fall= and cross= can be given"),
                    "a second place is a measure of its own"};
    event->counts = true;
    event->edge = static_cast<MeasureEvent::Edge>(edge - std::begin(edges));
    if (reader_.accept_word("last")) {
      event->count = MeasureEvent::last;
      return true;
    }
    const double count = value(scope, Blanks::allowed);
    if (!(count >= 1 && count <= 1e9 && count == static_cast<std::uint32_t>(count)))
      throw Problem{value_at, fmt::format("{} must be 1, 2, … or last, not {:g}", name, count)};
    event->count = static_cast<std::uint32_t>(count);
    return true;
  }
  VectorExpression given = measure_constant(name, scope, measure);
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

void Elaborator::fourier(const Card& card, std::string_view, Scope& scope) {
  constexpr std::string_view form = "its form is .four frequency [harmonics [periods]] v(out) …";
  FourierCard fourier;
  fourier.where = card.where;
  const std::string_view at = reader_.peek().text;
  if (reader_.peek(1).is(Kind::open))
    throw Problem{at, fmt::format("expected a frequency, not '{}'", at), std::string(form)};
  fourier.frequency = value(scope, Blanks::end_it);
  if (!(fourier.frequency > 0))
    throw Problem{at, fmt::format("the frequency must be greater than 0 Hz, not {:g}", fourier.frequency)};
  reader_.skip_commas();
  const std::string_view count_at = reader_.peek().text;
  if (double count = 0; reader_.plain_number(count, Blanks::end_it)) {  // LTspice: harmonics, periods
    if (!(count >= 1 && count < 10000 && count == std::floor(count)))
      throw Problem{count_at,
                    fmt::format("the number of harmonics is a whole number from 1 on, not {:g}", count)};
    fourier.harmonics = static_cast<int>(count) + 1;
    reader_.skip_commas();
    const std::string_view periods_at = reader_.peek().text;
    double& periods = fourier.periods;
    reader_.plain_number(periods, Blanks::end_it);
    if (!(periods == -1 || (periods >= 1 && periods == std::floor(periods))))
      throw Problem{
          periods_at,
          fmt::format("the number of periods is a whole number from 1 on, or -1 for all of them, not {:g}",
                      periods)};
  }
  for (reader_.skip_commas(); !reader_.at_end(); reader_.skip_commas()) {
    const std::string_view vector_at = reader_.peek().text;
    VectorExpression vector = named_expression(scope);
    if (std::ranges::none_of(
            vector.nodes, [](const auto& node) { return node.kind == VectorExpression::Node::Kind::vector; }))
      throw Problem{vector_at, fmt::format("'{}' names no vector", vector.text), std::string(form)};
    fourier.vectors.push_back(std::move(vector));
  }
  if (fourier.vectors.empty())
    throw Problem{reader_.peek().text, "this card names no vector", std::string(form)};
  circuit_.fouriers.push_back(std::move(fourier));
}

void Elaborator::finish_output_cards() {
  for (const Card& card : measure_cards_) {
    MeasureCard measure;
    attempt([&] {
      reader_.start(deck_.text(card));
      reader_.take();
      read_measure(card, measure, *top_scope_);
    });
    // Those that name a measure with a mistake are not wrong for that.
    if (!measure.name.empty()) circuit_.measures.push_back(std::move(measure));
  }
  const auto miss = [&](Location where, AnalysisKind kind, std::string_view what) {
    if (analysis_cards_.contains(kind)) return;
    const std::string_view text = deck_.sources->text(where.file).substr(where.offset);
    messages_.warning({text.substr(0, text.find_first_of(" \t\r\n")),
                       fmt::format("the deck has no .{} card, so there is no {}", analysis_word(kind), what),
                       {}});
  };
  for (const PrintCard& card : circuit_.prints)
    if (card.analysis) miss(card.where, *card.analysis, "table");
  for (const MeasureCard& card : circuit_.measures)
    miss(card.where, card.analysis, fmt::format("measure '{}'", card.name));
  for (const FourierCard& card : circuit_.fouriers) miss(card.where, AnalysisKind::transient, "harmonic");
}

}  // namespace memspice
