#include "circuit/device_random.hpp"

#include <fmt/format.h>

#include "random/random_stream.hpp"

namespace memspice {

std::uint64_t device_seed(const Circuit& circuit, std::string_view name) {
  return RandomStream(circuit.options.seed.value_or(1),
                      fmt::format("run {} device {}", circuit.origin.options.run, name))
      .next();
}

void device_draws(std::uint64_t seed, std::uint64_t number, std::span<double> draws) {
  RandomStream stream(RandomStream(seed + 0x9e3779b97f4a7c15u * number).next());
  for (double& draw : draws) draw = stream.normal();
}

}  // namespace memspice
