#pragma once

#include <algorithm>
#include <complex>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "analysis/output/row_budget.hpp"
#include "analysis/solution/start.hpp"
#include "base/archive.hpp"
#include "equations/linear/phasor_matrix.hpp"
#include "memspice/simulate.hpp"
#include "solver/sparse_lu.hpp"

namespace memspice {

/// Finds what is wrong with the structure of a circuit that is to be linearised at its quiet point. Throws
/// DeckError.
void check_linearisation(const Circuit& circuit);

/// AnalysisType::rows of an analysis with a row a frequency.
template <class Card>
RowCount rows_of_frequencies(const Circuit&, const AnalysisCard& card) {
  return rows_of_values(static_cast<double>(std::max<std::size_t>(1, card.as<Card>().frequencies.size())));
}

/// The AC phasors of the independent sources.
SourceChanges<Complex> source_phasors(const Circuit& circuit);

/// The operating point that .dc, .ac, .tf, .sens and .noise look at: sources have their DC values, states are
/// held where they begin, capacitors carry no current and inductors are short circuits. As in SPICE, .ic has
/// no part in it.
class QuietPoint {
 public:
  /// Throws DeckError for a circuit without a solution by its structure.
  explicit QuietPoint(const Circuit& circuit);
  /// Solves, starting from the last solution, the first time from what the deck gives. Throws
  /// SimulationError.
  void solve();
  /// Makes the last solution of another circuit of the same nodes and elements, with other values, the first
  /// guess. States keep the initial values of this one.
  void start_from(const QuietPoint& other);

  /// The last solution, written, or read as the first guess.
  void exchange(Archive& archive);

  [[nodiscard]] EquationSystem& system() { return system_; }
  [[nodiscard]] const EquationSystem& system() const { return system_; }
  [[nodiscard]] Solution& at() { return at_; }
  [[nodiscard]] const std::string& method() const { return method_; }

 private:
  EquationSystem system_;
  Solution at_;
  std::string method_;  // empty: not solved yet
};

/// The circuit linearised at its quiet point as it is at rest: what .tf and .sens look at.
class RestPoint {
 public:
  /// `quiet` must be solved. `card` names the analysis in messages. Throws SimulationError when the
  /// linearised circuit is singular.
  RestPoint(QuietPoint& quiet, std::string_view card);
  /// Solve G x = b and Gᵀ x = b in place.
  void solve(std::span<double> b) { matrix_->solve(b); }
  void solve_transposed(std::span<double> b) { matrix_->solve_transposed(b); }

  [[nodiscard]] const Linearisation& linear() const { return *linear_; }
  [[nodiscard]] EquationSystem& system() { return quiet_.system(); }
  void report(SolverStatistics& statistics) const;

 private:
  QuietPoint& quiet_;
  std::optional<Linearisation> linear_;
  std::optional<SparseLu<double>> matrix_;
};

/// The circuit linearised at its quiet point, to be solved at one frequency after the other.
class SmallSignal {
 public:
  /// `card` names the analysis in messages: ".ac". Throws DeckError.
  SmallSignal(const Circuit& circuit, std::string_view card);
  /// Comes before everything else. Throws SimulationError.
  void find_operating_point();

  /// Factorises G + jωC. Throws SimulationError when it is singular.
  void set_frequency(double hertz);
  /// Solve (G + jωC) x = b and (G + jωC)ᵀ x = b in place. Throw SimulationError too.
  void solve(std::span<Complex> b) { require(matrix_->solve(b)); }
  void solve_transposed(std::span<Complex> b) { require(matrix_->solve_transposed(b)); }
  /// Everything that follows from a solution.
  void recover(std::span<const Complex> x, const SourceChanges<Complex>& sources,
               BranchChanges<Complex>& out) const {
    linear_->recover<Complex>(x, sources, {0.0, omega_}, out);
  }

  [[nodiscard]] const Linearisation& linear() const { return *linear_; }
  /// Whether an expression reads the frequency, so that linear() differs from one to the other.
  [[nodiscard]] bool depends_on_frequency() const { return depends_on_frequency_; }
  [[nodiscard]] EquationSystem& system() { return system_; }
  [[nodiscard]] const EquationSystem& system() const { return system_; }
  [[nodiscard]] const Solution& at() const { return at_; }
  [[nodiscard]] QuietPoint& quiet_point() { return quiet_; }
  [[nodiscard]] SourceChanges<Complex> no_changes() const;
  /// Resistance here over that at the operating point, whose noise it makes, as in SPICE.
  [[nodiscard]] double resistance_ratio(const SmallSignalResistor& resistor) const;
  void report(SolverStatistics& statistics) const;

 private:
  void require(bool regular) const;

  std::string card_;
  QuietPoint quiet_;
  std::optional<Circuit> alternating_;  // where resistors have another resistance to small signals
  EquationSystem system_;
  Solution at_;
  std::optional<Linearisation> linear_;
  std::optional<PhasorMatrix> matrix_;
  double hertz_ = 0;
  double omega_ = 0;  // 1/s
  bool depends_on_frequency_ = false;
};

}  // namespace memspice
