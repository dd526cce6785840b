#pragma once

#include <nanobind/nanobind.h>

namespace memspice::python {

/// Circuits: read from text or a file, changed, run.
void bind_circuit(nanobind::module_& module);
/// A transient step by step.
void bind_simulation(nanobind::module_& module);
/// Waveform files: read() and write().
void bind_files(nanobind::module_& module);
/// The decks of `memspice generate`.
void bind_generate(nanobind::module_& module);
/// The program, for the command `memspice` that pip installs.
void bind_program(nanobind::module_& module);

}  // namespace memspice::python
