#pragma once

#include <span>
#include <string>
#include <vector>

#include "analysis/output/output_plan.hpp"
#include "analysis/output/row_guard.hpp"
#include "analysis/output/samples.hpp"
#include "analysis/types/report_archive.hpp"
#include "memspice/simulate.hpp"

namespace memspice {

/// What leaves an analysis: rows for a sink, and what .print, .measure and .four make of them.
///
/// Life cycle: complete the plan (append), construct, which adds the hidden vectors that the cards name and
/// begins the sink's plot; row() and point() along the scale; finish().
class AnalysisOutput {
 public:
  /// Throws DeckError for vectors that the circuit does not have. `early` finish or not, the sink's plot is
  /// ended by finish().
  AnalysisOutput(const Circuit& circuit, OutputPlan& plan, bool complex, WaveformSink& sink,
                 std::vector<Diagnostic>& warnings)
      : AnalysisOutput(circuit, plan, complex, &sink, warnings) {}

  /// Only finds what is wrong with the cards of an analysis with vectors of the circuit, or of the one whose
  /// rows the plan describes.
  static void check(const Circuit& circuit, const AnalysisType& type);
  static void check(const Circuit& circuit, OutputPlan& plan, bool complex);

  /// The time of the last row of a transient that is complete.
  void must_end_at(double stop) { guard_.must_end_at(stop); }
  /// A row of plan.width() values (in a complex plot twice as many numbers): for the file, too. Throws
  /// SimulationError when it must not be written (RowGuard).
  void row(std::span<const double> values);
  /// The same for a point that the file does not have.
  void point(std::span<const double> values);
  /// Whether anybody looks at points that are no rows.
  [[nodiscard]] bool wants_points() const { return samples_.wanted(); }

  /// Scale of the last point, -infinity before the first one.
  [[nodiscard]] double last_point() const;
  /// How far the point `middle`, half-way to `end`, lies from the straight line from the last point to `end`,
  /// in units of the tolerance. The largest of everything that is looked at.
  [[nodiscard]] double bend(std::span<const double> middle, std::span<const double> end) {
    return samples_.bend(middle, end);
  }

  /// What measures and tables have of the rows so far, written or read. When it is read the sink's plot is
  /// one that had been begun before.
  void exchange(Archive& archive) {
    guard_.exchange(archive);
    samples_.exchange(archive);
    for (Table& table : tables_) exchange_rows(archive, table.table);
  }

  /// Ends the plot and puts measures, harmonics and tables into the report, whose outcome is known by now.
  void finish(AnalysisReport& report);

 private:
  /// Without a sink only to find what is wrong.
  AnalysisOutput(const Circuit& circuit, OutputPlan& plan, bool complex, WaveformSink* sink,
                 std::vector<Diagnostic>& warnings);
  struct Table {
    PrintedTable table;
    std::vector<ColumnExpression> columns;
  };
  void add_table(const PrintCard& card, std::vector<Diagnostic>& warnings);
  [[nodiscard]] bool may_be_left_out(const PrintCard& card) const;
  NamedColumns columns_of(const PrintCard& card, const PrintCard::Item& item);
  void warn_of_nothing(const PrintCard& card, const PrintCard::Item& item, bool leaves_out,
                       std::vector<Diagnostic>& warnings);
  void add_column(Table& table, const PrintCard& card, const VectorExpression& expression,
                  const std::string& title);
  void want_measure(const MeasureCard& card, std::vector<Diagnostic>& warnings);
  void want(const VectorExpression& expression);
  void warn_of_density(const MeasureCard& card, std::vector<Diagnostic>& warnings);
  ColumnExpression::Place place(const VectorExpression::Node& node);
  /// To a row; earlier measures are 0.
  ColumnExpression::Binding binding();

  const Circuit& circuit_;
  OutputPlan& plan_;
  WaveformSink* sink_;
  bool complex_;
  RowGuard guard_;
  Samples samples_;
  std::vector<Table> tables_;
  double table_columns_ = 0;  // of all tables
};

}  // namespace memspice
