#include <doctest/doctest.h>
#include <fcntl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <csignal>
#include <future>
#include <memspice/error.hpp>
#include <memspice/waveform.hpp>
#include <stdexcept>

#include "base/archive.hpp"
#include "waveform/separate_sink.hpp"
#include "waveform/temporary_folder.hpp"

using namespace memspice;

namespace {

const PlotInfo plot{
    "t", "Transient Analysis", false, {{"time", Quantity::time}, {"v(1)", Quantity::voltage}}};

void write_rows(WaveformSink& sink, std::size_t rows) {
  for (std::size_t i = 0; i < rows; ++i) {
    const double time = static_cast<double>(i);
    sink.row(std::array{time, 2.0 * time});
  }
}

std::string error_of(auto&& action) {
  try {
    action();
  } catch (const FileError& error) {
    return error.what();
  }
  return "no error";
}

void write_file(const std::string& path, WaveformFormat format, std::size_t rows) {
  const auto sink = open_sink(path, format);
  sink->begin_plot(plot);
  write_rows(*sink, rows);
  sink->end_plot();
  sink->commit();
}

constexpr auto all_formats = {WaveformFormat::raw_binary, WaveformFormat::raw_ascii, WaveformFormat::csv};

// Runs `work` in a child process and returns its wait status: limits and kills must not hit the test program.
int in_child(auto&& work) {
  const pid_t child = ::fork();
  REQUIRE(child >= 0);
  if (child == 0) ::_exit(work());
  int status = 0;
  REQUIRE(::waitpid(child, &status, 0) == child);
  return status;
}

}  // namespace

TEST_CASE("a sink destroyed without commit leaves the old file and no temporary one") {
  for (const auto format : all_formats) {
    const TemporaryFolder folder;
    write_bytes(folder.file("out"), "precious");
    {
      const auto sink = open_sink(folder.file("out"), format);
      sink->begin_plot(plot);
      write_rows(*sink, 200'000);
      CHECK(folder.count() == 2);
    }
    CHECK(folder.count() == 1);
    CHECK(read_bytes(folder.file("out")) == "precious");
  }
}

TEST_CASE("commit replaces the old file, keeps its permissions and follows links") {
  const TemporaryFolder folder;
  write_bytes(folder.file("real"), "old");
  REQUIRE(::chmod(folder.file("real").c_str(), 0640) == 0);
  std::filesystem::create_symlink("real", folder.file("link"));
  write_file(folder.file("link"), WaveformFormat::csv, 1);
  CHECK(read_bytes(folder.file("real")) == "time,v(1)\n0,0\n");
  CHECK(std::filesystem::is_symlink(folder.file("link")));
  CHECK(std::filesystem::status(folder.file("real")).permissions() == std::filesystem::perms(0640));
  CHECK(folder.count() == 2);
}

TEST_CASE("a folder that cannot be written to is reported when the sink is opened") {
  const TemporaryFolder folder;
  const std::string missing = folder.file("missing/out.raw");
  CHECK(error_of([&] { open_sink(missing, WaveformFormat::raw_binary); }) ==
        "cannot write '" + missing + "': No such file or directory");
  const std::string name = folder.path().string();
  CHECK(error_of([&] { open_sink(name, WaveformFormat::csv); }) ==
        "cannot write '" + name + "': Is a directory");
}

TEST_CASE("a full disk is an error that names the file") {
  for (const auto format : all_formats) {
    CHECK(error_of([&] { write_file("/dev/full", format, 1); }) ==
          "cannot write '/dev/full': No space left on device");
    CHECK(error_of([&] { write_file("/dev/full", format, 200'000); }) ==
          "cannot write '/dev/full': No space left on device");
  }
}

TEST_CASE("a file that outgrows its limit fails, is never committed and leaves nothing behind") {
  for (const auto format : all_formats) {
    const TemporaryFolder folder;
    const std::string path = folder.file("out");
    write_bytes(path, "precious");
    const int status = in_child([&] {
      const rlimit limit{700'000, 700'000};
      std::signal(SIGXFSZ, SIG_IGN);
      if (::setrlimit(RLIMIT_FSIZE, &limit) != 0) return 9;
      const auto sink = open_sink(path, format);
      sink->begin_plot(plot);
      const std::string first = error_of([&] { write_rows(*sink, 200'000); });
      const std::string second = error_of([&] { sink->commit(); });
      const std::string expected = "cannot write '" + path + "': File too large";
      return (first == expected ? 0 : 1) + (second == expected ? 0 : 2);
    });
    CHECK(status == 0);
    CHECK(read_bytes(path) == "precious");
  }
}

TEST_CASE("memory does not grow with the rows") {
  for (const auto format : all_formats) {
    const int status = in_child([&] {
      const auto peak = [] {
        rusage usage{};
        ::getrusage(RUSAGE_SELF, &usage);
        return usage.ru_maxrss;  // KiB
      };
      const auto sink = open_sink("/dev/null", format);
      sink->begin_plot(plot);
      write_rows(*sink, 100'000);
      const long before = peak();
      write_rows(*sink, 1'500'000);  // 24 MB and more
      return peak() - before < 4096 ? 0 : 1;
    });
    CHECK(status == 0);
  }
}

TEST_CASE("a pipe receives the same bytes as a file, the point count included") {
  const TemporaryFolder folder;
  for (const auto format : all_formats) {
    const std::string fifo = folder.file("fifo");
    REQUIRE(::mkfifo(fifo.c_str(), 0600) == 0);
    auto received = std::async(std::launch::async, [&] { return read_bytes(fifo); });
    write_file(fifo, format, 100'000);
    const std::string bytes = received.get();
    write_file(folder.file("out"), format, 100'000);
    const std::string expected = read_bytes(folder.file("out"));
    const std::size_t body = expected.find("Plotname") == std::string::npos ? 0 : expected.find("Plotname");
    CHECK(bytes.size() == expected.size());
    CHECK(bytes.substr(body) == expected.substr(body));
    std::filesystem::remove(fifo);
  }
}

TEST_CASE("output to standard output lands where it was redirected, behind what is there") {
  const TemporaryFolder folder;
  for (const std::string name : {"-", "/dev/stdout"}) {
    const int status = in_child([&] {
      const int file = ::open(folder.file("out").c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0600);
      if (::dup2(file, STDOUT_FILENO) < 0 || ::write(STDOUT_FILENO, "before\n", 7) != 7) return 9;
      write_file(name, WaveformFormat::raw_ascii, 3);
      return ::write(STDOUT_FILENO, "after\n", 6) == 6 ? 0 : 1;
    });
    CHECK(status == 0);
    const std::string text = read_bytes(folder.file("out"));
    CHECK(text.starts_with("before\nTitle: t\n"));
    CHECK(text.find("No. Points: 3  ") != std::string::npos);
    CHECK(text.ends_with("\t4.000000000000000e+00\nafter\n"));
  }
  CHECK(folder.count() == 1);
}

TEST_CASE("a checkpoint names no file but those of its output") {
  const TemporaryFolder folder, other;
  const std::string out = folder.file("out.csv");
  for (const std::string& name :
       {other.file("out.op.csv"), folder.file("other.csv"), folder.file("out.op.raw"),
        folder.file("../out.op.csv"), std::string("out.op.csv"), std::string()}) {
    CAPTURE(name);
    std::vector<std::string> paths{name};
    Archive written;
    written.each(paths, [&](std::string& path) { written.text(path); });
    const std::vector<std::byte> bytes = written.take();
    SeparateSink sink(out, WaveformFormat::csv, {});
    Archive archive(bytes);
    CHECK_THROWS_AS(sink.exchange(archive), std::invalid_argument);
    CHECK(folder.count() + other.count() == 0);
  }
}
