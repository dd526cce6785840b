#include "netlist/elaboration/elaboration.hpp"

#include <fmt/format.h>

#include "base/characters.hpp"
#include "base/lines.hpp"

namespace memspice {
namespace {

Circuit empty_circuit(const Deck& deck, std::shared_ptr<const Catalogue> catalogue) {
  Circuit circuit;
  circuit.title = deck.title;
  circuit.sources = deck.sources;
  circuit.catalogue = std::move(catalogue);
  circuit.node_names.intern("0");
  return circuit;
}

// `1A` is an ampere, as in ngspice 39, LTspice and Xyce; newer versions of ngspice read an atto in `1a`.
void warn_of_atto(Messages& messages, std::string_view word, double number) {
  const std::string_view unit = word.substr(word.find_last_of("0123456789.") + 1);
  if (lower(unit.front()) != 'a' || unit == "A" || (unit.size() > 2 && lower(unit[1]) == 'm')) return;
  messages.warning(
      {word, fmt::format("'{}' is {:g}: a is no scale factor", word, number),
       fmt::format("for an atto write {}e-18, for an ampere {}A", word.substr(0, word.size() - unit.size()),
                   word.substr(0, word.size() - unit.size()))});
}

}  // namespace

Elaboration::Elaboration(const Deck& deck_to_read, std::shared_ptr<const Catalogue> catalogue,
                         const ElaborateOptions& given, CardTable table,
                         void (*walk_body)(Elaboration&, Scope&))
    : deck(deck_to_read),
      options(given),
      cards(std::move(table)),
      walk(walk_body),
      messages(*deck.sources),
      circuit(empty_circuit(deck, std::move(catalogue))),
      evaluator(circuit.options, messages),
      values(evaluator, circuit),
      names(circuit, top, couplings),
      devices(circuit),
      probes(circuit, names, messages),
      dialect(messages) {
  messages.warnings(deck.warnings);
  evaluator.seed(options.seed, options.run);
  circuit.options.budgets = deck.budgets;
  spent[static_cast<std::size_t>(Resource::bytes)] = deck.bytes;
  spent[static_cast<std::size_t>(Resource::files)] = deck.files;
}

void refuse_more(Elaboration& elaboration, Resource resource, std::string_view at) {
  const Budgets& budgets = elaboration.circuit.options.budgets;
  elaboration.messages.error({first_word(at), budgets.message(resource), budgets.hint(resource)});
  elaboration.messages.throw_errors();
  throw std::logic_error("an error has not been thrown");
}

double Elaboration::value(Scope& scope, CardReader::Blanks blanks) {
  double number = 0;
  const std::string_view word = reader.peek().text;
  if (reader.plain_number(number, blanks)) {
    if (is_letter(word.back())) warn_of_atto(messages, word, number);
    return number;
  }
  return values.value(reader.expression(blanks), scope);
}

}  // namespace memspice
