#include "netlist/cards/options.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/characters.hpp"
#include "base/spelling.hpp"
#include "netlist/cards/option_table.hpp"
#include "netlist/cards/transient.hpp"
#include "netlist/dialects/foreign_options.hpp"
#include "netlist/elaboration/card_context.hpp"

namespace memspice {
namespace {

using Kind = Token::Kind;

std::vector<std::string_view> option_names() {
  std::vector<std::string_view> names;
  const auto append = [&names](std::string_view name) { names.push_back(name); };
  for (const OptionRow& row : option_rows()) {
    append(row.description.name);
    for_each_alias(row.description.aliases, append);
  }
  for (const ForeignOptions& foreign : foreign_options()) for_each_alias(foreign.names, append);
  return names;
}

void option_without_effect(CardContext& card, std::string_view at, std::string_view why) {
  if (card.reader.accept(Kind::equals)) {
    do {
      card.reader.take();
    } while (card.reader.accept(Kind::comma) && !card.reader.at_assignment());
  }
  card.messages.warning({at, fmt::format("option '{}' does nothing in memspice", at), std::string(why)});
}

void apply_output_interval(Elaboration& elaboration, TransientCard& transient) {
  const double span = transient.stop - transient.start;
  check_row_distance(elaboration.transients.output_interval, span,
                     {elaboration.transients.interval_at, {}, "a longer interval has fewer"});
  if (elaboration.transients.output_interval > span)
    elaboration.messages.warning(
        {elaboration.transients.interval_at,
         fmt::format("rows {:g} s apart are those at {:g} s and {:g} s: the .tran at {} has no others",
                     elaboration.transients.output_interval, transient.start, transient.stop,
                     line_of(*elaboration.deck.sources, transient.where))});
  transient.step = std::min(elaboration.transients.output_interval, transient.stop);
}

}  // namespace

void read_options(CardContext& card) {
  const OptionGroup* group = nullptr;
  if (card.reader.peek().is(Kind::word) && !card.reader.at_assignment())
    group = find_option_group(to_lower(card.reader.peek().text));
  if (group) card.elaboration.dialect.xyce_at = card.reader.take().text;
  for (card.reader.skip_commas(); !card.reader.at_end(); card.reader.skip_commas())
    card.attempt_assignment([&] {
      const std::string_view at = card.reader.word("an option");
      const std::string name = to_lower(at);
      const std::string_view here = group ? name_in_group(*group, name) : std::string_view(name);
      if (const ForeignOptions* foreign = find_foreign_option(here))
        return option_without_effect(card, at, foreign->why);
      if (group && here.empty()) return option_without_effect(card, at, group->why);
      const OptionRow* known = find_option(here);
      if (!known)
        throw Problem{at, fmt::format("unknown option '{}'", at), did_you_mean(name, option_names())};
      read_option(card, at, *known);
      // Xyce's absolute tolerance holds for all unknowns.
      if (group && name == "abstol") card.circuit.options.statetol = card.circuit.options.vntol;
    });
}

void apply_options_to_transients(Elaboration& elaboration) {
  for (AnalysisCard& card : elaboration.circuit.analyses) {
    const auto* read = card.get_if<TransientCard>();
    if (!read) continue;
    TransientCard transient = *read;
    transient.max_step = std::min(transient.max_step, elaboration.transients.max_step);
    if (elaboration.transients.output_interval > 0)
      elaboration.attempt([&] { apply_output_interval(elaboration, transient); });
    card = std::move(transient);
  }
  if (elaboration.transients.output_interval > 0) elaboration.circuit.options.interp = true;
}

}  // namespace memspice
