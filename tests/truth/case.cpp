#include "truth/case.hpp"

#include <algorithm>
#include <cmath>
#include <stdexcept>

namespace memspice::truth {

const std::vector<Family>& families() {
  static const std::vector<Family> all{
      {"linear",
       "random R L C K with sources against the exact exponential",
       linear_case,
       {3, 10, 0.03},
       0.4},
      {"memristor_r",
       "one memristor and a resistor against the closed form",
       memristor_case,
       {3, 0, 0.03, 2},
       0.2},
      {"networks",
       "memristive networks against a reference with located events",
       network_case,
       {3, 0, 0.03, 2},
       0.2},
      {"memristor_flow",
       "memristor_r with the network integrator",
       memristor_flow_case,
       {3, 0, 0.03, 2},
       0.1},
      {"network_flow", "networks with the network integrator", network_flow_case, {3, 0, 0.03, 2}, 0.1},
      {"events",
       "B sources that read time, comparisons, switches against quadrature",
       event_case,
       {5, 30, 0.03},
       0.1},
      {"commutation",
       "a coil between a switch and a TABLE diode against quadrature",
       commutation_case,
       {5, 30, 0.03},
       0.04},
      {"lines",
       "one or two lossless lines between resistors against their echoes",
       line_case,
       {5, 30, 0.03},
       0.04},
      {"oscillators",
       "tanks and van der Pol: amplitude and phase after many periods",
       oscillator_case,
       {10, 20, 0.03},
       0.02},
      {"devices",
       "diodes, transistors and memristors of many levels against their equations",
       device_case,
       {3, 10, 0.03},
       0.1},
      {"levels",
       "driven networks of memristors of every level against their equations",
       level_case,
       {3, 10, 0.03},
       0.05},
      {"level_flow", "levels with the network integrator", level_flow_case, {3, 10, 0.03}, 0.05},
  };
  return all;
}

double largest_magnitude(const std::vector<double>& column) {
  double largest = 0;
  for (const double value : column) largest = std::max(largest, std::abs(value));
  return largest;
}

const std::vector<double>& column(const Plot& plot, std::string_view vector) {
  const std::size_t index = plot.find(vector);
  if (index == Plot::npos) throw std::runtime_error("no vector " + std::string(vector));
  return plot.columns[index];
}

std::vector<std::size_t> telling_rows(const Plot& plot, std::size_t spread) {
  const std::size_t rows = plot.rows();
  std::vector<std::size_t> result;
  for (std::size_t i = 0; i < spread; ++i) result.push_back(i * (rows - 1) / (spread - 1));
  for (const auto& values : plot.columns) {
    const auto [low, high] = std::minmax_element(values.begin(), values.end());
    result.push_back(static_cast<std::size_t>(low - values.begin()));
    result.push_back(static_cast<std::size_t>(high - values.begin()));
    std::size_t widest = 0;
    for (std::size_t i = 1; i < rows; ++i)
      if (std::abs(values[i] - values[i - 1]) >
          std::abs(values[widest] - values[widest > 0 ? widest - 1 : 0]))
        widest = i;
    result.push_back(widest);
  }
  std::sort(result.begin(), result.end());
  result.erase(std::unique(result.begin(), result.end()), result.end());
  return result;
}

}  // namespace memspice::truth
