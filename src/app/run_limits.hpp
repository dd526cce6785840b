#pragma once

#include <functional>
#include <memspice/budgets.hpp>

#include "base/interruption.hpp"
#include "base/stopwatch.hpp"

namespace memspice::app {

/// The budgets that the program itself sees to: memory and time, from the construction on.
class RunLimits {
 public:
  explicit RunLimits(const Budgets& budgets) { take(budgets); }

  /// Those of the deck too, once they are known.
  void take(const Budgets& budgets);
  [[nodiscard]] bool is_late() const { return running_.seconds() > budgets_.limit(Resource::seconds); }
  /// What `read` returns, a function that reads a deck: it ends as late as a run does.
  template <class Read>
  auto read(Read&& read) const {
    const std::function<bool()> late = [this] { return is_late(); };
    const InterruptScope scope(late);
    try {
      return read();
    } catch (const Interrupted&) {
      refuse(Resource::seconds);
    }
  }
  /// Throws SimulationError with the name of the budget.
  [[noreturn]] void refuse(Resource resource) const;
  [[nodiscard]] bool limits_memory() const;

 private:
  Budgets budgets_;
  Stopwatch running_;
};

}  // namespace memspice::app
