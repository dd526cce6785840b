#include "waveform/partial_result.hpp"

#include <doctest/doctest.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <memspice/waveform.hpp>

#include "waveform/file_sink.hpp"
#include "waveform/part_file.hpp"
#include "waveform/separate_sink.hpp"
#include "waveform/temporary_folder.hpp"

using namespace memspice;

namespace {

constexpr auto every_format = {WaveformFormat::raw_binary, WaveformFormat::raw_ascii, WaveformFormat::csv,
                               WaveformFormat::tsv};

// Writes plots of one row each and gives where they are.
std::string write_result(const std::string& path, WaveformFormat format, int plots, const std::string& mark,
                         bool command_line = true) {
  const auto sink = open_file_sink(path, format, {.command_line = command_line});
  for (int i = 0; i < plots; ++i) {
    sink->begin_plot(
        {"t", "Transient Analysis", false, {{"time", Quantity::time}, {"v(1)", Quantity::voltage}}});
    sink->row(std::vector<double>{0, static_cast<double>(i)});
  }
  sink->commit(mark);
  return sink->path();
}

}  // namespace

TEST_CASE("a partial result takes a name unless a complete one has it") {
  for (const auto format : every_format)
    for (const int plots : {1, 2, 3})
      for (const bool command_line : {true, false}) {
        const TemporaryFolder folder;
        const std::string out = folder.file("out.raw");
        const std::string partial = folder.file("out.partial.raw");
        CHECK(write_result(out, format, plots, "interrupted at 1 s", command_line) == out);
        CHECK(says_incomplete(out));
        CHECK(read_waveforms(out).back().mark == "interrupted at 1 s");
        CHECK(write_result(out, format, plots, "interrupted at 2 s", command_line) == out);
        CHECK(write_result(out, format, plots, "", command_line) == out);
        CHECK_FALSE(says_incomplete(out));
        const std::string complete = read_bytes(out);
        CHECK(write_result(out, format, 1, "interrupted at 3 s", command_line) == partial);
        CHECK(write_result(out, format, 1, "failed at 4 s", command_line) == partial);
        CHECK(read_bytes(out) == complete);
        CHECK(read_waveforms(partial).back().mark == "failed at 4 s");
        CHECK(folder.count() == 2);
      }
}

TEST_CASE("what is no waveform file counts as complete, and a link's partial result lies beside its target") {
  const TemporaryFolder folder;
  std::filesystem::create_directory(folder.file("far"));
  write_bytes(folder.file("far/real.raw"), "precious");
  std::filesystem::create_symlink("far/real.raw", folder.file("link.raw"));
  const std::string place =
      write_result(folder.file("link.raw"), WaveformFormat::raw_binary, 1, "failed at 1 s");
  CHECK(std::filesystem::equivalent(place, folder.file("far/real.partial.raw")));
  CHECK(read_bytes(folder.file("far/real.raw")) == "precious");
}

TEST_CASE("of separate files only the one that ends early gives way") {
  const TemporaryFolder folder;
  for (const std::string mark : {"", "failed at 1 s"}) {
    SeparateSink sink(folder.file("out.csv"), WaveformFormat::csv, {});
    for (const char* name : {"Operating Point", "Transient Analysis"}) {
      sink.begin_plot({"t", name, false, {{"v(1)", Quantity::voltage}}});
      sink.row(std::vector<double>{mark.empty() ? 1.0 : 2.0});
    }
    sink.commit(mark);
    CHECK(sink.asked().at(1) == folder.file("out.transient.csv"));
    CHECK(sink.paths().at(1) ==
          folder.file(mark.empty() ? "out.transient.csv" : "out.transient.partial.csv"));
  }
  CHECK(read_bytes(folder.file("out.operating-point.csv")) == "v(1)\n2\n");
  CHECK(read_bytes(folder.file("out.transient.csv")) == "v(1)\n1\n");
  CHECK(read_bytes(folder.file("out.transient.partial.csv")) == "v(1)\n2\n# incomplete: failed at 1 s\n");
}

TEST_CASE("temporary files of dead processes are found by their names") {
  const pid_t dead = ::fork();
  if (dead == 0) ::_exit(0);
  int status = 0;
  ::waitpid(dead, &status, 0);
  const TemporaryFolder folder;
  const std::string gone = part_name("out.raw", dead, 0);
  for (const std::string& name :
       {gone, part_name("out.raw", ::getpid(), 0), part_name("other.raw", dead, 0), std::string("out.raw"),
        std::string("out.raw.x-0.part"), std::string(".1-0.part")})
    write_bytes(folder.file(name), "");
  const auto found = leftovers(folder.path(), [](const std::string& target) { return target == "out.raw"; });
  REQUIRE(found.size() == 1);
  CHECK(found[0] == folder.path() / gone);
  CHECK(leftovers(folder.path() / "none", [](const std::string&) { return true; }).empty());
  const auto name = read_part_name("a-1.b.23-7.part");
  REQUIRE(name);
  CHECK(name->target == "a-1.b");
  CHECK(name->process == 23);
  for (const char* none : {"out.raw", ".part", "x.1.part", "x.1-.part", "x.-1.part", "x1-2.part",
                           "x.0-1.part", "x.99999999999-1.part"})
    CHECK_FALSE(read_part_name(none));
}
