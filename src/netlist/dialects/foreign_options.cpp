#include "netlist/dialects/foreign_options.hpp"

#include <algorithm>

#include "base/spelling.hpp"

namespace memspice {
namespace {

// clang-format off
constexpr ForeignOptions foreign[] = {
    {"trtol chgtol lvltim xmu ltereltol lteabstol trabstol bypass newtrunc minord fast accurate runlvl "
     "relq absq relvar absvar imax imin slopetol timeres dvdt fs ft conststep erroption newlte "
     "newbpstepping mu trapratio mindeltagmin minbreak minclocks maxclocks nlnearconv dcstep",
     "IDA chooses order and step itself; use reltol and maxord"},
    {"itl1 itl2 itl3 itl4 itl5 itl6 gminsteps srcsteps srcstepmethod gminfactor noopiter noopalter "
     "maxopalter maxeviter noopac convergence converge convabsstep convstep dcon dyngmin stepgmin "
     "ptrantau dptran dampst rhstol deltaxtol nox in_forcing relv reli relmos absmos epsmin dvtol "
     "debugtran advconv",
     "Newton's limits are chosen by the solver"},
    {"pivtol pivrel pivot klu sparse ptranmax", "pivoting and the choice of the solver are automatic"},
    {"gshunt gmindc rshunt rseries gfarad", "memspice adds no conductances"},
    {"cshunt cshuntintern", "memspice adds no capacitors"},
    {"ramptime", "sources start at once"},
    {"acct noacct list node opts nopage nomod noinit numdgt measdgt measfall measfile meascplxfmt "
     "limpts plotwinsize plotreltol plotvntol plotabstol warn maxwarns warnlimit post post_version "
     "probe keepopinfo brief ingold co lislvl opfile unwrap expand library nobias noecho nooutmsg "
     "noprbmsg nosave nomarch fastaccess topologycheck baudrate delay flagloads indverbosity altchk "
     "badchr diagnostic statfl search printheader printfooter add_stepnum_col phase_output_radians",
     "memspice writes no listing and no file of this kind"},
    {"filetype csdf artist psf cds", "the suffix of the output file chooses its format"},
    {"scale scalm defpd defps defnrd defnrs defm badmos3 oldlimit trytocompact "
     "vzero wl dcap",
     "give sizes on the cards of the transistors"},
    {"seedinfo", "the report names the seed"},
    {"cptime cpu_limit", "there is no limit of the run time"},
    {"autostop", "a run ends at its stop time"},
    {"fourgridsize polydegree", ".four integrates exactly, without a grid"},
    {"threads num_threads mt", "the option --threads of the command line says how many"},
    {"distribution monte_con", "write .mc, which repeats the analyses with new random numbers"},
    {"parhier", "a name is looked for where the instance stands, and so on up to the top level"},
};

constexpr OptionGroup groups[] = {
    {"timeint", "", "reltol abstol:vntol maxord method delmax:maxstep",
     "IDA chooses order and step itself; use reltol and maxord"},
    {"nonlin", "nonlin-tran nonlin-hb", "", "Newton's limits are chosen by the solver"},
    {"linsol", "linsol-hb linsol-ac", "", "pivoting and the choice of the solver are automatic"},
    {"device", "", "temp tnom gmin", "memspice's devices have no options of their own"},
    {"output", "", "initial_interval", "memspice writes the rows of .tran"},
    {"measure", "", "", "what .measure gives is not rounded"},
    {"parser", "", "", "a deck is read in one way only"},
    {"loca", "", "", "memspice follows no solutions"},
    {"restart", "", "", "memspice keeps no checkpoints"},
    {"sensitivity", "", "", "write .sens"},
    {"samples", "embeddedsamples pces", "", "write .mc, which repeats the analyses with new random numbers"},
    {"hbint", "", "", "memspice has no harmonic balance"},
    {"fft", "", "", "memspice has .four"},
    {"dist", "parallel", "", "elements are not distributed"},
    {"diagnostic", "", "", "memspice --verbose says what the solvers do"},
};
// clang-format on

bool in_list(std::string_view words, std::string_view word) {
  bool found = false;
  for_each_alias(words, [&](std::string_view known) { found |= known == word; });
  return found;
}

}  // namespace

std::span<const ForeignOptions> foreign_options() {
  return foreign;
}

const ForeignOptions* find_foreign_option(std::string_view name) {
  const auto found =
      std::ranges::find_if(foreign, [name](const ForeignOptions& o) { return in_list(o.names, name); });
  return found == std::end(foreign) ? nullptr : found;
}

std::span<const OptionGroup> option_groups() {
  return groups;
}

const OptionGroup* find_option_group(std::string_view name) {
  const auto found = std::ranges::find_if(
      groups, [name](const OptionGroup& g) { return g.name == name || in_list(g.aliases, name); });
  return found == std::end(groups) ? nullptr : found;
}

std::string_view name_in_group(const OptionGroup& group, std::string_view name) {
  std::string_view here;
  for_each_alias(group.options, [&](std::string_view pair) {
    const std::size_t colon = pair.find(':');
    if (pair.substr(0, colon) == name) here = colon == std::string_view::npos ? pair : pair.substr(colon + 1);
  });
  return here;
}

}  // namespace memspice
