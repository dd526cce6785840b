#include "analysis/equilibria/pencil.hpp"

#include <algorithm>

#include "base/interruption.hpp"
#include "equations/linear/storage.hpp"

namespace memspice {

Pencil::Pencil(EquationSystem& system, const CircuitPoint& point)
    : system_(system), t_(point.t), at_(point.at), full_(system.size()), storage_(system.size()) {
  // A huge κ: the states at a bound are held when their drive points outward, no others.
  system.residual(t_, at_.y.data(), at_.derivative.data(), 1e30, full_.data());
  dynamic_ = system.unknowns().dynamic();
  held_ = system.unknowns().held().size();
}

void Pencil::set_shift(double shift) {
  for (int attempt = 0; attempt < 8; ++attempt, shift *= 1.0 + 1.0 / 64) {
    // The residual decides anew which states are held; the scale it uses must be the linearisation's.
    shift_ = shift;
    if (system_.linearise(t_, at_.y.data(), at_.derivative.data(), shift)) return;
  }
  throw SimulationError(
      ".eigen: the linearised circuit is singular: some currents or voltages are not determined\n"
      "  try: .op, which names the nodes, or a resistor in series or parallel with ideal elements");
}

void Pencil::apply(const double* x, double* out) {
  interruption_point();
  std::ranges::fill(full_, 0.0);
  for (std::size_t i = 0; i < dynamic_.size(); ++i) full_[dynamic_[i]] = x[i];
  std::ranges::fill(storage_, 0.0);
  apply_storage(system_, at_.y.data(), at_.derivative.data(), full_.data(), storage_.data());
  storage_[0] = 0;  // ground
  system_.solve(storage_.data(), 1);
  for (std::size_t i = 0; i < dynamic_.size(); ++i) out[i] = storage_[dynamic_[i]];
}

Eigen::MatrixXd Pencil::block() {
  const auto n = static_cast<Eigen::Index>(dynamic_.size());
  Eigen::MatrixXd block(n, n);
  Eigen::VectorXd unit = Eigen::VectorXd::Zero(n);
  for (Eigen::Index j = 0; j < n; ++j) {
    unit[j] = 1;
    apply(unit.data(), block.col(j).data());
    unit[j] = 0;
  }
  return block;
}

}  // namespace memspice
