#include "app/recover_command.hpp"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "app/console/console.hpp"
#include "app/console/exit_code.hpp"
#include "app/output_format.hpp"
#include "app/output_paths.hpp"
#include "base/usage_error.hpp"
#include "waveform/file_sink.hpp"
#include "waveform/part_file.hpp"
#include "waveform/read_pieces.hpp"

namespace memspice::app {

namespace {

struct RecoverArguments {
  std::string part;
  std::string output;  // empty: by the name of the part
  bool quiet = false;
};

std::string target_of(const RecoverArguments& arguments) {
  const std::filesystem::path part(arguments.part);
  const auto name = read_part_name(part.filename().string());
  if (name && is_being_written(*name))
    throw UsageError(fmt::format("process {}, which writes '{}', still runs", name->process, arguments.part),
                     "where that is another program by now, give the file another name and use -o");
  if (!arguments.output.empty()) return arguments.output;
  if (name) return (part.parent_path() / name->target).string();
  throw UsageError(fmt::format("the name '{}' does not say what it is a part of", arguments.part),
                   "give the file to write with -o");
}

/// Writes rows as they are read.
class Copy {
 public:
  explicit Copy(WaveformSink& sink) : sink_(sink) {}

  void take(const Plot& piece, bool begins) {
    if (begins && open_) sink_.end_plot();
    if (begins) sink_.begin_plot(piece);
    if (begins) end_time_.reset();
    open_ = true;
    std::vector<double> row;
    for (std::size_t i = 0; i < piece.rows(); ++i) {
      row.clear();
      for (std::size_t vector = 0; vector < piece.vectors.size(); ++vector) {
        row.push_back(piece.columns[vector][i]);
        if (piece.complex) row.push_back(piece.imaginary[vector][i]);
      }
      sink_.row(row);
    }
    rows_ += piece.rows();
    if (piece.rows() > 0 && piece.vectors.front().quantity == Quantity::time)
      end_time_ = piece.columns.front().back();
  }
  void end() {
    if (open_) sink_.end_plot();
  }
  [[nodiscard]] std::size_t rows() const { return rows_; }
  [[nodiscard]] std::string mark() const {
    if (!end_time_) return "recovered of a run that died";
    return fmt::format("recovered of a run that died at {:.6g} s or later", *end_time_);
  }

 private:
  WaveformSink& sink_;
  bool open_ = false;
  std::size_t rows_ = 0;
  std::optional<double> end_time_;  // of the last plot
};

int recover(const RecoverArguments& arguments) {
  if (arguments.part.empty()) throw UsageError("no file given", "memspice recover out.raw.4711-0.part");
  const std::string target = target_of(arguments);
  if (file_identity(target) == file_identity(arguments.part))
    throw UsageError(fmt::format("'{}' is the file to recover itself", target), "give another one with -o");
  // Under its own name the file stays what it is, whatever --format was.
  const WaveformFormat format =
      output_format(target, arguments.output.empty() ? written_format(arguments.part) : "");
  const auto sink = open_file_sink(target, format, {});
  Copy copy(*sink);
  read_waveforms_in_pieces(arguments.part, [&](const Plot& piece, bool begins) { copy.take(piece, begins); });
  copy.end();
  sink->commit(copy.mark());
  if (!arguments.quiet)
    print_out("{} row{} recovered, written: {}; '{}' can be removed\n", copy.rows(),
              copy.rows() == 1 ? "" : "s", sink->path(), arguments.part);
  return success;
}

}  // namespace

void add_recover_command(CLI::App& app, int& exit_code) {
  const auto arguments = std::make_shared<RecoverArguments>();
  CLI::App* command = app.add_subcommand(
      "recover", "Make a waveform file of what a killed run has left, out.raw.4711-0.part");
  command->footer(
      "The file gets all rows that are whole, and a mark that they end early. Where a complete result has\n"
      "its name already, it becomes out.partial.raw.\n\n"
      "Exit codes: 0 the rows are in the file, 2 bad usage, 3 a file cannot be read or written.");
  command->add_option("part", arguments->part, "File that was left")->type_name("FILE");
  command
      ->add_option(
          "-o,--output", arguments->output,
          "File to write: .csv and .tsv are tables, .raw a raw file [the part's name without its end]")
      ->type_name("FILE");
  command->add_flag("-q,--quiet", arguments->quiet, "Print errors only");
  command->callback([arguments, &exit_code] { exit_code = recover(*arguments); });
}

}  // namespace memspice::app
