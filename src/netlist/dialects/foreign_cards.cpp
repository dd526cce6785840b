#include "netlist/dialects/foreign_cards.hpp"

#include <algorithm>

namespace memspice {
namespace {

constexpr std::string_view of_steps = "write .step, which repeats the analyses";
constexpr std::string_view of_analyses = "memspice has no analysis of this kind";
constexpr std::string_view of_files = "memspice keeps no such file";
constexpr std::string_view of_listing = "memspice writes no listing";
constexpr std::string_view of_digital = "there are no digital devices";
constexpr std::string_view of_samples = "write .mc, which repeats the analyses with new random numbers";
constexpr bool harmless = true;

constexpr ForeignCard foreign_rows[] = {
    // ngspice
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

std::span<const ForeignCard> foreign_cards() {
  return foreign_rows;
}

const ForeignCard* find_foreign_card(std::string_view name) {
  const auto found = std::ranges::find(foreign_rows, name, &ForeignCard::name);
  return found == std::end(foreign_rows) ? nullptr : found;
}

}  // namespace memspice
