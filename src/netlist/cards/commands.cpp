#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "base/characters.hpp"
#include "base/lines.hpp"
#include "base/spelling.hpp"
#include "circuit/analysis_words.hpp"
#include "netlist/elaborator.hpp"

namespace memspice {
namespace {

using Kind = Token::Kind;

}  // namespace

void Elaborator::commands(Scope& scope) {
  for (const std::size_t index : scope.body->commands) {
    if (!scope.caller && read_early_.contains(index)) continue;
    const Card& card = deck_.cards[index];
    attempt([&] {
      reader_.start(deck_.text(card));
      const std::string_view at = reader_.take().text;
      command(card, at, to_lower(at), scope);
    });
  }
}

void Elaborator::early_commands() {
  for (const std::size_t index : top_.commands) {
    const Card& card = deck_.cards[index];
    const std::string_view at = first_word(deck_.text(card));
    const std::string name = to_lower(at);
    const CardKind* kind = find_card(name);
    if (!kind || !kind->early || !read_early_.insert(index).second) continue;
    attempt([&] {
      reader_.start(deck_.text(card));
      reader_.take();
      command(card, at, name, *top_scope_);
    });
  }
}

void Elaborator::command(const Card& card, std::string_view at, const std::string& name, Scope& scope) {
  if (const CardKind* kind = find_card(name)) {
    if (scope.caller && !kind->description.in_subcircuits)
      throw Problem{at, fmt::format("'{}' must stand outside of subcircuits", at)};
    if (const std::optional<AnalysisKind> analysis = find_analysis(name.substr(1)))
      analysis_cards_.insert(*analysis);
    if (kind->read) (this->*kind->read)(card, at, scope);
    return;
  }
  const ForeignCard* foreign = find_foreign_card(name);
  if (!foreign) throw Problem{at, fmt::format("unknown card '{}'", at), did_you_mean(name, card_names())};
  if (name == ".preprocess") {
    xyce_at_ = at;
    replace_ground_ |= reader_.accept_word("replaceground");
  }
  if (foreign->harmless)
    return messages_.warning(
        {at, fmt::format("'{}' does nothing in memspice", at), std::string(foreign->why)});
  throw Problem{at, fmt::format("memspice does not have '{}'", at), std::string(foreign->why)};
}

void Elaborator::stray_end(const Card&, std::string_view at, Scope&) {
  throw Problem{at, fmt::format("this {} ends nothing", at)};
}

void Elaborator::ignored(const Card&, std::string_view at, Scope&) {
  if (same_word(at, ".backanno")) ltspice_at_ = at;
  reader_.expect_end();
}

void Elaborator::title(const Card& card, std::string_view at, Scope&) {
  const std::string_view text = deck_.text(card);
  const std::size_t begin = std::min(text.find_first_not_of(" \t", at.size()), text.size());
  circuit_.title = text.substr(begin, text.find_last_not_of(" \t\r") + 1 - begin);
}

void Elaborator::script_parameter(const Card&, std::string_view, Scope& scope) {
  reader_.word("a parameter's name");
  reader_.expect(Kind::equals, "'='");
  value(scope, CardReader::Blanks::allowed);  // only its value can be wrong
  reader_.expect_end();
}

void Elaborator::operating_point(const Card& card, std::string_view, Scope&) {
  reader_.expect_end();
  circuit_.analyses.emplace_back(OperatingPointCard{card.where});
}

bool Elaborator::transient_modifier(std::string_view word) {
  if (reader_.accept_word("steady") || reader_.accept_word("nodiscard")) {
    messages_.warning({word, fmt::format("'{}' is not done: the run goes from 0 to the stop time", word)});
    return true;
  }
  if (same_word(word, "startup"))
    throw Problem{word, "memspice does not ramp the sources up", "write waveforms that begin at 0, or uic"};
  if (same_word(word, "sweep"))
    throw Problem{word, "memspice does not have 'sweep' here", "write .step, which repeats the analyses"};
  return false;
}

void Elaborator::transient(const Card& card, std::string_view, Scope& scope) {
  constexpr std::string_view form = "its form is .tran tstep tstop [tstart [tmax]] [uic], or .tran tstop";
  TransientCard transient;
  transient.where = card.where;
  std::array<double, 4> values{};
  std::array<std::string_view, 4> at;
  std::size_t count = 0;
  for (reader_.skip_commas(); !reader_.at_end(); reader_.skip_commas()) {
    const std::string_view word = reader_.peek().text;
    if (reader_.accept_word("uic") || reader_.accept_word("noop")) {  // Xyce: no operating point
      transient.use_initial_conditions = true;
      continue;
    }
    if (transient_modifier(word)) continue;
    if (count == values.size())
      throw Problem{reader_.peek().text, ".tran takes at most 4 times", std::string(form)};
    at[count] = reader_.peek().text;
    values[count] = value(scope, CardReader::Blanks::end_it);
    if (values[count] < 0)
      throw Problem{at[count], fmt::format("a time must be at least 0 s, not {:g}", values[count])};
    ++count;
  }
  if (count == 0) throw Problem{reader_.peek().text, ".tran needs a stop time", std::string(form)};
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
  circuit_.analyses.emplace_back(transient);
}

void Elaborator::check_row_distance(double distance, double span, Problem problem) {
  constexpr double most = 1e9;
  if (!(distance > 0 && span / distance > most)) return;
  problem.message =
      fmt::format("rows {:g} s apart are {:g} rows, more than a file can hold", distance, span / distance);
  throw problem;
}

void Elaborator::save(const Card& card, std::string_view at, Scope& scope) {
  const std::size_t before = circuit_.saves.size();
  for (reader_.skip_commas(); !reader_.at_end(); reader_.skip_commas()) {
    if (reader_.peek().is(Kind::expression) || at_named_expression() ||
        (reader_.peek(1).is(Kind::open) && same_word(reader_.peek().text, "par")))
      throw Problem{reader_.peek().text, "a waveform file holds vectors, not expressions",
                    "show it with .print"};
    if (reader_.at_assignment())
      throw Problem{reader_.peek().text, fmt::format("{} has no option '{}'", at, reader_.peek().text)};
    if (same_word(at, ".probe") && reader_.accept_word("alli")) {
      for (const char* pattern : {"all", "i(*)"}) circuit_.saves.push_back({pattern, card.where});
      continue;
    }
    const std::string_view word = reader_.peek().text;
    const bool is_vector = at_vector_pattern();
    for (SaveRequest& request : requested_vectors(scope)) {
      if (!is_vector)
        messages_.warning({word,
                           fmt::format("a waveform file holds no expressions: '{}' is kept", request.pattern),
                           ".print and .measure take expressions"});
      circuit_.saves.push_back(std::move(request));
    }
  }
  if (circuit_.saves.size() == before) {  // .probe alone asks for everything
    if (!same_word(at, ".probe")) throw Problem{reader_.peek().text, "this card names no vector"};
    circuit_.saves.push_back({"all", card.where});
  }
}

std::vector<SaveRequest> Elaborator::requested_vectors(Scope& scope) {
  const Location where = location(reader_.peek().text);
  if (at_vector_pattern()) return {{vector_pattern(), where}};
  std::vector<SaveRequest> requests;
  for (const auto& node : vector_expression(scope, CardReader::Blanks::end_it, nullptr).nodes)
    if (node.kind == VectorExpression::Node::Kind::vector) requests.push_back({node.name, where});
  return requests;
}

std::string Elaborator::vector_pattern() {
  std::string pattern = to_lower(reader_.word("a vector such as v(out)"));
  if (!reader_.accept(Kind::open)) return pattern;
  pattern += '(';
  append_lower(pattern, reader_.word("a name"));
  while (!reader_.accept(Kind::close)) {
    reader_.accept(Kind::comma);
    pattern += ',';
    append_lower(pattern, reader_.word("a name or ')'"));
  }
  return pattern + ')';
}

void Elaborator::initial_conditions(const Card& card, std::string_view, Scope& scope) {
  initial_values(card, circuit_.initial_conditions, true, scope);
}

void Elaborator::node_sets(const Card& card, std::string_view, Scope& scope) {
  initial_values(card, circuit_.nodesets, false, scope);
}

void Elaborator::initial_values(const Card& card, std::vector<NodeVoltage>& list, bool states, Scope& scope) {
  if (reader_.at_end()) throw Problem{reader_.peek().text, "this card names no node"};
  for (reader_.skip_commas(); !reader_.at_end(); reader_.skip_commas()) {
    const std::string_view accessor = reader_.word("v(node)");
    reader_.expect(Kind::open, fmt::format("'(' behind '{}'", accessor));
    const std::string_view name = reader_.word("a name");
    reader_.expect(Kind::close, "')'");
    reader_.expect(Kind::equals, "'='");
    const std::string_view value_at = reader_.peek().text;
    const double given = value(scope, CardReader::Blanks::allowed);
    attempt([&] {
      if (same_word(accessor, "v")) return initial_voltage(name, given, card, list, scope);
      if (!states) throw Problem{accessor, fmt::format(".nodeset takes v(node), not '{}'", accessor)};
      initial_state(accessor, name, given, value_at, scope);
    });
  }
}

void Elaborator::initial_voltage(std::string_view name, double given, const Card& card,
                                 std::vector<NodeVoltage>& list, Scope& scope) {
  const NodeId at = find_node(name, scope);
  if (at == NameTable::npos) {
    if (messages_.error_count() > 0) return;  // the card that makes it may be the wrong one
    std::vector<std::string_view> candidates;
    for (std::uint32_t i = 0; i < std::min<std::size_t>(circuit_.node_names.size(), 10000); ++i)
      candidates.push_back(circuit_.node_names[i]);
    throw Problem{name, fmt::format("no node '{}' in this circuit", name),
                  did_you_mean(to_lower(name), candidates)};
  }
  if (at == ground) throw Problem{name, "ground is always at 0 V"};
  list.push_back({at, given, card.where});
}

void Elaborator::initial_state(std::string_view accessor, std::string_view name, double given,
                               std::string_view value_at, Scope& scope) {
  const std::uint32_t element = find_element(name, scope);
  if (element == NameTable::npos) {
    if (messages_.error_count() > 0) return;  // its card may be the wrong one
    throw Problem{name, fmt::format("no element '{}' in this circuit", name)};
  }
  const std::string state = to_lower(accessor);
  if (places_.size() != circuit_.element_names.size()) places_ = element_places(circuit_);
  if (const ElementPlace& place = places_[element]; place.kind == ElementPlace::Kind::device) {
    DeviceGroup& group = circuit_.groups[place.group];
    for (const UnknownDescription& unknown : group.type->unknowns) {
      if (unknown.name != state || unknown.initial.empty()) continue;
      const std::size_t parameter = group.type->find_parameter(unknown.initial).value();
      const std::size_t count = group.type->parameters.size();
      std::vector<double> values(count);
      std::vector<std::string_view> given_at(count);
      store(*group.type, parameter, given, value_at, values, given_at);
      group.parameters[place.index * count + parameter] = values[parameter];
      return;
    }
  }
  throw Problem{accessor, fmt::format("'{}' has no state '{}'", name, accessor),
                "write v(node) or w(memristor)"};
}

}  // namespace memspice
