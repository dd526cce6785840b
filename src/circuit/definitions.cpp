#include "circuit/definitions.hpp"

#include <fmt/format.h>

#include "circuit/spelling.hpp"
#include "deck/characters.hpp"

namespace memspice {
namespace {

using Kind = Token::Kind;

std::string place_of(const SourceFiles& sources, std::string_view view) {
  const Location where = locate(sources, view);
  return fmt::format("{}:{}", sources.name(where.file), sources.position(where).line);
}

class Collector {
 public:
  Collector(const Deck& deck, Messages& messages) : deck_(deck), messages_(messages) {}

  Body collect() {
    Body top;
    open_.push_back(&top);
    std::size_t begin = 0;  // of the current range of elements
    std::size_t i = 0;
    const auto end_range = [&] {
      if (begin != i) open_.back()->elements.emplace_back(begin, i);
    };
    for (; i < deck_.cards.size(); ++i) {
      if (deck_.text(deck_.cards[i]).front() != '.') continue;
      end_range();
      try {
        card(i);
      } catch (const Problem& problem) {
        messages_.error(problem);
      }
      begin = i + 1;  // a .control block has been skipped
    }
    end_range();
    while (open_.size() > 1) {
      messages_.error(
          {open_.back()->at, fmt::format("subcircuit '{}' has no .ends", open_.back()->name), "add .ends"});
      open_.pop_back();
    }
    return top;
  }

 private:
  Body& body() { return *open_.back(); }

  void card(std::size_t& i) {
    reader_.start(deck_.text(deck_.cards[i]));
    const std::string_view name = reader_.take().text;
    if (same_word(name, ".subckt")) {
      begin_subcircuit();
    } else if (same_word(name, ".ends")) {
      end_subcircuit(name);
    } else if (same_word(name, ".param")) {
      parameters();
    } else if (same_word(name, ".func")) {
      function(reader_.word("a function name"));
    } else if (same_word(name, ".model")) {
      model(i);
    } else if (same_word(name, ".global")) {
      for (reader_.skip_commas(); !reader_.at_end(); reader_.skip_commas()) {
        const std::string_view node = reader_.word("a node");
        open_.front()->globals.emplace(to_lower(node), node);
      }
    } else if (same_word(name, ".control")) {
      while (i + 1 < deck_.cards.size() && !same_word(deck_.text(deck_.cards[i]).substr(0, 5), ".endc")) ++i;
      throw Problem{name, "memspice does not have '.control' yet",
                    "write its analyses as dot cards: .op, .tran"};
    } else {
      body().commands.push_back(i);
    }
  }

  void begin_subcircuit() {
    auto subcircuit = std::make_unique<Body>();
    Body& parent = body();
    open_.push_back(subcircuit.get());  // at once, so that the .ends is not taken for a stray one
    const std::string_view name = reader_.peek().is(Kind::word) ? reader_.peek().text : std::string_view();
    subcircuit->name = to_lower(name);
    subcircuit->at = reader_.peek().text;
    Body& self = *subcircuit;
    const auto [place, fresh] = parent.subcircuits.try_emplace(subcircuit->name);
    if (!fresh) {
      spare_.push_back(std::move(subcircuit));
      throw Problem{
          name, fmt::format("subcircuit '{}' is defined twice", name),
          fmt::format("the first definition is at {}", place_of(*deck_.sources, place->second->at))};
    }
    place->second = std::move(subcircuit);
    reader_.word("a subcircuit's name");
    while (reader_.peek().is(Kind::word) && !reader_.at_assignment()) {
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
    open_.pop_back();
    if (reader_.at_end()) return;
    const std::string_view given = reader_.word("a subcircuit's name");
    if (!same_word(given, name))
      throw Problem{given, fmt::format("this .ends names '{}' but stands in subcircuit '{}'", given, name)};
    reader_.expect_end();
  }

  void parameters() {
    if (reader_.peek(1).is(Kind::open)) {  // .param f(x) = …
      function(reader_.word("a function name"));
      return;
    }
    if (reader_.at_end()) reader_.expect(Kind::word, "a parameter's name");
    assignments(body(), false);
  }

  void assignments(Body& target, bool overridable) {
    for (reader_.skip_commas(); !reader_.at_end(); reader_.skip_commas()) {
      const std::string_view name = reader_.word("a parameter's name");
      if (!is_name_start(name.front()))
        throw Problem{name, fmt::format("'{}' is not a parameter's name", name)};
      reader_.expect(Kind::equals, fmt::format("'=' behind '{}'", name));
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
    for (reader_.skip_commas(); !reader_.accept(Kind::close); reader_.skip_commas())
      function.arguments.push_back(to_lower(reader_.word("an argument's name or ')'")));
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
  std::vector<std::unique_ptr<Body>>
      spare_;  // second definitions: read, so that they do not cause more messages
};

}  // namespace

Body collect_definitions(const Deck& deck, Messages& messages) {
  return Collector(deck, messages).collect();
}

}  // namespace memspice
