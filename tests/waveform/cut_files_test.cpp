#include <doctest/doctest.h>

#include <algorithm>
#include <memspice/error.hpp>
#include <memspice/waveform.hpp>
#include <sstream>

#include "app/compare_command.hpp"
#include "waveform/file_bytes.hpp"

// A file of which the end is missing is never taken for another one: generated files of every kind, cut at
// every byte.

using namespace memspice;

namespace {

struct Kind {
  WaveformFormat format;
  bool complex;
  bool command_line;
  std::size_t vectors;
  std::size_t plots;
  std::size_t sweeps;  // points of .step in one plot
};

bool is_table(WaveformFormat format) {
  return format == WaveformFormat::csv || format == WaveformFormat::tsv;
}

std::vector<Kind> kinds() {
  std::vector<Kind> kinds;
  for (const auto format :
       {WaveformFormat::raw_binary, WaveformFormat::raw_ascii, WaveformFormat::csv, WaveformFormat::tsv})
    for (const bool complex : {false, true})
      for (const bool command_line : {true, false})
        for (std::size_t vectors = 1; vectors <= 5; vectors += vectors == 3 ? 2 : 1)
          for (std::size_t plots = 1; plots <= 2; ++plots) {
            if (is_table(format) && !command_line) continue;
            kinds.push_back({format, complex, command_line, vectors, plots, 1 + vectors % 3});
          }
  return kinds;
}

// Numbers with many digits, of which a cut one is another number.
std::vector<double> row_of(const Kind& kind, std::size_t plot, std::size_t sweep, std::size_t row) {
  const auto scale = static_cast<double>(row) / 3;
  std::vector<double> values;
  for (std::size_t i = 0; i < kind.vectors; ++i) {
    values.push_back(i == 0 ? scale : (1 + scale) / static_cast<double>(7 + i + 5 * plot + 3 * sweep));
    if (kind.complex) values.push_back(i == 0 ? 0 : -values.back() / 3);
  }
  return values;
}

void write_kind(const Kind& kind, const std::string& path) {
  const auto sink = open_sink(path, kind.format, {.command_line = kind.command_line});
  for (std::size_t plot = 0; plot < kind.plots; ++plot) {
    PlotInfo info{"t", kind.complex ? "AC Analysis" : "Transient Analysis", kind.complex, {}};
    info.vectors.push_back(kind.complex ? VectorInfo{"frequency", Quantity::frequency}
                                        : VectorInfo{"time", Quantity::time});
    for (std::size_t i = 1; i < kind.vectors; ++i)
      info.vectors.push_back({"v(" + std::to_string(i) + ")", Quantity::voltage});
    sink->begin_plot(info);
    for (std::size_t sweep = 0; sweep < kind.sweeps; ++sweep)
      for (std::size_t row = 0; row < 3; ++row) sink->row(row_of(kind, plot, sweep, row));
    sink->end_plot();
  }
  sink->commit();
}

// Whether these are the first rows of those.
bool begins(const std::vector<Plot>& plots, const std::vector<Plot>& whole) {
  const auto prefix = [](const std::vector<double>& part, const std::vector<double>& all) {
    return part.size() <= all.size() && std::equal(part.begin(), part.end(), all.begin());
  };
  if (plots.size() > whole.size()) return false;
  for (std::size_t i = 0; i < plots.size(); ++i) {
    if (plots[i].columns.size() != whole[i].columns.size()) return false;
    if (plots[i].imaginary.size() != whole[i].imaginary.size()) return false;
    for (std::size_t j = 0; j < plots[i].columns.size(); ++j)
      if (!prefix(plots[i].columns[j], whole[i].columns[j])) return false;
    for (std::size_t j = 0; j < plots[i].imaginary.size(); ++j)
      if (!prefix(plots[i].imaginary[j], whole[i].imaginary[j])) return false;
  }
  return true;
}

}  // namespace

TEST_CASE("a file of memspice's that is cut at any byte is refused, and never read as something else") {
  std::size_t accepted = 0;
  std::size_t cuts = 0;
  for (const Kind& kind : kinds()) {
    const TemporaryFolder folder;
    write_kind(kind, folder.file("whole"));
    const std::string bytes = read_bytes(folder.file("whole"));
    const std::vector<Plot> whole = read_waveforms(folder.file("whole"));
    REQUIRE(whole.size() == kind.plots);
    REQUIRE(whole.back().rows() == 3 * kind.sweeps);
    CAPTURE(static_cast<int>(kind.format));
    CAPTURE(kind.complex);
    CAPTURE(kind.command_line);
    CAPTURE(kind.vectors);
    for (std::size_t length = bytes.size(); length-- > 0; ++cuts) {
      CAPTURE(length);
      std::filesystem::resize_file(folder.file("whole"), length);
      try {
        const std::vector<Plot> plots = read_waveforms(folder.file("whole"));
        // A table says neither how many rows it has nor how many tables follow.
        REQUIRE(is_table(kind.format));
        REQUIRE(begins(plots, whole));
        REQUIRE(bytes[length - 1] == '\n');
        ++accepted;
      } catch (const FileError&) {
      }
    }
  }
  CHECK(cuts > 20'000);
  CHECK(accepted > 100);
}

TEST_CASE("a table cut between two rows is not the same as the whole one") {
  for (const Kind& kind : kinds()) {
    if (!is_table(kind.format) || kind.vectors < 2 || kind.plots > 1) continue;
    const TemporaryFolder folder;
    CompareArguments arguments;
    arguments.first = folder.file("whole.csv");
    arguments.second = folder.file("cut.csv");
    write_kind(kind, arguments.first);
    const std::string bytes = read_bytes(arguments.first);
    for (std::size_t end = bytes.find('\n'); end != std::string::npos; end = bytes.find('\n', end + 1)) {
      std::ostringstream out, err;
      write_bytes(arguments.second, bytes.substr(0, end + 1));
      const int code = run_compare(arguments, out, err);
      CAPTURE(out.str());
      CHECK((code == 0) == (end + 1 == bytes.size()));
    }
  }
}

TEST_CASE("no other program's file is read in single precision because its end is missing") {
  const auto header = [](const std::string& flags, const std::string& extra) {
    return "Title: t\nDate: now\nPlotname: Transient Analysis\nFlags: " + flags + "\n" + extra +
           "No. Variables: 3\nNo. Points: "
           "4\nVariables:\n\t0\ttime\ttime\n\t1\tv(1)\tvoltage\n\t2\tv(2)\tvoltage\nBinary:\n";
  };
  const std::string rows = bytes_of<double>({0, .1, .2, 1, .3, .4, 2, .5, .6, 3, .7, .8});
  const std::string ngspice = header("real", "");
  const std::string ltspice =
      header("real forward double", "Command: Linear Technology Corporation LTspice XVII\n");
  for (const std::string& head : {ngspice, ltspice}) {
    CHECK(read_error(head + rows) == "no error");
    for (std::size_t length = 0; length < rows.size(); ++length) {
      CAPTURE(length);
      CHECK(read_error(head + rows.substr(0, length)) ==
            "the file is cut off after point " + std::to_string(length / 24) + " of 4 (at byte " +
                std::to_string(head.size() + length / 24 * 24) + ")");
    }
  }
}

TEST_CASE("what a file says of an early end is read back, with the command line and without") {
  for (const auto format : {WaveformFormat::raw_binary, WaveformFormat::raw_ascii})
    for (const bool command_line : {true, false}) {
      const TemporaryFolder folder;
      const auto sink = open_sink(folder.file("x"), format, {.command_line = command_line});
      for (const char* name : {"Operating Point", "Transient Analysis"}) {
        sink->begin_plot({"t", name, false, {{"time", Quantity::time}, {"v(1)", Quantity::voltage}}});
        sink->row(std::vector<double>{0, 1});
      }
      sink->commit("interrupted at 0.31 s");
      const auto plots = read_waveforms(folder.file("x"));
      REQUIRE(plots.size() == 2);
      CHECK(plots[0].mark.empty());
      CHECK(plots[1].mark == "interrupted at 0.31 s");
      CompareArguments arguments;
      arguments.first = arguments.second = folder.file("x");
      std::ostringstream out, err;
      CHECK(run_compare(arguments, out, err) == 1);
      CHECK(out.str().find("x is not complete: interrupted at 0.31 s\n") != std::string::npos);
      arguments.common_range = true;
      CHECK(run_compare(arguments, out, err) == 0);
    }
}

TEST_CASE("a header's point count that no file can hold is refused at once") {
  const auto head = [](const std::string& points, const std::string& data) {
    return "Title: t\nPlotname: x\nFlags: real\nNo. Variables: 1\nNo. Points: " + points +
           "\nVariables:\n\t0\ttime\ttime\n" + data;
  };
  CHECK(read_error(head("18446744073709551615", "Binary:\n" + bytes_of<double>({1}))) ==
        "line 5: '18446744073709551615' is no number of points");
  CHECK(read_error(head("18446744073709551615", "Values:\n0\t1\n")) ==
        "line 5: '18446744073709551615' is no number of points");
  CHECK(read_error(head("18446744073709551616", "")) ==
        "line 5: '18446744073709551616' is no number of points");
  CHECK(read_error(head("100000000000000000", "Binary:\n" + bytes_of<double>({1})))
            .starts_with("the file is cut off after point 1 of 100000000000000000 (at byte"));
}
