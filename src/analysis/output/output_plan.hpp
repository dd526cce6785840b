#pragma once

#include <functional>
#include <map>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "analysis/solution/newton.hpp"
#include "equations/linear/linearisation.hpp"
#include "memspice/waveform.hpp"

namespace memspice {

class VectorResolver;

/// Of what the cards of one analysis ask for: so many are told at once.
inline constexpr std::size_t most_mistakes = 20;

/// Which values make up a row of an analysis, and how each is computed from a solution.
///
/// A row holds, in this order: the scale (time, frequency, swept values), which the analysis fills; the
/// vectors of .save, .probe and .print (or the default: node voltages, currents of voltage sources and
/// inductors, memristor states); vectors appended by somebody who fills them; and hidden ones, offered by
/// somebody or asked for, which only .measure, .print and .four look at. In a complex plot every value is two
/// numbers.
class OutputPlan {
 public:
  /// Throws DeckError for a vector that the circuit does not have. Requests whose wildcards match nothing are
  /// appended to `warnings`. Analyses other than .op, .tran, .dc and .ac have no vectors of their own.
  OutputPlan(const Circuit& circuit, AnalysisKind kind, std::vector<VectorInfo> scale,
             std::vector<Diagnostic>& warnings);
  ~OutputPlan();
  OutputPlan(const OutputPlan&) = delete;
  OutputPlan& operator=(const OutputPlan&) = delete;

  [[nodiscard]] AnalysisKind kind() const { return kind_; }
  /// All but the hidden ones: what the waveform file holds.
  [[nodiscard]] const std::vector<VectorInfo>& vectors() const { return vectors_; }
  [[nodiscard]] std::size_t scale() const { return scale_; }
  /// Vectors of a whole row.
  [[nodiscard]] std::size_t width() const { return vectors_.size() + hidden_.size(); }
  [[nodiscard]] const VectorInfo& info(std::size_t column) const {
    return column < vectors_.size() ? vectors_[column] : hidden_[column - vectors_.size()];
  }
  /// Adds a vector that somebody else fills, in every row. Not once there are hidden ones.
  void append(std::string name, Quantity quantity) { vectors_.push_back({std::move(name), quantity}); }
  /// Adds a hidden one that somebody else fills. Not once column() has been called.
  void offer(std::string name, Quantity quantity) { hidden_.push_back({std::move(name), quantity}); }

  /// Whether rows hold vectors of the circuit: those of .tf, .sens and .noise have appended and offered ones
  /// only.
  [[nodiscard]] bool of_circuit() const;

  /// The place in a row of one vector, such as `v(a,b)`, `i(r1)`, `@r1[i]` or one of the names above; added
  /// as a hidden one when it is new. Throws DeckError at `where` (`length` bytes of the deck) when there is
  /// none.
  std::size_t column(std::string_view name, Location where, std::size_t length);
  /// Places of the vectors that a pattern names, likewise.
  std::vector<std::size_t> columns(std::string_view pattern, Location where);
  /// The place in a row of a parameter that .dc may change, a hidden one, which the analysis fills.
  std::size_t parameter(std::string_view name);
  /// By name.
  [[nodiscard]] const std::map<std::string, std::size_t, std::less<>>& parameters() const {
    return parameters_;
  }
  /// Frees what only column() and columns() need.
  void close();

  /// Whether a vector is a current or a power.
  [[nodiscard]] bool needs_branches() const { return needs_branches_; }
  /// Fills the plan's own values of a row: neither the scale, nor appended ones, nor parameters.
  void evaluate(EquationSystem& system, double t, const Solution& at, std::span<double> row);
  /// The same in .ac: their small changes, from the solution x of the linearised system and what follows from
  /// it.
  void evaluate_changes(const EquationSystem& system, std::span<const Complex> x,
                        const SourceChanges<Complex>& sources, const BranchChanges<Complex>& branches,
                        std::span<Complex> row) const;

  /// Whether a linearised circuit has the vector: voltages, currents and states; powers and observables are
  /// no linear functions of them.
  [[nodiscard]] bool is_linear(std::size_t vector) const;
  /// The small change of a linear vector, from the solution x of the linearised system and what follows from
  /// it.
  [[nodiscard]] Complex change(std::size_t vector, const EquationSystem& system, std::span<const Complex> x,
                               const SourceChanges<Complex>& sources,
                               const BranchChanges<Complex>& branches) const;

 private:
  friend class VectorResolver;
  enum class Kind {
    voltage,
    unknown,
    current,
    power,
    observable,
    source_current,
    source_power,
    behavioural_current,
    behavioural_power,
    switch_current,
    switch_power,
    line_current,
    line_power,
    parameter,
    source_dc,
  };
  struct Column {
    Kind kind = Kind::voltage;
    bool voltage_source = false;
    std::uint32_t group = 0;
    std::uint32_t instance = 0;  // or source, switch, line, or first node
    std::uint32_t part = 0;      // unknown, observable or parameter, or second node, or port
    std::size_t place = 0;       // in a row
  };

  void add(Column column, VectorInfo info);
  /// Whether a linearised circuit has the vector: powers and observables are no linear functions.
  [[nodiscard]] static bool is_linear(Kind kind);

  const Circuit& circuit_;
  AnalysisKind kind_;
  std::size_t scale_;
  bool open_ = true;                   // vectors are still added to the visible ones
  std::vector<std::string> left_out_;  // visible ones that .ac does not have
  std::vector<Column> columns_;
  std::vector<VectorInfo> vectors_;
  std::vector<VectorInfo> hidden_;
  std::map<std::string, std::size_t, std::less<>> parameters_;
  std::unique_ptr<VectorResolver> resolver_;
  bool needs_branches_ = false;
  BranchValues branches_;
};

}  // namespace memspice
