#include <doctest/doctest.h>

#include <cmath>

#include "waveform/file_bytes.hpp"

using namespace memspice;

namespace {

using Doubles = std::vector<double>;

void check_table(const std::string& text) {
  CAPTURE(text);
  const auto plots = read_back(text);
  REQUIRE(plots.size() == 1);
  REQUIRE(plots[0].vectors.size() == 2);
  CHECK(plots[0].name == "Transient Analysis");
  CHECK(plots[0].vectors[0].name == "time");
  CHECK(plots[0].vectors[0].quantity == Quantity::time);
  CHECK(plots[0].vectors[1].name == "v(a,b)");
  CHECK(plots[0].vectors[1].quantity == Quantity::voltage);
  CHECK(plots[0].columns[0] == Doubles{0, 1e-3});
  CHECK(plots[0].columns[1] == Doubles{-1.5, 2});
}

}  // namespace

TEST_CASE("tables are read whatever separates their columns, names quoted or not") {
  check_table("time,\"v(a,b)\"\n0,-1.5\n1e-3,2\n");
  check_table("time,v(a,b)\r\n0,-1.5\r\n1e-3,2\r\n");
  check_table("\xEF\xBB\xBFTIME;V(a,b)\n0;-1.5\n1e-3;+2\n");
  check_table("time\tV(a,b)\n0\t-1.5\n1e-3\t2\n");
  check_table("  time   V(a,b)\n  0.0   -1.5 \n  1e-3  2  \n");
  check_table("# made by hand\n# time v(a,b)\n0 -1.5\n1e-3 2\n");
  check_table("time, v(a,b),\n0, -1.5,\n\"1e-3\", 2,\n");
}

TEST_CASE("Xyce's numbered .prn files lose their index and their last line") {
  check_table(
      "Index       TIME              V(A,B)\n0       0.00000000e+00    -1.50000000e+00\n"
      "1       1.00000000e-03    2.00000000e+00\nEnd of Xyce(TM) Simulation\n");
}

TEST_CASE("a table's real and imaginary columns are one complex vector") {
  const auto plots = read_back("FREQ,Re(V(1)),Im(V(1)),|V(1)|\n1,0.5,-0.25,0.6\n10,0.1,-0.2,0.3\n");
  REQUIRE(plots.at(0).complex);
  CHECK(plots[0].name == "AC Analysis");
  CHECK(plots[0].vectors[0].name == "frequency");
  CHECK(plots[0].vectors[1].name == "v(1)");
  CHECK(plots[0].columns[1] == Doubles{0.5, 0.1});
  CHECK(plots[0].imaginary[1] == Doubles{-0.25, -0.2});
  CHECK(plots[0].columns[2] == Doubles{0.6, 0.3});
  CHECK(plots[0].imaginary[2] == Doubles{0, 0});
}

TEST_CASE("an empty line followed by names begins a further plot, followed by numbers it does not") {
  const auto plots = read_back("time,v(1)\n0,1\n\n1,2\n\n\ntime,v(2),w(y1)\n0,1,2\n");
  REQUIRE(plots.size() == 2);
  CHECK(plots[0].columns[1] == Doubles{1, 2});
  CHECK(plots[1].columns[2] == Doubles{2});
}

TEST_CASE("missing values, infinities and numbers beyond a double's range are understood") {
  const auto plots = read_back("time,v(1)\n0,\n1,nan\n2,-inf\n3,1.#INF\n4,1e999\n5,-1e-999\n6,-1.#IND\n");
  const Doubles& v = plots.at(0).columns[1];
  CHECK(std::isnan(v[0]));
  CHECK(std::isnan(v[1]));
  CHECK(v[2] == -HUGE_VAL);
  CHECK(v[3] == HUGE_VAL);
  CHECK(v[4] == HUGE_VAL);
  CHECK(v[5] == 0);
  CHECK(std::isnan(v[6]));
}

TEST_CASE("what our CSV sink writes reads back exactly, complex and several plots included") {
  const TemporaryFolder folder;
  const auto sink = open_sink(folder.file("x.csv"), WaveformFormat::csv);
  sink->begin_plot(
      {"t", "AC Analysis", true, {{"frequency", Quantity::frequency}, {"v(a,b)", Quantity::voltage}}});
  sink->row(Doubles{1.0 / 3, 0, 0.1, -1e-300});
  sink->begin_plot(
      {"t", "Transient Analysis", false, {{"time", Quantity::time}, {"w(y\"1\")", Quantity::notype}}});
  sink->row(Doubles{0, 2.0 / 3});
  sink->commit();
  const auto plots = read_waveforms(folder.file("x.csv"));
  REQUIRE(plots.size() == 2);
  CHECK(plots[0].columns[0] == Doubles{1.0 / 3});
  CHECK(plots[0].columns[1] == Doubles{0.1});
  CHECK(plots[0].imaginary[1] == Doubles{-1e-300});
  CHECK(plots[1].vectors[1].name == "w(y\"1\")");
  CHECK(plots[1].columns[1] == Doubles{2.0 / 3});
}

TEST_CASE("a broken table is refused with the line and the reason") {
  CHECK(read_error("time,v(1)\n0,1\n1,abc\n") == "line 3: 'abc' is not a number");
  CHECK(read_error("time,v(1)\n0,1\nxyz,3\n") == "line 3: 'xyz' is not a number");
  CHECK(read_error("time,v(1)\n0,1\n1\n") == "line 3: 1 numbers where there are 2 names");
  CHECK(read_error("time v(1)\n0 1\n1 2 3\n") == "line 3: 3 numbers where there are 2 names");
  CHECK(read_error("0,1\n1,2\n") ==
        "line 1: numbers where a line with the names of the columns was expected");
  CHECK(read_error("") == "the file is empty");
  CHECK(read_error("\n\n# nothing\n") == "there is no table in it");
  CHECK(read_error(std::string("\x7f"
                               "ELF\0\0\0\1",
                               8)) == "it is neither a raw file nor a table of numbers");
}
