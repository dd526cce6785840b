#include <doctest/doctest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <csignal>
#include <random>
#include <thread>

#include "waveform/file_bytes.hpp"

using namespace memspice;

namespace {

std::string header(const std::string& points, const std::string& data) {
  return "Title: t\nDate: now\nPlotname: Transient Analysis\nFlags: real\nNo. Variables: 2\nNo. Points: " +
         points + "\nVariables:\n\t0\ttime\ttime\n\t1\tv(1)\tvoltage\n" + data;
}

const std::string three_points = bytes_of<double>({0, 1, 2, 3, 4, 5});

// One file of every kind that has a header.
std::vector<std::string> samples() {
  const std::string ac =
      "Title: t\nPlotname: AC Analysis\nFlags: complex\nNo. Variables: 2\nNo. Points: 1\nVariables:\n"
      "\t0\tfrequency\tfrequency\n\t1\tv(1)\tvoltage\nBinary:\n" +
      bytes_of<double>({1, 0, 2, 3});
  const std::string unpadded =
      "Title: t\nPlotname: x\nFlags: real unpadded\nNo. Variables: 2\nNo. Points: 2\nVariables:\n"
      "\t0\ttime\ttime dims=1\n\t1\tv(1)\tvoltage\nBinary:\n" +
      bytes_of<double>({1, 2, 3});
  const std::string ltspice = as_utf16(
      "Title: t\nPlotname: Transient Analysis\nFlags: real forward fastaccess\nNo. Variables: 2\nNo. Points: "
      "2\n"
      "Offset: 0\nCommand: LTspice\nVariables:\n\t0\ttime\ttime\n\t1\tV(1)\tvoltage\nBinary:\n");
  return {header("3", "Binary:\n" + three_points) + ac,
          header("2", "Values:\n0\t\t0.0\n\t1.0\n1\t\t2.0\n\t3.0\n") + ac, unpadded,
          ltspice + bytes_of<double>({0, 1}) + bytes_of<float>({2, 3}),
          "time,v(1),re(v(2)),im(v(2))\n0,1,2,3\n1,2,3,4\n\ntime,x\n0,1\n"};
}

// Reading must end in plots or in a FileError, nothing else; plots must be rectangular.
void check_survives(const TemporaryFolder& folder, const std::string& bytes) {
  std::filesystem::remove(folder.file("file"));  // ext4 syncs a file that is truncated and written again
  write_bytes(folder.file("file"), bytes);
  try {
    for (const Plot& plot : read_waveforms(folder.file("file"))) {
      REQUIRE(plot.columns.size() == plot.vectors.size());
      for (const auto& column : plot.columns) REQUIRE(column.size() == plot.rows());
      REQUIRE(plot.imaginary.size() == (plot.complex ? plot.columns.size() : 0));
      for (const auto& column : plot.imaginary) REQUIRE(column.size() == plot.rows());
    }
  } catch (const FileError& error) {
    REQUIRE(std::string(error.what()).starts_with("cannot read '" + folder.file("file") + "': "));
  }
}

}  // namespace

TEST_CASE("a missing file and a folder are refused with the system's reason") {
  const TemporaryFolder folder;
  const std::string missing = folder.file("missing.raw");
  CHECK_THROWS_WITH_AS(read_waveforms(missing),
                       ("cannot read '" + missing + "': No such file or directory").c_str(), FileError);
  const std::string name = folder.path().string();
  CHECK_THROWS_WITH_AS(read_waveforms(name), ("cannot read '" + name + "': Is a directory").c_str(),
                       FileError);
}

TEST_CASE("a cut-off raw file is refused with the point it ends after") {
  const std::string whole = header("3", "Binary:\n" + three_points);
  CHECK(read_error(whole) == "no error");
  CHECK(read_error(whole.substr(0, whole.size() - 1)) ==
        "the file is cut off after point 2 of 3 (at byte " + std::to_string(whole.size() - 16) + ")");
  CHECK(read_error(header("3", "Values:\n0\t\t1\n\t2\n1\t\t3\n")) ==
        "line 13: the file is cut off after point 1 of 3");
  CHECK(read_error("Title: t\nPlotname: x\n") == "the header ends before its 'Binary:' or 'Values:' line");
  CHECK(read_error("Title: t\nNo. Variables: 3\nVariables:\n\t0\ttime\ttime\n") ==
        "the header ends within its list of variables");
}

TEST_CASE("a raw file that contradicts itself is refused with the place") {
  CHECK(read_error(header("2", "Binary:\n" + three_points)) ==
        "after 2 points of 'Transient Analysis' there are more bytes but no further plot (at byte " +
            std::to_string(header("2", "Binary:\n").size() + 32) + ")");
  CHECK(read_error(header("2", "Values:\n0\t1\n\t2\n1\t3\n\t4x\n")) == "line 14: '4x' is not a number");
  CHECK(read_error(header("2", "Values:\n0\t1\n\t2\n-1\t3\n\t4\n")) ==
        "line 13: expected the index of point 1, found '-1'");
  CHECK(read_error(header("1", "Values:\n0\t1\n\t2 3\n")) == "line 12: '3' is too much on this line");
  CHECK(read_error(header("many", "")) == "line 6: 'many' is no number of points");
  CHECK(read_error("Title: t\nNo. Variables: -1\n") == "line 2: '-1' is no number of variables");
  CHECK(read_error("Title: t\nNo. Variables: 1\nVariables:\nBinary:\n") ==
        "line 4: expected 'index name type' of variable 0 of 1");
  CHECK(read_error("Title: t\nVariables:\n\t0\ttime\ttime\n") ==
        "line 2: 'Variables:' comes before 'No. Variables:'");
  CHECK(read_error("Title: t\nBinary:\n") == "line 2: the data begin before any 'Variables:' line");
  CHECK(read_error("Title: t\nno colon\n") == "line 2: this is no line of a raw file's header");
}

TEST_CASE("a header's absurd numbers cost neither memory nor time") {
  CHECK(read_error(header("999999999999999999", "Binary:\n" + three_points))
            .starts_with("the file is cut off"));
  CHECK(read_error("Title: t\nNo. Variables: 999999999999999999\nVariables:\n\t0\ttime\ttime\n") ==
        "the header ends within its list of variables");
  CHECK(read_back(
            "Title: t\nFlags: real unpadded\nNo. Variables: 1\nNo. Points: 999999999999999999\nVariables:\n"
            "\t0\ttime\ttime dims=1\nBinary:\n" +
            bytes_of<double>({1}))
            .at(0)
            .rows() == 1);
}

TEST_CASE("no truncated file makes reading crash") {
  const TemporaryFolder folder;
  for (const std::string& bytes : samples()) {
    for (std::size_t length = 0; length < bytes.size(); ++length)
      check_survives(folder, bytes.substr(0, length));
  }
}

TEST_CASE("no flipped bit and no random byte makes reading crash") {
  const TemporaryFolder folder;
  std::mt19937 random(1);
  for (const std::string& bytes : samples()) {
    for (std::size_t bit = 0; bit < 8 * bytes.size(); ++bit) {
      std::string flipped = bytes;
      flipped[bit / 8] = static_cast<char>(flipped[bit / 8] ^ (1 << bit % 8));
      check_survives(folder, flipped);
    }
    for (int i = 0; i < 500; ++i) {
      std::string mangled = bytes;
      for (int j = 0; j < 5; ++j) mangled[random() % mangled.size()] = static_cast<char>(random());
      check_survives(folder, mangled);
    }
  }
}

TEST_CASE("a killed run leaves a temporary file that reads as far as it goes") {
  for (const auto format : {WaveformFormat::raw_binary, WaveformFormat::raw_ascii}) {
    const TemporaryFolder folder;
    const pid_t child = ::fork();
    REQUIRE(child >= 0);
    if (child == 0) {
      const auto sink = open_sink(folder.file("x.raw"), format);
      sink->begin_plot(
          {"t", "Transient Analysis", false, {{"time", Quantity::time}, {"v(1)", Quantity::voltage}}});
      for (double i = 0;; ++i) sink->row(std::vector<double>{i, 2 * i});
    }
    const auto temporary = [&] {
      std::filesystem::directory_iterator entry(folder.path());
      return entry == std::filesystem::directory_iterator() ? std::string() : entry->path().string();
    };
    const auto size = [&] { return temporary().empty() ? 0 : std::filesystem::file_size(temporary()); };
    for (int i = 0; i < 1000 && size() < 4'000'000; ++i)
      std::this_thread::sleep_for(std::chrono::milliseconds(5));
    ::kill(child, SIGKILL);
    int status = 0;
    ::waitpid(child, &status, 0);
    const auto plots = read_waveforms(temporary());
    REQUIRE(plots.size() == 1);
    CHECK(plots[0].rows() > 60'000);
    CHECK(plots[0].columns[1].back() == 2.0 * static_cast<double>(plots[0].rows() - 1));
    // What stands behind the points counted in the header is read too.
    CHECK(plots[0].rows() + 1 > size() / (format == WaveformFormat::raw_binary ? 17 : 60));
  }
}
