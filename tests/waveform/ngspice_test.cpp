#include "waveform/ngspice.hpp"

#include <doctest/doctest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <cmath>
#include <csignal>
#include <memspice/waveform.hpp>
#include <sstream>
#include <thread>

#include "support/approx.hpp"

using namespace memspice;

namespace {

const std::string circuit =
    "* Low pass\n"
    "v1 in 0 dc 1 ac 1 sin(0 1 1k)\n"
    "r1 in out 1k\n"
    "c1 out 0 1u\n";

// The numbers of a text file without names, row after row.
std::vector<double> numbers_in(const std::string& path) {
  std::istringstream text(read_bytes(path));
  std::vector<double> numbers;
  for (double number = 0; text >> number;) numbers.push_back(number);
  return numbers;
}

std::vector<double> interleave(const std::vector<std::vector<double>>& columns) {
  std::vector<double> numbers;
  for (std::size_t i = 0; i < columns.front().size(); ++i) {
    for (const auto& column : columns) numbers.push_back(column[i]);
  }
  return numbers;
}

void check_near(const std::vector<double>& values, const std::vector<double>& expected) {
  REQUIRE(values.size() == expected.size());
  for (std::size_t i = 0; i < values.size(); ++i) {
    CHECK(values[i] == testing::approx(expected[i]).epsilon(1e-12).scale(1e-3));
  }
}

const Plot& plot_named(const std::vector<Plot>& plots, std::string_view name) {
  for (const Plot& plot : plots) {
    if (plot.name == name) return plot;
  }
  FAIL("no plot " << name);
  return plots.front();
}

}  // namespace

TEST_CASE("every plot of a file that ngspice -r wrote is read, binary and ASCII alike") {
  if (!ngspice_found()) return;
  const TemporaryFolder folder;
  const std::string deck = circuit + ".op\n.tran 10u 2m\n.ac dec 5 1 1meg\n.dc v1 0 1 0.25\n.end\n";
  REQUIRE(run_ngspice(folder, deck, "-r binary.raw") == 0);
  ::setenv("SPICE_ASCIIRAWFILE", "1", 1);
  const int status = run_ngspice(folder, deck, "-r ascii.raw");
  ::unsetenv("SPICE_ASCIIRAWFILE");
  REQUIRE(status == 0);

  const auto binary = read_waveforms(folder.file("binary.raw"));
  const auto ascii = read_waveforms(folder.file("ascii.raw"));
  REQUIRE(binary.size() == 4);
  REQUIRE(ascii.size() == 4);
  for (std::size_t i = 0; i < binary.size(); ++i) {
    REQUIRE(ascii[i].vectors.size() == binary[i].vectors.size());
    for (std::size_t j = 0; j < binary[i].vectors.size(); ++j) {
      CHECK(ascii[i].vectors[j].name == binary[i].vectors[j].name);
      CHECK(ascii[i].vectors[j].quantity == binary[i].vectors[j].quantity);
      check_near(ascii[i].columns[j], binary[i].columns[j]);
      if (binary[i].complex) check_near(ascii[i].imaginary[j], binary[i].imaginary[j]);
    }
  }
  const Plot& transient = plot_named(binary, "Transient Analysis");
  CHECK(transient.vectors[0].name == "time");
  CHECK(transient.vectors[0].quantity == Quantity::time);
  CHECK(transient.columns[0].back() == testing::approx(2e-3));
  CHECK(transient.find("i(v1)") != Plot::npos);
  const Plot& ac = plot_named(binary, "AC Analysis");
  REQUIRE(ac.rows() == 31);
  const std::size_t out = ac.find("v(out)");
  for (std::size_t i = 0; i < ac.rows(); ++i) {  // 1/(1 + jωRC)
    const double x = 2 * std::acos(-1.0) * ac.columns[0][i] * 1e-3;
    CHECK(ac.columns[out][i] == testing::approx(1 / (1 + x * x)));
    CHECK(ac.imaginary[out][i] == testing::approx(-x / (1 + x * x)));
  }
  const Plot& sweep = plot_named(binary, "DC transfer characteristic");
  check_near(sweep.columns[sweep.find("v(out)")], {0, 0.25, 0.5, 0.75, 1});
  CHECK(plot_named(binary, "Operating Point").rows() == 1);
}

TEST_CASE(
    "vectors of different lengths that ngspice wrote without padding are read with NaN for what is missing") {
  if (!ngspice_found()) return;
  const TemporaryFolder folder;
  REQUIRE(run_ngspice(folder, circuit +
                                  ".control\ntran 10u 30u\nlinearize\nlet short = vector(3)\nset nopadding\n"
                                  "write binary.raw time v(out) short\nset filetype=ascii\n"
                                  "write ascii.raw time v(out) short\nquit\n.endc\n.end\n") == 0);
  for (const std::string name : {"binary.raw", "ascii.raw"}) {
    const auto plots = read_waveforms(folder.file(name));
    REQUIRE(plots.size() == 1);
    REQUIRE(plots[0].vectors.size() == 3);
    CHECK(plots[0].vectors[2].name == "short");
    check_near(plots[0].columns[0], {0, 1e-5, 2e-5, 3e-5});
    REQUIRE(plots[0].columns[2].size() == 4);
    CHECK(plots[0].columns[2][2] == 2.0);
    CHECK(std::isnan(plots[0].columns[2][3]));
  }
}

TEST_CASE("the file of a killed ngspice, which claims no points, is read as far as it goes") {
  if (!ngspice_found()) return;
  const TemporaryFolder folder;
  write_bytes(folder.file("deck.cir"), circuit + ".tran 1n 1000\n.end\n");
  const pid_t child = ::fork();
  REQUIRE(child >= 0);
  if (child == 0) {
    const std::string command =
        "cd '" + folder.path().string() + "' && exec ngspice -b -r killed.raw deck.cir >log 2>&1 </dev/null";
    ::execl("/bin/sh", "sh", "-c", command.c_str(), static_cast<char*>(nullptr));
    ::_exit(1);
  }
  const auto written = [&] {
    std::error_code ignored;
    const auto size = std::filesystem::file_size(folder.file("killed.raw"), ignored);
    return ignored ? 0 : size;
  };
  for (int i = 0; i < 1000 && written() < 100'000; ++i)
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  ::kill(child, SIGKILL);
  int status = 0;
  ::waitpid(child, &status, 0);
  REQUIRE(WIFSIGNALED(status));
  CHECK(read_bytes(folder.file("killed.raw")).find("No. Points: 0 ") != std::string::npos);
  const auto plots = read_waveforms(folder.file("killed.raw"));
  REQUIRE(plots.size() == 1);
  CHECK(plots[0].rows() > 3000);
  const std::size_t in = plots[0].find("v(in)");
  const std::size_t last = plots[0].rows() - 1;
  CHECK(plots[0].columns[in][last] ==
        testing::approx(std::sin(2000 * std::acos(-1.0) * plots[0].columns[0][last])).epsilon(1e-6));
}

TEST_CASE("ngspice loads our raw files, binary and ASCII, marked or not, and sees the same numbers") {
  if (!ngspice_found()) return;
  const TemporaryFolder folder;
  const PlotInfo transient{
      "Ωmega – test",
      "Transient Analysis",
      false,
      {{"time", Quantity::time}, {"v(out)", Quantity::voltage}, {"w(y1)", Quantity::notype}}};
  const PlotInfo ac{
      "ac", "AC Analysis", true, {{"frequency", Quantity::frequency}, {"v(out)", Quantity::voltage}}};
  std::vector<double> times;
  std::vector<double> voltages;
  std::vector<double> states;
  for (int i = 0; i < 100; ++i) {
    times.push_back(1e-3 * i);
    voltages.push_back(std::sin(0.3 * i) / 3);
    states.push_back(1.0 / (1 + i));
  }
  const std::vector<double> frequencies{1, 10, 100};
  const std::vector<double> real{0.9, 0.5, -0.1};
  const std::vector<double> imaginary{-0.1, 1.0 / 3, 7e-9};
  for (const auto format : {WaveformFormat::raw_binary, WaveformFormat::raw_ascii}) {
    for (const std::string mark : {"", "interrupted at 0.31 s; echo > injected"}) {
      const auto sink = open_sink(folder.file("ours.raw"), format);
      sink->begin_plot(ac);
      for (std::size_t i = 0; i < real.size(); ++i) {
        sink->row(std::vector<double>{frequencies[i], 0, real[i], imaginary[i]});
      }
      sink->end_plot();
      sink->begin_plot(transient);
      for (std::size_t i = 0; i < times.size(); ++i) {
        sink->row(std::vector<double>{times[i], voltages[i], states[i]});
      }
      sink->end_plot();
      sink->commit(mark);
      REQUIRE(run_ngspice(folder,
                          "* load\n.control\nload ours.raw\nset numdgt=17\nwrdata tran.txt v(out) w(y1)\n"
                          "setplot ac1\nwrdata ac.txt v(out)\nquit\n.endc\n.end\n") == 0);
      const std::string log = read_bytes(folder.file("log"));
      CAPTURE(log);
      // wrdata repeats the scale before every vector, and has three columns for a complex one.
      check_near(numbers_in(folder.file("tran.txt")), interleave({times, voltages, times, states}));
      check_near(numbers_in(folder.file("ac.txt")), interleave({frequencies, real, imaginary}));
      CHECK(!std::filesystem::exists(folder.file("injected")));
    }
  }
}
