#include "network/memristive_flow.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

namespace memspice::network {

namespace {

// R/Ron as a function of x = ξw goes on as 1 + x a little below the box and then as something smooth that
// never vanishes, so that an integrator may look there.
constexpr double continuation_end = -0.5;

// Loops that share so much cost 3 digits.
constexpr double poor_separation = 1e-3;

double continued(double x) {
  return 0.25 * (1 + std::exp(4 * (x - continuation_end)));
}

}  // namespace

MemristiveFlow::MemristiveFlow(const Circuit& circuit, BranchNetwork network)
    : network_(std::move(network)),
      equations_(new LoopEquations(loop_equations(circuit, network_))),  // cannot be moved
      least_separation_(poor_separation),
      resistance_(network_.resistance),
      emf_(network_.branches.size(), 0.0),
      driven_(network_.branches.size(), 0.0),
      current_(network_.branches.size(), 0.0) {}

bool MemristiveFlow::solve(std::span<const double> w) {
  for (std::size_t k = 0; k < size(); ++k) {
    const Memristor& device = network_.memristors[k];
    const double x = device.slope / device.low * w[k];
    const bool far = x < continuation_end;
    resistance_[k] = device.low * (far ? continued(x) : 1 + x);
    left_continuation_ = left_continuation_ || far;
  }
  if (!factor()) return false;
  equations_->solve(emf_, driven_, current_);
  return std::ranges::all_of(current_, [](double i) { return std::isfinite(i); });
}

bool MemristiveFlow::factor() {
  const bool regular = equations_->factor(resistance_);
  if (network_.has_negative_resistance || !regular || equations_->separation() >= least_separation_)
    return regular;
  equations_ =
      std::make_unique<LoopEquations>(network_.node_count, network_.branches, network_.kinds, resistance_);
  if (!equations_->factor(resistance_)) return false;
  least_separation_ = std::min(poor_separation, 0.01 * equations_->separation());
  return true;
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
    equations_->solve(emf, none, response);
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
