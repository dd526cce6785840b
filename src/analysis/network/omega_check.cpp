#include "analysis/network/omega_check.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "analysis/solution/memristor_states.hpp"
#include "analysis/types/analysis_type.hpp"
#include "analysis/types/report_archive.hpp"
#include "base/stopwatch.hpp"
#include "netlist/cards/card_options.hpp"
#include "network/closed_form.hpp"

namespace memspice {

OmegaCheck::OmegaCheck(const EquationSystem& system, const TransientCard& run, const OmegaCard& card,
                       OutputPlan& plan)
    : system_(system) {
  const Circuit& circuit = system.circuit();
  report_.tolerance = card.tolerance;
  closed_form_ = std::make_unique<network::ClosedForm>(circuit, run);
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

bool OmegaCheck::exchange(Archive& archive) {
  double t = closed_form_->time();
  std::vector<double> w(closed_form_->states().begin(), closed_form_->states().end());
  w.resize(index_.size());
  archive(started_);
  archive(t);
  archive(w);
  memspice::exchange(archive, report_);
  const bool inside = std::ranges::all_of(w, [](double state) { return state >= 0 && state <= 1; });
  archive.require(std::isfinite(t) && inside);
  if (archive.reading() && started_) closed_form_->start(t, w);
  return true;
}

namespace {

void read_omega(CardContext& card) {
  static constexpr std::array<std::string_view, 1> names{"tol"};
  OmegaCard read;
  read.where = card.where;
  std::string_view name;
  while (card_option(card, ".omega", names, name)) read.tolerance = tolerance(card);
  add_only_card(card, ObserverCard(read));
}

/// Of every device that may turn out to be a memristor.
void declare_states(const Circuit& circuit, OutputPlan& plan) {
  for (const DeviceGroup& group : circuit.groups)
    if (!group.type->unknowns.empty())
      for (const std::uint32_t name : group.names)
        plan.append(fmt::format("wo({})", circuit.element_names[name]), Quantity::notype);
}

}  // namespace

const ObserverType& type_of(const OmegaCard*) {
  static constexpr ObserverType type{
      .card = {.description = {".omega", "", "[tol=1e-4]", "integrate the closed form beside every .tran"},
               .group = CardGroup::network,
               .read = read_omega,
               .check =
                   [](Elaboration& elaboration) { require_transient(elaboration, type_of<OmegaCard>()); }},
      .declare = declare_states,
      .make = [](EquationSystem& system, const TransientCard& run, const ObserverCard& card,
                 OutputPlan& plan) -> std::unique_ptr<Observer> {
        return std::make_unique<OmegaCheck>(system, run, card.as<OmegaCard>(), plan);
      },
  };
  return type;
}

}  // namespace memspice
