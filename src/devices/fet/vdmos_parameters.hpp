#pragma once

#include <vector>

#include "memspice/device.hpp"

namespace memspice {

/// Places of the parameters of a power MOS transistor; the last are those of cards only.
struct PowerMos {
  // clang-format off
  enum : std::size_t {
    pchan, vto, kp, lambda, theta, phi, mtriode, subshift, ksubthres, rd, rs, rg, rds, rq, vq, cgdmin, cgdmax, a, cgs,
    is, n, rb, cjo, vj, grading, fc, tt, bv, ibv, nbv, eg, xti, tcvth, mu, texp0, texp1, trd1, trd2, trg1, trg2, trs1,
    trs2, trb1, trb2, tksubthres1, tksubthres2, kf, af, off, icvds, icvgs, tnom, temp, gmin, copies, dtemp, nchan
  };
  // clang-format on
};

std::vector<ParameterDescription> vdmos_parameters();
std::vector<ParameterDescription> vdmos_card_parameters();

}  // namespace memspice
