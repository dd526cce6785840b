#include <nanobind/nanobind.h>
#include <nanobind/ndarray.h>
#include <nanobind/stl/optional.h>
#include <nanobind/stl/pair.h>
#include <nanobind/stl/string.h>
#include <nanobind/stl/vector.h>

#include <chrono>
#include <cstring>
#include <exception>
#include <memory>
#include <optional>
#include <utility>

#include "memspice/simulate.hpp"
#include "python/bindings.hpp"
#include "python/circuit_handle.hpp"
#include "python/python_errors.hpp"
#include "python/tables.hpp"

namespace nb = nanobind;

namespace memspice::python {

namespace {

using Array = nb::ndarray<nb::numpy, double, nb::ndim<1>>;

Array array_of(std::vector<double> values) {
  auto kept = std::make_unique<std::vector<double>>(std::move(values));
  double* const data = kept->data();
  const std::size_t size = kept->size();
  const nb::capsule owner(kept.release(),
                          [](void* it) noexcept { delete static_cast<std::vector<double>*>(it); });
  return Array(data, {size}, owner);
}

/// A Simulation whose steps end when Python has a signal for its user.
class SteppedSimulation {
 public:
  SteppedSimulation(const CircuitHandle& handle, const std::optional<TransientCard>& card, bool rows) {
    SimulationOptions options;
    options.transient = card;
    if (rows) options.sink = &sink_;
    options.progress = [this](double, double) { look_for_signals(); };
    options.warned = [this](const Diagnostic& warning) { warnings_.push_back(warning); };
    const nb::gil_scoped_release free;
    simulation_.emplace(*handle.circuit, std::move(options));
  }
  // Its callbacks know where it is.
  SteppedSimulation(const SteppedSimulation&) = delete;
  SteppedSimulation& operator=(const SteppedSimulation&) = delete;

  void run_until(double t, const Inputs& inputs, bool linear) {
    bool arrived = false;
    {
      const nb::gil_scoped_release free;
      arrived = inputs.empty()
                    ? simulation_->run_until(t)
                    : simulation_->run_until(t, inputs, linear ? InputShape::linear : InputShape::held);
    }
    if (!arrived) raise_asked();
  }
  void step() {
    {
      const nb::gil_scoped_release free;
      simulation_->step();
    }
    raise_asked();
  }
  Simulation& operator*() { return *simulation_; }
  Simulation* operator->() { return &*simulation_; }

  nb::list finish() {
    {
      const nb::gil_scoped_release free;
      simulation_->finish();
    }
    return sink_.release();
  }
  nb::list take_warnings() { return diagnostics_of(std::exchange(warnings_, {})); }

 private:
  /// Called after every step: asks Python twenty times a second.
  void look_for_signals() {
    using Clock = std::chrono::steady_clock;
    const Clock::time_point now = Clock::now();
    if (now - looked_ < std::chrono::milliseconds(50)) return;
    looked_ = now;
    const nb::gil_scoped_acquire held;
    if (PyErr_CheckSignals() == 0) return;
    asked_ = std::make_exception_ptr(nb::python_error());  // thrown where the run has come to an end
    simulation_->stop();
  }
  void raise_asked() {
    if (asked_) std::rethrow_exception(std::exchange(asked_, nullptr));
  }

  TableSink sink_;
  std::vector<Diagnostic> warnings_;
  std::chrono::steady_clock::time_point looked_ = std::chrono::steady_clock::now();
  std::exception_ptr asked_;  // KeyboardInterrupt, or what the user's handler of a signal has raised
  std::optional<Simulation> simulation_;
};

nb::bytes save(SteppedSimulation& it) {
  SimulationState state;
  {
    const nb::gil_scoped_release free;
    state = it->state();
  }
  return nb::bytes(reinterpret_cast<const char*>(state.bytes.data()), state.bytes.size());
}

void restore(SteppedSimulation& it, const nb::bytes& bytes) {
  SimulationState state{std::vector<std::byte>(bytes.size())};
  std::memcpy(state.bytes.data(), bytes.c_str(), bytes.size());
  const nb::gil_scoped_release free;
  it->restore(state);
}

Array values(SteppedSimulation& it, const std::vector<std::string>& names) {
  std::vector<double> found;
  for (const std::string& name : names) found.push_back((*it)[name]);
  return array_of(std::move(found));
}

}  // namespace

void bind_simulation(nb::module_& module) {
  nb::class_<SteppedSimulation>(module, "Simulation")
      .def(
          "__init__",
          [](SteppedSimulation* place, const CircuitHandle& circuit, std::optional<double> stop, double step,
             double max_step, bool uic, bool rows) {
            std::optional<TransientCard> card;
            if (stop)
              card = TransientCard{
                  .step = step, .stop = *stop, .max_step = max_step, .use_initial_conditions = uic};
            new (place) SteppedSimulation(circuit, card, rows);
          },
          nb::arg("circuit"), nb::arg("stop").none(), nb::arg("step"), nb::arg("max_step"), nb::arg("uic"),
          nb::arg("rows"))
      .def_prop_ro("time", [](SteppedSimulation& it) { return it->time(); })
      .def_prop_ro("stop_time", [](SteppedSimulation& it) { return it->stop_time(); })
      .def("run_until", &SteppedSimulation::run_until)
      .def("step", &SteppedSimulation::step)
      .def("finish", &SteppedSimulation::finish)
      .def("take_warnings", &SteppedSimulation::take_warnings)
      .def("save", &save)
      .def("restore", &restore)
      .def("values", &values)
      .def_prop_ro("state_names", [](SteppedSimulation& it) { return it->state_names(); })
      .def("states", [](SteppedSimulation& it) { return array_of(it->states()); })
      .def("set_states",
           [](SteppedSimulation& it, const std::vector<double>& states) { it->set_states(states); });
}

}  // namespace memspice::python
