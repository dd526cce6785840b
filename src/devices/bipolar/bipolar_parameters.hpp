#pragma once

#include <cstddef>
#include <vector>

#include "memspice/device.hpp"

namespace memspice {

/// The parameters of a bipolar transistor, in the order of bipolar_parameters().
enum class Bipolar : std::size_t {
  // clang-format off
  is, ibe, ibc, iss, bf, nf, vaf, ikf, nkf, ise, ne, br, nr, var, ikr, isc, nc, ns,
  rb, irb, rbm, re, rc,
  cje, vje, mje, tf, xtf, vtf, itf, ptf, cjc, vjc, mjc, xcjc, tr, cjs, vjs, mjs, fc,
  xtb, eg, xti, kf, af, subs, rco, vo, gamma, qco, quasimod, vg, cn, d,
  tlev, tlevc, tbf1, tbf2, tbr1, tbr2, tikf1, tikf2, tikr1, tikr2, tirb1, tirb2, tnc1, tnc2, tne1, tne2,
  tnf1, tnf2, tnr1, tnr2, tns1, tns2, trb1, trb2, trc1, trc2, tre1, tre2, trm1, trm2, tvaf1, tvaf2, tvar1,
  tvar2, ctc, cte, cts, tvjc, tvje, tvjs, titf1, titf2, ttf1, ttf2, ttr1, ttr2, tmje1, tmje2, tmjc1, tmjc2,
  tmjs1, tmjs2, tis1, tis2, tise1, tise2, tisc1, tisc2, tiss1, tiss2,
  area, areab, areac, off, icvbe, icvce, tnom, temp, gmin, polarity, copies
  // clang-format on
};

/// Names, units, defaults and ranges: ngspice's (its manual, chapter 8).
std::vector<ParameterDescription> bipolar_parameters();

}  // namespace memspice
