#include "analysis/transient/resonance.hpp"

#include <Eigen/Core>
#include <Eigen/Eigenvalues>
#include <algorithm>
#include <cmath>
#include <numbers>
#include <utility>

namespace memspice {

namespace {

constexpr long between_looks = 200;          // steps
constexpr long rarely = 16 * between_looks;  // where looks have found nothing longer
constexpr long after_a_corner = 50;          // steps since the last look
constexpr Eigen::Index krylov = 24;          // vectors

bool same(const MatrixEntry& a, const MatrixEntry& b) {
  return a.row == b.row && a.column == b.column && a.g == b.g && a.c == b.c;
}

double parameter(const DeviceGroup& group, std::size_t element, std::string_view name) {
  return group.parameter(element, *group.type->find_parameter(name));
}

bool all_positive(const DeviceGroup& group, std::string_view name) {
  for (std::size_t k = 0; k < group.count(); ++k)
    if (!(parameter(group, k, name) >= 0)) return false;
  return true;
}

/// Whether an expression reads the circuit, and not the time alone.
bool reads_circuit(const Program& program) {
  return std::ranges::any_of(program.inputs(), [](const Probe& probe) {
    return probe.kind != Probe::Kind::time && probe.kind != Probe::Kind::frequency;
  });
}

/// Memristors among positive resistances, of one control and one α, passive ones: their Jacobian is
/// α - P D or α + Z D, with the projector P or the resistance matrix Z positive semi-definite and D diagonal,
/// which has the eigenvalues of the symmetric matrix √P D √P.
struct Memristors {
  double alpha = not_given;
  double control = not_given;
  bool any = false;
  bool alike = true;

  void add(const DeviceGroup& group) {
    for (std::size_t k = 0; k < group.count(); ++k) {
      const double its_alpha = parameter(group, k, "alpha");
      const double its_control = parameter(group, k, "control");
      if (!any) {
        alpha = its_alpha;
        control = its_control;
      }
      any = true;
      alike = alike && its_alpha == alpha && its_control == control && parameter(group, k, "active") == 0;
    }
  }
};

/// The last components of the eigenvectors (of length 1) of U T Uᴴ, T upper triangular. They say how far the
/// eigenvalues of a Hessenberg matrix are from those that Arnoldi's method approximates.
Eigen::VectorXcd last_components(const Eigen::MatrixXcd& t, const Eigen::MatrixXcd& u) {
  const double least = 2.2e-16 * t.norm();  // in place of the difference of equal eigenvalues
  Eigen::VectorXcd last(t.rows());
  for (Eigen::Index k = 0; k < t.rows(); ++k) {
    Eigen::VectorXcd x = Eigen::VectorXcd::Zero(t.rows());
    x[k] = 1;
    for (Eigen::Index i = k; i-- > 0;) {
      Complex sum = 0;
      for (Eigen::Index j = i + 1; j <= k; ++j) sum += t(i, j) * x[j];
      const Complex difference = t(i, i) - t(k, k);
      x[i] = -sum / (difference == 0.0 ? Complex(least) : difference);
    }
    Complex component = 0;
    for (Eigen::Index j = 0; j <= k; ++j) component += u(t.rows() - 1, j) * x[j];
    last[k] = component / x.norm();
  }
  return last;
}

}  // namespace

// Resistors, positive or not, with capacitors alone are C ẋ = -G x with C positive definite and G symmetric,
// and so, with currents for x, are those with inductors alone: real eigenvalues. Switches are resistors
// between two events.
bool may_oscillate(const Circuit& circuit) {
  if (!circuit.couplings.empty() || !circuit.auxiliaries.empty() || !circuit.lines.empty()) return true;
  for (const BehaviouralSource& source : circuit.behavioural_sources)
    if (reads_circuit(circuit.programs[source.program])) return true;
  bool capacitors = false, inductors = false, positive = true;
  Memristors memristors;
  for (const DeviceGroup& group : circuit.groups) {
    const std::string_view kind = group.type->name;
    if (group.count() == 0) continue;
    if (kind == "resistor") {
      positive = positive && all_positive(group, "r");
    } else if (kind == "capacitor") {
      if (!all_positive(group, "c")) return true;
      capacitors = true;
    } else if (kind == "inductor") {
      inductors = true;
    } else if (kind == "linear memristor") {
      memristors.add(group);
    } else {
      return true;
    }
  }
  if (!memristors.any) return capacitors && inductors;
  return capacitors || inductors || !positive || !memristors.alike;
}

void ResonanceWatch::begin_segment() {
  next_ = std::min(next_, steps_ + after_a_corner);
}

void ResonanceWatch::follow(Ida& ida) {
  StepMemory* memory = ida.memory();
  if (memory == nullptr || memory->turns() < 2 || std::isinf(memory->resonance())) return;
  const long now = ida.statistics().steps;
  if (now < next_) return;
  const double rate = memory->turning_rate();
  if (rate == 0) return;
  steps_ = now;
  interval_ = std::clamp(2 * interval_, between_looks, rarely);
  next_ = now + interval_;
  const bool near = rate < 2 * looked_near_ && rate > 0.5 * looked_near_;
  if (!linearise(ida) && near) return;
  looked_near_ = rate;
  const double before = memory->resonance();
  for (const Pair& pair : pairs(rate))
    memory->set_resonance(pair.frequency / (2 * std::numbers::pi * pair.decay), pair.decay);
  if (memory->resonance() > before) interval_ = 0;
}

bool ResonanceWatch::linearise(const Ida& ida) {
  std::vector<double> states(ida.y().begin(), ida.y().end());
  const double* derivative = ida.derivative().data();
  system_.path().project(ida.time(), states.data(), derivative);
  system_.path().follow(false);
  const double* y = states.data();
  std::vector<double> residual(system_.size());
  system_.residual(ida.time(), y, derivative, ida.leading_coefficient(), residual.data());
  linear_.emplace(system_, ida.time(), y, derivative);
  system_.path().follow(true);
  const bool first = !matrix_;
  if (first) {
    matrix_.emplace(*linear_);
  } else {
    matrix_->set(*linear_);
  }
  if (!first && std::ranges::equal(entries_, linear_->entries(), same)) return false;
  entries_ = linear_->entries();
  return true;
}

// Arnoldi's method from a complex shift s near what is looked for: (G + s C)⁻¹ C v = v / (s - λ).
std::vector<ResonanceWatch::Pair> ResonanceWatch::pairs(double frequency) {
  const double shift = 1.05 * frequency;  // not where a drive meets a resonance
  if (!matrix_->factorise(shift)) return {};
  const auto n = static_cast<Eigen::Index>(system_.size());
  const Eigen::Index most = std::min(n - 1, krylov);
  Eigen::MatrixXcd basis = Eigen::MatrixXcd::Zero(n, most + 1);
  Eigen::MatrixXcd hessenberg = Eigen::MatrixXcd::Zero(most + 1, most);
  const auto apply = [&](Eigen::Index from, Eigen::Ref<Eigen::VectorXcd> to) {
    to.setZero();
    for (const MatrixEntry& entry : linear_->entries())
      if (entry.c != 0) to[entry.row] += entry.c * basis(entry.column, from);
    to[0] = 0;  // ground
    return matrix_->solve(std::span<Complex>(to.data(), static_cast<std::size_t>(n)));
  };
  for (Eigen::Index i = 1; i < n; ++i) basis(i, 0) = std::fmod(static_cast<double>(i) * 0.618034, 1.0) - 0.4;
  Eigen::VectorXcd next(n);
  if (!apply(0, next) || !(next.norm() > 0)) return {};
  basis.col(0) = next / next.norm();
  Eigen::Index size = 0;
  for (bool invariant = false; size < most && !invariant; ++size) {
    if (!apply(size, next)) return {};
    const double before = next.norm();
    double rest = before;
    for (int pass = 0; pass < 2; ++pass) {
      const Eigen::VectorXcd along = basis.leftCols(size + 1).adjoint() * next;
      next -= basis.leftCols(size + 1) * along;
      hessenberg.col(size).head(size + 1) += along;
      const double of = std::exchange(rest, next.norm());
      if (rest > 0.7 * of) break;  // little has cancelled: it is orthogonal to rounding
    }
    if (!std::isfinite(rest)) return {};
    hessenberg(size + 1, size) = rest;
    invariant = rest <= 1e-13 * before;
    if (!invariant) basis.col(size + 1) = next / rest;
  }
  Eigen::ComplexSchur<Eigen::MatrixXcd> schur(size);
  schur.computeFromHessenberg(hessenberg.topLeftCorner(size, size), Eigen::MatrixXcd::Identity(size, size));
  const Eigen::VectorXcd last = last_components(schur.matrixT(), schur.matrixU());
  const double rest = std::abs(hessenberg(size, size - 1));
  std::vector<Pair> found;
  for (Eigen::Index k = 0; k < size; ++k) {
    const Complex value = schur.matrixT()(k, k);
    const Complex lambda = Complex(0, shift) - 1.0 / value;
    const double beta = std::abs(lambda.imag());
    // Slower ones are integrated by steps enough to lose nothing of them, faster ones are at rest.
    if (!(beta >= 0.1 * frequency && beta <= 2 * frequency)) continue;
    // Gone, or grown beyond all bounds, before it has turned; and what rounding leaves of a real eigenvalue's
    // imaginary part, from a shift that is small beside it.
    if (std::abs(lambda.real()) > 10 * beta) continue;
    const double uncertain = rest * std::abs(last[k]) / std::norm(value);
    found.push_back({beta, std::max(-lambda.real(), 0.0) + uncertain});
  }
  return found;
}

}  // namespace memspice
