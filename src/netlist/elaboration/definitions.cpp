#include "netlist/elaboration/definitions.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/characters.hpp"
#include "base/lines.hpp"

namespace memspice {
namespace {

using Kind = Token::Kind;

constexpr int deepest_condition = 64;
constexpr std::size_t deepest_definition = 64;

std::string place_of(const SourceFiles& sources, std::string_view view) {
  const Location where = locate(sources, view);
  return fmt::format("{}:{}", sources.name(where.file), sources.position(where).line);
}

bool begins_subcircuit(std::string_view word) {
  return word == ".subckt" || word == ".macro";
}
bool ends_subcircuit(std::string_view word) {
  return word == ".ends" || word == ".eom";
}
// A card that stands for elements.
bool lists_elements(std::string_view card) {
  return same_word(first_word(card), ".edges");
}
bool defines_parameters(std::string_view word) {
  return word == ".param" || word == ".params" || word == ".parameter" || word == ".parameters";
}
// Other cards are commands.
bool defines(std::string_view word) {
  static constexpr std::string_view others[] = {".global_param", ".func", ".model", ".global", ".if",
                                                ".elseif",       ".else", ".endif", ".control"};
  return begins_subcircuit(word) || ends_subcircuit(word) || defines_parameters(word) ||
         std::ranges::find(others, word) != std::end(others);
}

class Collector {
 public:
  Collector(const Deck& deck, Messages& messages) : deck_(deck), messages_(messages) {}

  // Adds these cards to a body; `top` is where global nodes and scripts are kept.
  void collect(std::size_t begin, std::size_t end, Body& into) {
    open_.push_back(&into);
    end_ = end;
    const auto undecided = static_cast<std::ptrdiff_t>(into.conditions.size());
    std::size_t i = begin;  // and `begin` is that of the current range of elements
    const auto end_range = [&] {
      if (begin != i) open_.back()->elements.emplace_back(begin, i);
    };
    for (; i < end; ++i) {
      const std::string_view text = deck_.text(deck_.cards[i]);
      if (text.front() != '.' || lists_elements(text)) continue;
      end_range();
      try {
        card(i);
      } catch (const Problem& problem) {
        messages_.error(problem);
      }
      begin = i + 1;  // blocks have been skipped
    }
    end_range();
    while (open_.size() > 1) {
      messages_.error(
          {open_.back()->at, fmt::format("subcircuit '{}' has no .ends", open_.back()->name), "add .ends"});
      close_body();
    }
    open_.pop_back();
    std::reverse(into.conditions.begin() + undecided, into.conditions.end());
  }

 private:
  Body& body() { return *open_.back(); }

  // Where what is global belongs: known before any instance makes its decisions.
  Body& top_level(std::string_view card) {
    if (open_.front()->name.empty()) return *open_.front();
    throw Problem{card, fmt::format("'{}' must stand outside of the conditions of subcircuits", card)};
  }

  void close_body() {
    std::ranges::reverse(body().conditions);
    open_.pop_back();
  }

  void card(std::size_t& i) {
    const std::string_view text = deck_.text(deck_.cards[i]);
    const std::string_view name = first_word(text);
    const std::string word = to_lower(name);
    if (!defines(word)) {  // each point of .step comes here: their values may be as many as the points
      body().commands.push_back(i);
      if (const std::string_view last = last_of_block(word); !last.empty()) i = find_card(i + 1, last);
      return;
    }
    reader_.start(text);
    reader_.take();
    if (begins_subcircuit(word)) {
      begin_subcircuit();
    } else if (ends_subcircuit(word)) {
      end_subcircuit(name);
    } else if (defines_parameters(word)) {
      parameters(body());
    } else if (word == ".global_param") {
      parameters(top_level(name));
    } else if (word == ".func") {
      function(reader_.word("a function name"));
    } else if (word == ".model") {
      model(i);
    } else if (word == ".global") {
      for (reader_.skip_commas(); !reader_.at_end(); reader_.skip_commas()) {
        const std::string_view node = reader_.word("a node");
        top_level(name).globals.emplace(to_lower(node), node);
      }
    } else if (word == ".if") {
      conditional(i);
    } else if (word == ".elseif" || word == ".else" || word == ".endif") {
      throw Problem{name, fmt::format("this {} belongs to no .if", word)};
    } else if (word == ".control") {
      script(i, name);
    }
  }

  std::string word_of(std::size_t i) const {
    const std::string_view text = deck_.text(deck_.cards[i]);
    return text.front() == '.' ? to_lower(first_word(text)) : std::string();
  }

  // The first card of this name from `i` on; the last card of all when there is none.
  std::size_t find_card(std::size_t i, std::string_view name) const {
    while (i + 1 < end_ && word_of(i) != name) ++i;
    return std::min(i, end_ - 1);
  }

  // Cards whose lines, up to this card, are no cards.
  static std::string_view last_of_block(std::string_view word) {
    if (word == ".data") return ".enddata";
    if (word == ".machine") return ".endmachine";
    if (word == ".aliases") return ".endaliases";
    if (word == ".alter") return ".end";  // what follows changes the deck
    return {};
  }

  void script(std::size_t& i, std::string_view name) {
    const std::size_t begin = i + 1;
    i = find_card(begin, ".endc");
    if (i < begin || word_of(i) != ".endc") throw Problem{name, "this .control has no .endc", "add .endc"};
    if (!open_.front()->name.empty() || open_.size() > 1)
      throw Problem{name, fmt::format("'{}' must stand outside of subcircuits", name)};
    body().scripts.emplace_back(begin, i);
  }

  // Notes where the branches are; which one counts is decided when parameters have values.
  void conditional(std::size_t& i) {
    const std::size_t first = i;
    ConditionalBlock block;
    block.branches.push_back({first, first + 1, 0});
    int depth = 1, subcircuits = 0;
    std::string problem;
    for (++i; i < end_ && problem.empty(); ++i) {
      if (deck_.text(deck_.cards[i]).front() != '.') continue;
      const std::string word = word_of(i);
      if (word == ".if" && ++depth > deepest_condition)
        problem = fmt::format("'.if' is nested more than {} deep", deepest_condition);
      if (begins_subcircuit(word)) ++subcircuits;
      if (ends_subcircuit(word) && --subcircuits < 0) break;
      if (word == ".endif" && --depth == 0) break;
      if (depth > 1 || (word != ".else" && word != ".elseif")) continue;
      if (block.branches.back().condition == ConditionalBlock::always)
        problem = fmt::format("this {} follows the .else of its .if", word);
      block.branches.back().end = i;
      block.branches.push_back({word == ".else" ? ConditionalBlock::always : i, i + 1, 0});
    }
    if (!problem.empty()) {
      const std::string_view at = first_word(deck_.text(deck_.cards[i - 1]));
      i = find_card(i, ".end");  // the rest cannot be understood
      throw Problem{at, problem};
    }
    if (depth > 0) {
      const std::string_view at = first_word(deck_.text(deck_.cards[first]));
      const bool at_ends = i < end_;
      --i;
      throw Problem{at, "this .if has no .endif",
                    at_ends ? "it must end before the .ends of its subcircuit" : "add .endif"};
    }
    block.branches.back().end = i;
    body().conditions.push_back(std::move(block));
  }

  void begin_subcircuit() {
    auto subcircuit = std::make_shared<Body>();
    Body& parent = body();
    open_.push_back(subcircuit.get());  // at once, so that the .ends is not taken for a stray one
    const std::string_view name = reader_.peek().is(Kind::word) ? reader_.peek().text : std::string_view();
    subcircuit->name = to_lower(name);
    subcircuit->at = reader_.peek().text;
    Body& self = *subcircuit;
    if (open_.size() > deepest_definition + 1) {
      spare_.push_back(std::move(subcircuit));
      throw Problem{self.at, fmt::format("definitions of subcircuits are nested more than {} deep",
                                         deepest_definition)};
    }
    const auto [place, fresh] = parent.subcircuits.try_emplace(subcircuit->name);
    if (!fresh) {
      spare_.push_back(std::move(subcircuit));
      throw Problem{
          name, fmt::format("subcircuit '{}' is defined twice", name),
          fmt::format("the first definition is at {}", place_of(*deck_.sources, place->second->at))};
    }
    place->second = std::move(subcircuit);
    reader_.word("a subcircuit's name");
    for (reader_.skip_marks(); reader_.peek().is(Kind::word) && !reader_.at_assignment();
         reader_.skip_marks()) {
      const std::string_view pin = reader_.take().text;
      if (same_word(pin, "params:")) break;
      const auto number = static_cast<std::uint32_t>(self.pins.size());
      if (!self.pin_numbers.emplace(to_lower(pin), number).second)
        throw Problem{pin, fmt::format("pin '{}' is named twice", pin)};
      self.pins.push_back(pin);
    }
    assignments(self, true);
  }

  void end_subcircuit(std::string_view card) {
    if (open_.size() == 1) throw Problem{card, "this .ends ends nothing"};
    const std::string name = body().name;
    close_body();
    if (reader_.at_end()) return;
    const std::string_view given = reader_.word("a subcircuit's name");
    if (!same_word(given, name))
      throw Problem{given, fmt::format("this .ends names '{}' but stands in subcircuit '{}'", given, name)};
    reader_.expect_end();
  }

  void parameters(Body& target) {
    if (reader_.peek(1).is(Kind::open)) {  // .param f(x) = …
      function(reader_.word("a function name"));
      return;
    }
    if (reader_.at_end()) reader_.expect(Kind::word, "a parameter's name");
    assignments(target, false);
  }

  void assignments(Body& target, bool overridable) {
    for (reader_.skip_commas(); !reader_.at_end(); reader_.skip_commas()) {
      const std::string_view name = reader_.word("a parameter's name");
      if (!is_name_start(name.front()))
        throw Problem{name, fmt::format("'{}' is not a parameter's name", name)};
      reader_.expect(Kind::equals, fmt::format("'=' behind '{}'", name));
      if (same_word(name, "time") || same_word(name, "hertz"))
        messages_.warning(
            {name, fmt::format("in expressions of the running circuit '{}' is not this parameter", name),
             "it is the simulation's there, as in ngspice: give the parameter another name"});
      ParameterDefinition parameter{name, reader_.expression(CardReader::Blanks::allowed), overridable};
      const auto number = static_cast<std::uint32_t>(target.parameters.size());
      const auto [known, fresh] = target.parameter_numbers.try_emplace(to_lower(name), number);
      if (fresh) {
        target.parameters.push_back(std::move(parameter));
        continue;
      }
      ParameterDefinition& earlier = target.parameters[known->second];
      messages_.warning({name, fmt::format("parameter '{}' is defined again, this value counts", name),
                         fmt::format("the first definition is at {}", place_of(*deck_.sources, earlier.at))});
      parameter.overridable = earlier.overridable;
      earlier = std::move(parameter);
    }
  }

  void function(std::string_view name) {
    FunctionDefinition function;
    function.at = name;
    reader_.expect(Kind::open, fmt::format("'(' behind '{}'", name));
    for (reader_.skip_commas(); !reader_.accept(Kind::close); reader_.skip_commas()) {
      const std::string_view at = reader_.word("an argument's name or ')'");
      std::string argument = to_lower(at);
      if (std::ranges::find(function.arguments, argument) != function.arguments.end())
        throw Problem{at, fmt::format("argument '{}' is named twice", at)};
      function.arguments.push_back(std::move(argument));
    }
    reader_.accept(Kind::equals);
    function.body = reader_.expression(CardReader::Blanks::allowed);
    reader_.expect_end();
    const auto [known, fresh] = body().functions.try_emplace(to_lower(name), std::move(function));
    if (!fresh)
      throw Problem{name, fmt::format("function '{}' is defined twice", name),
                    fmt::format("the first definition is at {}", place_of(*deck_.sources, known->second.at))};
  }

  void model(std::size_t card) {
    const std::string_view name = reader_.word("a model's name");
    const auto number = static_cast<std::uint32_t>(body().models.size());
    const auto [known, fresh] = body().model_numbers.try_emplace(to_lower(name), number);
    if (!fresh)
      throw Problem{name, fmt::format("model '{}' is defined twice", name),
                    fmt::format("the first definition is at {}",
                                place_of(*deck_.sources, body().models[known->second].at))};
    body().models.push_back({name, card});
  }

  const Deck& deck_;
  Messages& messages_;
  CardReader reader_;
  std::vector<Body*> open_;  // from the top level to the innermost subcircuit
  std::size_t end_ = 0;      // behind the last card to read
  std::vector<std::shared_ptr<Body>>
      spare_;  // second definitions: read, so that they do not cause more messages
};

}  // namespace

Body collect_definitions(const Deck& deck, Messages& messages) {
  Body top;
  Collector(deck, messages).collect(0, deck.cards.size(), top);
  return top;
}

void add_branch(const Deck& deck, Messages& messages, const ConditionalBlock::Branch& branch, Body& body) {
  Collector(deck, messages).collect(branch.begin, branch.end, body);
}

}  // namespace memspice
