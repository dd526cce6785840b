// What the vectors of a plan are for a linearised circuit.

#include "analysis/output_plan.hpp"

namespace memspice {

bool OutputPlan::is_linear(std::size_t vector) const {
  switch (columns_[vector].kind) {
    case Kind::voltage:
    case Kind::unknown:
    case Kind::current:
    case Kind::source_current:
      return true;
    default:
      return false;
  }
}

Complex OutputPlan::change(std::size_t vector, const EquationSystem& system, std::span<const Complex> x,
                           const SourceChanges<Complex>& sources,
                           const BranchChanges<Complex>& branches) const {
  const Column& column = columns_[vector];
  switch (column.kind) {
    case Kind::voltage:
      return branches.voltage[column.instance] - branches.voltage[column.part];
    case Kind::unknown:
      return x[system.unknown_index(column.group, column.instance, column.part)];
    case Kind::current: {
      const std::size_t width = system.circuit().groups[column.group].type->branches.size();
      return branches.current[column.group][column.instance * width];
    }
    case Kind::source_current:
      return column.voltage_source ? branches.source_current[column.instance]
                                   : sources.current[column.instance];
    default:
      return {};
  }
}

}  // namespace memspice
