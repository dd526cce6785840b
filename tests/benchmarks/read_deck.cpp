// Reads and elaborates generated decks and prints lines per second of processor time, the peak memory and
// what the circuit keeps of it, its deck included. Usage: bench_read_deck [FILE | kind [lines]]; kinds:
// memristors (two lines each, the default), resistors, expressions, behavioural, controlled, subcircuits,
// conditions; default 2000000 lines for memristors, 1000000 otherwise.

#include <fmt/format.h>
#include <sys/resource.h>
#include <unistd.h>

#include <cstdlib>
#include <ctime>
#include <filesystem>
#include <fstream>

#include "memspice/circuit.hpp"

namespace {

double processor_seconds() {
  return static_cast<double>(std::clock()) / CLOCKS_PER_SEC;
}

double peak_megabytes() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  return 1.024e-3 * static_cast<double>(usage.ru_maxrss);
}

double resident_megabytes() {
  std::ifstream file("/proc/self/statm");
  double all = 0, resident = 0;
  file >> all >> resident;
  return 1e-6 * resident * static_cast<double>(sysconf(_SC_PAGESIZE));
}

// A square grid, a source in series with every memristor.
std::string grid(std::size_t memristors) {
  std::size_t side = 1;
  while (2 * side * (side - 1) < memristors) ++side;
  std::string text = "grid\n.model mem memristor(ron=100 roff=16k alpha=0.1 beta=1 control=current)\n";
  const auto node = [side](std::size_t i, std::size_t j) { return i + j == 0 ? 0 : i * side + j; };
  std::size_t k = 0;
  const auto branch = [&](std::size_t a, std::size_t b) {
    if (++k > memristors) return;
    const double drive = 1e-6 * static_cast<double>(k * 7919 % 1000000);
    text += fmt::format("V{0} x{0} n{1} DC {3:.6f}\nY{0} x{0} n{2} mem w0={4:.6f}\n", k, a, b, drive,
                        0.3 + 0.4 * drive);
  };
  for (std::size_t i = 0; i < side; ++i)
    for (std::size_t j = 0; j < side; ++j) {
      if (i + 1 < side) branch(node(i, j), node(i + 1, j));
      if (j + 1 < side) branch(node(i, j), node(i, j + 1));
    }
  return text + "Rground n0 0 0\n.tran 0.1 1\n.end\n";
}

// A ladder of n lines of one kind of element between neighbouring nodes.
std::string ladder(std::string_view kind, std::size_t n) {
  std::string text =
      "ladder\n.param r=1k\n.subckt section a b params: value=1k\nR1 a b {value}\n.ends\nV1 n0 0 1\n";
  for (std::size_t k = 0; k < n; ++k) {
    if (kind == "expressions") {
      text += fmt::format("R{0} n{0} n{1} {{r*(1+{0}/{2})}}\n", k, k + 1, n);
    } else if (kind == "behavioural") {
      text += fmt::format("B{0} n{0} n{1} i={{v(n{0},n{1})/r + 1u*v(n{0})**2}}\n", k, k + 1);
    } else if (kind == "controlled") {
      text += fmt::format("G{0} n{0} n{1} n{0} 0 1m\n", k, k + 1);
    } else if (kind == "subcircuits") {
      text += fmt::format("X{0} n{0} n{1} section value={1}\n", k, k + 1);
    } else if (kind == "conditions") {
      text += k % 4 == 0   ? fmt::format(".if (r > {})\n", k % 2000)
              : k % 4 == 1 ? fmt::format("R{0} n0 n{0} 1k\n", k)
              : k % 4 == 2 ? ".else\n"
                           : ".endif\n";
    } else {
      text += fmt::format("R{0} n{0} n{1} {1}\n", k, k + 1);
    }
  }
  return text + ".tran 0.1 1\n.end\n";
}

}  // namespace

int main(int argc, char** argv) {
  const std::string kind = argc > 1 ? argv[1] : "memristors";
  const bool is_file = std::filesystem::exists(kind);
  const std::size_t given = argc > 2 ? std::strtoul(argv[2], nullptr, 10) : 0;
  std::string text;
  if (!is_file)
    text = kind == "memristors" ? grid(given > 0 ? given / 2 : 1000000)
                                : ladder(kind, given > 0 ? given : 1000000);
  const double before = resident_megabytes() - 1e-6 * static_cast<double>(text.size());
  const double start = processor_seconds();
  memspice::Deck deck = is_file ? memspice::parse_file(kind) : memspice::parse_text(std::move(text));
  const double parsed = processor_seconds();
  const memspice::Circuit circuit = memspice::elaborate(std::move(deck));
  const double elaborated = processor_seconds();
  const auto lines = static_cast<double>(circuit.origin.deck->cards.size());
  const double megabytes = 1e-6 * static_cast<double>(circuit.sources->text(0).size());
  fmt::print(
      "{}: {:.0f} lines, {:.1f} MB, {} elements: read {:.3f} s, elaborate {:.3f} s, {:.2f} million lines/s, "
      "peak memory {:.0f} MB, {:.0f} MB kept\n",
      kind, lines, megabytes, circuit.element_names.size(), parsed - start, elaborated - parsed,
      1e-6 * lines / (elaborated - start), peak_megabytes(), resident_megabytes() - before);
}
