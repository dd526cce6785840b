#pragma once

#include <cstdint>
#include <memspice/circuit.hpp>
#include <string>
#include <vector>

namespace memspice::app {

/// A number of a circuit, with the texts and files that it was made of, and of these words of the command
/// line. Throws FileError when one of the files cannot be read.
std::uint64_t fingerprint_of(const Circuit& circuit, const std::vector<std::string>& words);

}  // namespace memspice::app
