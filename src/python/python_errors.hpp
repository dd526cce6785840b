#pragma once

#include <nanobind/nanobind.h>

#include <vector>

#include "memspice/error.hpp"

namespace memspice::python {

/// The exceptions of memspice/errors.py for those of the library.
void translate_errors();

/// A list of memspice.Diagnostic.
nanobind::list diagnostics_of(const std::vector<Diagnostic>& diagnostics);

}  // namespace memspice::python
