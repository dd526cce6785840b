#include "waveform/held_rows.hpp"

#include <doctest/doctest.h>

#include <vector>

using namespace memspice;

TEST_CASE("held rows come out as they went in, those kept in a file too") {
  for (const std::size_t rows : {std::size_t{0}, std::size_t{3}, std::size_t{3'000'000}}) {
    HeldRows held;
    held.begin_plot({"title", "first", false, {{"time", Quantity::time}, {"v(a)", Quantity::voltage}}});
    for (std::size_t n = 0; n < rows; ++n)
      held.row(std::vector<double>{static_cast<double>(n), 0.5 * static_cast<double>(n)});
    held.end_plot();
    held.begin_plot({"title", "second", true, {{"frequency", Quantity::frequency}}});
    held.row(std::vector<double>{1, 2});
    held.end_plot();
    MemorySink sink;
    held.release(sink);
    REQUIRE(sink.plots().size() == 2);
    const Plot& first = sink.plots()[0];
    CHECK(first.name == "first");
    REQUIRE(first.rows() == rows);
    bool same = true;
    for (std::size_t n = 0; n < rows; ++n)
      same = same && first.columns[0][n] == static_cast<double>(n) &&
             first.columns[1][n] == 0.5 * static_cast<double>(n);
    CHECK(same);
    CHECK(sink.plots()[1].imaginary[0] == std::vector<double>{2});
  }
}
