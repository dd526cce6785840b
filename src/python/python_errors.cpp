#include "python/python_errors.hpp"

#include <nanobind/stl/string.h>

#include <exception>
#include <stdexcept>

#include "base/usage_error.hpp"

namespace nb = nanobind;

namespace memspice::python {

namespace {

nb::object errors() {
  return nb::module_::import_("memspice.errors");
}

template <class... Arguments>
void raise(const char* type, const Arguments&... arguments) {
  const nb::object exception = errors().attr(type)(arguments...);
  PyErr_SetObject(reinterpret_cast<PyObject*>(Py_TYPE(exception.ptr())), exception.ptr());
}

void translate(const std::exception_ptr& thrown, void*) {
  try {
    std::rethrow_exception(thrown);
  } catch (const DeckError& error) {
    raise("DeckError", diagnostics_of(error.diagnostics()));
  } catch (const FileError& error) {
    raise("FileError", nb::str(error.what()), error.code().value(), error.path());
  } catch (const SimulationError& error) {
    raise("SimulationError", nb::str(error.what()));
  } catch (const UsageError& error) {
    PyErr_SetString(PyExc_ValueError, error.what());
  } catch (const std::out_of_range& error) {
    PyErr_SetString(PyExc_KeyError, error.what());
  }
}

}  // namespace

nb::list diagnostics_of(const std::vector<Diagnostic>& diagnostics) {
  const nb::object type = errors().attr("Diagnostic");
  nb::list list;
  for (const Diagnostic& each : diagnostics)
    list.append(type(each.message, each.hint, each.file, each.line, each.column, each.text, each.format()));
  return list;
}

void translate_errors() {
  nb::register_exception_translator(translate);
}

}  // namespace memspice::python
