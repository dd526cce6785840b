#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "memspice/circuit.hpp"
#include "memspice/detail/population.hpp"

namespace memspice {

inline constexpr std::uint32_t short_circuit = 0xffffffffu;

/// A device group's population and where its instances went.
struct EquationGroup {
  const DeviceGroup* devices = nullptr;
  std::unique_ptr<Population> population;
  std::vector<std::uint32_t> member;    // population index → instance; empty when all instances are in
  std::vector<std::uint32_t> position;  // instance → population index or short_circuit; empty when all are in

  [[nodiscard]] std::size_t instance(std::size_t k) const { return member.empty() ? k : member[k]; }
  /// Of the population's instances, one after the other.
  [[nodiscard]] std::vector<double> parameters() const {
    return position.empty() ? devices->parameters.rows() : devices->parameters.rows(member);
  }
  [[nodiscard]] std::uint32_t find(std::size_t instance) const {
    return position.empty() ? static_cast<std::uint32_t>(instance) : position[instance];
  }
};

}  // namespace memspice
