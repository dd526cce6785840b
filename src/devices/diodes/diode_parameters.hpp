#pragma once

#include <cstddef>
#include <vector>

#include "memspice/device.hpp"

namespace memspice {

/// Places among the parameters of a diode, and behind `copies` among those that only cards know.
enum class DiodeParameter : std::size_t {
  is,
  jsw,
  isr,
  jtun,
  jtunsw,
  n,
  ns,
  nr,
  ntun,
  rs,
  tt,
  cjo,
  vj,
  mj,
  cjsw,
  vjsw,
  mjsw,
  fc,
  fcs,
  ikf,
  ikr,
  bv,
  ibv,
  nbv,
  ibvl,
  nbvl,
  eg,
  xti,
  xtitun,
  keg,
  trs1,
  trs2,
  ttt1,
  ttt2,
  tm1,
  tm2,
  tikf,
  tcv,
  tbv1,
  tbv2,
  tlev,
  tlevc,
  cta,
  ctp,
  tpb,
  tphp,
  kf,
  af,
  area,
  pj,
  coxide,
  off,
  ic,
  tnom,
  temp,
  gmin,
  copies,
  // of cards
  dtemp,
  l,
  w,
  lm,
  wm,
  lp,
  wp,
  xom,
  xoi,
  xm,
  xp
};

std::vector<ParameterDescription> diode_parameters();
/// What a card may have beside them.
std::vector<ParameterDescription> diode_card_parameters();

}  // namespace memspice
