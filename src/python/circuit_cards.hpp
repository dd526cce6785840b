#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "memspice/circuit.hpp"

namespace memspice::python {

/// Analyses given as numbers, as cards of a circuit that has no others.
Circuit with_transient(Circuit circuit, const TransientCard& card);
Circuit with_operating_point(Circuit circuit);
/// Every sweep a name as Circuit::with() takes it and the values, the innermost first.
Circuit with_dc(Circuit circuit, const std::vector<std::pair<std::string, std::vector<double>>>& sweeps);
Circuit with_ac(Circuit circuit, std::vector<double> frequencies);
/// `output` as v(a) or v(a,b), `input` an independent source.
Circuit with_noise(Circuit circuit, const std::string& output, const std::string& input,
                   std::vector<double> frequencies);
Circuit with_network(Circuit circuit, std::string file);
Circuit with_fixed_point(Circuit circuit, double tolerance);
/// At the operating point or a fixed point.
Circuit with_eigen(Circuit circuit, bool at_fixed_point);

/// Writes these vectors (patterns) and no others.
void set_saves(Circuit& circuit, const std::vector<std::string>& patterns);

/// The circuit with other values, and with other random numbers where there is a seed.
Circuit with_values(const Circuit& circuit, const std::vector<std::pair<std::string, double>>& values,
                    std::optional<std::uint64_t> seed);

}  // namespace memspice::python
