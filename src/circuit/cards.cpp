#include "circuit/cards.hpp"

#include <algorithm>

#include "circuit/elaborator.hpp"

namespace memspice {
namespace {

// What memspice does not do. Cards that come later are without an explanation.
constexpr ForeignCard foreign_cards[] = {
    {".ac"},   {".dc"},     {".noise"},   {".tf"},      {".sens"},    {".four"}, {".step"},
    {".mc"},   {".temp"},   {".measure"}, {".meas"},    {".lib"},     {".endl"}, {".if"},
    {".else"}, {".elseif"}, {".endif"},   {".control"}, {".endc"},    {".pz"},   {".disto"},
    {".pss"},  {".data"},   {".alter"},   {".width"},   {".machine"}, {".ns"},
};

}  // namespace

// One row a card: what the reference says about it, and what reads it. A card without a reader is a
// definition that collect_definitions() has read.
std::span<const Elaborator::CardKind> Elaborator::card_kinds() {
  using E = Elaborator;
  static constexpr CardKind kinds[] = {
      {{".param", "", "name=value …", "define parameters", true}, nullptr},
      {{".func", "", "name(a, b) {expression}", "define a function", true}, nullptr},
      {{".model", "", "name type(parameter=value …)", "define a model", true}, nullptr},
      {{".subckt", "", "name pins… [params:] [parameter=default …]", "begin a subcircuit", true}, nullptr},
      {{".ends", "", "[name]", "end a subcircuit", true}, nullptr},
      {{".global", "", "node…", "nodes that all subcircuits share", true}, nullptr},
      {{".include", ".inc", "file", "read another file here", true}, nullptr},
      {{".title", "", "text", "replaces the first line as the title"}, &E::title},
      {{".end", "", "", "end of the deck"}, nullptr},
      {{".csparam", "", "name=value", "a parameter for scripts: checked, nothing else"},
       &E::script_parameter},
      {{".options", ".option .opt", "name[=value] …", "tolerances and switches"}, &E::options},
      {{".ic", "", "v(node)=V … w(memristor)=value …", "initial voltages and states", true},
       &E::initial_conditions},
      {{".nodeset", "", "v(node)=V …", "first guesses for the operating point", true}, &E::node_sets},
      {{".op", "", "", "operating point"}, &E::operating_point},
      {{".tran", "", "tstep tstop [tstart [tmax]] [uic] | tstop", "transient"}, &E::transient},
      {{".save", ".probe", "vector…", "which vectors are written"}, &E::save},
      {{".print", ".plot", "[analysis] vector…", "the same, and a table on standard output"}, &E::print},
      {{".network", "", "[file=base]", "the graph of a memristive network"}, &E::network},
      {{".omega", "", "[tol=1e-4]", "integrate the closed form beside every .tran"}, &E::omega},
      {{".invariants", "", "", "watch the conservation laws along every .tran"}, &E::invariants},
      {{".functional", "", "", "the Lyapunov function along every .tran"}, &E::functional},
      {{".fixedpoint", "", "[tol=1e-9] [from=op|end]", "solve dw/dt = 0"}, &E::fixed_point},
      {{".eigen", "", "[at=op|fixed|end]", "eigenvalues of the linearised circuit"}, &E::eigen},
  };
  return kinds;
}

std::vector<CardDescription> card_descriptions() {
  return Elaborator::describe_cards();
}

std::vector<CardDescription> Elaborator::describe_cards() {
  std::vector<CardDescription> descriptions;
  for (const CardKind& kind : card_kinds()) descriptions.push_back(kind.description);
  return descriptions;
}

const ForeignCard* find_foreign_card(std::string_view name) {
  const auto found = std::ranges::find(foreign_cards, name, &ForeignCard::name);
  return found == std::end(foreign_cards) ? nullptr : found;
}

std::vector<std::string_view> card_names() {
  std::vector<std::string_view> names;
  for (const CardDescription& card : card_descriptions()) {
    names.push_back(card.name);
    for_each_alias(card.aliases, [&](std::string_view alias) { names.push_back(alias); });
  }
  for (const ForeignCard& card : foreign_cards) names.push_back(card.name);
  return names;
}

}  // namespace memspice
