#include "network/memristive_flow.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

namespace memspice::network {

MemristiveFlow::MemristiveFlow(const Circuit& circuit, BranchNetwork network)
    : network_(std::move(network)),
      equations_(loop_equations(circuit, network_)),
      resistance_(network_.resistance),
      emf_(network_.branches.size(), 0.0),
      driven_(network_.branches.size(), 0.0),
      current_(network_.branches.size(), 0.0) {}

bool MemristiveFlow::solve(std::span<const double> w) {
  for (std::size_t k = 0; k < size(); ++k) {
    const Memristor& device = network_.memristors[k];
    resistance_[k] = device.low + device.slope * w[k];
    if (!(resistance_[k] / device.low > 0.5)) return false;
  }
  if (!equations_.factor(resistance_)) return false;
  equations_.solve(emf_, driven_, current_);
  return std::ranges::all_of(current_, [](double i) { return std::isfinite(i); });
}

void MemristiveFlow::rates(std::span<const double> w, std::span<double> rates) const {
  for (std::size_t k = 0; k < size(); ++k) {
    const Memristor& device = network_.memristors[k];
    const double drive = device.voltage_control ? resistance_[k] * current_[k] : current_[k];
    rates[k] = device.alpha * w[k] - device.gain * drive;
  }
}

Eigen::MatrixXd MemristiveFlow::jacobian() const {
  const auto n = static_cast<Eigen::Index>(size());
  Eigen::MatrixXd jacobian(n, n);
  std::vector<double> emf(network_.branches.size(), 0.0);
  const std::vector<double> none(network_.branches.size(), 0.0);
  std::vector<double> response(network_.branches.size());
  for (Eigen::Index m = 0; m < n; ++m) {
    // More resistance in branch m acts on the currents like an EMF -i dR in it.
    const auto column = static_cast<std::size_t>(m);
    const double voltage_slope = network_.memristors[column].slope * current_[column];
    emf[column] = -voltage_slope;
    equations_.solve(emf, none, response);
    emf[column] = 0;
    for (Eigen::Index k = 0; k < n; ++k) {
      const auto row = static_cast<std::size_t>(k);
      const Memristor& device = network_.memristors[row];
      double drive = response[row];
      if (device.voltage_control) drive = resistance_[row] * response[row] + (k == m ? voltage_slope : 0);
      jacobian(k, m) = (k == m ? device.alpha : 0) - device.gain * drive;
    }
  }
  return jacobian;
}

}  // namespace memspice::network
