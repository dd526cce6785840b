// Runs a transient as far as is wanted, looks at it, and decides what comes next: a capacitor is charged
// until it has 0.8 V, which takes R C ln(V / (V - 0.8 V)).
#include <cmath>
#include <iostream>
#include <memspice/simulate.hpp>

int main() {
  const memspice::Circuit circuit = memspice::elaborate(
      memspice::parse_text("charging\nV1 in 0 1\nR1 in out 1k\nC1 out 0 1u ic=0\n.tran 0 10m uic\n.end\n"));

  // Callbacks see every row; one may stop the run.
  memspice::Simulation* running = nullptr;
  std::size_t rows = 0;
  memspice::SimulationOptions options;
  options.row = [&](std::span<const double> row) {
    ++rows;
    if (row[0] > 5e-3) running->stop();
  };
  memspice::Simulation simulation(circuit, options);
  running = &simulation;

  // To a time.
  simulation.run_until(1e-3);
  std::cout << "v(out) = " << simulation["v(out)"] << " V at " << simulation.time() << " s\n";
  if (std::abs(simulation["v(out)"] - (1 - std::exp(-1.0))) > 2e-4) return 1;

  // Step by step, each as long as the integrator makes it.
  double before = simulation.time(), from = simulation["v(out)"];
  while (simulation["v(out)"] < 0.8) {
    before = simulation.time();
    from = simulation["v(out)"];
    simulation.step();
  }
  const double part = (0.8 - from) / (simulation["v(out)"] - from);
  const double crossing = before + part * (simulation.time() - before);
  std::cout << "0.8 V after " << crossing << " s\n";
  if (std::abs(crossing - 1e-3 * std::log(5.0)) > 2e-5) return 1;

  // To the end, which the callback does not let it reach at once.
  if (simulation.run()) return 1;
  std::cout << "stopped at " << simulation.time() << " s\n";
  while (!simulation.is_done()) simulation.run();
  const memspice::AnalysisReport report = simulation.finish();
  std::cout << report.statistics.steps << " steps, " << rows << " rows\n";
  return report.outcome == memspice::Outcome::complete ? 0 : 1;
}
