#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>
#include <utility>
#include <vector>

#include "memspice/detail/program.hpp"
#include "memspice/model.hpp"

namespace memspice {

/// A number that stands for the expression it was computed by: what a model's equations make of it is a
/// program, which other simulators can be given. It has what Dual has. A comparison has an answer on every
/// path through the equations: SymbolicRecorder goes through them all.
class Symbolic {
 public:
  Symbolic() = default;
  Symbolic(double constant);  // NOLINT(google-explicit-constructor): constants mix freely
  static Symbolic of(std::uint32_t instruction) {
    Symbolic made;
    made.instruction_ = instruction;
    return made;
  }
  [[nodiscard]] std::uint32_t instruction() const { return instruction_; }

  Symbolic& operator+=(Symbolic b) { return *this = *this + b; }
  Symbolic& operator-=(Symbolic b) { return *this = *this - b; }
  Symbolic& operator*=(Symbolic b) { return *this = *this * b; }
  Symbolic& operator/=(Symbolic b) { return *this = *this / b; }
  friend Symbolic operator-(Symbolic a) { return apply(Program::Operation::negate, a); }
  friend Symbolic operator+(Symbolic a, Symbolic b) { return apply(Program::Operation::add, a, b); }
  friend Symbolic operator-(Symbolic a, Symbolic b) { return apply(Program::Operation::subtract, a, b); }
  friend Symbolic operator*(Symbolic a, Symbolic b) { return apply(Program::Operation::multiply, a, b); }
  friend Symbolic operator/(Symbolic a, Symbolic b) { return apply(Program::Operation::divide, a, b); }
  friend Symbolic exp(Symbolic a) { return apply(Program::Operation::exponential, a); }
  friend Symbolic log(Symbolic a) { return apply(Program::Operation::logarithm, a); }
  friend Symbolic sqrt(Symbolic a) { return apply(Program::Operation::square_root, a); }
  friend Symbolic tan(Symbolic a) { return apply(Program::Operation::tangent, a); }
  friend bool operator<(Symbolic a, Symbolic b) { return b > a; }
  friend bool operator>(Symbolic a, Symbolic b);

  static Symbolic apply(Program::Operation operation, Symbolic a, Symbolic b = of(0));

 private:
  std::uint32_t instruction_ = 0;
};

/// What Symbolic numbers are recorded by while it exists, one at a time in a thread.
class SymbolicRecorder {
 public:
  using Numbers = std::vector<Symbolic>;

  SymbolicRecorder();
  ~SymbolicRecorder();
  SymbolicRecorder(const SymbolicRecorder&) = delete;
  SymbolicRecorder& operator=(const SymbolicRecorder&) = delete;
  static SymbolicRecorder& current();

  Symbolic input(const Probe& probe) { return Symbolic::of(program_.input(probe)); }
  /// What a function computes, over all its paths from here: it is run once for each, and where two of them
  /// differ the condition that they part at selects. Throws std::length_error where there are more than
  /// `most_paths`.
  Numbers all_paths(const std::function<Numbers()>& function);
  /// x with f(x) = 0 of a function that a device solves inside: the input `inner` of the equations.
  Symbolic solution(const std::function<Symbolic(Symbolic)>& function);

  [[nodiscard]] Program program_of(Symbolic result) const;
  /// What must vanish, by the number of the solution.
  [[nodiscard]] const Numbers& residuals() const { return residuals_; }

 private:
  friend class Symbolic;
  friend bool operator>(Symbolic a, Symbolic b);
  struct Decision {
    std::uint32_t difference = 0;  // whether it is positive
    bool holds = true;
    std::array<std::uint32_t, 2> opposites{};  // that cannot be positive then
  };
  static constexpr std::size_t most_paths = 4096;

  bool decide(Symbolic less, Symbolic greater);
  /// All paths on which the given decisions hold.
  Numbers explored(std::span<const Decision> given, const std::function<Numbers()>& function);
  /// Those that begin with decisions that are known, of which the first were given.
  Numbers paths_from(const std::vector<Decision>& known, std::size_t given,
                     const std::function<Numbers()>& function);

  Program program_;
  std::vector<Decision> decisions_;
  std::size_t met_ = 0;  // of the decisions, on the path that is gone
  std::size_t solutions_ = 0;
  std::size_t paths_ = 0;
  Numbers residuals_;
  SymbolicRecorder* before_;
};

/// The equations of an instance as programs. Their inputs are probes: of kind voltage, `plus` being the
/// number of a branch; of kind element, `element` being the number of an unknown (accessor "unknown") or of a
/// solution (accessor "inner").
struct DeviceEquations {
  std::vector<Program> currents;     // A, by branch
  std::vector<Program> rates;        // per second, by unknown
  std::vector<Program> inner;        // vanish, by solution
  std::vector<Program> observables;  // in the order of DeviceType::observables
  std::vector<StateBounds> bounds;   // by unknown
  bool random = false;               // it has random numbers too, which stand for 0 here
};

/// The equations of a model whose unknowns are states.
template <class Model>
DeviceEquations device_equations(const DeviceType& type, std::span<const double> values,
                                 std::span<const Curve> curves) {
  constexpr std::size_t nb = Model::branches, nu = Model::unknowns.size();
  const Model model = make_model<Model>(values, curves);
  SymbolicRecorder recorder;
  Local<Model, Symbolic> x;
  for (std::uint32_t b = 0; b < nb; ++b)
    x.voltage[b] = recorder.input({.kind = Probe::Kind::voltage, .plus = b});
  for (std::uint32_t j = 0; j < nu; ++j) {
    x.unknown[j] = recorder.input({.kind = Probe::Kind::element, .element = j, .accessor = "unknown"});
    x.derivative[j] = 0.0;
  }
  const SymbolicRecorder::Numbers results = recorder.all_paths([&] {
    Equations<Model, Symbolic> f;
    model.equations(x, f);
    SymbolicRecorder::Numbers all(f.current.begin(), f.current.end());
    all.insert(all.end(), f.unknown.begin(), f.unknown.end());
    return all;
  });
  DeviceEquations made;
  for (std::size_t b = 0; b < nb; ++b) made.currents.push_back(recorder.program_of(results[b]));
  for (std::size_t j = 0; j < nu; ++j) {
    made.rates.push_back(recorder.program_of(results[nb + j]));
    const UnknownDescription& unknown = Model::unknowns[j];
    made.bounds.push_back({unknown.lower, unknown.upper});
    if constexpr (requires { model.bounds(0); }) made.bounds.back() = model.bounds(static_cast<int>(j));
  }
  if constexpr (requires { model.observe(std::size_t{}, x); })
    for (std::size_t i = 0; i < type.observables.size(); ++i)
      made.observables.push_back(recorder.program_of(
          recorder.all_paths([&] { return SymbolicRecorder::Numbers{model.observe(i, x)}; }).front()));
  for (const Symbolic residual : recorder.residuals()) made.inner.push_back(recorder.program_of(residual));
  if constexpr (draw_count<Model>() > 0) made.random = model.draw_interval() < infinity;
  return made;
}

/// A type whose equations other simulators can be given.
template <class Model>
DeviceType symbolic_device_type() {
  DeviceType type = device_type<Model>();
  type.form.equations = device_equations<Model>;
  return type;
}

}  // namespace memspice
