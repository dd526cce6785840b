// Reads a circuit as text, runs what its cards ask for and looks at the waveforms in memory.
//
// A memristor under a constant voltage meets dw/dt = alpha w - (v/beta) ron/R(w), R = ron + (roff - ron) w;
// with alpha = 0 and ron = roff the state is w = w0 - v t/beta.
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
  if (report.outcome() != memspice::Outcome::complete) return 1;

  const memspice::Plot& plot = sink.plots().front();
  const double time = plot["time"].back();
  const double state = plot["w(y1)"].back();
  std::cout << "w(y1) = " << state << " after " << time << " s\n";
  if (std::abs(state - (0.75 - 2 * time / 10)) > 1e-4) return 1;

  // A misspelt name is an error that says what there is.
  try {
    std::cout << plot["w(y2)"].back();
    return 1;
  } catch (const std::out_of_range& error) {
    std::cout << error.what() << '\n';
  }

  // What is wrong with a deck is told with the line and a hint.
  try {
    memspice::elaborate(memspice::parse_text("a title\nR1 in 0 1k ohms=3\n.op\n.end\n"));
    return 1;
  } catch (const memspice::DeckError& error) {
    std::cout << error.diagnostics().front().format() << '\n';
  }
  return 0;
}
