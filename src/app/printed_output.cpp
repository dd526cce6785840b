#include "app/printed_output.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "app/console/console.hpp"
#include "app/console/text_table.hpp"
#include "app/output_paths.hpp"
#include "app/report/summary.hpp"

namespace memspice::app {

namespace {

std::string_view plot_name(std::string_view analysis) {
  constexpr std::pair<std::string_view, std::string_view> names[] = {
      {"op", "Operating Point"},  {"tran", "Transient Analysis"}, {"dc", "DC transfer characteristic"},
      {"ac", "AC Analysis"},      {"tf", "Transfer Function"},    {"sens", "Sensitivity Analysis"},
      {"noise", "Noise Analysis"}};
  for (const auto& [word, name] : names)
    if (word == analysis) return name;
  return analysis;
}

std::string quoted_cell(const std::string& name, char delimiter) {
  return name.find(delimiter) == std::string::npos ? name : '"' + name + '"';
}

/// The empty lines in front of a row with which a point of .step begins.
std::string gap_before(const PrintedTable& table, std::size_t row) {
  const bool begins = row > 0 && std::ranges::binary_search(table.points, row);
  return std::string(begins ? table.layout.gap : 0, '\n');
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

namespace {

/// With one character between two columns, for programs: all digits that a number has.
std::string delimited_text(const PrintedTable& table, char delimiter) {
  const std::size_t columns = table.columns.size();
  fmt::memory_buffer text;
  const auto out = std::back_inserter(text);
  const auto end_of = [&](std::size_t column) { return column + 1 < columns ? delimiter : '\n'; };
  if (table.layout.index) fmt::format_to(out, "index{}", delimiter);
  for (std::size_t i = 0; i < columns; ++i)
    fmt::format_to(out, "{}{}", quoted_cell(table.columns[i], delimiter), end_of(i));
  for (std::size_t at = 0; at < table.values.size(); ++at) {
    if (at % columns == 0) text.append(gap_before(table, at / columns));
    if (at % columns == 0 && table.layout.index) fmt::format_to(out, "{}{}", at / columns, delimiter);
    if (table.layout.precision) {
      fmt::format_to(out, "{:.{}e}{}", table.values[at], *table.layout.precision, end_of(at % columns));
    } else {
      fmt::format_to(out, "{}{}", table.values[at], end_of(at % columns));
    }
  }
  return fmt::to_string(text);
}

/// With columns below each other, for people.
std::string aligned_text(const PrintedTable& table) {
  const std::size_t columns = table.columns.size();
  const PrintCard::Layout& layout = table.layout;
  const unsigned precision = layout.precision.value_or(8);
  const std::size_t least = std::max<std::size_t>(layout.width, precision + 8);  // "-1." … "e-100", a blank
  fmt::memory_buffer text;
  const auto out = std::back_inserter(text);
  std::vector<std::size_t> widths;
  for (const std::string& name : table.columns) widths.push_back(std::max(least, name.size() + 2));
  fmt::format_to(out, "{}\n", table.plot);
  if (layout.index) fmt::format_to(out, "{:>8}", "index");
  for (std::size_t i = 0; i < columns; ++i) fmt::format_to(out, "{:>{}}", table.columns[i], widths[i]);
  fmt::format_to(out, "\n");
  for (std::size_t row = 0; row * columns < table.values.size(); ++row) {
    text.append(gap_before(table, row));
    if (layout.index) fmt::format_to(out, "{:>8}", row);
    for (std::size_t i = 0; i < columns; ++i)
      // + 0.0: no -0 for people
      fmt::format_to(out, "{:>{}.{}e}", table.values[row * columns + i] + 0.0, widths[i], precision);
    fmt::format_to(out, "\n");
  }
  fmt::format_to(out, "\n");
  return fmt::to_string(text);
}

}  // namespace

std::string text_of(const PrintedTable& table) {
  char delimiter = table.layout.delimiter;
  if (delimiter == 0 && table.layout.format == PrintCard::Layout::Format::csv) delimiter = ',';
  return delimiter == 0 ? aligned_text(table) : delimited_text(table, delimiter);
}

PrintedOutput::PrintedOutput(const Circuit& circuit, const std::string& path, bool standard_output)
    : standard_output_(standard_output) {
  if (!path.empty()) file_ = std::make_unique<OutputFile>(path, OutputOptions{.lasting = false});
  const Deck* deck = circuit.origin.deck.get();
  const OutputOptions options{.confined = deck && !deck->safe_folder.empty()};
  for (const PrintCard& card : circuit.outputs.prints)
    if (!card.file.empty() && !tables_.contains(file_identity(card.file)))
      tables_[file_identity(card.file)] = std::make_unique<OutputFile>(card.file, options);
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
        put(fmt::format("{}:\n{}", report.values_text(point.values), describe_harmonics(point.analyses[i])));
  }
  if (file_) file_->commit();
}

}  // namespace memspice::app
