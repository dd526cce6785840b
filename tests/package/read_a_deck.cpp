// A program of somebody else's that uses the installed library: a memristor under a constant voltage, whose
// state meets dw/dt = alpha w - (v/beta) ron/R(w), R = ron + (roff - ron) w; with ron = roff: w = w0 - v
// t/beta.
#include <cmath>
#include <iostream>
#include <memspice/simulate.hpp>

int main() {
  const memspice::Deck deck = memspice::parse_text(
      "one memristor that stays linear\n"
      "Vdrive in 0 2\n"
      "Y1 in 0 flat w0=0.75\n"
      ".model flat memristor(ron=1k roff=1k beta=10)\n"
      ".tran 0.1 1\n"
      ".end\n");
  const memspice::Circuit circuit = memspice::elaborate(deck);
  memspice::MemorySink sink;
  const memspice::RunReport report = memspice::run(circuit, sink);
  if (report.outcome() != memspice::Outcome::complete || sink.plots().size() != 1) return 1;
  const memspice::Plot& plot = sink.plots().front();
  const double state = plot.columns.at(plot.find("w(y1)")).back();
  std::cout << "w(y1) = " << state << " after " << plot.columns.front().back() << " s\n";
  return std::abs(state - 0.55) < 1e-4 ? 0 : 1;
}
