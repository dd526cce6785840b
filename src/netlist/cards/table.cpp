#include "netlist/cards/table.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/spelling.hpp"
#include "netlist/dialects/foreign_cards.hpp"

namespace memspice {

// Each in the file of its card.
void refuse_stray_end(CardContext& card);
void read_title(CardContext& card);
void read_csparam(CardContext& card);
void ignore_card(CardContext& card);
void read_options(CardContext& card);
void read_ic(CardContext& card);
void read_nodeset(CardContext& card);
void read_step(CardContext& card);
void read_temp(CardContext& card);
void read_mc(CardContext& card);
void read_save(CardContext& card);
void read_print(CardContext& card);
void read_data(CardContext& card);

namespace {

constexpr CardGroup definitions = CardGroup::definitions, settings = CardGroup::settings,
                    repetitions = CardGroup::repetitions, outputs = CardGroup::outputs;
constexpr bool anywhere = true;  // in subcircuits too
constexpr bool early = true;

// clang-format off
constexpr CardKind card_rows[] = {
    {{".param", ".params .parameter .parameters .global_param", "name=value …", "define parameters", anywhere}, definitions},
    {{".func", "", "name(a, b) {expression}", "define a function", anywhere}, definitions},
    {{".model", "", "name type(parameter=value …)", "define a model", anywhere}, definitions},
    {{".subckt", ".macro", "name pins… [params:] [parameter=default …]", "begin a subcircuit", anywhere}, definitions},
    {{".ends", ".eom", "[name]", "end a subcircuit", anywhere}, definitions},
    {{".global", "", "node…", "nodes that all subcircuits share", anywhere}, definitions},
    {{".edges", "", "file model [name=text] [source='waveform'] [parameter=value …]", "a memristor for every line of a file, with a source in series or without", anywhere}, definitions},
    {{".include", ".inc .incl", "file", "read another file here", anywhere}, definitions},
    {{".lib", "", "file section | file | section … .endl", "read a section of a library, or define one", anywhere}, definitions},
    {{".endl", "", "[section]", "end a library section", anywhere}, definitions},
    {{".if", "", "(expression)", "read what follows only if this is not 0", anywhere}, definitions},
    {{".elseif", "", "(expression)", "otherwise, if this is not 0", anywhere}, definitions},
    {{".else", "", "", "otherwise", anywhere}, definitions},
    {{".endif", "", "", "end of what .if began", anywhere}, definitions},
    {{".control", "", "", "ngspice's commands, of which those run that mean the same as a card"}, definitions},
    {{".endc", "", "", "end of the commands"}, definitions, refuse_stray_end},
    {{".title", "", "text", "replaces the first line as the title"}, definitions, read_title},
    {{".end", "", "", "end of the deck"}, definitions},
    {{".csparam", "", "name=value", "a parameter for scripts: checked, nothing else"}, definitions, read_csparam},
    {{".backanno", ".protect .unprotect .prot .unprot", "", "accepted, without effect: for schematics and editors", anywhere}, definitions, ignore_card},
    {{".options", ".option .opt", "name[=value] …", "tolerances and switches"}, settings, read_options, early},
    {{".ic", ".dcvolt", "v(node)=V … w(memristor)=value …", "initial voltages and states", anywhere}, settings, read_ic},
    {{".nodeset", "", "v(node)=V …", "first guesses for the operating point", anywhere}, settings, read_nodeset},
    {{".step", "", "[dec|oct] name first last step | name list value … | param name …",
      "run all analyses for each of these values; several cards nest, the first one fastest"}, repetitions, read_step},
    {{".temp", "", "temperature …", "temperature in degrees Celsius; several: all analyses for each"}, repetitions, read_temp, early},
    {{".mc", "", "runs [seed=number]", "run all analyses with new random numbers each time"}, repetitions, read_mc, early},
    {{".data", "", "name parameter… value… .enddata", "a table of values of parameters, a row a point: .step data=name"}, repetitions, read_data},
    {{".enddata", "", "", "end of the table"}, repetitions, refuse_stray_end},
    {{".save", ".probe .probe/csdf .probe64", "vector…", "which vectors are written"}, outputs, read_save},
    {{".print", ".plot", "[analysis] vector|expression … [format=csv] [file=name]", "a table on standard output or in a file"}, outputs, read_print},
};
// clang-format on

bool sweeps_temperature(const ElaborateOptions& options) {
  return std::ranges::any_of(
      options.swept, [](const SweptValue& swept) { return swept.target == Sweep::Target::temperature; });
}

}  // namespace

CardTable card_table(std::span<const CardKind* const> added) {
  return {card_rows, added};
}

std::vector<CardDescription> card_descriptions() {
  std::vector<CardDescription> descriptions;
  const CardTable cards = card_table(standard_analyses());
  for (const CardKind* kind : cards.kinds()) descriptions.push_back(kind->description);
  return descriptions;
}

std::vector<std::string_view> card_names(const CardTable& cards) {
  std::vector<std::string_view> names;
  for (const CardKind* kind : cards.kinds()) {
    names.push_back(kind->description.name);
    for_each_alias(kind->description.aliases, [&](std::string_view alias) { names.push_back(alias); });
  }
  for (const ForeignCard& card : foreign_cards()) names.push_back(card.name);
  return names;
}

bool passes_over(Elaboration& elaboration, const std::string& name) {
  using Cards = ElaborateOptions::Cards;
  const ElaborateOptions& options = elaboration.options;
  const CardKind* const kind = elaboration.cards.find(name);
  if (options.cards == Cards::all || !kind) return false;
  if (kind->group == CardGroup::analyses || kind->group == CardGroup::network) {
    if (options.cards != Cards::no_analyses || kind->adds_elements) return false;
    if (kind->analysis) elaboration.outputs.analyses.insert(kind->analysis);  // .print and .measure ask
    return true;
  }
  if (kind->group != CardGroup::repetitions) return false;
  // A single temperature is that of all points, and a seed that of all runs.
  return !kind->early || (kind->read == read_temp && sweeps_temperature(options));
}

void read_card(CardContext& card, const std::string& name) {
  Elaboration& elaboration = card.elaboration;
  if (const CardKind* kind = elaboration.cards.find(name)) {
    if (card.scope.caller && !kind->description.in_subcircuits)
      throw Problem{card.at, fmt::format("'{}' must stand outside of subcircuits", card.at)};
    if (kind->analysis) elaboration.outputs.analyses.insert(kind->analysis);
    if (kind->read) kind->read(card);
    return;
  }
  const ForeignCard* foreign = find_foreign_card(name);
  if (!foreign)
    throw Problem{card.at, fmt::format("unknown card '{}'", card.at),
                  did_you_mean(name, card_names(elaboration.cards))};
  if (name == ".preprocess") {
    elaboration.dialect.xyce_at = card.at;
    elaboration.dialect.replaces_ground |= card.reader.accept_word("replaceground");
  }
  if (foreign->harmless)
    return card.messages.warning(
        {card.at, fmt::format("'{}' does nothing in memspice", card.at), std::string(foreign->why)});
  throw Problem{card.at, fmt::format("memspice does not have '{}'", card.at), std::string(foreign->why)};
}

}  // namespace memspice
