#include "analysis/network/functional_watch.hpp"

#include <algorithm>
#include <cmath>

#include "analysis/solution/memristor_states.hpp"
#include "analysis/types/analysis_type.hpp"
#include "netlist/elaboration/card_context.hpp"

namespace memspice {

FunctionalWatch::FunctionalWatch(const EquationSystem& system, Location card, OutputPlan& plan)
    : functional_(system.circuit(), network::branch_network(system.circuit(), ".functional", card)),
      index_(state_indices(system, functional_.network().memristor_names)),
      w_(index_.size()) {
  plan.append("lyapunov", Quantity::notype);
  if (!has_gradient()) return;
  plan.append("gradient", Quantity::voltage);
  plan.append("gradient_paper", Quantity::voltage);
}

void FunctionalWatch::begin_segment(double t, double, const Solution& at) {
  if (!started_) advance(t, at);
}

void FunctionalWatch::advance(double, const Solution& at) {
  for (std::size_t k = 0; k < index_.size(); ++k) w_[k] = std::clamp(at.y[index_[k]], 0.0, 1.0);
  const network::Functional::Values before = now_;
  now_ = functional_(w_);
  if (!started_) {
    started_ = true;
    lyapunov_.start = lyapunov_.end = now_.lyapunov;
    gradient_.start = gradient_.end = now_.gradient;
    return;
  }
  follow(lyapunov_, before.lyapunov, now_.lyapunov);
  follow(gradient_, before.gradient, now_.gradient);
}

void FunctionalWatch::follow(FunctionalReport::Functional& functional, double before, double now) const {
  constexpr double rounding = 1e-13;  // of the terms that cancel in a functional, relative to its values
  functional.end = now;
  const double rise = now - before;
  if (rise <= rounding * std::max({std::abs(now), std::abs(before), std::abs(functional.start)})) return;
  ++functional.violations;
  functional.largest_violation = std::max(functional.largest_violation, rise);
}

void FunctionalWatch::values(std::span<double> out) const {
  out[0] = now_.lyapunov;
  if (!has_gradient()) return;
  out[1] = now_.gradient;
  out[2] = now_.paper;
}

void FunctionalWatch::report(AnalysisReport& report) const {
  report.functional = FunctionalReport{lyapunov_, std::nullopt, functional_.no_gradient()};
  if (has_gradient()) report.functional->gradient = gradient_;
}

namespace {

void read_functional(CardContext& card) {
  card.reader.expect_end();
  add_only_card(card, ObserverCard(FunctionalCard{card.where}));
}

}  // namespace

const ObserverType& type_of(const FunctionalCard*) {
  static constexpr ObserverType type{
      .card = {.description = {".functional", "", "", "the Lyapunov function along every .tran"},
               .group = CardGroup::network,
               .read = read_functional,
               .check =
                   [](Elaboration& elaboration) {
                     require_transient(elaboration, type_of<FunctionalCard>());
                   }},
      .declare =
          [](const Circuit&, OutputPlan& plan) {
            plan.append("lyapunov", Quantity::notype);
            for (const char* name : {"gradient", "gradient_paper"}) plan.append(name, Quantity::notype);
          },
      .make = [](EquationSystem& system, const TransientCard&, const ObserverCard& card,
                 OutputPlan& plan) -> std::unique_ptr<Observer> {
        return std::make_unique<FunctionalWatch>(system, card.where(), plan);
      },
  };
  return type;
}

}  // namespace memspice
