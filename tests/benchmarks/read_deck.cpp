// Reads and elaborates a generated deck with two lines per memristor and prints lines per second of processor
// time and the peak memory. Usage: bench_read_deck [memristors], default 1000000.

#include <fmt/format.h>
#include <sys/resource.h>

#include <cstdlib>
#include <ctime>

#include "memspice/circuit.hpp"

namespace {

double processor_seconds() {
  return static_cast<double>(std::clock()) / CLOCKS_PER_SEC;
}

double peak_megabytes() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  return static_cast<double>(usage.ru_maxrss) / 1024;
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

}  // namespace

int main(int argc, char** argv) {
  const std::size_t memristors = argc > 1 ? std::strtoul(argv[1], nullptr, 10) : 1000000;
  std::string text = grid(memristors);
  const double megabytes = 1e-6 * static_cast<double>(text.size());
  const double start = processor_seconds();
  const memspice::Deck deck = memspice::parse_text(std::move(text));
  const double parsed = processor_seconds();
  const memspice::Circuit circuit = memspice::elaborate(deck);
  const double elaborated = processor_seconds();
  const auto lines = static_cast<double>(deck.cards.size());
  fmt::print(
      "{:.0f} lines, {:.1f} MB: read {:.3f} s, elaborate {:.3f} s, {:.2f} million lines/s, peak memory "
      "{:.0f} MB\n",
      lines, megabytes, parsed - start, elaborated - parsed, 1e-6 * lines / (elaborated - start),
      peak_megabytes());
  return circuit.element_names.size() == 2 * memristors + 1 ? 0 : 1;
}
