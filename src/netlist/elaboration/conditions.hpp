#pragma once

#include <map>
#include <string>
#include <utility>

#include "memspice/circuit.hpp"
#include "netlist/elaboration/scope.hpp"

namespace memspice {

class Elaboration;

/// Of a body, by what changes it: what it is once its next block is decided (".if 1"), or with a parameter
/// more that an instance gives it ("r").
using BodyVariants = std::map<std::pair<const Body*, std::string>, Body>;

/// Gives parameters of the top level the values of `options`. Unknown names are mistakes once the top level
/// is complete.
void override_parameters(Elaboration& elaboration, const ElaborateOptions& options, bool complete);

/// Decides the .if blocks of the top level, in order, and adds what counts to it.
void decide_top_level(Elaboration& elaboration, const ElaborateOptions& options);

/// The same for an instance: its scope goes on with the variant of its body.
void decide(Elaboration& elaboration, Scope& scope);

}  // namespace memspice
