// Saves a run in a file and goes on with it from there, twice: as it was, and with another voltage. The state
// of the memristor, w = w0 - v t/beta, remembers.
#include <cmath>
#include <cstdio>
#include <fstream>
#include <iostream>
#include <iterator>
#include <memspice/simulate.hpp>

namespace {

void write(const std::string& path, const memspice::SimulationState& state) {
  std::ofstream(path, std::ios::binary)
      .write(reinterpret_cast<const char*>(state.bytes.data()),
             static_cast<std::streamsize>(state.bytes.size()));
}

memspice::SimulationState read(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  const std::string text{std::istreambuf_iterator<char>(file), {}};
  const auto bytes = std::as_bytes(std::span(text));
  return {{bytes.begin(), bytes.end()}};
}

}  // namespace

int main() {
  const memspice::Circuit circuit =
      memspice::elaborate(memspice::parse_text("a memory\n"
                                               "V1 in 0 2\n"
                                               "Y1 in 0 flat w0=0.9\n"
                                               ".model flat memristor(ron=1k roff=1k beta=10)\n"
                                               ".tran 0.1 3\n"
                                               ".end\n"));
  const std::string path = "memory.state";
  {
    memspice::Simulation first(circuit);
    first.run_until(1);
    write(path, first.state());
  }

  memspice::Simulation second(circuit);
  second.restore(read(path));
  std::cout << "at " << second.time() << " s w(y1) = " << second["w(y1)"] << '\n';
  if (std::abs(second["w(y1)"] - 0.7) > 1e-4) return 1;
  second.run();

  memspice::Simulation third(circuit.with("v1", -1));
  third.restore(read(path));
  third.run();

  std::cout << "at 3 s " << second["w(y1)"] << " at 2 V, " << third["w(y1)"] << " at -1 V\n";
  std::remove(path.c_str());
  return std::abs(second["w(y1)"] - 0.3) < 1e-4 && std::abs(third["w(y1)"] - 0.9) < 1e-4 ? 0 : 1;
}
