#pragma once

#include <vector>

#include "equations/rows/row_set.hpp"

namespace memspice {

/// What ddt() and idt() of expressions need (Circuit::auxiliaries): the argument of a ddt(), x - P = 0, whose
/// derivative is read, and the value of an idt(), ẋ - P = 0.
class Integrals final : public RowSet {
 public:
  Integrals(RowNumbers& numbers, const Circuit& circuit, Expressions& expressions);

  /// How an expression reads one of them.
  [[nodiscard]] Reading reading(std::uint32_t auxiliary) const;

  void attach(const PotentialForest& forest) override;
  void residual(const AuxiliaryPoint& at, double* r) override;
  void entries(const AuxiliaryPoint& at, EntrySink& emit) override;
  [[nodiscard]] AuxiliaryUnknown unknown(std::uint32_t place) const override;
  [[nodiscard]] std::string name(std::uint32_t place) const override;
  void initialise(double* y) const override;
  void find_expressions(bool hold, ExpressionPlaces& places) const override;

 private:
  [[nodiscard]] double argument_tolerance(const Program& program) const;

  const Circuit& circuit_;
  Expressions& expressions_;
  std::vector<std::uint32_t> rows_;  // in y, by auxiliary
};

}  // namespace memspice
