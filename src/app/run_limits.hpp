#pragma once

#include <memspice/budgets.hpp>

#include "base/stopwatch.hpp"

namespace memspice::app {

/// The budgets that the program itself sees to: memory and time, from the construction on.
class RunLimits {
 public:
  explicit RunLimits(const Budgets& budgets) { take(budgets); }

  /// Those of the deck too, once they are known.
  void take(const Budgets& budgets);
  [[nodiscard]] bool is_late() const { return running_.seconds() > budgets_.limit(Resource::seconds); }
  /// Throws SimulationError with the name of the budget.
  [[noreturn]] void refuse(Resource resource) const;
  [[nodiscard]] bool limits_memory() const;

 private:
  Budgets budgets_;
  Stopwatch running_;
};

}  // namespace memspice::app
