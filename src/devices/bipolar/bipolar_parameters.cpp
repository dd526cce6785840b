#include "devices/bipolar/bipolar_parameters.hpp"

namespace memspice {

namespace {

// clang-format off
std::vector<ParameterDescription> bipolar_currents_at_rest() {
  return {
      {.name = "is", .unit = "A", .default_value = 1e-16, .minimum = 0, .help = "saturation current of the transport"},
      {.name = "ibe", .unit = "A", .minimum = 0, .help = "saturation current of the base-emitter junction; counts beside ibc"},
      {.name = "ibc", .unit = "A", .minimum = 0, .help = "saturation current of the base-collector junction; counts beside ibe"},
      {.name = "iss", .unit = "A", .minimum = 0, .help = "saturation current of the substrate junction; none unless given"},
      {.name = "bf", .unit = "1", .default_value = 100, .minimum = 0, .minimum_allowed = false, .help = "ideal forward current gain"},
      {.name = "nf", .unit = "1", .default_value = 1, .minimum = 0, .minimum_allowed = false, .help = "forward emission coefficient"},
      {.name = "vaf", .unit = "V", .minimum = 0, .help = "forward Early voltage; 0: none", .aliases = {"va"}},
      {.name = "ikf", .unit = "A", .minimum = 0, .help = "corner of the roll-off of the forward gain; 0: none", .aliases = {"ik"}},
      {.name = "nkf", .unit = "1", .default_value = 0.5, .minimum = 0, .minimum_allowed = false, .help = "exponent of the roll-off at high currents", .aliases = {"nk"}},
      {.name = "ise", .unit = "A", .default_value = 0, .minimum = 0, .help = "leakage saturation current of base-emitter; above 1e-4 a multiple of is", .aliases = {"c2"}},
      {.name = "ne", .unit = "1", .default_value = 1.5, .minimum = 0, .minimum_allowed = false, .help = "emission coefficient of ise"},
      {.name = "br", .unit = "1", .default_value = 1, .minimum = 0, .minimum_allowed = false, .help = "ideal reverse current gain"},
      {.name = "nr", .unit = "1", .default_value = 1, .minimum = 0, .minimum_allowed = false, .help = "reverse emission coefficient"},
      {.name = "var", .unit = "V", .minimum = 0, .help = "reverse Early voltage; 0: none", .aliases = {"vb"}},
      {.name = "ikr", .unit = "A", .minimum = 0, .help = "corner of the roll-off of the reverse gain; 0: none"},
      {.name = "isc", .unit = "A", .default_value = 0, .minimum = 0, .help = "leakage saturation current of base-collector; above 1e-4 a multiple of is", .aliases = {"c4"}},
      {.name = "nc", .unit = "1", .default_value = 2, .minimum = 0, .minimum_allowed = false, .help = "emission coefficient of isc"},
      {.name = "ns", .unit = "1", .default_value = 1, .minimum = 0, .minimum_allowed = false, .help = "emission coefficient of iss"},
      {.name = "rb", .unit = "ohm", .default_value = 0, .minimum = 0, .help = "base resistance at no bias"},
      {.name = "irb", .unit = "A", .default_value = 0, .minimum = 0, .help = "base current at which the base resistance has fallen half its way to rbm; 0: it follows the base charge"},
      {.name = "rbm", .unit = "ohm", .minimum = 0, .help = "least base resistance; rb unless given"},
      {.name = "re", .unit = "ohm", .default_value = 0, .minimum = 0, .help = "emitter resistance"},
      {.name = "rc", .unit = "ohm", .default_value = 0, .minimum = 0, .help = "collector resistance"},
  };
}

std::vector<ParameterDescription> bipolar_charges_and_general() {
  return {
      {.name = "cje", .unit = "F", .default_value = 0, .minimum = 0, .help = "base-emitter capacitance at 0 V"},
      {.name = "vje", .unit = "V", .default_value = 0.75, .minimum = 0, .minimum_allowed = false, .help = "built-in potential of base-emitter", .aliases = {"pe"}},
      {.name = "mje", .unit = "1", .default_value = 0.33, .minimum = 0, .help = "grading coefficient of base-emitter", .aliases = {"me"}},
      {.name = "tf", .unit = "s", .default_value = 0, .minimum = 0, .help = "ideal forward transit time"},
      {.name = "xtf", .unit = "1", .default_value = 0, .minimum = 0, .help = "how tf depends on bias"},
      {.name = "vtf", .unit = "V", .minimum = 0, .help = "base-collector voltage that changes tf; none unless given"},
      {.name = "itf", .unit = "A", .default_value = 0, .minimum = 0, .help = "current that changes tf"},
      {.name = "ptf", .unit = "deg", .default_value = 0, .minimum = 0, .help = "excess phase at 1/(2 pi tf)"},
      {.name = "cjc", .unit = "F", .default_value = 0, .minimum = 0, .help = "base-collector capacitance at 0 V"},
      {.name = "vjc", .unit = "V", .default_value = 0.75, .minimum = 0, .minimum_allowed = false, .help = "built-in potential of base-collector", .aliases = {"pc"}},
      {.name = "mjc", .unit = "1", .default_value = 0.33, .minimum = 0, .help = "grading coefficient of base-collector", .aliases = {"mc"}},
      {.name = "xcjc", .unit = "1", .default_value = 1, .minimum = 0, .maximum = 1, .help = "part of cjc at the inner base"},
      {.name = "tr", .unit = "s", .default_value = 0, .minimum = 0, .help = "ideal reverse transit time"},
      {.name = "cjs", .unit = "F", .default_value = 0, .minimum = 0, .help = "substrate capacitance at 0 V", .aliases = {"ccs", "csub"}},
      {.name = "vjs", .unit = "V", .default_value = 0.75, .minimum = 0, .minimum_allowed = false, .help = "built-in potential of the substrate junction", .aliases = {"ps"}},
      {.name = "mjs", .unit = "1", .default_value = 0, .minimum = 0, .help = "grading coefficient of the substrate junction", .aliases = {"ms"}},
      {.name = "fc", .unit = "1", .default_value = 0.5, .minimum = 0, .maximum = 0.9999, .help = "part of vje and vjc up to which the formula of the depletion holds"},
      {.name = "xtb", .unit = "1", .default_value = 0, .help = "temperature exponent of the gains"},
      {.name = "eg", .unit = "eV", .default_value = 1.11, .minimum = 0, .help = "activation energy of is"},
      {.name = "xti", .unit = "1", .default_value = 3, .help = "temperature exponent of is"},
      {.name = "kf", .unit = "1", .default_value = 0, .minimum = 0, .help = "flicker noise coefficient"},
      {.name = "af", .unit = "1", .default_value = 1, .help = "flicker noise exponent"},
      {.name = "subs", .unit = "1", .minimum = -1, .maximum = 1, .help = "1: vertical, the substrate meets the collector; -1: lateral, the base. npn 1, pnp -1 unless given"},
      {.name = "rco", .unit = "ohm", .minimum = 0, .help = "resistance of the epitaxial collector: quasi-saturation; none unless given"},
      {.name = "vo", .unit = "V", .default_value = 10, .minimum = 0, .minimum_allowed = false, .help = "voltage at which carriers in the epitaxial collector are at their drift limit"},
      {.name = "gamma", .unit = "1", .default_value = 1e-11, .minimum = 0, .help = "doping of the epitaxial collector"},
      {.name = "qco", .unit = "C", .default_value = 0, .minimum = 0, .help = "charge of the epitaxial collector"},
      {.name = "quasimod", .unit = "1", .default_value = 0, .minimum = 0, .maximum = 1, .help = "1: rco, vo and gamma change with temperature"},
      {.name = "vg", .unit = "V", .default_value = 1.206, .help = "band gap in the temperature of gamma"},
      {.name = "cn", .unit = "1", .help = "temperature exponent of rco; npn 2.42, pnp 2.2 unless given", .aliases = {"bex"}},
      {.name = "d", .unit = "1", .help = "temperature exponent of vo; npn 0.87, pnp 0.52 unless given", .aliases = {"bexv"}},
  };
}

std::vector<ParameterDescription> bipolar_temperature_of_currents() {
  return {
      {.name = "tlev", .unit = "1", .default_value = 0, .minimum = 0, .maximum = 3, .help = "how currents and gains change with temperature: 0, 1 or 3"},
      {.name = "tlevc", .unit = "1", .default_value = 0, .minimum = 0, .maximum = 1, .help = "how capacitances do: 0 or 1"},
      {.name = "tbf1", .unit = "1/K", .help = "first temperature coefficient of bf, in place of xtb"},
      {.name = "tbf2", .unit = "1/K^2", .help = "second one"},
      {.name = "tbr1", .unit = "1/K", .help = "first temperature coefficient of br, in place of xtb"},
      {.name = "tbr2", .unit = "1/K^2", .help = "second one"},
      {.name = "tikf1", .unit = "1/K", .default_value = 0, .help = "first temperature coefficient of ikf"},
      {.name = "tikf2", .unit = "1/K^2", .default_value = 0, .help = "second one"},
      {.name = "tikr1", .unit = "1/K", .default_value = 0, .help = "first temperature coefficient of ikr"},
      {.name = "tikr2", .unit = "1/K^2", .default_value = 0, .help = "second one"},
      {.name = "tirb1", .unit = "1/K", .default_value = 0, .help = "first temperature coefficient of irb"},
      {.name = "tirb2", .unit = "1/K^2", .default_value = 0, .help = "second one"},
      {.name = "tnc1", .unit = "1/K", .default_value = 0, .help = "first temperature coefficient of nc"},
      {.name = "tnc2", .unit = "1/K^2", .default_value = 0, .help = "second one"},
      {.name = "tne1", .unit = "1/K", .default_value = 0, .help = "first temperature coefficient of ne"},
      {.name = "tne2", .unit = "1/K^2", .default_value = 0, .help = "second one"},
      {.name = "tnf1", .unit = "1/K", .default_value = 0, .help = "first temperature coefficient of nf"},
      {.name = "tnf2", .unit = "1/K^2", .default_value = 0, .help = "second one"},
      {.name = "tnr1", .unit = "1/K", .default_value = 0, .help = "first temperature coefficient of nr"},
      {.name = "tnr2", .unit = "1/K^2", .default_value = 0, .help = "second one"},
      {.name = "tns1", .unit = "1/K", .default_value = 0, .help = "first temperature coefficient of ns"},
      {.name = "tns2", .unit = "1/K^2", .default_value = 0, .help = "second one"},
      {.name = "trb1", .unit = "1/K", .default_value = 0, .help = "first temperature coefficient of rb", .aliases = {"trb"}},
      {.name = "trb2", .unit = "1/K^2", .default_value = 0, .help = "second one"},
      {.name = "trc1", .unit = "1/K", .default_value = 0, .help = "first temperature coefficient of rc", .aliases = {"trc"}},
      {.name = "trc2", .unit = "1/K^2", .default_value = 0, .help = "second one"},
      {.name = "tre1", .unit = "1/K", .default_value = 0, .help = "first temperature coefficient of re", .aliases = {"tre"}},
      {.name = "tre2", .unit = "1/K^2", .default_value = 0, .help = "second one"},
      {.name = "trm1", .unit = "1/K", .default_value = 0, .help = "first temperature coefficient of rbm"},
      {.name = "trm2", .unit = "1/K^2", .default_value = 0, .help = "second one"},
      {.name = "tvaf1", .unit = "1/K", .default_value = 0, .help = "first temperature coefficient of vaf"},
      {.name = "tvaf2", .unit = "1/K^2", .default_value = 0, .help = "second one"},
      {.name = "tvar1", .unit = "1/K", .default_value = 0, .help = "first temperature coefficient of var"},
      {.name = "tvar2", .unit = "1/K^2", .default_value = 0, .help = "second one"},
      {.name = "ctc", .unit = "1/K", .default_value = 0, .help = "temperature coefficient of cjc where tlevc=1"},
      {.name = "cte", .unit = "1/K", .default_value = 0, .help = "temperature coefficient of cje where tlevc=1"},
      {.name = "cts", .unit = "1/K", .default_value = 0, .help = "temperature coefficient of cjs where tlevc=1"},
      {.name = "tvjc", .unit = "V/K", .default_value = 0, .help = "how much vjc falls a kelvin where tlevc=1"},
      {.name = "tvje", .unit = "V/K", .default_value = 0, .help = "how much vje falls a kelvin where tlevc=1"},
      {.name = "tvjs", .unit = "V/K", .default_value = 0, .help = "how much vjs falls a kelvin where tlevc=1"},
  };
}

std::vector<ParameterDescription> bipolar_temperature_of_charges() {
  return {
      {.name = "titf1", .unit = "1/K", .default_value = 0, .help = "first temperature coefficient of itf"},
      {.name = "titf2", .unit = "1/K^2", .default_value = 0, .help = "second one"},
      {.name = "ttf1", .unit = "1/K", .default_value = 0, .help = "first temperature coefficient of tf"},
      {.name = "ttf2", .unit = "1/K^2", .default_value = 0, .help = "second one"},
      {.name = "ttr1", .unit = "1/K", .default_value = 0, .help = "first temperature coefficient of tr"},
      {.name = "ttr2", .unit = "1/K^2", .default_value = 0, .help = "second one"},
      {.name = "tmje1", .unit = "1/K", .default_value = 0, .help = "first temperature coefficient of mje"},
      {.name = "tmje2", .unit = "1/K^2", .default_value = 0, .help = "second one"},
      {.name = "tmjc1", .unit = "1/K", .default_value = 0, .help = "first temperature coefficient of mjc"},
      {.name = "tmjc2", .unit = "1/K^2", .default_value = 0, .help = "second one"},
      {.name = "tmjs1", .unit = "1/K", .default_value = 0, .help = "first temperature coefficient of mjs"},
      {.name = "tmjs2", .unit = "1/K^2", .default_value = 0, .help = "second one"},
      {.name = "tis1", .unit = "1/K", .default_value = 0, .help = "first temperature coefficient of the exponent of is where tlev=3"},
      {.name = "tis2", .unit = "1/K^2", .default_value = 0, .help = "second one"},
      {.name = "tise1", .unit = "1/K", .default_value = 0, .help = "first temperature coefficient of that of ise where tlev=3"},
      {.name = "tise2", .unit = "1/K^2", .default_value = 0, .help = "second one"},
      {.name = "tisc1", .unit = "1/K", .default_value = 0, .help = "first temperature coefficient of that of isc where tlev=3"},
      {.name = "tisc2", .unit = "1/K^2", .default_value = 0, .help = "second one"},
      {.name = "tiss1", .unit = "1/K", .default_value = 0, .help = "first temperature coefficient of that of iss where tlev=3"},
      {.name = "tiss2", .unit = "1/K^2", .default_value = 0, .help = "second one"},
  };
}

std::vector<ParameterDescription> bipolar_instance() {
  return {
      {.name = "area", .unit = "1", .default_value = 1, .minimum = 0, .minimum_allowed = false, .help = "how many times as large as its model"},
      {.name = "areab", .unit = "1", .minimum = 0, .minimum_allowed = false, .help = "the same for the base-collector junction of a vertical one; area unless given"},
      {.name = "areac", .unit = "1", .minimum = 0, .minimum_allowed = false, .help = "the same for that of a lateral one; area unless given"},
      {.name = "off", .unit = "1", .default_value = 0, .help = "not conducting where the operating point is searched first", .flag = true},
      {.name = "icvbe", .unit = "V", .help = "base-emitter voltage at t = 0 with uic", .aliases = {"ic"}, .list = 2},
      {.name = "icvce", .unit = "V", .help = "collector-emitter voltage at t = 0 with uic"},
      {.name = "tnom", .unit = "C", .minimum = -273.15, .help = "temperature at which the parameters hold; .options tnom unless given", .aliases = {"tref"}},
      {.name = "temp", .unit = "C", .minimum = -273.15, .help = "temperature; the circuit's unless given"},
      {.name = "gmin", .unit = "S", .minimum = 0, .help = "conductance across every junction; .options gmin unless given"},
      {.name = "polarity", .unit = "1", .default_value = 1, .minimum = -1, .maximum = 1, .help = "1: npn, -1: pnp"},
      {.name = "copies", .unit = "1", .default_value = 1, .minimum = 0, .minimum_allowed = false, .help = "number of copies side by side", .on_element = "m"},
  };
}

// clang-format on

}  // namespace

std::vector<ParameterDescription> bipolar_parameters() {
  std::vector<ParameterDescription> all;
  for (const auto part :
       {bipolar_currents_at_rest, bipolar_charges_and_general, bipolar_temperature_of_currents,
        bipolar_temperature_of_charges, bipolar_instance}) {
    const std::vector<ParameterDescription> some = part();
    all.insert(all.end(), some.begin(), some.end());
  }
  return all;
}

}  // namespace memspice
