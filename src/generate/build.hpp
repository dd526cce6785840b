#pragma once

#include "generate/network.hpp"
#include "generate/specification.hpp"

namespace memspice::generate {

/// The network of a specification, connected. Of a graph that came out in several parts the largest one is
/// kept; of nanowires between electrodes the one that joins them, and a UsageError when there is none.
Network build(const Specification& specification);

}  // namespace memspice::generate
