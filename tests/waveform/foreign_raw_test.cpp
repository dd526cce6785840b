#include <doctest/doctest.h>

#include <algorithm>

#include "waveform/file_bytes.hpp"

using namespace memspice;

namespace {

using Doubles = std::vector<double>;

std::string ltspice_header(const std::string& plot, const std::string& flags, int points,
                           const std::string& variables,
                           const std::string& offset = "0.0000000000000000e+000") {
  const auto count = std::to_string(std::count(variables.begin(), variables.end(), '\n'));
  return "Title: * C:\\users\\x\\Draft1.asc\nDate: Tue Apr 14 10:15:57 2020\nPlotname: " + plot +
         "\nFlags: " + flags + "\nNo. Variables: " + count +
         "\nNo. Points:           " + std::to_string(points) + "\nOffset:   " + offset +
         "\nCommand: Linear Technology Corporation LTspice XVII\nBackannotation: u1 1 2\nVariables:\n" +
         variables;
}

const std::string transient_variables =
    "\t0\ttime\ttime\n\t1\tV(n001)\tvoltage\n\t2\tI(R1)\tdevice_current\n";

const std::string xyce_variables =
    "Variables:\n\t0\tTIME\ttime\n\t1\tV(OUT)\tvoltage\n\t2\t{V(A) - V(B)}\texpression\n";

}  // namespace

TEST_CASE("an LTspice transient has UTF-16 text, double times with a mark in the sign and single traces") {
  const auto plots = read_back(
      as_utf16(ltspice_header("Transient Analysis", "real forward", 2, transient_variables) + "Binary:\n") +
      bytes_of<double>({0.0}) + bytes_of<float>({1.5f, -0.25f}) + bytes_of<double>({-1e-3}) +
      bytes_of<float>({2.5f, 0.1f}));
  REQUIRE(plots.size() == 1);
  CHECK(plots[0].title == "* C:\\users\\x\\Draft1.asc");
  CHECK(plots[0].name == "Transient Analysis");
  CHECK(plots[0].vectors[1].name == "v(n001)");
  CHECK(plots[0].vectors[2].quantity == Quantity::current);
  CHECK(plots[0].columns[0] == Doubles{0, 1e-3});
  CHECK(plots[0].columns[1] == Doubles{1.5, 2.5});
  CHECK(plots[0].columns[2] == Doubles{-0.25, static_cast<double>(0.1f)});
}

TEST_CASE("LTspice's flag 'double' makes every trace double, and its offset is added to the time") {
  const auto plots = read_back(
      as_utf16(ltspice_header("Transient Analysis", "real forward double", 2, transient_variables, "5e-3") +
               "Binary:\n") +
      bytes_of<double>({0.0, 1.5, -0.25, -1e-3, 2.5, 0.1}));
  CHECK(plots.at(0).columns[0] == Doubles{5e-3, 6e-3});
  CHECK(plots.at(0).columns[2] == Doubles{-0.25, 0.1});
}

TEST_CASE("stepped LTspice runs follow one another in one plot") {
  const auto plots = read_back(as_utf16(ltspice_header("Transient Analysis", "real forward stepped", 4,
                                                       "\t0\ttime\ttime\n\t1\tV(a)\tvoltage\n") +
                                        "Binary:\n") +
                               bytes_of<double>({0.0}) + bytes_of<float>({1}) + bytes_of<double>({1.0}) +
                               bytes_of<float>({2}) + bytes_of<double>({0.0}) + bytes_of<float>({3}) +
                               bytes_of<double>({1.0}) + bytes_of<float>({4}));
  CHECK(plots.at(0).columns[0] == Doubles{0, 1, 0, 1});
  CHECK(plots.at(0).columns[1] == Doubles{1, 2, 3, 4});
}

TEST_CASE("LTspice's fast access files are stored vector by vector") {
  const auto plots = read_back(
      as_utf16(ltspice_header("Transient Analysis", "real forward fastaccess", 2, transient_variables) +
               "Binary:\n") +
      bytes_of<double>({0.0, 1e-3}) + bytes_of<float>({1.5f, 2.5f, 3.5f, 4.5f}));
  CHECK(plots.at(0).columns[0] == Doubles{0, 1e-3});
  CHECK(plots.at(0).columns[1] == Doubles{1.5, 2.5});
  CHECK(plots.at(0).columns[2] == Doubles{3.5, 4.5});
}

TEST_CASE("an LTspice AC analysis is complex in double precision") {
  const std::string variables = "\t0\tfrequency\tfrequency\n\t1\tV(out)\tvoltage\n";
  const auto plots =
      read_back(as_utf16(ltspice_header("AC Analysis", "complex forward log", 2, variables) + "Binary:\n") +
                bytes_of<double>({1, 0, 0.5, -0.5, 10, 0, 0.1, -0.2}));
  REQUIRE(plots.at(0).complex);
  CHECK(plots[0].columns[0] == Doubles{1, 10});
  CHECK(plots[0].columns[1] == Doubles{0.5, 0.1});
  CHECK(plots[0].imaginary[1] == Doubles{-0.5, -0.2});
}

TEST_CASE("LTspice's ASCII values are read in UTF-16 and in ASCII, a negative sweep keeps its sign") {
  const std::string text = ltspice_header("DC transfer characteristic", "real forward", 2,
                                          "\t0\tv1\tvoltage\n\t1\tV(out)\tvoltage\n") +
                           "Values:\n0\t\t-1.000000000000000e+000\n\t2.5\n1\t\t0.5\n\t3\n";
  for (const std::string& bytes : {text, as_utf16(text), "\xFF\xFE" + as_utf16(text)}) {
    const auto plots = read_back(bytes);
    CHECK(plots.at(0).columns[0] == Doubles{-1, 0.5});
    CHECK(plots.at(0).columns[1] == Doubles{2.5, 3});
  }
}

TEST_CASE(
    "an old LTspice's double traces are recognised by the size, single ones only where a line names "
    "LTspice") {
  const std::string variables = "\t0\ttime\ttime\n\t1\tV(1)\tvoltage\n";
  const auto plots =
      read_back(as_utf16(ltspice_header("Transient Analysis", "real forward", 2, variables) + "Binary:\n") +
                bytes_of<double>({0, 0.1, 1, 0.2}));
  CHECK(plots.at(0).columns[1] == Doubles{0.1, 0.2});
  const std::string head =
      "Title: t\nPlotname: Transient Analysis\nFlags: real\nNo. Variables: 2\nNo. Points: 2\nVariables:\n" +
      variables + "Binary:\n";
  CHECK(read_error(head + bytes_of<double>({0}) + bytes_of<float>({1.5f}) + bytes_of<double>({1}) +
                   bytes_of<float>({2.5f})) ==
        "the file is cut off after point 1 of 2 (at byte " + std::to_string(head.size() + 16) + ")");
}

TEST_CASE("Xyce gives the title once, upper case names, versions, expressions and further plots") {
  const std::string first =
      "Title: stepped\nDate: Mon Nov 23 04:26:06 2026\nPlotname: Step Analysis: Step 1 of 2 params:  name = "
      "R1:R value = "
      "1  Transient Analysis\nFlags: real\nNo. Variables: 3\nNo. Points: 2                 \n"
      "Version: Xyce DEVELOPMENT-202305\n";
  const std::string second =
      "Plotname: Step Analysis: Step 2 of 2 params:  name = R1:R value = 2  Transient Analysis\nFlags: real\n"
      "No. Variables: 3\nNo. Points: 1                 \n";
  const std::string body_1 = bytes_of<double>({0, 1, 2, 1e-3, 4, 5});
  const std::string body_2 = bytes_of<double>({0, 7, 8});
  const auto binary = read_back(first + xyce_variables + "Binary:\n" + body_1 + second + xyce_variables +
                                "Binary:\n" + body_2 + "TIME,V(OUT)\n0,1\n");
  const auto ascii = read_back(first + xyce_variables +
                               "Values:\n0\t0.00000000e+00\n\t1.00000000e+00\n\t2.00000000e+00\n\n1\t1."
                               "00000000e-03\n\t4.00000000e+00\n"
                               "\t5.00000000e+00\n\n" +
                               second + xyce_variables +
                               "Values:\n0\t0.00000000e+00\n\t7.00000000e+00\n\t8.00000000e+00\n\n");
  for (const auto& plots : {binary, ascii}) {
    REQUIRE(plots.size() == 2);
    CHECK(plots[1].title == "stepped");
    CHECK(plots[0].name.starts_with("Step Analysis: Step 1 of 2"));
    CHECK(plots[0].vectors[0].name == "time");
    CHECK(plots[0].vectors[2].name == "{v(a)_-_v(b)}");
    CHECK(plots[0].columns[2] == Doubles{2, 5});
    CHECK(plots[1].columns[1] == Doubles{7});
  }
}

TEST_CASE("a killed Xyce, which leaves the number of points blank, is read as far as it goes") {
  const std::string head =
      "Title: t\nPlotname: Transient Analysis\nFlags: real\nNo. Variables: 3\nNo. Points:         \n" +
      xyce_variables;
  const auto binary = read_back(head + "Binary:\n" + bytes_of<double>({0, 1, 2, 1, 3, 4, 2, 5}));
  CHECK(binary.at(0).columns[2] == Doubles{2, 4});
  const auto ascii = read_back(head + "Values:\n0\t0\n\t1\n\t2\n\n1\t1\n\t3\n\t4.1");
  CHECK(ascii.at(0).columns[2] == Doubles{2});
}

TEST_CASE("Xyce's ASCII complex numbers may have a blank behind the comma") {
  const auto plots = read_back(
      "Title: t\nPlotname: AC Analysis\nFlags: complex\nNo. Variables: 2\nNo. Points: 1\nVariables:\n"
      "\t0\tFREQUENCY\tfrequency\n\t1\tV(OUT)\tvoltage\nValues:\n0\t1.0e+00, 0.0e+00\n\t5.0e-01, "
      "-2.5e-01\n\n");
  CHECK(plots.at(0).columns[1] == Doubles{0.5});
  CHECK(plots.at(0).imaginary[1] == Doubles{-0.25});
}
