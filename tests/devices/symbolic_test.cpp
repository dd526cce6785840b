// The programs that symbolic numbers make of a model's equations have the values of the equations: at random
// states and voltages, with random parameters, on every piece.

#include <doctest/doctest.h>

#include <cmath>
#include <vector>

#include "devices/diodes/straight_diode.hpp"
#include "devices/linear_memristor.hpp"
#include "devices/memristors/iontronic.hpp"
#include "devices/memristors/nanowire_junction.hpp"
#include "devices/memristors/rate_balance.hpp"
#include "devices/memristors/rram.hpp"
#include "devices/memristors/symbolic_functions.hpp"
#include "devices/memristors/team.hpp"
#include "devices/memristors/threshold_memristor.hpp"
#include "devices/memristors/vteam.hpp"
#include "devices/memristors/wire_network_drift.hpp"
#include "devices/memristors/yakopcic.hpp"
#include "memspice/detail/symbolic.hpp"
#include "support/random.hpp"

using namespace memspice;
using memspice::testing::Random;

namespace {

/// Defaults, each multiplied by a number around 1 now and then, and a random word of each choice.
std::vector<double> random_values(const DeviceType& type, Random& random) {
  std::vector<double> values;
  for (const ParameterDescription& parameter : type.parameters) {
    double value = parameter.default_value;
    if (!parameter.choices.empty())
      value = random.below(static_cast<std::uint32_t>(parameter.choices.size()));
    else if (random.coin() && std::abs(value) != 1)
      value *= random.uniform(0.7, 1.4);
    values.push_back(value);
  }
  return values;
}

template <class Model>
void check_programs(double volts, Random& random) {
  const DeviceType type = symbolic_device_type<Model>();
  CAPTURE(type.name);
  for (int k = 0; k < 40; ++k) {
    const std::vector<double> values = random_values(type, random);
    const DeviceEquations equations = type.form.equations(type, values, {});
    const Model model(values);
    for (int point = 0; point < 25; ++point) {
      Local<Model, double> x{};
      for (double& v : x.voltage)
        v = random.coin() ? random.uniform(-volts, volts) : 0.1 * random.uniform(-volts, volts);
      for (std::size_t j = 0; j < x.unknown.size(); ++j) {
        const StateBounds bounds = equations.bounds[j];
        const double upper = std::isfinite(bounds.upper) ? bounds.upper : 2 * bounds.lower;
        x.unknown[j] = random.uniform(bounds.lower, upper);
      }
      Program::Workspace work;
      const auto agrees = [&](const Program& program, double expected) {
        std::vector<double> inputs;
        for (const Probe& probe : program.inputs())
          inputs.push_back(probe.kind == Probe::Kind::voltage ? x.voltage[probe.plus]
                                                              : x.unknown[probe.element]);
        const double found = program.value(inputs, {}, work);
        CHECK(std::abs(found - expected) <= 1e-9 * std::abs(expected) + 1e-300);
      };
      Equations<Model, double> f;
      model.equations(x, f);
      for (std::size_t b = 0; b < f.current.size(); ++b) agrees(equations.currents[b], f.current[b]);
      for (std::size_t j = 0; j < f.unknown.size(); ++j) agrees(equations.rates[j], f.unknown[j]);
      if constexpr (requires { model.observe(std::size_t{}, x); })
        for (std::size_t i = 0; i < type.observables.size(); ++i)
          agrees(equations.observables[i], model.observe(i, x));
    }
  }
}

}  // namespace

TEST_CASE("programs of symbolic equations have the values of the equations") {
  Random random(1);
  check_programs<LinearMemristor>(2, random);
  check_programs<TeamMemristor>(2, random);
  check_programs<Yakopcic>(3, random);
  check_programs<ThresholdMemristor>(2, random);
  check_programs<Vteam>(2, random);
  check_programs<Rram>(2, random);
  check_programs<NanowireJunction>(0.1, random);
  check_programs<RateBalance>(1.5, random);
  check_programs<WireNetworkDrift>(1, random);
  check_programs<Iontronic>(2, random);
  check_programs<StraightDiode>(5, random);
}

TEST_CASE("symbolic numbers take every path once, and know what two conditions say of each other") {
  SymbolicRecorder recorder;
  const Symbolic x = recorder.input({.kind = Probe::Kind::voltage, .plus = 0});
  int runs = 0;
  const Symbolic result =
      recorder
          .all_paths([&] {
            ++runs;
            if (x > Symbolic(1.0))
              return SymbolicRecorder::Numbers{x > Symbolic(1.0) ? 2.0 * x : Symbolic(0.0)};
            if (Symbolic(1.0) < x) return SymbolicRecorder::Numbers{Symbolic(7.0)};
            if (x < Symbolic(-infinity)) return SymbolicRecorder::Numbers{Symbolic(9.0)};
            return SymbolicRecorder::Numbers{x < Symbolic(0.0) ? -x : x};
          })
          .front();
  CHECK(runs == 3);
  const Program program = recorder.program_of(result);
  Program::Workspace work;
  for (const auto& [at, expected] : {std::pair{3.0, 6.0}, {0.5, 0.5}, {-2.0, 2.0}, {0.0, 0.0}, {1.0, 1.0}}) {
    const std::array<double, 1> inputs{at};
    CHECK(program.value(inputs, {}, work) == expected);
  }
}

TEST_CASE("what a device solves inside is an input of its equations, and its residual vanishes there") {
  SymbolicRecorder recorder;
  const Symbolic v = recorder.input({.kind = Probe::Kind::voltage, .plus = 0});
  const Symbolic current =
      recorder
          .all_paths([&] {
            const Symbolic u = recorder.solution([&](Symbolic at) { return v - at - 3.0 * at * at * at; });
            return SymbolicRecorder::Numbers{v > Symbolic(0.0) ? 2.0 * u : u};
          })
          .front();
  REQUIRE(recorder.residuals().size() == 1);
  const Program residual = recorder.program_of(recorder.residuals().front());
  const Program program = recorder.program_of(current);
  Program::Workspace work;
  const auto at = [&](const Program& which, double volt, double inner) {
    std::vector<double> inputs;
    for (const Probe& probe : which.inputs())
      inputs.push_back(probe.kind == Probe::Kind::voltage ? volt : inner);
    return which.value(inputs, {}, work);
  };
  CHECK(at(residual, 4, 1) == 0);
  CHECK(at(residual, 5, 1) == 1);
  CHECK(at(program, 4, 1) == 2);
  CHECK(at(program, -4, -1) == -1);
}
