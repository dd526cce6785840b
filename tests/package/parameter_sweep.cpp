// Runs one circuit with many values of a parameter: the text is read once, and each thread has a circuit of
// its own. The load that takes most power from a source is as large as the source's resistance.
#include <cmath>
#include <iostream>
#include <memspice/simulate.hpp>
#include <thread>
#include <vector>

namespace {

double power_in(const memspice::Circuit& circuit) {
  memspice::MemorySink sink;
  memspice::run(circuit, sink);
  return sink.plots().front()["p(rload)"].front();
}

}  // namespace

int main() {
  const memspice::Circuit circuit =
      memspice::elaborate(memspice::parse_text("a source and its load\n"
                                               ".param load=10\n"
                                               "V1 in 0 12\n"
                                               "Rs in out 50\n"
                                               "Rload out 0 {load}\n"
                                               ".save p(rload)\n"
                                               ".op\n"
                                               ".end\n"));

  const std::vector<double> loads{10, 20, 50, 100, 200};
  std::vector<double> power(loads.size());
  std::vector<std::thread> threads;
  for (std::size_t i = 0; i < loads.size(); ++i)
    threads.emplace_back([&, i] { power[i] = power_in(circuit.with("load", loads[i])); });
  for (std::thread& thread : threads) thread.join();

  for (std::size_t i = 0; i < loads.size(); ++i) {
    std::cout << loads[i] << " ohm: " << power[i] << " W\n";
    const double current = 12 / (50 + loads[i]);
    if (std::abs(power[i] - current * current * loads[i]) > 1e-9) return 1;
  }

  // Sources and the parameters of elements have names, too; values that were given stay.
  const double halved = power_in(circuit.with("load", 50).with("v1", 6));
  return std::abs(halved - power[2] / 4) < 1e-9 ? 0 : 1;
}
