#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "base/characters.hpp"
#include "base/spelling.hpp"
#include "netlist/elaborator.hpp"

namespace memspice {

namespace {

constexpr std::array<std::string_view, 3> point_words{"op", "fixed", "end"};  // in the order of StatePoint

}  // namespace

bool Elaborator::card_option(std::string_view card, std::span<const std::string_view> names,
                             std::string_view& name) {
  reader_.skip_commas();
  if (reader_.at_end()) return false;
  const std::string_view word = reader_.word("an option");
  const auto found = std::ranges::find_if(names, [&](std::string_view n) { return same_word(word, n); });
  if (found == names.end())
    throw Problem{word, fmt::format("{} has no option '{}'", card, word),
                  names.size() == 1 ? fmt::format("its only option is {}=", names[0])
                                    : fmt::format("its options are {}=", fmt::join(names, "= and "))};
  name = *found;
  reader_.expect(Token::Kind::equals, fmt::format("'=' behind '{}'", word));
  return true;
}

double Elaborator::tolerance(Scope& scope) {
  const std::string_view at = reader_.peek().text;
  const double given = value(scope, CardReader::Blanks::allowed);
  if (given <= 0) throw Problem{at, fmt::format("tol must be greater than 0, not {:g}", given)};
  return given;
}

StatePoint Elaborator::state_point(std::string_view option, std::span<const std::string_view> words) {
  const std::string_view word = reader_.word(fmt::format("one of {}", fmt::join(words, ", ")));
  const auto found = std::ranges::find_if(words, [&](std::string_view n) { return same_word(word, n); });
  if (found == words.end())
    throw Problem{word, fmt::format("'{}' is not a value of {}=", word, option),
                  fmt::format("it may be {}", fmt::join(words, " or "))};
  return static_cast<StatePoint>(std::ranges::find(point_words, *found) - point_words.begin());
}

void Elaborator::network(const Card& card, std::string_view, Scope&) {
  static constexpr std::array<std::string_view, 1> names{"file"};
  NetworkCard read;
  std::string_view name;
  while (card_option(".network", names, name)) {
    const std::string_view base = reader_.peek().text;
    if (!reader_.accept(Token::Kind::string)) reader_.word("what the files' names begin with");
    if (base.empty())
      throw Problem{base, "file= is empty", "give what the files' names begin with: file=net"};
    read.file = base;
  }
  once(card, ".network", circuit_.network);
  circuit_.network->file = read.file;
}

void Elaborator::omega(const Card& card, std::string_view, Scope& scope) {
  static constexpr std::array<std::string_view, 1> names{"tol"};
  OmegaCard read;
  std::string_view name;
  while (card_option(".omega", names, name)) read.tolerance = tolerance(scope);
  once(card, ".omega", circuit_.omega);
  circuit_.omega->tolerance = read.tolerance;
}

void Elaborator::invariants(const Card& card, std::string_view, Scope&) {
  reader_.expect_end();
  once(card, ".invariants", circuit_.invariants);
}

void Elaborator::functional(const Card& card, std::string_view, Scope&) {
  reader_.expect_end();
  once(card, ".functional", circuit_.functional);
}

void Elaborator::fixed_point(const Card& card, std::string_view, Scope& scope) {
  static constexpr std::array<std::string_view, 2> names{"tol", "from"};
  static constexpr std::array<std::string_view, 2> points{"op", "end"};
  FixedPointCard read;
  read.where = card.where;
  std::string_view name;
  while (card_option(".fixedpoint", names, name)) {
    if (name == "tol") {
      read.tolerance = tolerance(scope);
    } else {
      read.from = state_point(name, points);
    }
  }
  circuit_.fixed_points.push_back(read);
}

void Elaborator::eigen(const Card& card, std::string_view, Scope&) {
  static constexpr std::array<std::string_view, 1> names{"at"};
  EigenCard read;
  read.where = card.where;
  std::string_view name;
  while (card_option(".eigen", names, name)) read.at = state_point(name, point_words);
  circuit_.eigens.push_back(read);
}

void Elaborator::check_network_cards() {
  const bool transient = std::ranges::any_of(circuit_.analyses, [](const AnalysisCard& card) {
    return std::holds_alternative<TransientCard>(card);
  });
  const auto need = [&](bool there, Location where, std::string_view reason, std::string hint) {
    if (there) return;
    const std::string_view text = deck_.sources->text(where.file).substr(where.offset);
    messages_.error({text.substr(0, text.find_first_of(" \t\r\n")), std::string(reason), std::move(hint)});
  };
  const auto follows = [&](const auto& card, std::string_view name) {
    if (card)
      need(transient, card->where,
           fmt::format("{} follows a transient, and the deck has no .tran card", name),
           "add .tran tstep tstop");
  };
  follows(circuit_.omega, ".omega");
  follows(circuit_.invariants, ".invariants");
  follows(circuit_.functional, ".functional");
  for (const FixedPointCard& card : circuit_.fixed_points)
    need(transient || card.from != StatePoint::end, card.where,
         "from=end means the end of a transient, and the deck has no .tran card",
         "add .tran tstep tstop, or write from=op");
  for (const EigenCard& card : circuit_.eigens) {
    need(transient || card.at != StatePoint::end, card.where,
         "at=end means the end of a transient, and the deck has no .tran card",
         "add .tran tstep tstop, or write at=op");
    need(!circuit_.fixed_points.empty() || card.at != StatePoint::fixed_point, card.where,
         "at=fixed means the last fixed point, and the deck has no .fixedpoint card",
         "add .fixedpoint, or write at=op");
  }
}

}  // namespace memspice
