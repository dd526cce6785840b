#include "analysis/network/omega_check.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "analysis/solution/memristor_states.hpp"
#include "base/stopwatch.hpp"
#include "network/closed_form.hpp"

namespace memspice {

OmegaCheck::OmegaCheck(const EquationSystem& system, const TransientCard& card, OutputPlan& plan)
    : system_(system) {
  const Circuit& circuit = system.circuit();
  report_.tolerance = circuit.omega->tolerance;
  closed_form_ = std::make_unique<network::ClosedForm>(circuit, card);
  index_ = state_indices(system, closed_form_->memristors());
  for (const std::uint32_t name : closed_form_->memristors())
    plan.append(fmt::format("wo({})", circuit.element_names[name]), Quantity::notype);
  report_.states = index_.size();
}

OmegaCheck::~OmegaCheck() = default;

void OmegaCheck::begin_segment(double t, double, const Solution& at) {
  if (started_) return;
  started_ = true;
  std::vector<double> w;
  for (const std::size_t i : index_) w.push_back(at.y[i]);
  closed_form_->start(t, w);
}

void OmegaCheck::values(std::span<double> out) const {
  std::ranges::copy(closed_form_->states(), out.begin());
}

void OmegaCheck::advance(double t, const Solution& at) {
  const Stopwatch watch;
  closed_form_->advance(t);
  const std::span<const double> states = closed_form_->states();
  for (std::size_t i = 0; i < index_.size(); ++i) {
    const double deviation = std::abs(std::clamp(at.y[index_[i]], 0.0, 1.0) - states[i]);
    if (deviation <= report_.largest_deviation) continue;
    report_.largest_deviation = deviation;
    report_.time = t;
    report_.state = fmt::format("w({})", system_.circuit().element_names[closed_form_->memristors()[i]]);
  }
  report_.seconds += watch.seconds();
}

}  // namespace memspice
