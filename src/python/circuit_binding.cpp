#include <nanobind/nanobind.h>
#include <nanobind/stl/optional.h>
#include <nanobind/stl/pair.h>
#include <nanobind/stl/string.h>
#include <nanobind/stl/vector.h>

#include <memory>
#include <optional>

#include "app/report/report_json.hpp"
#include "memspice/simulate.hpp"
#include "python/bindings.hpp"
#include "python/circuit_cards.hpp"
#include "python/circuit_handle.hpp"
#include "python/python_errors.hpp"
#include "python/tables.hpp"
#include "python/watched_run.hpp"

namespace nb = nanobind;

namespace memspice::python {

namespace {

using Values = std::vector<std::pair<std::string, double>>;
using Names = std::vector<std::string>;

/// What a run has found beside its rows.
struct Findings {
  std::shared_ptr<const Circuit> circuit;
  RunReport report;

  /// As `memspice --report` writes it.
  [[nodiscard]] std::string json() const { return app::report_text("", *circuit, report, {}); }
  /// Why analyses have ended early, in order.
  [[nodiscard]] Names errors() const {
    Names errors;
    for (const AnalysisReport& analysis : report.analyses)
      if (analysis.outcome != Outcome::complete && report.points.empty()) errors.push_back(analysis.message);
    for (const PointReport& point : report.points)
      if (point.outcome != Outcome::complete)
        errors.push_back("at " + report.values_text(point.values) + ": " + point.message);
    return errors;
  }
};

CircuitHandle handle_of(Circuit circuit) {
  return {std::make_shared<const Circuit>(std::move(circuit))};
}

CircuitHandle read_circuit(const std::string& text, bool is_path, const std::string& name,
                           const Values& parameters, std::optional<std::uint64_t> seed) {
  const nb::gil_scoped_release free;
  Deck deck = is_path ? parse_file(text) : parse_text(text, name);
  return handle_of(
      elaborate(std::move(deck), standard_catalogue(), {.parameters = parameters, .seed = seed}));
}

/// Calls make(circuit), a function of circuit_cards.hpp, without Python's lock.
template <class Make>
CircuitHandle changed(const CircuitHandle& handle, Make&& make) {
  const nb::gil_scoped_release free;
  return handle_of(make(*handle.circuit));
}

nb::tuple run_circuit(const CircuitHandle& handle, std::size_t threads, bool verify, const nb::object& look) {
  WatchedRun watch;
  auto findings = std::make_unique<Findings>(Findings{handle.circuit, {}});
  TableSink sink;
  RunOptions options;
  options.interrupted = [&] { return watch.stopped(); };
  options.progress = [&](double time, double stop) { watch.set_progress({.time = time, .stop = stop}); };
  options.points_done = [&](std::size_t done, std::size_t points) {
    watch.set_progress({.done = done, .points = points});
  };
  options.threads = threads;
  options.verify = verify;
  watch.run([&] { findings->report = run(*handle.circuit, sink, options); },
            [&] {
              if (look.is_none()) return;
              const WatchedRun::Progress at = watch.progress();
              if (at.points > 0)
                look(at.done, at.points);
              else if (at.stop > 0)
                look(at.time, at.stop);
            });
  return nb::make_tuple(sink.release(), nb::cast(findings.release(), nb::rv_policy::take_ownership));
}

nb::list element_list(const CircuitHandle& handle) {
  nb::list names;
  for (std::uint32_t i = 0; i < handle.circuit->element_names.size(); ++i)
    names.append(handle.circuit->element_names[i]);
  return names;
}

nb::list node_list(const CircuitHandle& handle) {
  nb::list names;
  for (std::uint32_t i = 0; i < handle.circuit->node_names.size(); ++i)
    names.append(handle.circuit->node_names[i]);
  return names;
}

/// (element, node, node) of the devices with two terminals.
nb::list branch_list(const CircuitHandle& handle, bool memristors_only) {
  nb::list branches;
  for (const DeviceGroup& group : handle.circuit->groups) {
    if (group.count() == 0 || group.nodes.size() != 2 * group.count()) continue;
    if (memristors_only && group.type->model_type != "memristor") continue;
    for (std::size_t i = 0; i < group.count(); ++i)
      branches.append(nb::make_tuple(handle.circuit->element_names[group.names[i]],
                                     handle.circuit->node_names[group.nodes[2 * i]],
                                     handle.circuit->node_names[group.nodes[2 * i + 1]]));
  }
  return branches;
}

void bind_cards(nb::class_<CircuitHandle>& circuit) {
  circuit.def("tran", [](const CircuitHandle& it, double stop, double step, double start, double max_step,
                         bool uic) {
    return changed(it, [&](const Circuit& c) {
      return with_transient(
          c,
          {.step = step, .stop = stop, .start = start, .max_step = max_step, .use_initial_conditions = uic});
    });
  });
  circuit.def("op", [](const CircuitHandle& it) { return changed(it, with_operating_point); });
  circuit.def("dc", [](const CircuitHandle& it,
                       const std::vector<std::pair<std::string, std::vector<double>>>& sweeps) {
    return changed(it, [&](const Circuit& c) { return with_dc(c, sweeps); });
  });
  circuit.def("ac", [](const CircuitHandle& it, const std::vector<double>& frequencies) {
    return changed(it, [&](const Circuit& c) { return with_ac(c, frequencies); });
  });
  circuit.def("noise", [](const CircuitHandle& it, const std::string& output, const std::string& input,
                          const std::vector<double>& frequencies) {
    return changed(it, [&](const Circuit& c) { return with_noise(c, output, input, frequencies); });
  });
  circuit.def("network", [](const CircuitHandle& it, const std::string& file) {
    return changed(it, [&](const Circuit& c) { return with_network(c, file); });
  });
  circuit.def("fixed_point", [](const CircuitHandle& it, double tolerance) {
    return changed(it, [&](const Circuit& c) { return with_fixed_point(c, tolerance); });
  });
  circuit.def("eigen", [](const CircuitHandle& it, bool at_fixed_point) {
    return changed(it, [&](const Circuit& c) { return with_eigen(c, at_fixed_point); });
  });
}

}  // namespace

void bind_circuit(nb::module_& module) {
  nb::class_<Findings>(module, "Findings")
      .def("json", &Findings::json)
      .def_prop_ro("errors", &Findings::errors)
      .def_prop_ro("failures", [](const Findings& it) { return it.report.failures(); })
      .def_prop_ro("warnings", [](const Findings& it) { return diagnostics_of(it.report.warnings); });

  nb::class_<CircuitHandle> circuit(module, "Circuit");
  circuit.def_prop_ro("title", [](const CircuitHandle& it) { return it.circuit->title; })
      .def_prop_ro("warnings", [](const CircuitHandle& it) { return diagnostics_of(it.circuit->warnings); })
      .def_prop_ro("elements", &element_list)
      .def_prop_ro("nodes", &node_list)
      .def_prop_ro("analyses",
                   [](const CircuitHandle& it) {
                     const Circuit& c = *it.circuit;
                     return c.analyses.size() + c.before_analyses.size() + c.after_analyses.size();
                   })
      .def_prop_ro("stop",
                   [](const CircuitHandle& it) -> std::optional<double> {
                     const auto* card = find_card<TransientCard>(it.circuit->analyses);
                     return card ? std::optional(card->stop) : std::nullopt;
                   })
      .def("branches", &branch_list, nb::arg("memristors_only"))
      .def("run", &run_circuit, nb::arg("threads"), nb::arg("verify"), nb::arg("look").none())
      .def("save",
           [](const CircuitHandle& it, const Names& patterns) {
             return changed(it, [&](Circuit c) {
               set_saves(c, patterns);
               return c;
             });
           })
      .def("on_grid",
           [](const CircuitHandle& it) {
             return changed(it, [&](Circuit c) {
               c.options.interp = true;
               return c;
             });
           })
      .def(
          "with_values",
          [](const CircuitHandle& it, const Values& values, std::optional<std::uint64_t> seed) {
            return changed(it, [&](const Circuit& c) { return with_values(c, values, seed); });
          },
          nb::arg("values"), nb::arg("seed").none());
  bind_cards(circuit);
  module.def("read_circuit", &read_circuit, nb::arg("text"), nb::arg("is_path"), nb::arg("name"),
             nb::arg("parameters"), nb::arg("seed").none());
}

}  // namespace memspice::python
