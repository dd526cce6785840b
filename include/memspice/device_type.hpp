#pragma once

#include <memory>
#include <span>

#include "memspice/model_population.hpp"

namespace memspice {

/// The catalogue entry of a model: its description, its unknowns and the factory of its populations.
template <class Model>
DeviceType device_type() {
  DeviceType type = Model::describe();
  type.unknowns.assign(Model::unknowns.begin(), Model::unknowns.end());
  if constexpr (requires { Model::noises; }) type.noises.assign(Model::noises.begin(), Model::noises.end());
  type.populate = [](std::span<const double> parameters, std::size_t count) -> std::unique_ptr<Population> {
    return std::make_unique<ModelPopulation<Model>>(parameters, count);
  };
  return type;
}

}  // namespace memspice
