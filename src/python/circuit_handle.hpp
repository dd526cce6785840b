#pragma once

#include <memory>

#include "memspice/circuit.hpp"

namespace memspice::python {

/// A circuit that several objects of Python share; it does not change.
struct CircuitHandle {
  std::shared_ptr<const Circuit> circuit;
};

}  // namespace memspice::python
