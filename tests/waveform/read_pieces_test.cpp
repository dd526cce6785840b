#include "waveform/read_pieces.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <vector>

#include "waveform/file_bytes.hpp"

using namespace memspice;

namespace {

constexpr std::size_t rows_of_first = 20000;

/// Two plots, the first of them longer than a piece, the second complex.
void write_plots(WaveformSink& sink) {
  sink.begin_plot({"pieces",
                   "Transient Analysis",
                   false,
                   {{"time", Quantity::time}, {"v(a)", Quantity::voltage}, {"w(y1)", Quantity::notype}}});
  for (std::size_t i = 0; i < rows_of_first; ++i) {
    const double t = static_cast<double>(i);
    sink.row(std::vector{t, std::sin(t), 1 / (1 + t)});
  }
  sink.end_plot();
  sink.begin_plot(
      {"pieces", "AC Analysis", true, {{"frequency", Quantity::frequency}, {"v(a)", Quantity::voltage}}});
  for (int i = 1; i <= 5; ++i) sink.row(std::vector<double>{1.0 * i, 0.0, 2.0 * i, 3.0 * i});
  sink.end_plot();
  sink.commit();
}

void append(std::vector<std::vector<double>>& columns, const std::vector<std::vector<double>>& more) {
  columns.resize(more.size());
  for (std::size_t i = 0; i < more.size(); ++i)
    columns[i].insert(columns[i].end(), more[i].begin(), more[i].end());
}

}  // namespace

TEST_CASE("a file read in pieces has the rows of the whole, and no piece has all of a long plot") {
  const TemporaryFolder folder;
  for (const WaveformFormat format :
       {WaveformFormat::raw_binary, WaveformFormat::raw_ascii, WaveformFormat::csv, WaveformFormat::tsv}) {
    const std::string path = folder.file("file" + std::to_string(static_cast<int>(format)));
    write_plots(*open_sink(path, format));
    const std::vector<Plot> whole = read_waveforms(path);
    std::vector<Plot> joined;
    const std::vector<Plot> heads = read_waveforms_in_pieces(path, [&](const Plot& piece, bool begins) {
      CHECK(piece.rows() < rows_of_first);
      if (begins) joined.push_back(Plot{static_cast<const PlotInfo&>(piece), {}, {}});
      append(joined.back().columns, piece.columns);
      append(joined.back().imaginary, piece.imaginary);
    });
    REQUIRE(whole.size() == 2);
    REQUIRE(joined.size() == 2);
    REQUIRE(heads.size() == 2);
    for (std::size_t i = 0; i < 2; ++i) {
      CHECK(joined[i].columns == whole[i].columns);
      CHECK(joined[i].imaginary == whole[i].imaginary);
      CHECK(joined[i].name == whole[i].name);
      CHECK(heads[i].rows() == 0);
      CHECK(heads[i].vectors.size() == whole[i].vectors.size());
    }
  }
}
