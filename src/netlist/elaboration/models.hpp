#pragma once

#include <string_view>
#include <vector>

#include "memspice/circuit.hpp"
#include "netlist/elaboration/scope.hpp"

namespace memspice {

class Elaboration;
struct CardContext;

/// The models that have been read.
struct ModelCache {
  NameTable in_subcircuits;  // x1.m
  std::vector<const DeviceType*> types;
  // The model of the last element: neighbours usually share it.
  std::string_view last_name;
  const Scope* last_scope = nullptr;
  const Model* last = nullptr;
  std::vector<std::string_view> derived;  // models whose base is being read
};

/// Reads a .model card. Throws Problem.
Model read_model(Elaboration& elaboration, const ModelDefinition& definition, Scope& scope);

/// The model that an element names, read when it is named first. Throws Problem.
const Model& find_model(CardContext& card, std::string_view name, const DeviceType& wanted);
[[nodiscard]] bool model_exists(std::string_view name, const Scope& scope);

/// The types of the models that such a name on a card means; empty: there is none; nullptr: its card is
/// wrong.
std::vector<const DeviceType*> models_named(const Elaboration& elaboration, std::string_view name);

/// Puts swept values in the place of those of the element or model of this full name.
void set_swept_parameters(const Elaboration& elaboration, bool model, std::string_view name,
                          const DeviceType& type, std::vector<double>& values);

}  // namespace memspice
