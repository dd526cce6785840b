#include <nanobind/nanobind.h>
#include <nanobind/stl/string.h>
#include <nanobind/stl/vector.h>

#include "app/command_line.hpp"
#include "python/bindings.hpp"

namespace nb = nanobind;

namespace memspice::python {

void bind_program(nb::module_& module) {
  module.def(
      "run_program",
      [](std::vector<std::string> words) {
        std::vector<char*> pointers;
        for (std::string& word : words) pointers.push_back(word.data());
        pointers.push_back(nullptr);  // as in main()
        return app::run_command_line(static_cast<int>(words.size()), pointers.data());
      },
      nb::call_guard<nb::gil_scoped_release>());
}

}  // namespace memspice::python
