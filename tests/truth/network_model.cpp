#include "truth/network_model.hpp"

#include <algorithm>
#include <cmath>

namespace memspice::truth {

namespace {

void stamp(Eigen::MatrixXd& matrix, const Element& e, double conductance) {
  if (e.a > 0) matrix(e.a - 1, e.a - 1) += conductance;
  if (e.b > 0) matrix(e.b - 1, e.b - 1) += conductance;
  if (e.a > 0 && e.b > 0) {
    matrix(e.a - 1, e.b - 1) -= conductance;
    matrix(e.b - 1, e.a - 1) -= conductance;
  }
}

double across(const Element& e, const Eigen::VectorXd& x) {
  return (e.a > 0 ? x[e.a - 1] : 0) - (e.b > 0 ? x[e.b - 1] : 0);
}

}  // namespace

bool NetworkModel::fits(const Netlist& netlist) {
  if (!netlist.connected()) return false;
  bool memristors = false;
  Groups loops(netlist.nodes() + 1), cuts(netlist.nodes() + 1);
  for (const Element& e : netlist.elements) {
    if (e.kind != 'y' && e.kind != 'r' && e.kind != 'v' && e.kind != 'i') return false;
    if (e.kind == 'v' && !loops.join(e.a, e.b)) return false;
    if (e.kind != 'i') cuts.join(e.a, e.b);
    if (e.kind != 'y') continue;
    memristors = true;
    if (!(e.memristor.ron > 0 && e.memristor.roff >= e.memristor.ron && e.memristor.beta > 0)) return false;
  }
  for (int node = 1; node <= netlist.nodes(); ++node) {
    bool used = false;
    for (const Element& e : netlist.elements) used |= e.a == node || e.b == node;
    if (used && cuts.find(node) != cuts.find(0)) return false;
  }
  return memristors;
}

NetworkModel::NetworkModel(const Netlist& netlist)
    : segments_(netlist.segments()), stop_(netlist.stop), nodes_(netlist.nodes()) {
  std::vector<Element> resistors;
  double logarithms = 0;
  for (const Element& e : netlist.elements) {
    if (e.kind == 'y') memristors_.push_back(e);
    if (e.kind == 'v') voltages_.push_back(e);
    if (e.kind == 'i') currents_.push_back(e);
    if (e.kind == 'r') resistors.push_back(e);
  }
  for (const Element& e : memristors_) logarithms += std::log(e.memristor.ron * e.memristor.roff) / 2;
  unit_ = std::exp(logarithms / static_cast<double>(memristors_.size()));
  const Eigen::Index n = nodes_ + static_cast<Eigen::Index>(voltages_.size());
  constant_.setZero(n, n);
  for (const Element& e : resistors) stamp(constant_, e, unit_ / e.value);
  for (Eigen::Index k = 0; k < static_cast<Eigen::Index>(voltages_.size()); ++k) {
    const Element& e = voltages_[static_cast<std::size_t>(k)];
    for (const auto& [node, sign] : {std::pair{e.a, 1.0}, std::pair{e.b, -1.0}})
      if (node > 0) constant_(node - 1, nodes_ + k) += sign, constant_(nodes_ + k, node - 1) += sign;
  }
  for (Eigen::Index node = 0; node < nodes_; ++node) {  // numbers that the minimiser left unused
    bool used = false;
    for (const Element& e : netlist.elements) used |= e.a == node + 1 || e.b == node + 1;
    if (!used) constant_(node, node) = 1;
  }
}

Eigen::VectorXd NetworkModel::initial() const {
  Eigen::VectorXd w(static_cast<Eigen::Index>(size()));
  for (std::size_t k = 0; k < size(); ++k) w[static_cast<Eigen::Index>(k)] = memristors_[k].initial;
  return w;
}

double NetworkModel::shortest_swing() const {
  double result = stop_;
  for (const auto* sources : {&voltages_, &currents_})
    for (const Element& e : *sources) {
      const auto& v = e.source.values;
      if (e.source.kind == Source::Kind::sine) result = std::min(result, 1 / v[2]);
      if (e.source.kind == Source::Kind::sffm) result = std::min(result, 1 / (v[2] + v[3] * v[4]));
      if (e.source.kind == Source::Kind::am) result = std::min(result, 1 / (v[2] + v[3]));
    }
  return result;
}

void NetworkModel::drive(double t, std::size_t segment, const Eigen::VectorXd& w, Eigen::VectorXd& f,
                         Eigen::MatrixXd* jacobian) const {
  ++evaluations_;
  const double begin = segments_[segment];
  const double end = segments_[segment + 1];
  const double inside = std::clamp(t, begin + 1e-6 * (end - begin), end - 1e-6 * (end - begin));
  matrix_ = constant_;
  right_.setZero(constant_.rows());
  for (std::size_t k = 0; k < size(); ++k)
    stamp(matrix_, memristors_[k],
          unit_ / memristors_[k].memristor.resistance(w[static_cast<Eigen::Index>(k)]));
  for (const Element& e : currents_) {
    const double current = unit_ * e.source.value(t, inside);
    if (e.a > 0) right_[e.a - 1] -= current;
    if (e.b > 0) right_[e.b - 1] += current;
  }
  for (std::size_t k = 0; k < voltages_.size(); ++k)
    right_[nodes_ + static_cast<Eigen::Index>(k)] = voltages_[k].source.value(t, inside);
  lu_.compute(matrix_);
  const Eigen::VectorXd x = lu_.solve(right_);
  f.resize(w.size());
  if (jacobian) jacobian->setZero(w.size(), w.size());
  for (Eigen::Index k = 0; k < w.size(); ++k) {
    const Element& e = memristors_[static_cast<std::size_t>(k)];
    const Memristor& m = e.memristor;
    const double resistance = m.resistance(w[k]);
    const double gain = m.polarity / m.beta * (m.voltage_control ? 1 : m.ron / resistance);
    f[k] = m.alpha * w[k] - gain * across(e, x);
    if (!jacobian) continue;
    // A change of w moves the current by dg v, all potentials with it, and so every drive.
    const double slope = -(m.roff - m.ron) / (resistance * resistance);
    Eigen::VectorXd moved = Eigen::VectorXd::Zero(right_.size());
    if (e.a > 0) moved[e.a - 1] -= unit_ * slope * across(e, x);
    if (e.b > 0) moved[e.b - 1] += unit_ * slope * across(e, x);
    moved = lu_.solve(moved);
    for (Eigen::Index j = 0; j < w.size(); ++j) {
      const Element& other = memristors_[static_cast<std::size_t>(j)];
      const Memristor& o = other.memristor;
      const double factor = o.polarity / o.beta * (o.voltage_control ? 1 : o.ron / o.resistance(w[j]));
      (*jacobian)(j, k) -= factor * across(other, moved);
    }
    (*jacobian)(k, k) += m.alpha;
    if (!m.voltage_control) (*jacobian)(k, k) -= m.polarity / m.beta * m.ron * slope * across(e, x);
  }
}

double overshoot(const Modes& modes, const Eigen::VectorXd& w, const Eigen::VectorXd& f, double time_unit) {
  double result = -1;
  for (Eigen::Index k = 0; k < w.size(); ++k) {
    const int mode = modes[static_cast<std::size_t>(k)];
    result = std::max(result, mode == 0 ? std::max(w[k] - 1, -w[k]) : -mode * f[k] * time_unit);
  }
  return result;
}

std::vector<double> innermost(const Modes& modes, const Eigen::VectorXd& begin, const Eigen::VectorXd& middle,
                              const Eigen::VectorXd& end) {
  std::vector<double> result;
  for (Eigen::Index k = 0; k < begin.size(); ++k) {
    const int mode = modes[static_cast<std::size_t>(k)];
    if (mode == 0) continue;
    const double bend = -mode * (begin[k] - 2 * middle[k] + end[k]);
    const double x = bend < 0 ? 0.5 - (-mode * (end[k] - begin[k])) / (4 * bend) : -1;
    if (x > 0.02 && x < 0.98) result.push_back(x);
  }
  std::sort(result.begin(), result.end());
  return result;
}

Modes modes_at(Eigen::VectorXd& w, const Eigen::VectorXd& f, double near) {
  Modes modes(static_cast<std::size_t>(w.size()));
  for (Eigen::Index k = 0; k < w.size(); ++k) {
    if (w[k] <= near) w[k] = 0;
    if (w[k] >= 1 - near) w[k] = 1;
    if (w[k] == 0 && f[k] <= 0) modes[static_cast<std::size_t>(k)] = -1;
    if (w[k] == 1 && f[k] >= 0) modes[static_cast<std::size_t>(k)] = 1;
  }
  return modes;
}

}  // namespace memspice::truth
