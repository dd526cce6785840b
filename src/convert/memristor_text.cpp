#include "convert/memristor_text.hpp"

#include <fmt/format.h>

namespace memspice::convert {

std::string_view memristor_name(bool voltage_control) {
  return voltage_control ? "memristor_voltage" : "memristor_current";
}

// The bounds are written as memspice solves them (docs/numerics.md): dw/dt = min(max(f, -K w), K (1 - w)).
// Away from the bounds this is f; at w = 1 it is 0 as long as f pushes outwards, and f again the moment that
// f turns; w never leaves [0, 1]; and it is continuous, so that Newton's method has something to hold on to.
// Tried against memspice at reltol = 1e-8 on 30 devices of which many reach their bounds, ngspice 39, a
// thousandth of the run as the largest step:
//
//   w >= 1 && f > 0 || w <= 0 && f < 0 ? 0 : f    |Δw| 4e-4, 1.3 s: w stays beyond the bound it overshot
//   the same with a spring outside of [0, 1]      did not finish: Newton's method jumps to and fro
//   f - K (max(w - 1, 0) + min(w, 0))             |Δw| 9e-5, 0.6 s: f is held off by leaving the bound
//   min(max(f, -K w), K (1 - w))                  |Δw| 3e-5, 0.4 s, alike for K from 1e5 to 1e8 / run
//
// K is 1e6 divided by the length of the run: a state that crosses in a thousandth of the run begins to bend
// 1e-3 before its bound. The state's capacitor has as many farads as the run has seconds, so that currents
// and conductances are of the same size in runs of nanoseconds and of years. R(w) clamps what an iteration
// may have brought beyond the bounds: a resistance must not change its sign there.
//
// The operating point holds a state. Xyce does that for a capacitor's IC=; ngspice does not, and forgets .ic
// at .op, so there a conductance pulls v(w) to w0 as long as time is 0.
std::string memristor_subcircuit(Peer peer, bool voltage_control, double stop) {
  constexpr const char* bound = "1e6";
  const bool ngspice = peer == Peer::ngspice;
  // ngspice drops braces inside of the expressions of a B source, so products need their own parentheses.
  const auto expression = [&](const std::string& text) { return ngspice ? text : "{" + text + "}"; };
  const std::string current = "v(p,n)/((1-2*active)*(ron+(roff-ron)*min(max(v(w),0),1)))";
  const std::string drift =
      voltage_control ? "(run*polarity/beta)*v(p,n)" : "(run*polarity*ron/beta)*" + current;
  const std::string drive = "(run*alpha)*v(w)-" + drift;
  std::string rate = fmt::format("min(max({0},-{1}*v(w)),{1}*(1-v(w)))", drive, bound);
  if (ngspice) rate = fmt::format("time>0 ? {} : w0-v(w)", rate);
  return fmt::format(
      ".subckt {} p n w params: ron=100 roff=16000 alpha=0 beta=1 polarity=1 active=0 w0=0.5 run={}\n"
      "Bm p n I={}\n"
      "Cw w 0 {{run}} ic={{w0}}\n"
      "Bw 0 w I={}\n"
      ".ends\n",
      memristor_name(voltage_control), stop, expression(current), expression(rate));
}

}  // namespace memspice::convert
