// Vectors of a plot in memory by their names.
#include <doctest/doctest.h>

#include <stdexcept>

#include "memspice/waveform.hpp"

using namespace memspice;

TEST_CASE("a plot gives the values of a vector by its name in any case") {
  MemorySink sink;
  sink.begin_plot(
      {"title", "Transient Analysis", false, {{"time", Quantity::time}, {"v(out)", Quantity::voltage}}});
  for (const double t : {0.0, 1.0, 2.0}) sink.row(std::vector<double>{t, 10 * t});
  const Plot& plot = sink.plots().front();
  CHECK(plot["V(Out)"].size() == 3);
  CHECK(plot["v(out)"].back() == 20);
  CHECK(plot["time"][1] == 1);
  CHECK(plot.complex_values("v(out)")[2] == std::complex<double>(20, 0));
}

TEST_CASE("a complex plot gives real parts, and both together") {
  MemorySink sink;
  sink.begin_plot(
      {"title", "AC Analysis", true, {{"frequency", Quantity::frequency}, {"v(out)", Quantity::voltage}}});
  sink.row(std::vector<double>{50, 0, 3, -4});
  CHECK(sink.plots().front()["v(out)"][0] == 3);
  CHECK(sink.plots().front().complex_values("v(out)")[0] == std::complex<double>(3, -4));
}

TEST_CASE("a name that a plot does not have is told with those that it has, and the one that was meant") {
  Plot plot;
  plot.vectors = {{"time", Quantity::time}, {"w(y1)", Quantity::notype}};
  plot.columns.resize(2);
  CHECK_THROWS_WITH_AS(
      (void)plot["w(y2)"],
      "there is no vector 'w(y2)' in this plot (did you mean 'w(y1)'?); there are time, w(y1)",
      std::out_of_range);
  CHECK_THROWS_WITH_AS((void)plot.complex_values("q"), doctest::Contains("there are time, w(y1)"),
                       std::out_of_range);
  for (int i = 0; i < 40; ++i) plot.vectors.push_back({"v(" + std::to_string(i) + ")", Quantity::voltage});
  CHECK_THROWS_WITH_AS((void)plot["q"], doctest::Contains(" and 22 more"), std::out_of_range);
}
