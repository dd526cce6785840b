#include "analysis/output/measure_cards.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <optional>

#include "analysis/output/measure_kinds.hpp"
#include "analysis/output/measure_reference.hpp"
#include "analysis/types/analysis_type.hpp"
#include "base/characters.hpp"
#include "base/spelling.hpp"
#include "netlist/cards/vectors.hpp"
#include "netlist/elaboration/card_context.hpp"

namespace memspice {

namespace {

using Kind = Token::Kind;
using Blanks = CardReader::Blanks;

/// An expression where no vector may stand: the value of a place.
VectorExpression constant_of(CardContext& card, std::string_view what, const MeasureCard& measure) {
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
const AnalysisType& analysis_of(const CardContext& card, std::string_view at) {
  const AnalysisType* operating_point = &type_of<OperatingPointCard>();
  std::vector<const AnalysisType*> types;
  for (const CardKind* kind : card.elaboration.cards.kinds())
    if (kind->analysis && card.elaboration.outputs.analyses.contains(kind->analysis))
      types.push_back(kind->analysis);
  if (types.size() > 1) std::erase(types, operating_point);
  if (types.empty()) return type_of<TransientCard>();
  if (types.size() > 1)
    throw Problem{at, "this measure does not say which of the deck's analyses it is about",
                  fmt::format("write for example .measure {} {} …", types[0]->word(), at)};
  return *types.front();
}

/// What it measures needs no place.
bool has_one_row(const Circuit& circuit, const AnalysisType& type) {
  return *type.scale.name == 0 && std::ranges::none_of(circuit.analyses, [&](const AnalysisCard& card) {
    return &card.type() == &type && type.scales_of(card) > 0;
  });
}

void count_crossings(CardContext& card, MeasureEvent* event, std::string_view at, MeasureEvent::Edge edge) {
  const std::string_view value_at = card.reader.peek().text;
  if (event == nullptr || !event->at.empty())
    throw Problem{at, fmt::format("'{}' counts crossings, and there are none to count here", at),
                  "it belongs behind when, trig or targ"};
  if (event->counts)
    throw Problem{at, fmt::format("only one of rise=, fall= and cross= can be given"),
                  "a second place is a measure of its own"};
  event->counts = true;
  event->edge = edge;
  if (card.reader.accept_word("last")) {
    event->count = MeasureEvent::last;
    return;
  }
  const double count = card.value(Blanks::allowed);
  if (!(count >= 1 && count <= 1e9 && count == static_cast<std::uint32_t>(count)))
    throw Problem{value_at, fmt::format("{} must be 1, 2, … or last, not {:g}", to_lower(at), count)};
  event->count = static_cast<std::uint32_t>(count);
}

/// Reads one option, of the place `event` or of the whole measure; false when there is none.
bool read_option(CardContext& card, MeasureCard& measure, MeasureEvent* event) {
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
  if (edge != std::end(edges)) {
    count_crossings(card, event, at, static_cast<MeasureEvent::Edge>(edge - std::begin(edges)));
    return true;
  }
  VectorExpression given = constant_of(card, name, measure);
  if (name == "td" && event != nullptr) {
    event->delay = std::move(given);
    return true;
  }
  switch (measure.kind->bounds) {
    case MeasureKind::Bounds::none:
      throw Problem{at, fmt::format("'{}' does not belong to trig or targ", at), "write td=… behind either"};
    case MeasureKind::Bounds::places:
      (name == "to" ? measure.upper : measure.lower) = std::move(given);
      break;
    case MeasureKind::Bounds::range: {
      MeasureEvent& end = name == "to" ? measure.to : measure.from;
      if (end.given()) throw Problem{at, fmt::format("this end of the range is given twice")};
      end.at = std::move(given);
    }
  }
  return true;
}

void read_event(CardContext& card, MeasureCard& measure, MeasureEvent& event, std::string_view word) {
  if (event.given()) throw Problem{word, fmt::format("'{}' is given twice", word)};
  if (card.reader.accept_word("at")) {
    card.reader.accept(Kind::equals);
    event.at = constant_of(card, "at", measure);
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
  while (read_option(card, measure, &event)) {
  }
}

/// False when the card does not say where.
bool read_value_and_place(CardContext& card, MeasureCard& measure) {
  measure.value = vector_expression(card, Blanks::allowed, &measure);
  while (read_option(card, measure, nullptr)) {  // from= and to= before when
  }
  const bool when = card.reader.accept_word("when");
  if (!when && !(card.reader.peek().is(Kind::word) && same_word(card.reader.peek().text, "at"))) return false;
  read_event(card, measure, measure.to, when ? "when" : "at");
  return true;
}

Problem without_place(std::string_view value_at, const MeasureCard& measure) {
  return {value_at, fmt::format("this measure does not say where '{}' is taken", measure.value.text),
          "add at=… or when …"};
}

const MeasureKind* find_kind(std::string_view word) {
  for (const MeasureKind& kind : measure_kinds()) {
    bool is_this = false;
    for_each_alias(kind.words, [&](std::string_view alias) { is_this |= same_word(word, alias); });
    if (is_this) return &kind;
  }
  return nullptr;
}

bool names_measure(const VectorExpression& expression, const std::string& name) {
  return std::ranges::any_of(expression.nodes, [&](const VectorExpression::Node& node) {
    return node.kind == VectorExpression::Node::Kind::measure && node.name == name;
  });
}

bool uses(const MeasureCard& card, const std::string& measure) {
  for (const VectorExpression* part :
       {&card.value, &card.from.at, &card.from.left, &card.from.right, &card.from.delay, &card.to.at,
        &card.to.left, &card.to.right, &card.to.delay, &card.lower, &card.upper})
    if (names_measure(*part, measure)) return true;
  return false;
}

/// Of two measures of one name the last one counts, as elsewhere; the first one is left out unless others,
/// that stand between the two, are made of it.
void warn_of_earlier(CardContext& card, const MeasureCard& measure, std::string_view name) {
  std::vector<MeasureCard>& all = card.circuit.outputs.measures;
  const auto earlier = std::ranges::find_if(all, [&](const MeasureCard& known) {
    return known.name == measure.name && known.analysis == measure.analysis;
  });
  if (earlier == all.end()) return;
  card.messages.warning({name, fmt::format("there are two measures named '{}': this one counts", name),
                         "the first one is at " + card.line_of(earlier->where)});
  const bool used = std::any_of(earlier, all.end(), [&](const MeasureCard& later) {
    return later.analysis == measure.analysis && uses(later, measure.name);
  });
  if (!used) all.erase(earlier);
}

void read_measure(CardContext& card, MeasureCard& measure) {
  measure.where = card.where;
  const std::string_view first = card.reader.word("an analysis or the measure's name");
  const AnalysisType* analysis = card.elaboration.cards.find_analysis(first);
  const std::string_view name = analysis ? card.reader.word("the measure's name") : first;
  measure.analysis = analysis ? analysis : &analysis_of(card, name);
  measure.name = to_lower(name);
  warn_of_earlier(card, measure, name);
  const std::string_view word = card.reader.word("what is measured");
  measure.kind = find_kind(word);
  if (!measure.kind)
    throw Problem{word, fmt::format("memspice does not measure '{}'", word),
                  "a measure is one of " + measure_forms()};
  measure.kind->read(card, measure, word);
  card.reader.expect_end();
}

void keep_measure(CardContext& card) {
  card.elaboration.outputs.measures.push_back(card.card);
}

/// A measure may name what stands behind it.
void read_kept_measures(Elaboration& elaboration) {
  for (const Card& kept : elaboration.outputs.measures) {
    MeasureCard measure;
    elaboration.attempt([&] {
      CardContext card(elaboration, kept, *elaboration.top_scope, {});
      card.reader.start(card.text);
      card.at = card.reader.take().text;
      read_measure(card, measure);
    });
    // Those that name a measure with a mistake are not wrong for that.
    if (!measure.name.empty()) elaboration.circuit.outputs.measures.push_back(std::move(measure));
  }
}

void warn_of_missing(Elaboration& elaboration, Location where, const AnalysisType& type,
                     std::string_view what) {
  if (elaboration.outputs.analyses.contains(&type)) return;
  const std::string_view text = elaboration.deck.sources->text(where.file).substr(where.offset);
  elaboration.messages.warning(
      {text.substr(0, text.find_first_of(" \t\r\n")),
       fmt::format("the deck has no {} card, so there is no {}", card_name(type), what),
       {}});
}

/// Once all other cards have been read.
void finish_outputs(Elaboration& elaboration) {
  read_kept_measures(elaboration);
  for (const PrintCard& card : elaboration.circuit.outputs.prints)
    if (card.analysis) warn_of_missing(elaboration, card.where, *card.analysis, "table");
  for (const MeasureCard& card : elaboration.circuit.outputs.measures)
    warn_of_missing(elaboration, card.where, *card.analysis, fmt::format("measure '{}'", card.name));
  for (const FourierCard& card : elaboration.circuit.outputs.fouriers)
    warn_of_missing(elaboration, card.where, type_of<TransientCard>(), "harmonic");
}

}  // namespace

void read_distance(CardContext& card, MeasureCard& measure, std::string_view word) {
  if (!same_word(word, "trig"))
    throw Problem{word, "a distance begins with trig", "its form is trig … targ …"};
  read_event(card, measure, measure.from, word);
  if (!card.reader.accept_word("targ"))
    throw Problem{card.reader.peek().text, "this trig has no targ", "its form is trig … targ …"};
  read_event(card, measure, measure.to, "targ");
}

void read_place(CardContext& card, MeasureCard& measure, std::string_view word) {
  read_event(card, measure, measure.to, word);
}

void read_along_range(CardContext& card, MeasureCard& measure, std::string_view) {
  measure.value = vector_expression(card, Blanks::allowed, &measure);
  while (!card.reader.at_end()) {
    card.reader.skip_commas();
    if (card.reader.accept_word("trig")) {
      read_event(card, measure, measure.from, "trig");
    } else if (card.reader.accept_word("targ")) {
      read_event(card, measure, measure.to, "targ");
    } else if (!read_option(card, measure, nullptr)) {
      throw Problem{card.reader.peek().text,
                    fmt::format("unexpected '{}' behind what is measured", card.reader.peek().text),
                    "from=, to= and td= may follow"};
    }
  }
}

void read_switching(CardContext& card, MeasureCard& measure, std::string_view) {
  measure.value = vector_expression(card, Blanks::allowed, &measure);
  for (card.reader.skip_commas(); !card.reader.at_end(); card.reader.skip_commas()) {
    const std::string_view at = card.reader.peek().text;
    const bool on = same_word(at, "on");
    if (card.reader.at_assignment() && (on || same_word(at, "off"))) {
      card.reader.take();
      card.reader.take();
      VectorExpression& level = on ? measure.lower : measure.upper;
      if (!level.empty()) throw Problem{at, fmt::format("'{}' is given twice", at)};
      level = constant_of(card, to_lower(at), measure);
    } else if (card.reader.at_assignment() && same_word(at, "minval")) {  // rounding of Xyce's
      card.reader.take();
      card.reader.take();
      card.value(Blanks::allowed);
    } else if (!read_option(card, measure, nullptr)) {
      throw Problem{at, fmt::format("unexpected '{}' behind what is measured", at),
                    "on=, off=, from=, to= and td= may follow"};
    }
  }
}

void read_comparison(CardContext& card, MeasureCard& measure, std::string_view word) {
  constexpr const char* hint =
      "its form is error vector file=name indepvarcol=n depvarcol=n [comp_function=l1norm|l2norm|infnorm]";
  constexpr std::string_view norms[] = {"l2norm", "l1norm", "infnorm"};
  std::optional<ReferenceFile> file;
  std::optional<std::size_t> scale, value;
  MeasureReference reference;
  measure.value = vector_expression(card, Blanks::allowed, &measure);
  for (card.reader.skip_commas(); !card.reader.at_end(); card.reader.skip_commas()) {
    const std::string_view at = card.reader.peek().text;
    const std::string name = to_lower(at);
    const bool scale_column = name == "indepvarcol";
    if (card.reader.at_assignment() &&
        (name == "file" || name == "comp_function" || name.ends_with("varcol"))) {
      card.reader.take();
      card.reader.take();
    }
    const std::string_view value_at = card.reader.peek().text;
    if (name == "file") {
      file = reference_file(card);
    } else if (name == "comp_function") {
      const auto found = std::ranges::find(norms, to_lower(card.reader.word("a norm")));
      if (found == std::end(norms)) throw Problem{value_at, fmt::format("'{}' is no norm", value_at), hint};
      reference.norm = static_cast<MeasureReference::Norm>(found - std::begin(norms));
    } else if (scale_column || name == "depvarcol") {
      const double column = card.value(Blanks::allowed);
      if (!(column >= 0 && column < 1e6 && column == std::floor(column)))
        throw Problem{value_at, fmt::format("a column is 0, 1, …, not {:g}", column), hint};
      (scale_column ? scale : value) = static_cast<std::size_t>(column);
    } else if (!read_option(card, measure, nullptr)) {
      throw Problem{at, fmt::format("unexpected '{}' behind what is measured", at), hint};
    }
  }
  if (!file || !scale || !value)
    throw Problem{word,
                  fmt::format("this error has no {}", !file    ? "file="
                                                      : !scale ? "indepvarcol="
                                                               : "depvarcol="),
                  hint};
  reference.points = reference_points(*file, {*scale, *value});
  measure.reference = std::make_shared<const MeasureReference>(std::move(reference));
}

void read_value_at_place(CardContext& card, MeasureCard& measure, std::string_view) {
  const std::string_view value_at = card.reader.peek().text;
  if (!read_value_and_place(card, measure) && !has_one_row(card.circuit, *measure.analysis))
    throw without_place(value_at, measure);
}

void read_slope_at_place(CardContext& card, MeasureCard& measure, std::string_view) {
  const std::string_view value_at = card.reader.peek().text;
  if (!read_value_and_place(card, measure)) throw without_place(value_at, measure);
}

void read_parameter(CardContext& card, MeasureCard& measure, std::string_view) {
  card.reader.accept(Kind::equals);
  measure.value = constant_of(card, "param", measure);
}

const CardKind& measure_card_kind() {
  static constexpr CardKind kind{.description = {".measure", ".meas", "[analysis] name form …",
                                                 "one number out of the rows of an analysis"},
                                 .group = CardGroup::outputs,
                                 .read = keep_measure,
                                 .check = finish_outputs};
  return kind;
}

}  // namespace memspice
