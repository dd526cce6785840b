#pragma once

#include <map>
#include <utility>

#include "memspice/circuit.hpp"
#include "netlist/elaboration/scope.hpp"

namespace memspice {

class Elaboration;

/// Of a body, by the next block's branch: what it is once the block is decided.
using BodyVariants = std::map<std::pair<const Body*, std::size_t>, Body>;

/// Gives parameters of the top level the values of `options`. Unknown names are mistakes once the top level
/// is complete.
void override_parameters(Elaboration& elaboration, const ElaborateOptions& options, bool complete);

/// Decides the .if blocks of the top level, in order, and adds what counts to it.
void decide_top_level(Elaboration& elaboration, const ElaborateOptions& options);

/// The same for an instance: its scope goes on with the variant of its body.
void decide(Elaboration& elaboration, Scope& scope);

}  // namespace memspice
