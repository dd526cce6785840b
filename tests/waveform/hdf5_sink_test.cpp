// HDF5 files, read by h5py where it is installed.
#include <doctest/doctest.h>

#include <filesystem>
#include <random>

#include "memspice/waveform.hpp"
#include "support/places.hpp"
#include "support/program.hpp"
#include "waveform/hdf5/hdf5_sink.hpp"

namespace {

using memspice::has_hdf5;

bool has_h5py() {
  const TemporaryFolder folder;
  const bool found = run_command(folder, "/usr/bin/python3 -c 'import h5py'").code == 0;
  if (!found) MESSAGE("h5py is not there: nothing reads the file");
  return found;
}

/// Plots of every shape, with rows of numbers drawn at random, into both files.
void write_plots(std::initializer_list<memspice::WaveformSink*> sinks, std::mt19937& random) {
  std::uniform_real_distribution<double> value(-1, 1);
  const auto below = [&](int most) { return static_cast<int>(random() % static_cast<unsigned>(most)); };
  const int plots = 1 + below(4);
  for (int k = 0; k < plots; ++k) {
    memspice::PlotInfo info{.title = "caf\xc3\xa9",
                            .name = k == 0 ? "Transient Analysis" : "A/C Analysis",
                            .complex = below(2) == 0,
                            .vectors = {{"x", memspice::Quantity::frequency}}};
    const int width = below(3) == 0 ? 3000 : below(8);
    for (int i = 0; i < width; ++i)
      info.vectors.push_back({"v(" + std::to_string(i) + ")", memspice::Quantity::voltage});
    const int rows = below(3) == 0 ? 0 : below(width > 100 ? 200 : 9000);
    for (memspice::WaveformSink* sink : sinks) sink->begin_plot(info);
    std::vector<double> row(info.vectors.size() * (info.complex ? 2 : 1));
    for (int i = 0; i < rows; ++i) {
      for (double& x : row) x = value(random) * std::pow(10, below(40) - 20);
      if (info.complex) row[1] = 0;  // of the scale
      for (memspice::WaveformSink* sink : sinks) sink->row(row);
    }
    for (memspice::WaveformSink* sink : sinks) sink->end_plot();
  }
}

}  // namespace

TEST_CASE("HDF5 files have the numbers of raw files, bit for bit, whatever the plots are") {
  if (!has_hdf5() || !has_h5py()) return;
  const TemporaryFolder folder;
  std::mt19937 random(7);
  for (int i = 0; i < 12; ++i) {
    const auto raw =
        memspice::open_sink(folder.file(std::to_string(i) + ".raw"), memspice::WaveformFormat::raw_binary);
    const auto hdf5 =
        memspice::open_sink(folder.file(std::to_string(i) + ".h5"), memspice::WaveformFormat::hdf5);
    write_plots({raw.get(), hdf5.get()}, random);
    const char* mark = i % 3 == 0 ? "interrupted at 0.5 s" : "";
    raw->commit(mark);
    hdf5->commit(mark);
  }
  write_bytes(folder.file("read.py"), R"(
import h5py, numpy as np, re
for i in range(12):
    data = open(f'{i}.raw', 'rb').read()
    with h5py.File(f'{i}.h5') as file:
        assert file.attrs['program'].decode().startswith('memspice ')
        states, plots, at = [], 0, 0
        while at < len(data):
            end = data.index(b'Binary:\n', at) + 8
            head = data[at:end].decode()
            name = re.search('Plotname: (.*)', head)[1].replace('/', '_')
            number = np.dtype(complex if 'Flags: complex' in head else float)
            names = re.findall(r'\t\d+\t(\S+)\t', head)
            rows = int(re.search(r'No. Points: (\d+)', head)[1])
            at = end + rows * len(names) * number.itemsize
            group = file[name]
            assert list(group['names'].asstr()[:]) == names
            assert list(group['units'].asstr()[:]) == ['Hz'] + ['V'] * (len(names) - 1)
            assert group.attrs['title'].decode() == 'caf\u00e9'
            values = group['values'][:]
            assert values.dtype == number, values.dtype
            assert values.shape == (rows, len(names)), (values.shape, rows, len(names))
            assert values.tobytes() == data[end:at]
            states.append(group.attrs['state'].decode())
            plots += 1
        assert plots == len(file)
        assert states[:-1] == ['complete'] * (plots - 1)
        assert states[-1] == ('interrupted at 0.5 s' if i % 3 == 0 else 'complete')
)");
  const CommandOutcome read = run_command(folder, "/usr/bin/python3 read.py");
  CAPTURE(read.err);
  CHECK(read.code == 0);
}

TEST_CASE("the program writes HDF5 by the name's suffix or by --format, and says where it cannot") {
  const TemporaryFolder folder;
  write_bytes(folder.file("deck.cir"),
              "rc\nV1 in 0 SIN(0 1 1k) AC 1\nR1 in out 1k\nC1 out 0 1u\n.tran 1u 10m\n.ac dec 5 10 1k\n");
  const CommandOutcome outcome = run_command(folder, "$MEMSPICE -q deck.cir -o out.h5");
  if (!has_hdf5()) {
    CHECK(outcome.code == 2);
    CHECK(outcome.err.find("which this memspice was built without") != std::string::npos);
    return;
  }
  REQUIRE(outcome.code == 0);
  CHECK(read_bytes(folder.file("out.h5")).starts_with("\x89HDF\r\n\x1a\n"));
  CHECK(run_command(folder, "$MEMSPICE -q --format hdf5 deck.cir -o other && cmp out.h5 other").code == 0);
  CHECK(run_command(folder, "$MEMSPICE -q --safe deck.cir -o safe.h5 && cmp out.h5 safe.h5").code == 0);
  REQUIRE(run_command(folder, "$MEMSPICE -q --separate deck.cir -o part.h5").code == 0);
  CHECK(read_bytes(folder.file("part.transient.h5")).starts_with("\x89HDF"));
  CHECK(read_bytes(folder.file("part.ac.h5")).starts_with("\x89HDF"));
  // A file that is there stays until the new one is complete, and a failed one leaves nothing behind, but in
  // memory: libhdf5 keeps a chunk of a file that it cannot write, which a sanitizer would report.
  write_bytes(folder.file("kept.h5"), "old");
  const CommandOutcome full = run_command(folder,
                                          "ulimit -f 4; trap '' XFSZ; ASAN_OPTIONS=detect_leaks=0 $MEMSPICE "
                                          "-q deck.cir --format hdf5 -o kept.h5 2>&1; echo \"code $?\"");
  CAPTURE(full.out);
  CHECK(full.out.find("cannot write 'kept.h5': File too large") != std::string::npos);
  CHECK(full.out.find("code 3") != std::string::npos);
  CHECK(read_bytes(folder.file("kept.h5")) == "old");
  CHECK(run_command(folder, "ls | grep part$").code == 1);
  const CommandOutcome pipe = run_command(folder, "$MEMSPICE deck.cir -o - --format hdf5");
  CHECK(pipe.code == 3);
  CHECK(pipe.err.find("HDF5 needs a regular file") != std::string::npos);
  CHECK(run_command(folder, "$MEMSPICE deck.cir -o none/out.h5").code == 3);
  CHECK(run_command(folder, "$MEMSPICE deck.cir -o out.h5 --checkpoint c").err.find("goes to a .raw") ==
        std::string::npos);
  CHECK(run_command(folder, "$MEMSPICE deck.cir -o out.h5 --checkpoint c").code == 2);
  CHECK(run_command(folder, "$MEMSPICE deck.cir -o out.h5 --plot").code == 2);
  CHECK(run_command(folder, "$MEMSPICE info out.h5").err.find("HDF5") != std::string::npos);
}

// A sanitizer wants to be the first library; with MEMSPICE_FAULTS set tests/faults has it try the same.
#if defined(__linux__) && !defined(MEMSPICE_SANITIZE)
TEST_CASE("whichever write fails, an HDF5 file is whole or the run says that it cannot be written") {
  if (!has_hdf5()) return;
  const TemporaryFolder folder;
  write_bytes(folder.file("deck.cir"),
              "rc\nV1 a 0 1\nR1 a b 1k\nC1 b 0 1u ic=0\n.tran 0.1m 1m uic\n.op\n.tran 0.1m 2m uic\n");
  REQUIRE(run_command(folder, "$MEMSPICE -q deck.cir -o whole.h5").code == 0);
  int failed = 0;
  for (int n = 1; n <= failed + 10; ++n) {  // those of no consequence come last
    CAPTURE(n);
    const CommandOutcome outcome = run_command(
        folder, "rm -f out.h5; LD_PRELOAD=" + memspice::testing::fail_nth_path() +
                    " MEMSPICE_FAIL=write:" + std::to_string(n) + " $MEMSPICE -q deck.cir -o out.h5");
    if (std::filesystem::exists(folder.file("out.h5"))) {
      CHECK(run_command(folder, "cmp whole.h5 out.h5").code == 0);
      continue;
    }
    ++failed;
    CHECK(outcome.code == 3);
    CHECK(outcome.err == "memspice: error: cannot write 'out.h5': No space left on device\n");
    CHECK(run_command(folder, "ls | grep part$").code == 1);
  }
  CHECK(failed >= 10);  // nine datasets and what leads to them
}
#endif
