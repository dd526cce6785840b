#include "devices/diodes/diode_parameters.hpp"

namespace memspice {

// clang-format off
std::vector<ParameterDescription> diode_parameters() {
  return {
      {.name = "is", .unit = "A", .default_value = 1e-14, .minimum = 0, .help = "saturation current", .aliases = {"js"}},
      {.name = "jsw", .unit = "A", .default_value = 0, .minimum = 0, .help = "saturation current of the sidewall", .aliases = {"isw"}},
      {.name = "isr", .unit = "A", .default_value = 0, .minimum = 0, .help = "saturation current of recombination"},
      {.name = "jtun", .unit = "A", .default_value = 0, .minimum = 0, .help = "saturation current of tunnelling"},
      {.name = "jtunsw", .unit = "A", .default_value = 0, .minimum = 0, .help = "saturation current of tunnelling at the sidewall"},
      {.name = "n", .unit = "1", .default_value = 1, .minimum = 0, .minimum_allowed = false, .help = "emission coefficient"},
      {.name = "ns", .unit = "1", .minimum = 0, .minimum_allowed = false, .help = "emission coefficient of the sidewall; n unless given"},
      {.name = "nr", .unit = "1", .default_value = 2, .minimum = 0, .minimum_allowed = false, .help = "emission coefficient of recombination"},
      {.name = "ntun", .unit = "1", .default_value = 30, .minimum = 0, .minimum_allowed = false, .help = "emission coefficient of tunnelling"},
      {.name = "rs", .unit = "ohm", .default_value = 0, .minimum = 0, .help = "series resistance"},
      {.name = "tt", .unit = "s", .default_value = 0, .minimum = 0, .help = "transit time"},
      {.name = "cjo", .unit = "F", .default_value = 0, .minimum = 0, .help = "junction capacitance at 0 V", .aliases = {"cj0", "cj"}},
      {.name = "vj", .unit = "V", .default_value = 1, .minimum = 0, .minimum_allowed = false, .help = "built-in potential", .aliases = {"pb"}},
      {.name = "mj", .unit = "1", .default_value = 0.5, .minimum = 0, .help = "grading coefficient", .aliases = {"m"}},
      {.name = "cjsw", .unit = "F", .default_value = 0, .minimum = 0, .help = "capacitance of the sidewall at 0 V", .aliases = {"cjp"}},
      {.name = "vjsw", .unit = "V", .default_value = 1, .minimum = 0, .minimum_allowed = false, .help = "built-in potential of the sidewall", .aliases = {"php"}},
      {.name = "mjsw", .unit = "1", .default_value = 0.33, .minimum = 0, .help = "grading coefficient of the sidewall"},
      {.name = "fc", .unit = "1", .default_value = 0.5, .minimum = 0, .maximum = 0.95, .help = "part of vj up to which the formula of the depletion holds"},
      {.name = "fcs", .unit = "1", .default_value = 0.5, .minimum = 0, .maximum = 0.95, .help = "the same of the sidewall"},
      {.name = "ikf", .unit = "A", .minimum = 0, .help = "current of the knee of high injection", .aliases = {"ik"}},
      {.name = "ikr", .unit = "A", .minimum = 0, .help = "the same of the reverse current"},
      {.name = "bv", .unit = "V", .minimum = 0, .help = "reverse breakdown voltage", .aliases = {"vb", "vrb", "var"}},
      {.name = "ibv", .unit = "A", .default_value = 1e-3, .minimum = 0, .help = "current at bv", .aliases = {"ib"}},
      {.name = "nbv", .unit = "1", .minimum = 0, .minimum_allowed = false, .help = "emission coefficient of the breakdown; n unless given", .aliases = {"nz"}},
      {.name = "ibvl", .unit = "A", .default_value = 0, .minimum = 0, .help = "current at bv of the breakdown at low currents"},
      {.name = "nbvl", .unit = "1", .default_value = 1, .minimum = 0, .minimum_allowed = false, .help = "its emission coefficient"},
      {.name = "eg", .unit = "eV", .default_value = 1.11, .minimum = 0, .help = "activation energy of is"},
      {.name = "xti", .unit = "1", .default_value = 3, .help = "temperature exponent of is"},
      {.name = "xtitun", .unit = "1", .default_value = 3, .help = "temperature exponent of jtun"},
      {.name = "keg", .unit = "1", .default_value = 1, .help = "factor of eg for jtun"},
      {.name = "trs1", .unit = "1/K", .default_value = 0, .help = "temperature coefficient of rs", .aliases = {"trs"}},
      {.name = "trs2", .unit = "1/K^2", .default_value = 0, .help = "second temperature coefficient of rs"},
      {.name = "ttt1", .unit = "1/K", .default_value = 0, .help = "temperature coefficient of tt"},
      {.name = "ttt2", .unit = "1/K^2", .default_value = 0, .help = "second temperature coefficient of tt"},
      {.name = "tm1", .unit = "1/K", .default_value = 0, .help = "temperature coefficient of mj"},
      {.name = "tm2", .unit = "1/K^2", .default_value = 0, .help = "second temperature coefficient of mj"},
      {.name = "tikf", .unit = "1/K", .default_value = 0, .help = "temperature coefficient of ikf (PSpice)"},
      {.name = "tcv", .unit = "V/K", .default_value = 0, .help = "what bv loses with temperature; times bv, in 1/K, with tlev=1"},
      {.name = "tbv1", .unit = "1/K", .default_value = 0, .help = "temperature coefficient of bv (PSpice)"},
      {.name = "tbv2", .unit = "1/K^2", .default_value = 0, .help = "second temperature coefficient of bv (PSpice)"},
      {.name = "tlev", .unit = "1", .default_value = 0, .minimum = 0, .maximum = 2, .help = "what tcv means"},
      {.name = "tlevc", .unit = "1", .default_value = 0, .minimum = 0, .maximum = 1, .help = "1: capacitances and potentials follow cta, ctp, tpb, tphp"},
      {.name = "cta", .unit = "1/K", .default_value = 0, .help = "temperature coefficient of cjo", .aliases = {"ctc"}},
      {.name = "ctp", .unit = "1/K", .default_value = 0, .help = "temperature coefficient of cjsw"},
      {.name = "tpb", .unit = "V/K", .default_value = 0, .help = "what vj loses with temperature", .aliases = {"tvj"}},
      {.name = "tphp", .unit = "V/K", .default_value = 0, .help = "what vjsw loses with temperature"},
      {.name = "kf", .unit = "1", .default_value = 0, .minimum = 0, .help = "flicker noise coefficient"},
      {.name = "af", .unit = "1", .default_value = 1, .help = "flicker noise exponent"},
      {.name = "area", .unit = "1", .default_value = 1, .minimum = 0, .minimum_allowed = false, .help = "how many times as large as its model"},
      {.name = "pj", .unit = "1", .default_value = 0, .minimum = 0, .help = "perimeter, how many times that of jsw and cjsw", .aliases = {"perim"}},
      {.name = "coxide", .unit = "F", .default_value = 0, .minimum = 0, .help = "constant capacitance beside the junction"},
      {.name = "off", .unit = "1", .default_value = 0, .help = "not conducting where the operating point is searched first", .flag = true},
      {.name = "ic", .unit = "V", .help = "voltage of the junction where .tran … uic begins"},
      {.name = "tnom", .unit = "C", .minimum = -273.15, .help = "temperature at which the parameters hold; .options tnom unless given", .aliases = {"tref", "t_measured"}},
      {.name = "temp", .unit = "C", .minimum = -273.15, .help = "temperature; the circuit's unless given", .aliases = {"t_abs"}},
      {.name = "gmin", .unit = "S", .minimum = 0, .help = "conductance across the junction; .options gmin unless given"},
      {.name = "copies", .unit = "1", .default_value = 1, .minimum = 0, .minimum_allowed = false, .help = "number of copies side by side", .on_element = "m"},
  };
}

std::vector<ParameterDescription> diode_card_parameters() {
  return {
      {.name = "dtemp", .unit = "K", .default_value = 0, .help = "added to the circuit's temperature", .aliases = {"trise"}},
      {.name = "l", .unit = "m", .minimum = 0, .help = "length; of level 3"},
      {.name = "w", .unit = "m", .minimum = 0, .help = "width; of level 3, area=l w and pj=2(l+w)"},
      {.name = "lm", .unit = "m", .default_value = 0, .minimum = 0, .help = "length of the metal above; of level 3"},
      {.name = "wm", .unit = "m", .default_value = 0, .minimum = 0, .help = "its width"},
      {.name = "lp", .unit = "m", .default_value = 0, .minimum = 0, .help = "length of the polysilicon above; of level 3"},
      {.name = "wp", .unit = "m", .default_value = 0, .minimum = 0, .help = "its width"},
      {.name = "xom", .unit = "Å", .default_value = 1e4, .minimum = 0, .minimum_allowed = false, .help = "thickness of the oxide below the metal"},
      {.name = "xoi", .unit = "Å", .default_value = 1e4, .minimum = 0, .minimum_allowed = false, .help = "thickness of the oxide below the polysilicon"},
      {.name = "xm", .unit = "m", .default_value = 0, .help = "added to the lengths of the metal"},
      {.name = "xp", .unit = "m", .default_value = 0, .help = "added to the lengths of the polysilicon"},
  };
}
// clang-format on

}  // namespace memspice
