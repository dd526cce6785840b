#include "analysis/points/point_space.hpp"

namespace memspice {

using Target = Sweep::Target;

PointSpace::PointSpace(const Circuit& circuit) {
  if (!circuit.repetitions.temperatures.empty()) {
    Sweep sweep;
    sweep.target = Target::temperature;
    sweep.name = "temp";
    sweep.values = circuit.repetitions.temperatures;
    loops_.push_back({{"temp", Quantity::notype}, std::move(sweep)});
  }
  for (const Sweep& sweep : circuit.repetitions.steps) {
    const Quantity quantity = sweep.target == Target::voltage_source   ? Quantity::voltage
                              : sweep.target == Target::current_source ? Quantity::current
                                                                       : Quantity::notype;
    loops_.push_back({{sweep.label(), quantity}, sweep});
  }
  if (circuit.repetitions.monte_carlo) {
    Loop runs{{"run", Quantity::notype}, {}, true};
    for (std::size_t run = 1; run <= circuit.repetitions.monte_carlo->runs; ++run)
      runs.sweep.values.push_back(static_cast<double>(run));
    loops_.push_back(std::move(runs));
  }
  for (const Loop& loop : loops_) count_ *= loop.sweep.values.size();
}

std::vector<VectorInfo> PointSpace::vectors() const {
  std::vector<VectorInfo> vectors;
  for (const Loop& loop : loops_) vectors.push_back(loop.vector);
  return vectors;
}

std::vector<double> PointSpace::values(std::size_t point) const {
  std::vector<double> values(loops_.size());
  for (std::size_t i = loops_.size(); i-- > 0;) {
    const std::vector<double>& of_loop = loops_[i].sweep.values;
    values[i] = of_loop[point % of_loop.size()];
    point /= of_loop.size();
  }
  return values;
}

Variation PointSpace::variation(const std::vector<double>& values) const {
  Variation variation;
  for (std::size_t i = 0; i < loops_.size(); ++i) {
    if (loops_[i].of_runs) {
      variation.run = static_cast<std::uint64_t>(values[i]) - 1;
    } else {
      append_swept(variation.values, loops_[i].sweep, values[i]);
    }
  }
  return variation;
}

}  // namespace memspice
