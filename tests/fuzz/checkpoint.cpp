// Any bytes as a checkpoint: a run goes on from it, or a message. An input chooses one of the checkpoints
// that runs of the decks below have made, and says what is changed in it; its checksum is made right, so that
// readers behind it are reached. Or it is a whole file, or all that stands between the beginning of one and
// its checksum.
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <functional>
#include <iterator>
#include <memory>
#include <memspice/circuit.hpp>
#include <memspice/simulate.hpp>
#include <memspice/waveform.hpp>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "app/checkpoint/run_checkpoints.hpp"
#include "app/output_format.hpp"
#include "app/report/report_json.hpp"
#include "app/report/summary.hpp"
#include "base/fingerprint.hpp"
#include "base/interruption.hpp"
#include "base/stopwatch.hpp"
#include "fuzz/limits.hpp"
#include "waveform/file_sink.hpp"

using namespace memspice;

namespace {

namespace fs = std::filesystem;

constexpr std::string_view beginning = "memspice checkpoint\n";
constexpr std::uint64_t circuit_number = 1;

struct Written {
  const char* cards;
  const char* output;
  const char* places;  // "": as soon as it can be
};

constexpr Written runs[] = {
    {"V1 a 0 sin(0 1 1k)\nR1 a b 1k\nD1 b 0 d\nC1 b 0 1u\n.model d d\n.measure tran top max v(b)\n"
     ".print tran v(b)\n.four 1k v(b)\n.tran 0.1m 2m",
     "out.raw", "0.5m"},
    {"V1 a 0 pulse(0 1 0 1n 1n 20n 40n)\nR1 a b 50\nT1 b 0 c 0 z0=50 td=5n\nS1 c 0 a 0 sw\nR2 c 0 75\n"
     ".model sw sw vt=0.5 ron=1 roff=1meg\n.options interp\n.tran 1n 100n",
     "out.csv", "30n"},
    {"C1 a 0 1u ic=1\nL1 a 0 1m\nB1 c 0 v=v(a)>0 ? idt(v(a)) : 1\nR2 c 0 1\n.print tran v(c)\n.tran 10u 3m "
     "uic\n.ac dec 2 1 100",
     "out.raw", "1m"},
    {".model m memristor(ron=100 roff=1600 alpha=0.1 beta=1)\nV1 a 0 1\nR1 a b 1k\nY1 b c m w0=0.3\nY2 c 0 m "
     "w0=0.6\nY3 b 0 m\n.invariants\n"
     ".functional\n.tran 10m 0.3",
     "out.csv", "0.1"},
    {"V1 a 0 1\nR1 a b 1k\nD1 b 0 d\n.model d d\n.print dc v(b)\n.measure dc top max v(b)\n.dc V1 0 1 0.25 "
     "R1 "
     "1k 2k 1k\n.op",
     "out.raw", ""},
    {".param q=1\nV1 a 0 ac 1 1\nR1 a b {q}\nC1 b 0 1u ic=0\n.measure tran top max v(b)\n.print tran "
     "v(b)\n.step "
     "param q 1 4 1\n.tran 0.1m 0.5m uic\n.ac dec 2 1 100\n.eigen",
     "out.csv", ""},
};

std::string bytes_of(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

void write(const fs::path& path, std::string_view bytes) {
  std::ofstream(path, std::ios::binary) << bytes;
}

/// A folder of its own, gone at the end.
struct Folder {
  Folder() {
    std::string name = (fs::temp_directory_path() / "memspice-fuzz-XXXXXX").string();
    if (::mkdtemp(name.data()) == nullptr) std::abort();
    path = name;
  }
  ~Folder() {
    std::error_code error;
    fs::remove_all(path, error);
  }
  void clear() const {
    for (const auto& entry : fs::directory_iterator(path)) fs::remove_all(entry.path());
  }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;
  fs::path path;
};

/// A run with the options of the checkpoints; as `memspice` makes it, but that nothing is printed.
void simulate(const Circuit& circuit, const fs::path& folder, const char* output,
              const app::CheckpointOptions& checkpoint, const std::function<bool()>& interrupted) {
  const InterruptScope scope(interrupted);
  const std::string path = (folder / output).string();
  const auto file = open_file_sink(path, app::output_format(path, ""), {});
  app::SummarySink summary(file.get());
  app::RunCheckpoints checkpoints(checkpoint, circuit_number, output);
  checkpoints.set_outputs([&](Archive& archive) {
    file->exchange(archive);
    summary.exchange(archive);
  });
  RunOptions options;
  options.interrupted = interrupted;
  options.threads = 1;
  const RunReport report = run(circuit, summary, options, checkpoints);
  if (checkpoint.resumed.empty()) return;  // its rows wait for the run that goes on
  summary.commit("");
  static_cast<void>(summary.table());
  for (const AnalysisReport& analysis : report.analyses) static_cast<void>(app::describe(analysis, true));
  static_cast<void>(app::describe_failures(report, "deck"));
  static_cast<void>(app::report_text("deck", circuit, report, {}, checkpoints.places()));
}

struct Saved {
  const char* output;
  std::shared_ptr<const Circuit> circuit;
  std::string body;    // of the file, between its beginning and the checksum
  fs::path rows_name;  // of the temporary file
  std::string rows;
};

const Folder& folder() {
  static const Folder made;
  return made;
}

std::vector<Saved> all_saved() {
  std::vector<Saved> saved;
  for (const Written& written : runs) {
    const auto deck = std::make_shared<const Deck>(
        parse_text("fuzz\n" + std::string(written.cards) + "\n", "deck", fuzz::small_budgets()));
    const auto circuit = std::make_shared<const Circuit>(elaborate(deck));
    folder().clear();
    const fs::path file = folder().path / "saved";
    const bool at_once = *written.places == '\0';
    app::CheckpointOptions options =
        app::checkpoint_options(file.string() + (at_once ? ",0" : ",1e9"), written.places, "");
    simulate(*circuit, folder().path, written.output, options, [&] { return fs::exists(file); });
    const std::string bytes = bytes_of(file);
    if (bytes.size() < beginning.size() + sizeof(std::uint64_t)) std::abort();
    for (const auto& entry : fs::directory_iterator(folder().path))
      if (entry.path().extension() == ".part")
        saved.push_back(
            {written.output, circuit,
             bytes.substr(beginning.size(), bytes.size() - beginning.size() - sizeof(std::uint64_t)),
             entry.path().filename(), bytes_of(entry.path())});
  }
  if (saved.size() != std::size(runs)) std::abort();
  return saved;
}

void change(std::string& body, std::string_view changes) {
  constexpr std::array<std::uint64_t, 8> numbers = {0,
                                                    1,
                                                    ~std::uint64_t{0},
                                                    std::uint64_t{1} << 31,
                                                    std::uint64_t{1} << 40,
                                                    0x7ff8000000000000,
                                                    0x7ff0000000000000,
                                                    0x7fe0000000000000};
  for (; changes.size() >= 4 && !body.empty(); changes.remove_prefix(4)) {
    const auto byte = [&](std::size_t i) { return static_cast<std::uint8_t>(changes[i]); };
    const std::size_t at = (byte(0) + 256u * byte(1)) % body.size();
    const std::size_t room = std::min(sizeof(std::uint64_t), body.size() - at);
    switch (byte(2) % 5) {
      case 0:
        body[at] = changes[3];
        break;
      case 1:
        std::memcpy(body.data() + at, &numbers[byte(3) % numbers.size()], room);
        break;
      case 2: {
        std::uint64_t number = 0;
        std::memcpy(&number, body.data() + at, room);
        number += static_cast<std::uint64_t>(static_cast<std::int8_t>(byte(3)));
        std::memcpy(body.data() + at, &number, room);
        break;
      }
      case 3:
        body.insert(at, 1, changes[3]);
        break;
      default:
        body.erase(at, byte(3));
    }
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const std::vector<Saved> all = all_saved();
  std::string_view input(reinterpret_cast<const char*>(data), size);
  const std::uint8_t choice = input.empty() ? 0 : data[0];
  const Saved& saved = all[choice % all.size()];
  std::string file(input);
  if (!input.starts_with(beginning)) {
    input.remove_prefix(std::min<std::size_t>(1, input.size()));
    std::string body(choice >= 192 ? input : saved.body);
    if (choice < 192) change(body, input);
    const std::uint64_t checksum = fingerprint_of(std::as_bytes(std::span(body)));
    file = std::string(beginning) + body;
    file.append(reinterpret_cast<const char*>(&checksum), sizeof(checksum));
  }
  folder().clear();
  const std::string path = (folder().path / "saved").string();
  write(path, file);
  write(folder().path / saved.rows_name, saved.rows);
  const Stopwatch running;
  try {
    simulate(*saved.circuit, folder().path, saved.output, app::checkpoint_options("", "", path),
             [&] { return running.seconds() > 0.3; });
  } catch (const FileError&) {
  } catch (const SimulationError&) {
  } catch (const std::logic_error&) {  // what does not fit together, which the command refuses
  } catch (const Interrupted&) {
  }
  return 0;
}
