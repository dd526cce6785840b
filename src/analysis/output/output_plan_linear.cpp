// What the vectors of a plan are for a linearised circuit.

#include "analysis/output/output_plan.hpp"

namespace memspice {

bool OutputPlan::is_linear(Kind kind) {
  switch (kind) {
    case Kind::voltage:
    case Kind::unknown:
    case Kind::current:
    case Kind::source_current:
    case Kind::behavioural_current:
    case Kind::switch_current:
    case Kind::line_current:
      return true;
    default:
      return false;
  }
}

void OutputPlan::evaluate_changes(const EquationSystem& system, std::span<const Complex> x,
                                  const SourceChanges<Complex>& sources,
                                  const BranchChanges<Complex>& branches, std::span<Complex> row) const {
  for (const Column& column : columns_) {
    Complex& value = row[column.place];
    switch (column.kind) {
      case Kind::voltage:
        value = branches.voltage[column.instance] - branches.voltage[column.part];
        break;
      case Kind::unknown:
        value = x[system.unknown_index(column.group, column.instance, column.part)];
        break;
      case Kind::current: {
        const std::size_t width = system.circuit().groups[column.group].type->branches.size();
        value = branches.current[column.group][column.instance * width];
        break;
      }
      case Kind::source_current:
        value = column.voltage_source ? branches.source_current[column.instance]
                                      : sources.current[column.instance];
        break;
      case Kind::behavioural_current:
        value = branches.behavioural_current[column.instance];
        break;
      case Kind::switch_current:
        value = branches.switch_current[column.instance];
        break;
      case Kind::line_current:
        value = branches.line_current[2 * column.instance + column.part];
        break;
      default:
        break;
    }
  }
}

}  // namespace memspice
