#include "solver/cvode.hpp"

#include <cvode/cvode.h>
#include <nvector/nvector_serial.h>

#include <algorithm>
#include <cmath>
#include <exception>
#include <limits>
#include <stdexcept>
#include <utility>

#include "base/interruption.hpp"
#include "solver/sundials_handles.hpp"
#include "solver/sundials_version.hpp"

namespace memspice {

namespace {

std::span<double> elements(N_Vector vector) {
  return {N_VGetArrayPointer(vector), static_cast<std::size_t>(N_VGetLength(vector))};
}

// This number of the shortest steps in a row means that the solution has a singularity ahead: CVODE itself
// would go on forever.
constexpr int most_short_steps = 3;

}  // namespace

class Cvode::Implementation {
 public:
  Implementation(OdeProblem& problem, double relative_tolerance, double absolute_tolerance,
                 double longest_step)
      : problem_(problem),
        state_(vector(problem.size())),
        work_(sundials::allocated(N_VNewEmpty_Serial(length(problem.size()), context_.get()))),
        matrix_(sundials::allocated(SUNMatNewEmpty(context_.get()))),
        linear_solver_(sundials::allocated(SUNLinSolNewEmpty(context_.get()))),
        memory_(sundials::allocated(CVodeCreate(CV_BDF, context_.get()))) {
    // The problem assembles, factorises and solves: SUNDIALS sees a matrix without entries and a direct
    // solver.
    matrix_->ops->getid = [](SUNMatrix) { return SUNMATRIX_CUSTOM; };
    linear_solver_->ops->gettype = [](SUNLinearSolver) { return SUNLINEARSOLVER_DIRECT; };
    linear_solver_->ops->solve = solve_newton;
    linear_solver_->ops->free = [](SUNLinearSolver solver) {
      SUNLinSolFreeEmpty(solver);
      return 0;
    };
    linear_solver_->content = this;
    // N_VClone() would read what a failed one gives.
    for (const auto& vector : {state_.get(), work_.get()})
      vector->ops->nvclone = [](N_Vector of) { return sundials::allocated(N_VClone_Serial(of)); };

    void* memory = memory_.get();
    MEMSPICE_SUNDIALS_SILENCE(CVodeSetErrHandlerFn, memory);
    check(CVodeInit(memory, evaluate_rates, 0, state_.get()), "CVodeInit");
    check(CVodeSetUserData(memory, this), "CVodeSetUserData");
    check(CVodeSStolerances(memory, relative_tolerance, absolute_tolerance), "CVodeSStolerances");
    check(CVodeSetLinearSolver(memory, linear_solver_.get(), matrix_.get()), "CVodeSetLinearSolver");
    check(CVodeSetLinSysFn(memory, factorise), "CVodeSetLinSysFn");
    check(CVodeSetMaxHnilWarns(memory, -1), "CVodeSetMaxHnilWarns");
    check(CVodeSetMaxErrTestFails(memory, 20), "CVodeSetMaxErrTestFails");
    check(CVodeSetMaxConvFails(memory, 50), "CVodeSetMaxConvFails");
    check(CVodeSetMaxStep(memory, longest_step), "CVodeSetMaxStep");
  }

  void start(double t, std::span<const double> y, double end) {
    totals_ = statistics();
    ++totals_.starts;
    std::ranges::copy(y, elements(state_.get()).begin());
    check(CVodeReInit(memory_.get(), t, state_.get()), "CVodeReInit");
    check(CVodeSetStopTime(memory_.get(), end), "CVodeSetStopTime");
    time_ = t;
    end_ = end;
    short_steps_ = 0;
    failure_.clear();
  }

  bool step() {
    double reached = time_;
    const int flag = CVode(memory_.get(), end_, state_.get(), &reached, CV_ONE_STEP);
    if (problem_error_) std::rethrow_exception(std::exchange(problem_error_, nullptr));
    if (flag < 0) {
      failure_ = explain(flag);
      return false;
    }
    const double advanced = reached - time_;
    time_ = reached;
    short_steps_ = advanced <= shortest_step * std::abs(reached) ? short_steps_ + 1 : 0;
    if (short_steps_ < most_short_steps || reached >= end_) return true;
    failure_ = "its steps have shrunk to nothing";
    return false;
  }

  void interpolate(double t, int derivative, std::span<double> y) const {
    N_VSetArrayPointer(y.data(), work_.get());
    check(CVodeGetDky(memory_.get(), t, derivative, work_.get()), "CVodeGetDky");
  }

  [[nodiscard]] Statistics statistics() const {
    Statistics sum = totals_;
    long count = 0;
    CVodeGetNumSteps(memory_.get(), &count);
    sum.steps += count;
    CVodeGetNumRhsEvals(memory_.get(), &count);
    sum.rate_evaluations += count;
    CVodeGetNumLinSolvSetups(memory_.get(), &count);
    sum.factorisations += count;
    return sum;
  }

  [[nodiscard]] double time() const { return time_; }
  [[nodiscard]] const std::string& failure() const { return failure_; }

 private:
  static sunindextype length(std::size_t size) { return static_cast<sunindextype>(size); }
  sundials::Vector vector(std::size_t size) const {
    return sundials::Vector(sundials::allocated(N_VNew_Serial(length(size), context_.get())));
  }

  static void check(int flag, const char* call) {
    if (flag < 0) throw std::logic_error(std::string(call) + " failed with " + std::to_string(flag));
  }

  static std::string explain(int flag) {
    switch (flag) {
      case CV_ERR_FAILURE:
        return "no step is small enough for its tolerance";
      case CV_CONV_FAILURE:
      case CV_LSETUP_FAIL:
      case CV_RHSFUNC_FAIL:
      case CV_FIRST_RHSFUNC_ERR:
      case CV_REPTD_RHSFUNC_ERR:
      case CV_UNREC_RHSFUNC_ERR:
        return "no step, however small, stays where the equations have a solution";
      default:
        return "CVODE's error " + std::to_string(flag);
    }
  }

  // At the C boundary: an exception waits until CVODE has returned.
  template <class Callable>
  int guarded(Callable&& evaluate) {
    try {
      return evaluate() ? 0 : 1;
    } catch (...) {
      problem_error_ = std::current_exception();
      return -1;
    }
  }

  static int evaluate_rates(sunrealtype t, N_Vector y, N_Vector rates, void* self) {
    auto& me = *static_cast<Implementation*>(self);
    return me.guarded([&] {
      interruption_point();
      return me.problem_.rates(t, elements(y), elements(rates));
    });
  }

  static int factorise(sunrealtype t, N_Vector y, N_Vector, SUNMatrix, sunbooleantype keep,
                       sunbooleantype* renewed, sunrealtype gamma, void* self, N_Vector, N_Vector, N_Vector) {
    auto& me = *static_cast<Implementation*>(self);
    *renewed = keep ? SUNFALSE : SUNTRUE;
    return me.guarded([&] { return me.problem_.linearise(t, elements(y), gamma, keep); });
  }

  static int solve_newton(SUNLinearSolver solver, SUNMatrix, N_Vector x, N_Vector b, sunrealtype) {
    auto& me = *static_cast<Implementation*>(solver->content);
    return me.guarded([&] {
      if (x != b) N_VScale(1, b, x);
      me.problem_.newton_solve(elements(x));
      return true;
    });
  }

  static void destroy(void* memory) { CVodeFree(&memory); }

  OdeProblem& problem_;
  sundials::Context context_;
  sundials::Vector state_;
  sundials::Vector work_;
  sundials::Matrix matrix_;
  sundials::LinearSolver linear_solver_;
  std::unique_ptr<void, sundials::Destroyer<void*, destroy>> memory_;
  std::exception_ptr problem_error_;
  std::string failure_;
  Statistics totals_;
  double time_ = 0;
  double end_ = 0;
  int short_steps_ = 0;
};

Cvode::Cvode(OdeProblem& problem, double relative_tolerance, double absolute_tolerance, double longest_step)
    : implementation_(
          std::make_unique<Implementation>(problem, relative_tolerance, absolute_tolerance, longest_step)) {}
Cvode::~Cvode() = default;

void Cvode::start(double t, std::span<const double> y, double end) {
  implementation_->start(t, y, end);
}
bool Cvode::step() {
  return implementation_->step();
}
double Cvode::time() const {
  return implementation_->time();
}
const std::string& Cvode::failure() const {
  return implementation_->failure();
}
void Cvode::interpolate(double t, int derivative, std::span<double> y) const {
  implementation_->interpolate(t, derivative, y);
}
Cvode::Statistics Cvode::statistics() const {
  return implementation_->statistics();
}

}  // namespace memspice
