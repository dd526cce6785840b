#include "network/functional.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace memspice::network {

namespace {

[[noreturn]] void refuse(const Circuit& circuit, const BranchNetwork& network, std::size_t branch,
                         std::string_view reason, std::string hint) {
  static const SourceFiles none;
  const std::string name = circuit.element_names[network.names[branch]];
  throw DeckError(diagnose(circuit.sources ? *circuit.sources : none, network.where[branch], name.size(),
                           fmt::format(".functional: '{}' {}", name, reason), std::move(hint)));
}

void require_theory(const Circuit& circuit, const BranchNetwork& network) {
  for (std::size_t k = 0; k < network.branches.size(); ++k) {
    if (network.resistance[k] < 0)
      refuse(circuit, network, k, "has a negative resistance",
             "the Lyapunov function needs passive elements");
  }
  for (std::size_t k = 0; k < network.memristors.size(); ++k) {
    if (network.memristors[k].voltage_control)
      refuse(circuit, network, k, "is controlled by its voltage",
             "the Lyapunov function needs control=current");
    if (network.memristors[k].alpha != network.memristors[0].alpha)
      refuse(circuit, network, k,
             fmt::format("has another alpha than '{}'", circuit.element_names[network.names[0]]),
             "the Lyapunov function needs one alpha for all memristors");
  }
  for (const auto& source : network.sources) {
    if (source.function != Source::constant)
      refuse(circuit, network, source.branch, "varies in time",
             "the Lyapunov function needs constant sources: give it a DC value only");
  }
}

std::string gradient_problem(const Circuit& circuit, const BranchNetwork& network) {
  const Memristor& first = network.memristors[0];
  if (first.alpha != 0) return "alpha is not 0";
  for (std::size_t k = 0; k < network.memristors.size(); ++k) {
    const Memristor& device = network.memristors[k];
    const std::string name = circuit.element_names[network.names[k]];
    if (device.gain < 0) return fmt::format("'{}' has polarity -1", name);
    if (device.low != first.low || device.slope != first.slope || device.gain != first.gain)
      return fmt::format("'{}' differs from '{}'", name, circuit.element_names[network.names[0]]);
  }
  for (std::size_t k = network.memristors.size(); k < network.branches.size(); ++k) {
    if (network.kinds[k] == BranchKind::resistive)
      return fmt::format("'{}' is no memristor", circuit.element_names[network.names[k]]);
  }
  return {};
}

}  // namespace

Functional::Functional(const Circuit& circuit, BranchNetwork network)
    : network_(std::move(network)),
      equations_(loop_equations(circuit, network_)),
      base_current_(network_.branches.size(), 0.0),
      charge_(network_.branches.size(), 0.0),
      emf_(charge_),
      response_(charge_),
      none_(charge_) {
  require_theory(circuit, network_);
  no_gradient_ = gradient_problem(circuit, network_);
  equations_.factor(network_.resistance);
  std::vector<double> driven = none_;
  for (const auto& source : network_.sources)
    (source.is_voltage ? emf_ : driven)[source.branch] = source.is_voltage ? -source.dc : source.dc;
  equations_.solve(emf_, driven, base_current_);
  std::ranges::fill(emf_, 0.0);
  for (const Memristor& device : network_.memristors)
    scale_ += device.slope / (device.gain * device.gain) / static_cast<double>(network_.memristors.size());
}

Functional::Values Functional::operator()(std::span<const double> w) {
  Values values;
  double cubic = 0;
  double linear = 0;
  for (std::size_t k = 0; k < w.size(); ++k) {
    const Memristor& device = network_.memristors[k];
    charge_[k] = device.slope / device.low / device.gain * w[k] * w[k];
    emf_[k] = device.low * charge_[k];
    cubic += device.slope / (device.gain * device.gain) * w[k] * w[k] * w[k];
    linear += emf_[k] * base_current_[k];
    const double s = device.low * base_current_[k];
    values.gradient += s * w[k] - 0.5 * device.slope / device.low * s * w[k] * w[k];
    values.paper += 0.5 * s * w[k] * w[k];
  }
  const double alpha = network_.memristors[0].alpha;
  double quadratic = 0;
  if (alpha != 0) {
    equations_.solve(emf_, none_, response_);
    for (std::size_t k = 0; k < w.size(); ++k) quadratic += emf_[k] * response_[k];
  }
  if (scale_ != 0) values.lyapunov = (-alpha / 3 * cubic - alpha / 4 * quadratic + 0.5 * linear) / scale_;
  if (!no_gradient_.empty()) values.gradient = values.paper = 0;
  return values;
}

}  // namespace memspice::network
