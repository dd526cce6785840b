// Builds a circuit in code, without text: an RC low pass under a sine, held against its closed form.
#include <cmath>
#include <complex>
#include <iostream>
#include <memspice/simulate.hpp>
#include <numbers>

int main() {
  using memspice::CircuitBuilder;
  const double resistance = 1e3, capacitance = 1e-6, frequency = 200;
  const memspice::Circuit circuit =
      CircuitBuilder("low pass")
          .voltage_source("v1", "in", "0", 0, CircuitBuilder::sine(0, 1, frequency))
          .device("resistor", "r1", {"in", "out"}, {{"r", resistance}})
          .device("capacitor", "c1", {"out", "0"}, {{"c", capacitance}})
          .transient({.step = 1e-4, .stop = 0.02})
          .build();

  memspice::MemorySink sink;
  memspice::run(circuit, sink);
  const memspice::Plot& plot = sink.plots().front();

  // v = Im(H exp(i w t)) and what makes it begin at 0.
  const double omega = 2 * std::numbers::pi * frequency;
  const std::complex<double> gain = 1.0 / std::complex<double>(1, omega * resistance * capacitance);
  double error = 0;
  for (std::size_t i = 0; i < plot.rows(); ++i) {
    const double t = plot["time"][i];
    const double swing = std::imag(gain * std::polar(1.0, omega * t));
    const double fading = -std::imag(gain) * std::exp(-t / (resistance * capacitance));
    error = std::max(error, std::abs(plot["v(out)"][i] - swing - fading));
  }
  std::cout << plot.rows() << " rows, largest error " << error << " V\n";
  if (error > 5e-4) return 1;

  // What cannot be is refused where it is said.
  try {
    CircuitBuilder().device("resistor", "r1", {"a", "0"}, {{"resistanse", 1}});
    return 1;
  } catch (const std::out_of_range& problem) {
    std::cout << problem.what() << '\n';
  }
  return 0;
}
