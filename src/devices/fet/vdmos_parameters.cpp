#include "devices/fet/vdmos_parameters.hpp"

namespace memspice {

// clang-format off
std::vector<ParameterDescription> vdmos_parameters() {
  return {
      {.name = "pchan", .unit = "1", .default_value = 0, .minimum = 0, .maximum = 1, .help = "p-channel", .flag = true},
      {.name = "vto", .unit = "V", .default_value = 0, .help = "threshold voltage, negative for p-channel", .aliases = {"vth0", "vt0"}},
      {.name = "kp", .unit = "A/V^2", .default_value = 1, .minimum = 0, .help = "transconductance parameter"},
      {.name = "lambda", .unit = "1/V", .default_value = 0, .help = "channel length modulation"},
      {.name = "theta", .unit = "1/V", .default_value = 0, .minimum = 0, .help = "how mobility falls with the voltage of the gate"},
      {.name = "phi", .unit = "V", .default_value = 0.6, .minimum = 0, .minimum_allowed = false, .help = "surface potential; changes nothing"},
      {.name = "mtriode", .unit = "1", .default_value = 1, .minimum = 0, .minimum_allowed = false, .help = "factor of the conductance in the triode region"},
      {.name = "subshift", .unit = "V", .default_value = 0, .help = "shift of weak inversion along the gate's voltage"},
      {.name = "ksubthres", .unit = "V", .default_value = 0.1, .minimum = 0, .help = "slope of weak inversion: volt for a factor of e; 0: none"},
      {.name = "rd", .unit = "ohm", .default_value = 0, .minimum = 0, .help = "resistance of the drain"},
      {.name = "rs", .unit = "ohm", .default_value = 0, .minimum = 0, .help = "resistance of the source"},
      {.name = "rg", .unit = "ohm", .default_value = 0, .minimum = 0, .help = "resistance of the gate"},
      {.name = "rds", .unit = "ohm", .default_value = 1e15, .minimum = 0, .minimum_allowed = false, .help = "resistance between drain and source"},
      {.name = "rq", .unit = "ohm", .help = "how much rd grows in quasi-saturation; needs vq and rd"},
      {.name = "vq", .unit = "V", .help = "voltage of the transistor at which half of rq has come"},
      {.name = "cgdmin", .unit = "F", .default_value = 0, .minimum = 0, .help = "least capacitance of gate and drain"},
      {.name = "cgdmax", .unit = "F", .default_value = 0, .minimum = 0, .help = "greatest capacitance of gate and drain"},
      {.name = "a", .unit = "1/V", .default_value = 1, .minimum = 0, .minimum_allowed = false, .help = "steepness of the capacitance of gate and drain"},
      {.name = "cgs", .unit = "F", .default_value = 0, .minimum = 0, .help = "capacitance of gate and source"},
      {.name = "is", .unit = "A", .default_value = 1e-14, .minimum = 0, .help = "saturation current of the body diode"},
      {.name = "n", .unit = "1", .default_value = 1, .minimum = 0, .minimum_allowed = false, .help = "emission coefficient of the body diode"},
      {.name = "rb", .unit = "ohm", .default_value = 0, .minimum = 0, .help = "resistance of the body diode"},
      {.name = "cjo", .unit = "F", .default_value = 0, .minimum = 0, .help = "capacitance of the body diode at 0 V", .aliases = {"cj0"}},
      {.name = "vj", .unit = "V", .default_value = 0.8, .minimum = 0, .minimum_allowed = false, .help = "built-in potential of the body diode"},
      {.name = "m", .unit = "1", .default_value = 0.5, .minimum = 0, .help = "grading coefficient of the body diode", .aliases = {"mj"}},
      {.name = "fc", .unit = "1", .default_value = 0.5, .minimum = 0, .maximum = 0.95, .help = "part of vj up to which the formula of the depletion holds"},
      {.name = "tt", .unit = "s", .default_value = 0, .minimum = 0, .help = "transit time of the body diode"},
      {.name = "bv", .unit = "V", .minimum = 0, .help = "breakdown voltage between drain and source"},
      {.name = "ibv", .unit = "A", .default_value = 1e-10, .minimum = 0, .help = "current at bv"},
      {.name = "nbv", .unit = "1", .default_value = 1, .minimum = 0, .minimum_allowed = false, .help = "emission coefficient of the breakdown"},
      {.name = "eg", .unit = "eV", .default_value = 1.11, .minimum = 0.1, .help = "activation energy of is"},
      {.name = "xti", .unit = "1", .default_value = 3, .help = "temperature exponent of is"},
      {.name = "tcvth", .unit = "V/K", .default_value = 0, .help = "how much the threshold falls with temperature", .aliases = {"vtotc"}},
      {.name = "mu", .unit = "1", .default_value = -1.5, .help = "temperature exponent of kp", .aliases = {"bex"}},
      {.name = "texp0", .unit = "1", .help = "temperature exponent of rd; in place of trd1 and trd2"},
      {.name = "texp1", .unit = "1", .default_value = 0.3, .help = "temperature exponent of rq"},
      {.name = "trd1", .unit = "1/K", .default_value = 0, .help = "temperature coefficient of rd"},
      {.name = "trd2", .unit = "1/K^2", .default_value = 0, .help = "quadratic temperature coefficient of rd"},
      {.name = "trg1", .unit = "1/K", .default_value = 0, .help = "temperature coefficient of rg"},
      {.name = "trg2", .unit = "1/K^2", .default_value = 0, .help = "quadratic temperature coefficient of rg"},
      {.name = "trs1", .unit = "1/K", .default_value = 0, .help = "temperature coefficient of rs"},
      {.name = "trs2", .unit = "1/K^2", .default_value = 0, .help = "quadratic temperature coefficient of rs"},
      {.name = "trb1", .unit = "1/K", .default_value = 0, .help = "temperature coefficient of rb"},
      {.name = "trb2", .unit = "1/K^2", .default_value = 0, .help = "quadratic temperature coefficient of rb"},
      {.name = "tksubthres1", .unit = "1/K", .default_value = 0, .help = "temperature coefficient of ksubthres"},
      {.name = "tksubthres2", .unit = "1/K^2", .default_value = 0, .help = "quadratic temperature coefficient of ksubthres"},
      {.name = "kf", .unit = "1", .default_value = 0, .minimum = 0, .help = "flicker noise coefficient"},
      {.name = "af", .unit = "1", .default_value = 1, .help = "flicker noise exponent"},
      {.name = "off", .unit = "1", .default_value = 0, .help = "at 0 V where the operating point is searched first", .flag = true},
      {.name = "icvds", .unit = "V", .help = "voltage between drain and source at the start of .tran … uic", .aliases = {"ic"}, .list = 2},
      {.name = "icvgs", .unit = "V", .help = "voltage between gate and source at the start of .tran … uic"},
      {.name = "tnom", .unit = "C", .minimum = -273.15, .help = "temperature at which the parameters hold; .options tnom unless given", .aliases = {"tref"}},
      {.name = "temp", .unit = "C", .minimum = -273.15, .help = "temperature; the circuit's unless given"},
      {.name = "gmin", .unit = "S", .minimum = 0, .help = "conductance across the body diode; .options gmin unless given"},
      {.name = "copies", .unit = "1", .default_value = 1, .minimum = 0, .minimum_allowed = false, .help = "number of copies side by side", .on_element = "m"},
  };
}

std::vector<ParameterDescription> vdmos_card_parameters() {
  return {
      {.name = "dtemp", .unit = "K", .default_value = 0, .help = "added to the circuit's temperature"},
      {.name = "nchan", .unit = "1", .default_value = 0, .help = "n-channel, as without pchan", .flag = true},
  };
}
// clang-format on

}  // namespace memspice
