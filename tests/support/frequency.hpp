#pragma once

#include <complex>
#include <numbers>

#include "support/run_deck.hpp"

namespace memspice::testing {

/// `points` frequencies a decade, both ends included.
inline std::vector<double> decades(double first, double last, int points) {
  std::vector<double> frequencies;
  for (int k = 0; first * std::pow(10, k / double(points)) <= last * (1 + 1e-9); ++k)
    frequencies.push_back(first * std::pow(10, k / double(points)));
  return frequencies;
}

/// Gives a source, by name, its AC phasor.
inline void set_phasor(Circuit& circuit, std::string_view name, std::complex<double> phasor) {
  for (auto* sources : {&circuit.voltage_sources, &circuit.current_sources}) {
    for (Source& source : *sources) {
      if (circuit.element_names[source.name] != name) continue;
      source.extras.edit().ac_magnitude = std::abs(phasor);
      source.extras.edit().ac_phase = std::arg(phasor) * 180 / std::numbers::pi;
    }
  }
}

/// Largest difference of a vector to exact(jω) over all frequencies of the last plot, relative to its largest
/// magnitude there.
template <class Exact>
double phasor_error(const DeckRun& result, std::string_view vector, Exact&& exact) {
  const Plot& plot = result.plots.back();
  const std::size_t index = plot.find(vector);
  REQUIRE_MESSAGE(index != Plot::npos, "no vector " << vector);
  double difference = 0;
  double largest = 0;
  for (std::size_t i = 0; i < plot.rows(); ++i) {
    const std::complex<double> expected = exact({0.0, 2 * std::numbers::pi * plot.columns[0][i]});
    const std::complex<double> found(plot.columns[index][i], plot.imaginary[index][i]);
    const double d = std::abs(found - expected);
    if (!(d <= difference)) difference = d;
    largest = std::max(largest, std::abs(expected));
  }
  return difference / largest;
}

/// The voltage between two nodes, or the current of an element.
inline OutputQuantity voltage_output(const Circuit& circuit, const std::string& plus,
                                     const std::string& minus = "0") {
  return {.text = minus == "0" ? "v(" + plus + ")" : "v(" + plus + "," + minus + ")",
          .current = false,
          .plus = circuit.node_names.find(plus),
          .minus = circuit.node_names.find(minus)};
}
inline OutputQuantity current_output(const Circuit& circuit, const std::string& element) {
  return {.text = "i(" + element + ")", .current = true, .element = circuit.element_names.find(element)};
}

}  // namespace memspice::testing
