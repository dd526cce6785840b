#include "netlist/cards/table.hpp"

#include <algorithm>

#include "netlist/elaborator.hpp"

namespace memspice {
namespace {

constexpr std::string_view of_steps = "write .step, which repeats the analyses";
constexpr std::string_view of_analyses = "memspice has no analysis of this kind";
constexpr std::string_view of_files = "memspice keeps no such file";
constexpr std::string_view of_listing = "memspice writes no listing";
constexpr std::string_view of_digital = "there are no digital devices";
constexpr std::string_view of_samples = "write .mc, which repeats the analyses with new random numbers";
constexpr bool harmless = true;

// What memspice does not do.
constexpr ForeignCard foreign_cards[] = {
    // ngspice
    {".pz", "write .eigen, which gives the poles"},
    {".disto", of_analyses},
    {".pss", of_analyses},
    {".sp", of_analyses},
    {".width", of_listing, harmless},
    {".hb", of_analyses},
    // LTspice
    {".wave", "memspice writes no .wav files", harmless},
    {".net", "memspice computes no network parameters", harmless},
    {".machine", "memspice has no state machines"},
    {".savebias", of_files, harmless},
    {".loadbias", "operating points are computed anew", harmless},
    {".loadstate", of_files},
    {".savestate", of_files, harmless},
    {".ferret", "memspice downloads nothing", harmless},
    {".fra", of_analyses},
    {".text", of_digital},
    // HSPICE
    {".alter", of_steps},
    {".data", of_steps},
    {".enddata", of_steps},
    {".del", "leave the other library out"},
    {".connect", "give the two nodes one name"},
    {".optim", "memspice does not optimise"},
    {".lin", of_analyses},
    {".malias", "write another .model"},
    {".hdl", "memspice reads no Verilog-A"},
    {".vec", of_digital},
    {".biaschk", "memspice checks no limits", harmless},
    {".graph", of_listing, harmless},
    // Xyce
    {".preprocess", "'gnd' is ground, and nothing is removed or added", harmless},
    {".result", "use .measure", harmless},
    {".sampling", of_samples},
    {".embeddedsampling", of_samples},
    {".pce", of_samples},
    {".mpde", of_analyses},
    {".fft", "memspice has .four", harmless},
    // PSpice
    {".stimulus", "write the waveform behind its source"},
    {".stimlib", "write the waveform behind its source"},
    {".distribution", of_samples},
    {".wcase", "write .sens or .mc"},
    {".watch", of_listing, harmless},
    {".vector", of_digital, harmless},
    {".autoconverge", "the solver chooses its own steps", harmless},
    {".aliases", "elements have one name", harmless},
    {".endaliases", "elements have one name", harmless},
};

}  // namespace

// One row a card: what the reference says about it, and what reads it. A card without a reader is a
// definition that collect_definitions() has read.
std::span<const Elaborator::CardKind> Elaborator::card_kinds() {
  using E = Elaborator;
  static constexpr CardKind kinds[] = {
      {{".param", ".params .parameter .parameters .global_param", "name=value …", "define parameters", true},
       nullptr},
      {{".func", "", "name(a, b) {expression}", "define a function", true}, nullptr},
      {{".model", "", "name type(parameter=value …)", "define a model", true}, nullptr},
      {{".subckt", ".macro", "name pins… [params:] [parameter=default …]", "begin a subcircuit", true},
       nullptr},
      {{".ends", ".eom", "[name]", "end a subcircuit", true}, nullptr},
      {{".global", "", "node…", "nodes that all subcircuits share", true}, nullptr},
      {{".include", ".inc .incl", "file", "read another file here", true}, nullptr},
      {{".lib", "", "file section | file | section … .endl", "read a section of a library, or define one",
        true},
       nullptr},
      {{".endl", "", "[section]", "end a library section", true}, nullptr},
      {{".if", "", "(expression)", "read what follows only if this is not 0", true}, nullptr},
      {{".elseif", "", "(expression)", "otherwise, if this is not 0", true}, nullptr},
      {{".else", "", "", "otherwise", true}, nullptr},
      {{".endif", "", "", "end of what .if began", true}, nullptr},
      {{".control", "", "", "ngspice's commands, of which those run that mean the same as a card"}, nullptr},
      {{".endc", "", "", "end of the commands"}, &E::stray_end},
      {{".title", "", "text", "replaces the first line as the title"}, &E::title},
      {{".end", "", "", "end of the deck"}, nullptr},
      {{".csparam", "", "name=value", "a parameter for scripts: checked, nothing else"},
       &E::script_parameter},
      {{".backanno", ".protect .unprotect .prot .unprot", "",
        "accepted, without effect: for schematics and editors", true},
       &E::ignored},
      {{".options", ".option .opt", "name[=value] …", "tolerances and switches"}, &E::options, true},
      {{".ic", ".dcvolt", "v(node)=V … w(memristor)=value …", "initial voltages and states", true},
       &E::initial_conditions},
      {{".nodeset", "", "v(node)=V …", "first guesses for the operating point", true}, &E::node_sets},
      {{".op", "", "", "operating point"}, &E::operating_point},
      {{".tran", "", "tstep tstop [tstart [tmax]] [uic] | tstop", "transient"}, &E::transient},
      {{".dc", "", "[dec|oct] source first last step … | source list value …",
        "DC values swept: sources, temp, parameters, elements, @element[parameter]; the first one fastest"},
       &E::dc},
      {{".ac", "", "dec|oct|lin number first last | list f…", "small-signal analysis over frequencies"},
       &E::ac},
      {{".tf", "", "v(node[,node])|i(source) source", "transfer function and resistances at 0 Hz"},
       &E::transfer_function},
      {{".sens", "", "v(node[,node])|i(source) [ac dec|oct|lin number first last]",
        "sensitivity to every parameter"},
       &E::sensitivity},
      {{".noise", "", "v(node[,node]) source dec|oct|lin number first last [points]",
        "noise over frequencies"},
       &E::noise},
      {{".step", "", "[dec|oct] name first last step | name list value … | param name …",
        "run all analyses for each of these values; several cards nest, the first one fastest"},
       &E::step},
      {{".temp", "", "temperature …", "temperature in degrees Celsius; several: all analyses for each"},
       &E::temperatures,
       true},
      {{".mc", "", "runs [seed=number]", "run all analyses with new random numbers each time"},
       &E::monte_carlo,
       true},
      {{".save", ".probe", "vector…", "which vectors are written"}, &E::save},
      {{".print", ".plot", "[analysis] vector|expression … [format=csv] [file=name]",
        "a table on standard output or in a file"},
       &E::print},
      {{".measure", ".meas", "[analysis] name form …", "one number out of the rows of an analysis"},
       &E::measure},
      {{".four", "", "frequency [harmonics [periods]] vector …",
        "harmonics over the last periods of every .tran"},
       &E::fourier},
      {{".network", "", "[file=base]", "the graph of a memristive network"}, &E::network},
      {{".omega", "", "[tol=1e-4]", "integrate the closed form beside every .tran"}, &E::omega},
      {{".invariants", "", "", "watch the conservation laws along every .tran"}, &E::invariants},
      {{".functional", "", "", "the Lyapunov function along every .tran"}, &E::functional},
      {{".fixedpoint", "", "[tol=1e-9] [from=op|end]", "solve dw/dt = 0"}, &E::fixed_point},
      {{".eigen", "", "[at=op|fixed|end]", "eigenvalues of the linearised circuit"}, &E::eigen},
  };
  return kinds;
}

const Elaborator::CardKind* Elaborator::find_card(std::string_view name) {
  for (const CardKind& kind : card_kinds()) {
    bool is_this = kind.description.name == name;
    for_each_alias(kind.description.aliases, [&](std::string_view alias) { is_this |= alias == name; });
    if (is_this) return &kind;
  }
  return nullptr;
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
