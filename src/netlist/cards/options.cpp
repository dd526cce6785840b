#include "netlist/cards/options.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <random>

#include "base/characters.hpp"
#include "base/spelling.hpp"
#include "netlist/cards/option_tables.hpp"
#include "netlist/cards/transient.hpp"
#include "netlist/elaboration/card_context.hpp"

namespace memspice {
namespace {

using Kind = Token::Kind;

std::vector<std::string_view> option_names() {
  std::vector<std::string_view> names;
  const auto append = [&names](std::string_view name) { names.push_back(name); };
  for (const OptionDescription& option : option_descriptions()) {
    append(option.name);
    for_each_alias(option.aliases, append);
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

void integration_method(CardContext& card) {
  constexpr std::string_view known[] = {"gear",    "bdf", "trap", "trapezoidal",
                                        "modtrap", "7",   "8"};  // 7, 8: Xyce's
  const std::string_view at = card.reader.take().text;
  if (std::ranges::find(known, to_lower(at)) == std::end(known))
    card.messages.warning({at, fmt::format("method '{}' does nothing in memspice", at),
                           "gear and trap both mean BDF with error control; use reltol and maxord"});
}

void option(CardContext& card, std::string_view at, std::string_view name) {
  Options& options = card.circuit.options;
  if (name == "savecurrents" || name == "interp") {  // alone, or with 0 or 1
    const bool on = !card.reader.accept(Kind::equals) || card.value(CardReader::Blanks::allowed) != 0;
    if (name == "interp") {
      options.interp = on;
    } else if (on) {
      for (const char* pattern : {"all", "i(*)"}) card.circuit.saves.push_back({pattern, card.location(at)});
    }
    return;
  }
  card.reader.expect(Kind::equals, fmt::format("'=' behind '{}'", at));
  const std::string_view value_at = card.reader.peek().text;
  if (name == "seed" && card.reader.accept_word("random")) {
    if (card.elaboration.options.seed) return;
    options.seed = std::random_device{}();
    card.messages.warning({value_at, fmt::format("the seed of this run is {}", *options.seed),
                           fmt::format(".options seed={} repeats it", *options.seed)});
    return;
  }
  if (name == "method") return integration_method(card);
  const double given = card.value(CardReader::Blanks::allowed);
  const auto check = [&](bool good, std::string_view range) {
    if (!good) throw Problem{value_at, fmt::format("{} must be {}, not {:g}", at, range, given)};
  };
  const bool whole = given == std::floor(given);
  if (name == "reltol") {
    check(given > 0 && given < 1, "between 0 and 1");
    options.reltol = given;
  } else if (name == "maxord") {
    check(whole && given >= 1 && given <= 5, "a whole number from 1 to 5");
    options.max_order = static_cast<int>(given);
    // A step h of an oscillation omega multiplies it by 1 + (h omega)^4/4 at order 3; orders 2 and 5 damp it.
    if (given == 3 || given == 4)
      card.messages.warning({value_at,
                             fmt::format("with {}={:g} oscillations without damping grow", at, given),
                             "the integration formulas of orders 3 and 4 are unstable there: write 2 or 5"});
  } else if (name == "nfreqs") {
    check(whole && given >= 2 && given <= 10000, "a whole number from 2 to 10000");
    options.harmonics = static_cast<int>(given);
  } else if (name == "max_steps") {
    check(whole && given >= 1 && given <= 1e15, "a whole number from 1 on");
    options.max_steps = static_cast<std::uint64_t>(given);
  } else if (name == "maxrows") {
    check(whole && given >= 1, "a whole number from 1 on");
    options.max_rows = given;
  } else if (name == "seed") {
    check(whole && given >= 0 && given <= 1e15, "a whole number from 0 on, or 'random'");
    options.seed = static_cast<std::uint64_t>(given);
  } else if (name == "temp" || name == "tnom") {
    check(given > absolute_zero, "above -273.15 degrees Celsius");
    (name == "temp" ? options.temperature : options.nominal_temperature) = given;
  } else {
    check(given > 0, "greater than 0");
    if (name == "vntol") options.vntol = given;
    if (name == "abstol") options.abstol = given;
    if (name == "statetol") options.statetol = given;
    if (name == "maxstep") card.elaboration.transients.max_step = given;
    if (name == "initial_interval") {
      card.elaboration.transients.output_interval = given;
      card.elaboration.transients.interval_at = value_at;
      if (!card.reader.at_end() && !card.reader.at_assignment())
        throw Problem{card.reader.peek().text, "memspice does not change the interval of rows during a run"};
    }
  }
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
      const OptionDescription* known = find_option(here);
      if (!known)
        throw Problem{at, fmt::format("unknown option '{}'", at), did_you_mean(name, option_names())};
      option(card, at, known->name);
      // Xyce's absolute tolerance holds for all unknowns.
      if (group && name == "abstol") card.circuit.options.statetol = card.circuit.options.vntol;
    });
}

void apply_options_to_transients(Elaboration& elaboration) {
  for (AnalysisCard& card : elaboration.circuit.analyses) {
    auto* transient = std::get_if<TransientCard>(&card);
    if (!transient) continue;
    transient->max_step = std::min(transient->max_step, elaboration.transients.max_step);
    if (elaboration.transients.output_interval > 0)
      elaboration.attempt([&] { apply_output_interval(elaboration, *transient); });
  }
  if (elaboration.transients.output_interval > 0) elaboration.circuit.options.interp = true;
}

}  // namespace memspice
