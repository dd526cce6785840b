#include <doctest/doctest.h>

#include <cmath>
#include <cstring>
#include <limits>
#include <memspice/waveform.hpp>
#include <regex>
#include <stdexcept>

#include "waveform/temporary_folder.hpp"

using namespace memspice;

namespace {

PlotInfo transient() {
  return {"RC step", "Transient Analysis", false, {{"time", Quantity::time}, {"v(out)", Quantity::voltage}}};
}

PlotInfo ac() {
  return {"RC", "AC Analysis", true, {{"frequency", Quantity::frequency}, {"v(a,b)", Quantity::voltage}}};
}

// A file's bytes without what changes from day to day.
std::string steady(const std::string& bytes) {
  const std::regex date("Date: [A-Z][a-z]{2} [A-Z][a-z]{2} [ 0-9][0-9] [0-9:]{8}  [0-9]{4}");
  return std::regex_replace(bytes, date, "Date: now");
}

std::string date_line(const std::string& remark = "") {
  return "Date: now" + remark + std::string(100 - remark.size(), ' ') + "\n";
}

std::string numbers(std::initializer_list<double> values) {
  std::string bytes(values.size() * sizeof(double), '\0');
  std::memcpy(bytes.data(), values.begin(), bytes.size());
  return bytes;
}

std::string written(WaveformFormat format, const std::string& mark, auto&& fill) {
  const TemporaryFolder folder;
  const auto sink = open_sink(folder.file("out"), format);
  fill(*sink);
  sink->commit(mark);
  return steady(read_bytes(folder.file("out")));
}

const auto two_rows = [](WaveformSink& sink) {
  sink.begin_plot(transient());
  sink.row(std::vector<double>{0.0, -1.5});
  sink.row(std::vector<double>{1e-9, 0.1});
  sink.end_plot();
};

const auto one_frequency = [](WaveformSink& sink) {
  sink.begin_plot(ac());
  sink.row(std::vector<double>{10.0, 0.0, 0.5, -0.25});
  sink.end_plot();
};

}  // namespace

TEST_CASE("a binary raw file is byte for byte what ngspice's layout asks for") {
  CHECK(written(WaveformFormat::raw_binary, "", two_rows) ==
        "Title: RC step\n" + date_line() +
            "Plotname: Transient Analysis\nFlags: real\nNo. Variables: 2\nNo. Points: 2                   \n"
            "Variables:\n\t0\ttime\ttime\n\t1\tv(out)\tvoltage\nBinary:\n" +
            numbers({0.0, -1.5, 1e-9, 0.1}));
}

TEST_CASE("an ASCII raw file numbers its points and prints fifteen decimals") {
  CHECK(written(WaveformFormat::raw_ascii, "", two_rows) ==
        "Title: RC step\n" + date_line() +
            "Plotname: Transient Analysis\nFlags: real\nNo. Variables: 2\nNo. Points: 2                   \n"
            "Variables:\n\t0\ttime\ttime\n\t1\tv(out)\tvoltage\nValues:\n"
            "0\t\t0.000000000000000e+00\n\t-1.500000000000000e+00\n"
            "1\t\t1.000000000000000e-09\n\t1.000000000000000e-01\n");
}

TEST_CASE("a complex raw file stores real and imaginary parts side by side") {
  const std::string head = "Title: RC\n" + date_line() +
                           "Plotname: AC Analysis\nFlags: complex\nNo. Variables: 2\nNo. Points: 1          "
                           "         \nVariables:\n\t0\tfrequency\tfrequency\n\t1\tv(a,b)\tvoltage\n";
  CHECK(written(WaveformFormat::raw_binary, "", one_frequency) ==
        head + "Binary:\n" + numbers({10.0, 0.0, 0.5, -0.25}));
  CHECK(written(WaveformFormat::raw_ascii, "", one_frequency) ==
        head +
            "Values:\n0\t\t1.000000000000000e+01,0.000000000000000e+00\n"
            "\t5.000000000000000e-01,-2.500000000000000e-01\n");
}

TEST_CASE("several plots follow one another with whole headers") {
  const std::string both = written(WaveformFormat::raw_binary, "", [](WaveformSink& sink) {
    two_rows(sink);
    one_frequency(sink);
  });
  std::string first = written(WaveformFormat::raw_binary, "", two_rows);
  first.replace(first.find(date_line()), date_line().size(), date_line(" continued"));
  CHECK(both == first + written(WaveformFormat::raw_binary, "", one_frequency));
}

TEST_CASE("plots of one name are numbered from the second on") {
  const std::string bytes = written(WaveformFormat::raw_binary, "", [](WaveformSink& sink) {
    for (int plot = 0; plot < 3; ++plot) two_rows(sink);
    one_frequency(sink);
  });
  for (const char* name : {"\nPlotname: Transient Analysis\n", "\nPlotname: Transient Analysis 2\n",
                           "\nPlotname: Transient Analysis 3\n", "\nPlotname: AC Analysis\n"})
    CHECK_MESSAGE(bytes.find(name) != std::string::npos, name);
}

TEST_CASE("the mark of an interrupted run stands behind the last plot's date") {
  const std::string bytes = written(WaveformFormat::raw_binary, "interrupted at 0.31 s", two_rows);
  CHECK(bytes.find(date_line(" interrupted at 0.31 s")) != std::string::npos);
  const std::string longest = written(WaveformFormat::raw_binary, std::string(500, 'x'), two_rows);
  CHECK(longest.size() == bytes.size());
  CHECK(longest.find("xx\nPlotname:") != std::string::npos);
}

TEST_CASE("a raw file with the command line is the same but for that line, which stands behind the date") {
  for (const std::string mark : {"", "interrupted at 0.31 s"}) {
    const TemporaryFolder folder;
    const auto sink = open_sink(folder.file("out"), WaveformFormat::raw_binary, {.command_line = true});
    two_rows(*sink);
    sink->commit(mark);
    std::string expected = written(WaveformFormat::raw_binary, mark, two_rows);
    expected.insert(expected.find("Plotname"),
                    "Command: ngspice-compatible, memspice " MEMSPICE_VERSION "\n");
    CHECK(steady(read_bytes(folder.file("out"))) == expected);
  }
}

TEST_CASE("a plot left open is closed by commit and keeps its rows") {
  const std::string bytes = written(WaveformFormat::raw_binary, "", [](WaveformSink& sink) {
    sink.begin_plot(transient());
    sink.row(std::vector<double>{0.0, 1.0});
  });
  CHECK(bytes.find("No. Points: 1  ") != std::string::npos);
}

TEST_CASE("titles and names reach a raw file in ASCII") {
  const std::string bytes = written(WaveformFormat::raw_ascii, "", [](WaveformSink& sink) {
    PlotInfo plot = transient();
    plot.title = "Mémristor à 10 kΩ – 3 µs \xff\n漢";
    plot.vectors[1].name = "v(süd 1)";
    sink.begin_plot(plot);
  });
  CHECK(bytes.starts_with("Title: Memristor a 10 kOhm - 3 us ? ?\n"));
  CHECK(bytes.find("\t1\tv(sud_1)\tvoltage\n") != std::string::npos);
}

TEST_CASE("CSV has one line of names and numbers that read back exactly") {
  CHECK(written(WaveformFormat::csv, "", two_rows) == "time,v(out)\n0,-1.5\n1e-09,0.1\n");
  const double third = 1.0 / 3.0;
  const std::string text = written(WaveformFormat::csv, "", [&](WaveformSink& sink) {
    sink.begin_plot(transient());
    sink.row(std::vector<double>{third, std::numeric_limits<double>::denorm_min()});
  });
  const std::string row = text.substr(text.find('\n') + 1);
  CHECK(std::strtod(row.c_str(), nullptr) == third);
  CHECK(std::strtod(row.c_str() + row.find(',') + 1, nullptr) == std::numeric_limits<double>::denorm_min());
}

TEST_CASE("CSV splits complex vectors in two columns, quotes commas and parts plots by an empty line") {
  const std::string text = written(WaveformFormat::csv, "", [](WaveformSink& sink) {
    one_frequency(sink);
    two_rows(sink);
  });
  CHECK(text == "frequency,\"re(v(a,b))\",\"im(v(a,b))\"\n10,0.5,-0.25\n\ntime,v(out)\n0,-1.5\n1e-09,0.1\n");
}

TEST_CASE("TSV is the same with tabs, and a comma within a name needs no quotes") {
  CHECK(written(WaveformFormat::tsv, "", two_rows) == "time\tv(out)\n0\t-1.5\n1e-09\t0.1\n");
  CHECK(written(WaveformFormat::tsv, "", one_frequency) ==
        "frequency\tre(v(a,b))\tim(v(a,b))\n10\t0.5\t-0.25\n");
}

TEST_CASE("a row of the wrong width or outside a plot is refused as our own mistake") {
  const TemporaryFolder folder;
  for (const auto format :
       {WaveformFormat::raw_binary, WaveformFormat::raw_ascii, WaveformFormat::csv, WaveformFormat::tsv}) {
    const auto sink = open_sink(folder.file("out"), format);
    CHECK_THROWS_AS(sink->row(std::vector<double>{0.0}), std::logic_error);
    sink->begin_plot(transient());
    CHECK_THROWS_AS(sink->row(std::vector<double>{0.0}), std::logic_error);
  }
}

TEST_CASE("a memory sink keeps rows column by column and finds vectors in any case") {
  MemorySink sink;
  two_rows(sink);
  one_frequency(sink);
  sink.commit("interrupted");
  REQUIRE(sink.plots().size() == 2);
  const Plot& real = sink.plots()[0];
  CHECK(real.rows() == 2);
  CHECK(real.find("V(OUT)") == 1);
  CHECK(real.find("v(in)") == Plot::npos);
  CHECK(real.columns[1] == std::vector<double>{-1.5, 0.1});
  CHECK(real.imaginary.empty());
  const Plot& complex = sink.plots()[1];
  CHECK(complex.columns[1] == std::vector<double>{0.5});
  CHECK(complex.imaginary[1] == std::vector<double>{-0.25});
  CHECK(sink.mark() == "interrupted");
  CHECK_THROWS_AS(sink.row(std::vector<double>{1.0}), std::logic_error);
}
