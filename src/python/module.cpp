// memspice._core: what the Python package (memspice/*.py) is a thin dress of.
#include <nanobind/nanobind.h>

#include "python/bindings.hpp"
#include "python/python_errors.hpp"

NB_MODULE(_core, module) {
  using namespace memspice::python;
  module.attr("__version__") = MEMSPICE_VERSION;
  translate_errors();
  bind_circuit(module);
  bind_simulation(module);
  bind_files(module);
  bind_generate(module);
  bind_program(module);
}
