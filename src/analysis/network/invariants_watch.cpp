#include "analysis/network/invariants_watch.hpp"

#include <algorithm>
#include <cmath>

#include "analysis/solution/memristor_states.hpp"
#include "analysis/types/analysis_type.hpp"
#include "netlist/elaboration/card_context.hpp"

namespace memspice {

namespace {

void read_invariants(CardContext& card) {
  card.reader.expect_end();
  add_only_card(card, ObserverCard(InvariantsCard{card.where}));
}

void append_drifts(OutputPlan& plan) {
  for (const char* name : {"drift(kcl)", "drift(flux)", "drift(power)"}) plan.append(name, Quantity::notype);
}

}  // namespace

InvariantsWatch::InvariantsWatch(EquationSystem& system, const TransientCard& run, Location card,
                                 OutputPlan& plan)
    : system_(system),
      laws_(system.circuit(), network::branch_network(system.circuit(), ".invariants", card), run),
      index_(state_indices(system, laws_.network().memristor_names)),
      w_(index_.size()),
      rates_(index_.size()),
      held_(index_.size()),
      power_scale_(system.circuit().options.voltage_tolerance() *
                   system.circuit().options.current_tolerance()) {
  append_drifts(plan);
}

void InvariantsWatch::gather(const Solution& at) {
  for (std::size_t k = 0; k < index_.size(); ++k) {
    const std::size_t i = index_[k];
    w_[k] = std::clamp(at.y[i], 0.0, 1.0);
    rates_[k] = at.derivative[i];
    held_[k] = held_[k] || system_.path().met_side(i) != 0;
  }
}

void InvariantsWatch::begin_step() {
  // The step in which a state meets its bound is no smooth one: the laws end before it.
  for (std::size_t k = 0; k < index_.size(); ++k) held_[k] = system_.path().met_side(index_[k]) != 0;
}

void InvariantsWatch::begin_segment(double t, double end, const Solution& at) {
  gather(at);
  laws_.begin_segment(t, end, w_, rates_);
}

void InvariantsWatch::advance(double t, const Solution& at) {
  check_power(t, at);
  gather(at);
  laws_.advance(t, w_, rates_, held_);
}

void InvariantsWatch::check_power(double t, const Solution& at) {
  read_branches(system_, t, at.y.data(), at.derivative.data(), branches_);
  double sum = 0;
  double magnitude = 0;
  const auto add = [&](double power) {
    sum += power;
    magnitude += std::abs(power);
  };
  for (std::size_t g = 0; g < branches_.current.size(); ++g) {
    for (std::size_t i = 0; i < branches_.current[g].size(); ++i)
      add(branches_.current[g][i] * branches_.voltage[g][i]);
  }
  const Circuit& circuit = system_.circuit();
  const auto across = [&](const Source& source) {
    return system_.points().voltage(source.plus, at.y.data()) -
           system_.points().voltage(source.minus, at.y.data());
  };
  for (std::size_t i = 0; i < circuit.voltage_sources.size(); ++i)
    add(branches_.source_current[i] * across(circuit.voltage_sources[i]));
  for (std::size_t i = 0; i < circuit.current_sources.size(); ++i)
    add(system_.sources().current()[i] * across(circuit.current_sources[i]));
  power_scale_ = std::max(power_scale_, magnitude);
  power_drift_ = power_scale_ > 0 ? std::abs(sum) / power_scale_ : 0;
  largest_power_drift_ = std::max(largest_power_drift_, power_drift_);
}

void InvariantsWatch::values(std::span<double> out) const {
  out[0] = laws_.kcl_memory().drift;
  out[1] = laws_.flux().drift;
  out[2] = power_drift_;
}

void InvariantsWatch::report(AnalysisReport& report) const {
  const auto law = [](const network::ConservationLaws::Law& state) {
    return InvariantsReport::Law{state.laws, state.largest_drift, state.valid_until};
  };
  report.invariants =
      InvariantsReport{law(laws_.kcl_memory()), law(laws_.flux()), {1, largest_power_drift_, std::nullopt}};
}

bool InvariantsWatch::exchange(Archive& archive) {
  laws_.exchange(archive);
  for (std::size_t k = 0; k < held_.size(); ++k) {
    bool held = held_[k];
    archive(held);
    held_[k] = held;
  }
  for (double* power : {&power_scale_, &power_drift_, &largest_power_drift_}) archive(*power);
  return true;
}

const ObserverType& type_of(const InvariantsCard*) {
  static constexpr ObserverType type{
      .card = {.description = {".invariants", "", "", "watch the conservation laws along every .tran"},
               .group = CardGroup::network,
               .read = read_invariants,
               .check =
                   [](Elaboration& elaboration) {
                     require_transient(elaboration, type_of<InvariantsCard>());
                   }},
      .declare = [](const Circuit&, OutputPlan& plan) { append_drifts(plan); },
      .make = [](EquationSystem& system, const TransientCard& run, const ObserverCard& card,
                 OutputPlan& plan) -> std::unique_ptr<Observer> {
        return std::make_unique<InvariantsWatch>(system, run, card.where(), plan);
      },
  };
  return type;
}

}  // namespace memspice
