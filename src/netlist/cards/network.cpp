#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "base/characters.hpp"
#include "base/spelling.hpp"
#include "netlist/cards/card_options.hpp"

namespace memspice {
namespace {

// Says what is missing at the card that stands there.
void need(Elaboration& elaboration, bool there, Location where, std::string_view reason, std::string hint) {
  if (there) return;
  const std::string_view text = elaboration.deck.sources->text(where.file).substr(where.offset);
  elaboration.messages.error(
      {text.substr(0, text.find_first_of(" \t\r\n")), std::string(reason), std::move(hint)});
}

bool has_transient(const Elaboration& elaboration) {
  return std::ranges::any_of(elaboration.circuit.analyses, [](const AnalysisCard& card) {
    return std::holds_alternative<TransientCard>(card);
  });
}

void check_follows_transient(Elaboration& elaboration, const auto& card, std::string_view name) {
  if (card)
    need(elaboration, has_transient(elaboration), card->where,
         fmt::format("{} follows a transient, and the deck has no .tran card", name),
         "add .tran tstep tstop");
}

}  // namespace

void read_network(CardContext& card) {
  static constexpr std::array<std::string_view, 1> names{"file"};
  NetworkCard read;
  std::string_view name;
  while (card_option(card, ".network", names, name)) {
    const std::string_view base = card.reader.peek().text;
    if (!card.reader.accept(Token::Kind::string)) card.reader.word("what the files' names begin with");
    if (base.empty())
      throw Problem{base, "file= is empty", "give what the files' names begin with: file=net"};
    read.file = base;
  }
  once(card, ".network", card.circuit.network);
  card.circuit.network->file = read.file;
}

void read_omega(CardContext& card) {
  static constexpr std::array<std::string_view, 1> names{"tol"};
  OmegaCard read;
  std::string_view name;
  while (card_option(card, ".omega", names, name)) read.tolerance = tolerance(card);
  once(card, ".omega", card.circuit.omega);
  card.circuit.omega->tolerance = read.tolerance;
}

void read_invariants(CardContext& card) {
  card.reader.expect_end();
  once(card, ".invariants", card.circuit.invariants);
}

void read_functional(CardContext& card) {
  card.reader.expect_end();
  once(card, ".functional", card.circuit.functional);
}

void read_fixedpoint(CardContext& card) {
  static constexpr std::array<std::string_view, 2> names{"tol", "from"};
  static constexpr std::array<std::string_view, 2> points{"op", "end"};
  FixedPointCard read;
  read.where = card.where;
  std::string_view name;
  while (card_option(card, ".fixedpoint", names, name)) {
    if (name == "tol") {
      read.tolerance = tolerance(card);
    } else {
      read.from = state_point(card, name, points);
    }
  }
  card.circuit.fixed_points.push_back(read);
}

void read_eigen(CardContext& card) {
  static constexpr std::array<std::string_view, 1> names{"at"};
  static constexpr std::array<std::string_view, 3> points{"op", "fixed", "end"};
  EigenCard read;
  read.where = card.where;
  std::string_view name;
  while (card_option(card, ".eigen", names, name)) read.at = state_point(card, name, points);
  card.circuit.eigens.push_back(read);
}

void check_omega(Elaboration& elaboration) {
  check_follows_transient(elaboration, elaboration.circuit.omega, ".omega");
}

void check_invariants(Elaboration& elaboration) {
  check_follows_transient(elaboration, elaboration.circuit.invariants, ".invariants");
}

void check_functional(Elaboration& elaboration) {
  check_follows_transient(elaboration, elaboration.circuit.functional, ".functional");
}

void check_fixedpoint(Elaboration& elaboration) {
  for (const FixedPointCard& card : elaboration.circuit.fixed_points)
    need(elaboration, has_transient(elaboration) || card.from != StatePoint::end, card.where,
         "from=end means the end of a transient, and the deck has no .tran card",
         "add .tran tstep tstop, or write from=op");
}

void check_eigen(Elaboration& elaboration) {
  for (const EigenCard& card : elaboration.circuit.eigens) {
    need(elaboration, has_transient(elaboration) || card.at != StatePoint::end, card.where,
         "at=end means the end of a transient, and the deck has no .tran card",
         "add .tran tstep tstop, or write at=op");
    need(elaboration, !elaboration.circuit.fixed_points.empty() || card.at != StatePoint::fixed_point,
         card.where, "at=fixed means the last fixed point, and the deck has no .fixedpoint card",
         "add .fixedpoint, or write at=op");
  }
}

}  // namespace memspice
