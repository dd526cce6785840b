#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "analysis/output/circuit_columns.hpp"
#include "analysis/types/analysis_type.hpp"
#include "memspice/waveform.hpp"

namespace memspice {

class VectorResolver;

/// Mistakes in what the cards of one analysis ask for that are told at once.
inline constexpr std::size_t most_mistakes = 20;

/// A word alone is no vector and not near the name of one: it may have been meant for something else.
class UnknownWord : public DeckError {
 public:
  using DeckError::DeckError;
};

/// What a pattern names.
struct NamedColumns {
  std::vector<std::size_t> places;
  bool leaves_out = false;  // vectors that the analysis does not have, as powers in .ac
};

/// Which values make up a row of an analysis, and how each is computed from a solution.
///
/// A row holds, in this order: the scale (time, frequency, swept values), which the analysis fills; the
/// vectors of .save, .probe and .print (or the default: node voltages, currents of voltage sources and
/// inductors, memristor states); vectors appended by somebody who fills them; and hidden ones, offered by
/// somebody or asked for, which only .measure, .print and .four look at. In a complex plot every value is two
/// numbers.
class OutputPlan {
 public:
  /// Whether rows will be made. Where cards are only checked, wildcards of .save are passed over: they cannot
  /// name what is not there, and may match a million vectors.
  enum class Purpose : std::uint8_t { rows, check };
  /// Throws DeckError for a vector that the circuit does not have. Requests whose wildcards match nothing are
  /// appended to `warnings`, unless nothing is but checked.
  OutputPlan(const Circuit& circuit, const AnalysisType& type, std::vector<VectorInfo> scale,
             std::vector<Diagnostic>& warnings, Purpose purpose = Purpose::rows);
  ~OutputPlan();
  OutputPlan(const OutputPlan&) = delete;
  OutputPlan& operator=(const OutputPlan&) = delete;

  [[nodiscard]] const AnalysisType& type() const { return type_; }
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

  /// Whether rows hold vectors of the circuit, not only appended and offered ones.
  [[nodiscard]] bool of_circuit() const { return type_.vectors != AnalysisType::Vectors::own; }
  /// Whether rows go along the time.
  [[nodiscard]] bool along_time() const { return scale_ > 0 && vectors_.front().quantity == Quantity::time; }

  /// The place in a row of one vector, such as `v(a,b)`, `i(r1)`, `@r1[i]` or one of the names above; added
  /// as a hidden one when it is new. Throws DeckError at `where` (`length` bytes of the deck) when there is
  /// none.
  std::size_t column(std::string_view name, Location where, std::size_t length);
  /// Places of the vectors that a pattern names. Throws as column() does, UnknownWord where that is the
  /// mistake.
  NamedColumns columns(std::string_view pattern, Location where);
  /// The place in a row of a parameter that .dc may change, a hidden one, which the analysis fills.
  std::size_t parameter(std::string_view name);
  /// By name.
  [[nodiscard]] const std::map<std::string, std::size_t, std::less<>>& parameters() const {
    return parameters_;
  }
  /// Frees what only column() and columns() need.
  void close();

  /// How the circuit's own vectors are computed: neither the scale, nor appended ones, nor parameters.
  [[nodiscard]] CircuitColumns& circuit_columns() { return columns_; }
  [[nodiscard]] const CircuitColumns& circuit_columns() const { return columns_; }

 private:
  friend class VectorResolver;
  void add(CircuitColumns::Column column, VectorInfo info);

  const Circuit& circuit_;
  const AnalysisType& type_;
  std::size_t scale_;
  bool open_ = true;                   // vectors are still added to the visible ones
  bool expands_;                       // wildcards; otherwise they find nothing
  std::vector<std::string> left_out_;  // those asked for last that .ac does not have
  CircuitColumns columns_;
  std::vector<VectorInfo> vectors_;
  std::vector<VectorInfo> hidden_;
  std::map<std::string, std::size_t, std::less<>> parameters_;
  std::unique_ptr<VectorResolver> resolver_;
};

}  // namespace memspice
