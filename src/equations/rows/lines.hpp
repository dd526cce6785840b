#pragma once

#include <vector>

#include "equations/rows/error_weights.hpp"
#include "equations/rows/lossless_line.hpp"
#include "equations/rows/row_set.hpp"

namespace memspice {

/// Lossless lines (T): the currents into their ports and the waves on them (lossless_line.hpp). At rest they
/// join their ports.
class Lines final : public RowSet {
 public:
  Lines(RowNumbers& numbers, const Circuit& circuit, bool at_rest);

  [[nodiscard]] std::span<LosslessLine> lines() { return lines_; }
  /// Index in y of the first of a line's unknowns; they are in the order of LosslessLine.
  [[nodiscard]] std::uint32_t first_row(std::uint32_t line) const {
    return numbers_.first + first_ + line * stride_;
  }
  /// At rest nothing determines the circulating current of this line: it counts as 0.
  void set_idle(std::uint32_t line) { idle_[line] = true; }

  std::optional<ElementReading> current_of(const ElementPlace& place) override;
  void attach(const PotentialForest& forest) override;
  void residual(const AuxiliaryPoint& at, double* r) override;
  void entries(const AuxiliaryPoint& at, EntrySink& emit) override;
  [[nodiscard]] AuxiliaryUnknown unknown(std::uint32_t place) const override;
  [[nodiscard]] std::string name(std::uint32_t place) const override;

  void begin(const AuxiliaryPoint& at, bool use_initial_conditions, double* y) override;
  void note(const AuxiliaryPoint& at) override;
  void note_corner(const AuxiliaryPoint& at, const ErrorWeights& weights) override;
  /// When the next jump arrives at the end of a line.
  [[nodiscard]] double next_breakpoint(double t) const override;
  /// What a saved run remembers of the waves.
  void exchange(Archive& archive);

 private:
  void arriving_entries(std::uint32_t line, std::uint32_t port, const AuxiliaryPoint& at,
                        EntrySink& emit) const;

  const Circuit& circuit_;
  bool at_rest_;
  std::uint32_t first_ = 0;   // number of the first row
  std::uint32_t stride_ = 0;  // unknowns a line
  std::vector<LosslessLine> lines_;
  std::vector<Ends> ports_;       // two a line
  std::vector<bool> idle_;        // by line
  std::vector<double> arrivals_;  // s, ascending
};

}  // namespace memspice
