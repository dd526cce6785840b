#include "solver/ida.hpp"

#include <ida/ida.h>
#include <sundials/sundials_linearsolver.h>
#include <sundials/sundials_matrix.h>
#include <sunnonlinsol/sunnonlinsol_newton.h>

#include <algorithm>
#include <cmath>
#include <exception>
#include <limits>
#include <new>
#include <optional>
#include <stdexcept>
#include <string>
#include <utility>

#include "solver/sundials_handles.hpp"
#include "solver/sundials_version.hpp"
#include "solver/vector.hpp"

namespace memspice {

IdaStatistics& IdaStatistics::operator+=(const IdaStatistics& other) {
  steps += other.steps;
  failed_steps += other.failed_steps;
  residuals += other.residuals;
  newton_iterations += other.newton_iterations;
  newton_failures += other.newton_failures;
  return *this;
}

struct Ida::State {
  DaeProblem& problem;
  IdaOptions options;
  sundials::Context context;
  sundials::Vector y, derivative, work;  // work: interpolation
  sundials::Vector tested;               // 1 or 0: parts in the error test; empty: all have one
  sundials::Matrix matrix;
  sundials::LinearSolver solver;
  sundials::NonlinearSolver newton;
  /// What is known of Newton's iteration.
  struct Iteration {
    double first_correction = 0;  // weighted norm, of the present iteration
    double last_correction = 0;
    double contraction = 1;    // from correction to correction; 1: there was one
    double remaining = 0;      // what is left after a correction, as a part of it
    bool linearised = false;   // since the last iteration began,
    bool fresh = false;        // and before the present one did
    double linearised_at = 0;  // leading coefficient of the last linearisation
  } iteration;
  void* memory = nullptr;
  double* weights = nullptr;  // IDA's, from the moment it first asks for them
  double time = 0;
  double stop = 0;
  double first_step = 0;  // of the segment
  bool started = false;
  std::uint64_t moves = 0;
  std::optional<StepMemory> step_memory;
  IdaStatistics finished;  // counters of earlier segments: IDAReInit clears IDA's own
  mutable IdaStatistics total;
  std::exception_ptr failure;

  State(DaeProblem& dae, const IdaOptions& given) : problem(dae), options(given) {}
  State(const State&) = delete;
  State& operator=(const State&) = delete;
  ~State() {
    if (memory != nullptr) IDAFree(&memory);
  }

  /// Runs our C++ behind a C callback: no exception may cross SUNDIALS. Positive: IDA may recover with a
  /// smaller step.
  template <class Callable>
  int guarded(Callable&& callable) {
    try {
      return callable() ? 0 : 1;
    } catch (...) {
      failure = std::current_exception();
      return -1;
    }
  }

  /// The step that comes next, s.
  [[nodiscard]] double attempted() const {
    long steps = 0;
    IDAGetNumSteps(memory, &steps);
    if (steps == 0) return first_step;
    double h = 0;
    IDAGetCurrentStep(memory, &h);
    return h;
  }

  void leave_out_rounding_of_time() const {
    const std::span<const double> slope = values(derivative.get());
    for (std::size_t i = 0; i < slope.size(); ++i) {
      const double error = time_rounding * std::abs(time * slope[i]);
      if (error * weights[i] > 1) weights[i] = 1 / error;
    }
  }

  double leading_coefficient() const {
    double c = 0;
    if (memory != nullptr) IDAGetCurrentCj(memory, &c);
    return c;
  }
};

namespace {

/// IDA's own counters, since it was last initialised.
IdaStatistics counters(void* memory) {
  IdaStatistics now;
  IDAGetNumSteps(memory, &now.steps);
  IDAGetNumErrTestFails(memory, &now.failed_steps);
  IDAGetNumResEvals(memory, &now.residuals);
  IDAGetNumNonlinSolvIters(memory, &now.newton_iterations);
  IDAGetNumNonlinSolvConvFails(memory, &now.newton_failures);
  return now;
}

void check(int flag, const char* call) {
  if (flag < 0) throw std::logic_error(std::string(call) + " failed with flag " + std::to_string(flag));
}

/// Of a linearisation that has not been tried yet: one correction does not do.
constexpr double unknown_remaining = 20;
constexpr int most_iterations = 4;  // of Newton's method, each step

/// IDA's own test, but for what it takes from earlier steps: how much of a correction remains. That may have
/// been nothing, where the equations were straight; at a bend the first correction would pass unseen, and
/// unknowns that the error test leaves out would drift away.
int has_converged(SUNNonlinearSolver newton, N_Vector, N_Vector correction, sunrealtype tolerance,
                  N_Vector weight, void* user) {
  constexpr double hopeless = 0.9;
  constexpr double least_remaining = 0.05;
  constexpr double negligible = 1e-4;  // of the tolerance
  auto& state = *static_cast<Ida::State*>(user);
  int iteration = 0;
  SUNNonlinSolGetCurIter(newton, &iteration);
  const double size = N_VWrmsNorm(correction, weight);
  state.iteration.last_correction = size;
  if (iteration == 0) {
    state.iteration.contraction = 1;
    state.iteration.fresh = std::exchange(state.iteration.linearised, false);
    state.iteration.first_correction = size;
    if (size <= negligible * tolerance) return sundials::newton_has_converged;
    return std::max(state.iteration.remaining, least_remaining) * size <= tolerance
               ? sundials::newton_has_converged
               : SUN_NLS_CONTINUE;
  }
  const double rate = std::pow(size / state.iteration.first_correction, 1.0 / iteration);
  state.iteration.contraction = rate;
  if (rate <= hopeless) {
    state.iteration.remaining = rate / (1 - rate);
    if (state.iteration.remaining * size <= tolerance) return sundials::newton_has_converged;
    if (iteration + 1 < most_iterations) return SUN_NLS_CONTINUE;
  }
  // Next to a solution of equations that were linearised just now, what does not shrink is rounding: of
  // potentials that hardly anything holds. The step stands by what the error test sees.
  if (!state.iteration.fresh) return SUN_NLS_CONV_RECVR;
  // The weights of what is quiet beside loud potentials stop at a hundred roundings of these, and a Newton
  // tolerance may ask for one.
  constexpr double of_weights = 0.1;
  if (size <= of_weights) return sundials::newton_has_converged;
  if (!state.tested) return SUN_NLS_CONV_RECVR;
  const double of_tested = N_VWrmsNormMask(correction, weight, state.tested.get());
  const bool rounding = (size <= state.options.untested_rounding && of_tested <= tolerance) ||
                        (rate < 1.5 && of_tested <= negligible * tolerance);
  return rounding ? sundials::newton_has_converged : SUN_NLS_CONV_RECVR;
}

int residual(sunrealtype t, N_Vector y, N_Vector derivative, N_Vector r, void* user) {
  auto& state = *static_cast<Ida::State*>(user);
  return state.guarded([&] {
    return state.problem.residual(t, N_VGetArrayPointer(y), N_VGetArrayPointer(derivative),
                                  state.leading_coefficient(), N_VGetArrayPointer(r));
  });
}

int jacobian(sunrealtype t, sunrealtype c, N_Vector y, N_Vector derivative, N_Vector, SUNMatrix, void* user,
             N_Vector, N_Vector, N_Vector) {
  auto& state = *static_cast<Ida::State*>(user);
  return state.guarded([&] {
    state.iteration.linearised_at = c;
    state.iteration.remaining = unknown_remaining;
    state.iteration.linearised = true;
    return state.problem.linearise(t, N_VGetArrayPointer(y), N_VGetArrayPointer(derivative), c);
  });
}

int solve(SUNLinearSolver solver, SUNMatrix, N_Vector x, N_Vector b, sunrealtype) {
  auto& state = *static_cast<Ida::State*>(solver->content);
  return state.guarded([&] {
    if (x != b) N_VScale(1.0, b, x);
    // IDA's own correction 2/(1 + c/c_old), applied by us because states held at a bound must not be scaled.
    const double scale = 2.0 / (1.0 + state.leading_coefficient() / state.iteration.linearised_at);
    return state.problem.solve(N_VGetArrayPointer(x), scale);
  });
}

int weights(N_Vector y, N_Vector weight, void* user) {
  auto& state = *static_cast<Ida::State*>(user);
  return state.guarded([&] {
    state.weights = N_VGetArrayPointer(weight);
    state.problem.weights(N_VGetArrayPointer(y), state.attempted(), state.weights);
    if (state.step_memory && state.step_memory->scale() < 1)
      N_VScale(1 / state.step_memory->scale(), weight, weight);
    state.leave_out_rounding_of_time();
    return true;
  });
}

std::vector<std::uint8_t> tested_unknowns(const DaeProblem& problem) {
  std::vector<std::uint8_t> tested(problem.size());
  for (std::size_t i = 0; i < tested.size(); ++i) tested[i] = problem.tests_error(i) ? 1 : 0;
  return tested;
}

/// How far the leading coefficient may drift before the Jacobian is made anew. An unfinished Newton step errs
/// as the integration does, and what it errs looks rough to the error test: IDA's own 0.25 saves
/// factorisations and costs steps. Where errors add up there must be next to none.
void choose_refresh(Ida::State& s) {
  constexpr double usual = 0.05, exact = 0.02;
  const bool remembers = s.step_memory && s.step_memory->scale() < 1;
  check(IDASetDeltaCjLSetup(s.memory, remembers ? exact : usual), "IDASetDeltaCjLSetup");
}

/// Below this IDA goes on for ever with steps that no longer change t.
void limit_steps_below(Ida::State& s) {
  constexpr double of_time = 8 * std::numeric_limits<double>::epsilon(), of_stop = 1e-21;
  check(IDASetMinStep(s.memory, std::max(of_time * std::abs(s.time), of_stop * std::abs(s.stop))),
        "IDASetMinStep");
}

void note_step(Ida::State& s, double step) {
  StepMemory& memory = *s.step_memory;
  if (memory.scale() < 1 && IDAGetEstLocalErrors(s.memory, s.work.get()) == IDA_SUCCESS)
    memory.note_errors(step, values(s.work.get()));
  memory.note(s.time, values(s.y.get()), values(s.derivative.get()), s.weights);
}

// The Jacobian lives in the problem; SUNDIALS gets an empty matrix that it can neither clear nor read.
SUNMatrix empty_matrix(SUNContext context) {
  SUNMatrix matrix = sundials::allocated(SUNMatNewEmpty(context));
  matrix->ops->getid = [](SUNMatrix) { return SUNMATRIX_CUSTOM; };
  matrix->ops->zero = [](SUNMatrix) { return 0; };
  matrix->ops->destroy = SUNMatFreeEmpty;
  return matrix;
}

SUNLinearSolver condensing_solver(Ida::State* state) {
  SUNLinearSolver solver = sundials::allocated(SUNLinSolNewEmpty(state->context.get()));
  solver->content = state;
  solver->ops->gettype = [](SUNLinearSolver) { return SUNLINEARSOLVER_DIRECT; };
  solver->ops->initialize = [](SUNLinearSolver) { return 0; };
  solver->ops->setup = [](SUNLinearSolver, SUNMatrix) { return 0; };  // factorised with the Jacobian
  solver->ops->solve = solve;
  solver->ops->free = [](SUNLinearSolver s) {
    s->content = nullptr;
    SUNLinSolFreeEmpty(s);
    return 0;
  };
  return solver;
}

void leave_out_untested(Ida::State& s) {
  bool all = true;
  for (std::size_t i = 0; i < s.problem.size() && all; ++i) all = s.problem.tests_error(i);
  if (all) return;
  s.tested.reset(new_vector(s.problem.size(), s.context.get()));
  double* tested = N_VGetArrayPointer(s.tested.get());
  for (std::size_t i = 0; i < s.problem.size(); ++i) tested[i] = s.problem.tests_error(i) ? 1 : 0;
  check(IDASetId(s.memory, s.tested.get()), "IDASetId");
  check(IDASetSuppressAlg(s.memory, SUNTRUE), "IDASetSuppressAlg");
}

/// IDA's memory is a dozen vectors: it is taken when there is something to integrate.
void initialise(Ida::State& s) {
  const IdaOptions& options = s.options;
  s.y.reset(new_vector(s.problem.size(), s.context.get()));
  s.derivative.reset(new_vector(s.problem.size(), s.context.get()));
  s.work.reset(new_vector(s.problem.size(), s.context.get()));
  N_VConst(0.0, s.y.get());
  N_VConst(0.0, s.derivative.get());
  s.memory = sundials::allocated(IDACreate(s.context.get()));
  MEMSPICE_SUNDIALS_SILENCE(IDASetErrHandlerFn,
                            s.memory);  // failures come back as flags; we word the message
  check(IDAInit(s.memory, residual, 0.0, s.y.get(), s.derivative.get()), "IDAInit");
  check(IDASetUserData(s.memory, &s), "IDASetUserData");
  check(IDAWFtolerances(s.memory, weights), "IDAWFtolerances");
  s.matrix.reset(empty_matrix(s.context.get()));
  s.solver.reset(condensing_solver(&s));
  check(IDASetLinearSolver(s.memory, s.solver.get(), s.matrix.get()), "IDASetLinearSolver");
  s.newton.reset(sundials::allocated(SUNNonlinSol_Newton(s.y.get(), s.context.get())));
  check(IDASetNonlinearSolver(s.memory, s.newton.get()), "IDASetNonlinearSolver");
  check(SUNNonlinSolSetConvTestFn(s.newton.get(), has_converged, &s), "SUNNonlinSolSetConvTestFn");
  check(IDASetJacFn(s.memory, jacobian), "IDASetJacFn");
  check(IDASetLinearSolutionScaling(s.memory, SUNFALSE), "IDASetLinearSolutionScaling");
  check(IDASetMaxNumSteps(s.memory, -1), "IDASetMaxNumSteps");
  // A step may shrink as often as it takes to the smallest one: IDA's own limits of ten end runs at corners.
  constexpr int most_failures = 100;
  check(IDASetMaxErrTestFails(s.memory, most_failures), "IDASetMaxErrTestFails");
  check(IDASetMaxConvFails(s.memory, most_failures), "IDASetMaxConvFails");
  check(IDASetNonlinConvCoef(s.memory, options.newton_tolerance), "IDASetNonlinConvCoef");
  check(IDASetMaxNonlinIters(s.memory, most_iterations), "IDASetMaxNonlinIters");
  check(IDASetMaxOrd(s.memory, std::clamp(options.max_order, 1, 5)), "IDASetMaxOrd");
  leave_out_untested(s);
  if (options.max_step > 0) check(IDASetMaxStep(s.memory, options.max_step), "IDASetMaxStep");
}

}  // namespace

Ida::Ida(DaeProblem& problem, const IdaOptions& options) : state_(std::make_unique<State>(problem, options)) {
  if (options.remembers) state_->step_memory.emplace(tested_unknowns(problem), options.end);
}

Ida::~Ida() = default;

void Ida::start(double t, std::span<const double> y, std::span<const double> derivative, double stop,
                double first) {
  State& s = *state_;
  if (s.memory == nullptr) initialise(s);
  if (s.started) s.finished += counters(s.memory);
  s.started = true;
  ++s.moves;
  s.time = t;
  s.stop = stop;
  std::ranges::copy(y, N_VGetArrayPointer(s.y.get()));
  std::ranges::copy(derivative, N_VGetArrayPointer(s.derivative.get()));
  if (s.step_memory) s.step_memory->start(t, y);
  check(IDAReInit(s.memory, t, s.y.get(), s.derivative.get()), "IDAReInit");
  check(IDASetStopTime(s.memory, stop), "IDASetStopTime");
  double longest = first > 0 ? first : 1e-3 * (stop - t);
  if (s.options.longest_start > 0) longest = std::min(longest, s.options.longest_start);
  check(IDASetInitStep(s.memory, longest), "IDASetInitStep");
  s.first_step = longest;
}

void Ida::limit_steps(double longest) {
  state_->options.max_step = longest;
  if (state_->memory != nullptr) check(IDASetMaxStep(state_->memory, longest), "IDASetMaxStep");
}

StepOutcome Ida::step(double farthest) {
  State& s = *state_;
  const double stop = std::min(farthest, s.stop);
  ++s.moves;
  check(IDASetStopTime(s.memory, stop), "IDASetStopTime");
  choose_refresh(s);
  limit_steps_below(s);
  const int flag = IDASolve(s.memory, stop, &s.time, s.y.get(), s.derivative.get(), IDA_ONE_STEP);
  if (s.failure) std::rethrow_exception(std::exchange(s.failure, nullptr));
  if (flag >= 0 && s.step_memory) note_step(s, last_step());
  switch (flag) {
    case IDA_SUCCESS:
      return StepOutcome::accepted;
    case IDA_TSTOP_RETURN:
      return stop < s.stop ? StepOutcome::accepted : StepOutcome::reached_stop;
    case IDA_ERR_FAIL:
    case IDA_TOO_MUCH_ACC:
      return StepOutcome::error_too_large;
    case IDA_CONV_FAIL:
    case IDA_LSETUP_FAIL:
    case IDA_LSOLVE_FAIL:
    case IDA_RES_FAIL:
    case IDA_REP_RES_ERR:
    case IDA_FIRST_RES_FAIL:
    case IDA_NLS_FAIL:
    case IDA_NLS_SETUP_FAIL:
      return StepOutcome::no_convergence;
    default:
      throw std::logic_error("IDASolve returned the unexpected flag " + std::to_string(flag));
  }
}

std::uint64_t Ida::moves() const {
  return state_->moves;
}

double Ida::time() const {
  return state_->time;
}

double Ida::last_step() const {
  double h = 0;
  if (state_->memory != nullptr) IDAGetLastStep(state_->memory, &h);
  return h;
}

double Ida::next_step() const {
  double h = 0;
  if (state_->memory != nullptr) IDAGetCurrentStep(state_->memory, &h);
  return h;
}

double Ida::leading_coefficient() const {
  return state_->leading_coefficient();
}

std::span<const double> Ida::y() const {
  return state_->memory != nullptr ? values(state_->y.get()) : std::span<const double>();
}
std::span<const double> Ida::derivative() const {
  return state_->memory != nullptr ? values(state_->derivative.get()) : std::span<const double>();
}

double Ida::contraction() const {
  return state_->iteration.contraction;
}
double Ida::last_correction() const {
  return state_->iteration.last_correction;
}

double Ida::next_correction() {
  State& s = *state_;
  const bool found = residual(s.time, s.y.get(), s.derivative.get(), s.work.get(), &s) == 0 &&
                     solve(s.solver.get(), nullptr, s.work.get(), s.work.get(), 0) == 0;
  if (s.failure) std::rethrow_exception(std::exchange(s.failure, nullptr));
  double largest = found ? 0 : std::numeric_limits<double>::infinity();
  const std::span<const double> correction = values(s.work.get());
  for (std::size_t i = 0; i < correction.size() && std::isfinite(largest); ++i) {
    const double size = std::abs(correction[i]) * s.weights[i];
    if (!(size <= largest)) largest = std::isnan(size) ? std::numeric_limits<double>::infinity() : size;
  }
  return largest;
}

void Ida::interpolate(double t, std::span<double> y, std::span<double> derivative) {
  State& s = *state_;
  check(IDAGetDky(s.memory, t, 0, s.work.get()), "IDAGetDky");
  std::ranges::copy(values(s.work.get()), y.begin());
  check(IDAGetDky(s.memory, t, 1, s.work.get()), "IDAGetDky");
  std::ranges::copy(values(s.work.get()), derivative.begin());
}

StepMemory* Ida::memory() const {
  return state_->step_memory ? &*state_->step_memory : nullptr;
}

const IdaStatistics& Ida::statistics() const {
  state_->total = state_->finished;
  if (state_->started) state_->total += counters(state_->memory);
  return state_->total;
}

}  // namespace memspice
