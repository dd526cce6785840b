#include "analysis/simulation/readings.hpp"

#include <algorithm>
#include <stdexcept>

#include "base/characters.hpp"

namespace memspice {

void Readings::look_at(double t, Solution at) {
  t_ = t;
  at_ = std::move(at);
  has_point_ = true;
  row_.clear();
}

double Readings::read(EquationSystem& system, std::string_view name) {
  if (!plan_) {
    std::vector<Diagnostic> told;  // by the run itself
    plan_ = std::make_unique<OutputPlan>(circuit_, type_of<TransientCard>(),
                                         std::vector<VectorInfo>{{"time", Quantity::time}}, told);
  }
  std::string wanted = to_lower(name);
  std::erase(wanted, ' ');
  std::size_t column = 0;
  try {
    column = plan_->column(wanted, {}, wanted.size());
  } catch (const DeckError& error) {
    const Diagnostic& problem = error.diagnostics().front();
    throw std::out_of_range(problem.hint.empty() ? problem.message : problem.message + "; " + problem.hint);
  }
  if (row_.size() != plan_->width()) {
    row_.assign(plan_->width(), 0.0);
    row_[0] = t_;
    system.path().follow(false);
    plan_->circuit_columns().evaluate(system, t_, at_, row_);
    system.path().follow(true);
  }
  return row_[column];
}

}  // namespace memspice
