#include "app/printed_output.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "app/console.hpp"
#include "app/output_paths.hpp"
#include "app/summary.hpp"
#include "app/text_table.hpp"

namespace memspice::app {

namespace {

constexpr std::size_t column_width = 16;

std::string_view plot_name(std::string_view analysis) {
  constexpr std::pair<std::string_view, std::string_view> names[] = {{"op", "Operating Point"},
                                                                     {"tran", "Transient Analysis"},
                                                                     {"dc", "DC transfer characteristic"},
                                                                     {"ac", "AC Analysis"},
                                                                     {"tf", "Transfer Function"},
                                                                     {"sens", "Sensitivity Analysis"},
                                                                     {"noise", "Noise Analysis"}};
  for (const auto& [word, name] : names)
    if (word == analysis) return name;
  return analysis;
}

std::string quoted(const std::string& name) {
  return name.find(',') == std::string::npos ? name : '"' + name + '"';
}

}  // namespace

std::string describe_measures(const AnalysisReport& report) {
  if (report.measures.empty()) return {};
  std::string text = fmt::format("  Measurements for {}\n\n", plot_name(report.analysis));
  for (const MeasureReport& measure : report.measures) text += measure.text() + '\n';
  return text + '\n';
}

std::string describe_measures(const RunReport& report, std::size_t analysis) {
  std::vector<std::string> names;
  for (const PointReport& point : report.points) {
    if (point.analyses.size() <= analysis) continue;
    for (const MeasureReport& measure : point.analyses[analysis].measures)
      if (std::ranges::find(names, measure.name) == names.end()) names.push_back(measure.name);
  }
  if (names.empty()) return {};
  std::vector<TextColumn> columns;
  for (const std::string& name : report.swept) columns.push_back({name});
  for (const std::string& name : names) columns.push_back({name});
  TextTable table(std::move(columns));
  for (const PointReport& point : report.points) {
    if (point.outcome == Outcome::interrupted && point.analyses.size() <= analysis) continue;
    std::vector<std::string> row;
    for (const double value : point.values) row.push_back(fmt::format("{:.10g}", value));
    row.resize(report.swept.size() + names.size(), "failed");
    if (point.analyses.size() > analysis)
      for (const MeasureReport& measure : point.analyses[analysis].measures)
        if (measure.value)
          row[report.swept.size() +
              static_cast<std::size_t>(std::ranges::find(names, measure.name) - names.begin())] =
              fmt::format("{:.6e}", *measure.value);
    table.add(std::move(row));
  }
  return fmt::format("  Measurements for {}\n\n{}\n", plot_name(report.analyses[analysis].analysis),
                     table.text());
}

std::string describe_harmonics(const AnalysisReport& report) {
  std::string text;
  for (const FourierReport& fourier : report.fouriers) {
    text += fmt::format("Fourier analysis for {}:\n", fourier.vector);
    if (fourier.harmonics.empty()) {
      text += fmt::format("  failed: {}\n\n", fourier.message);
      continue;
    }
    text += fmt::format("  No. Harmonics: {}, THD: {:.6g} %\n\n", fourier.harmonics.size(),
                        100 * fourier.distortion);
    text += "Harmonic Frequency   Magnitude   Phase       Norm. Mag   Norm. Phase\n";
    text += "-------- ---------   ---------   -----       ---------   -----------\n";
    for (std::size_t n = 0; n < fourier.harmonics.size(); ++n) {
      const FourierReport::Harmonic& h = fourier.harmonics[n];
      text += fmt::format(" {:<7} {:<11.6g} {:<11.6g} {:<11.6g} {:<11.6g} {:.6g}\n", n, h.frequency,
                          h.magnitude, h.phase, h.normalised_magnitude, h.normalised_phase);
    }
    text += '\n';
  }
  return text;
}

std::string text_of(const PrintedTable& table) {
  const std::size_t columns = table.columns.size();
  const std::size_t rows = columns == 0 ? 0 : table.values.size() / columns;
  fmt::memory_buffer text;
  const auto out = std::back_inserter(text);
  if (table.format == PrintCard::Format::csv) {
    if (table.index) fmt::format_to(out, "index,");
    for (std::size_t i = 0; i < columns; ++i)
      fmt::format_to(out, "{}{}", quoted(table.columns[i]), i + 1 < columns ? ',' : '\n');
    for (std::size_t row = 0; row < rows; ++row) {
      if (table.index) fmt::format_to(out, "{},", row);
      for (std::size_t i = 0; i < columns; ++i)
        fmt::format_to(out, "{}{}", table.values[row * columns + i], i + 1 < columns ? ',' : '\n');
    }
    return fmt::to_string(text);
  }
  std::vector<std::size_t> widths;
  for (const std::string& name : table.columns) widths.push_back(std::max(column_width, name.size() + 2));
  fmt::format_to(out, "{}\n", table.plot);
  if (table.index) fmt::format_to(out, "{:>8}", "index");
  for (std::size_t i = 0; i < columns; ++i) fmt::format_to(out, "{:>{}}", table.columns[i], widths[i]);
  fmt::format_to(out, "\n");
  for (std::size_t row = 0; row < rows; ++row) {
    if (table.index) fmt::format_to(out, "{:>8}", row);
    for (std::size_t i = 0; i < columns; ++i)
      // + 0.0: no -0 for people
      fmt::format_to(out, "{:>{}.8e}", table.values[row * columns + i] + 0.0, widths[i]);
    fmt::format_to(out, "\n");
  }
  fmt::format_to(out, "\n");
  return fmt::to_string(text);
}

PrintedOutput::PrintedOutput(const Circuit& circuit, const std::string& path, bool standard_output)
    : standard_output_(standard_output) {
  if (!path.empty()) file_ = std::make_unique<OutputFile>(path, false);
  for (const PrintCard& card : circuit.prints)
    if (!card.file.empty() && !tables_.contains(file_identity(card.file)))
      tables_[file_identity(card.file)] = std::make_unique<OutputFile>(card.file, false);
}

void PrintedOutput::put(std::string_view text) {
  if (file_) {
    file_->write(text);
  } else if (standard_output_) {
    print_out(text);
  }
}

void PrintedOutput::write(const RunReport& report) {
  // First what is not standard output: its reader may go, and the files are wanted all the same.
  for (const AnalysisReport& analysis : report.analyses)
    for (const PrintedTable& table : analysis.tables)
      if (!table.file.empty()) tables_.at(file_identity(table.file))->write(text_of(table));
  for (const auto& [name, file] : tables_) file->commit();
  for (std::size_t i = 0; i < report.analyses.size(); ++i) {
    const AnalysisReport& analysis = report.analyses[i];
    put(describe_measures(analysis));
    put(describe_measures(report, i));
    for (const PrintedTable& table : analysis.tables)
      if (table.file.empty()) put(text_of(table));
    put(describe_harmonics(analysis));
    for (const PointReport& point : report.points)
      if (point.analyses.size() > i && !point.analyses[i].fouriers.empty())
        put(fmt::format("{}:\n{}", values_text(report, point), describe_harmonics(point.analyses[i])));
  }
  if (file_) file_->commit();
}

}  // namespace memspice::app
