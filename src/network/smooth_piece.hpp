#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "network/drive.hpp"
#include "network/held_states.hpp"
#include "solver/cvode.hpp"
#include "solver/dormand_prince.hpp"

namespace memspice::network {

/// A piece of a projected flow on which the held states stay the same, so that it is smooth; integrated one
/// step at a time by an explicit method until CVODE takes over. It does not know the bounds: free states run
/// past them.
///
/// Life cycle: construct once; start() for every piece; step(), retry() … until its end, with take_over()
/// between two steps; interpolate() anywhere within the last step. step() and retry() throw IntegrationError.
class SmoothPiece {
 public:
  /// The tolerance is relative and absolute, of each step; steps are at most `longest_step` long (s). `held`
  /// must not change between two calls of start().
  SmoothPiece(Drive& drive, const HeldStates& held, double tolerance, double longest_step);

  /// Begins at time t, where the drive is `rates`; no step passes `end`, and the first one is not longer than
  /// `first` (s).
  void start(double t, std::span<const double> states, std::span<const double> rates, double end,
             double first);
  /// Whether the explicit method integrates and loses by it.
  [[nodiscard]] bool too_stiff() const { return !stiff_ && explicit_.stiff(); }
  /// From the end of the last step on, where `states` are the clamped ones, CVODE integrates.
  void take_over(std::span<const double> states);
  [[nodiscard]] bool stiff() const { return stiff_; }  // CVODE has taken over
  void step();
  /// Makes the last step, an explicit one, anew: `length` long at most (s).
  void retry(double length);

  [[nodiscard]] double begin() const { return begin_; }  // of the last step
  /// End of the last step, or the start.
  [[nodiscard]] double time() const { return stiff_ ? cvode_.time() : explicit_.time(); }
  /// The states at t within the last step, or their slopes (derivative 1).
  void interpolate(double t, int derivative, std::span<double> y);
  [[nodiscard]] double interpolate(double t, int derivative, std::size_t k);
  /// What the last step was made of, when it was an explicit one.
  [[nodiscard]] const DormandPrince& explicit_method() const { return explicit_; }
  /// Of all pieces and both methods.
  [[nodiscard]] Cvode::Statistics statistics() const;

 private:
  /// What the explicit method integrates: it leaves out the held states itself.
  class RawFlow : public OdeProblem {
   public:
    explicit RawFlow(Drive& drive) : drive(drive) {}
    [[nodiscard]] std::size_t size() const override { return drive.size(); }
    bool rates(double t, std::span<const double> y, std::span<double> rates) override {
      return drive.rates(t, y, rates);
    }
    bool linearise(double, std::span<const double>, double, bool) override { return false; }
    void newton_solve(std::span<double>) override {}
    Drive& drive;
  };

  /// What CVODE integrates: the drive, with rate zero for held states.
  class FreeFlow : public OdeProblem {
   public:
    FreeFlow(Drive& drive, const HeldStates& held) : drive(drive), held(held) {}
    [[nodiscard]] std::size_t size() const override { return drive.size(); }
    bool rates(double t, std::span<const double> y, std::span<double> rates) override;
    bool linearise(double t, std::span<const double> y, double gamma, bool keep) override {
      return drive.linearise(t, y, gamma, keep, held.all());
    }
    void newton_solve(std::span<double> x) override { drive.newton_solve(x); }
    Drive& drive;
    const HeldStates& held;
  };

  RawFlow raw_;
  FreeFlow free_;
  DormandPrince explicit_;
  Cvode cvode_;
  bool stiff_ = false;
  double begin_ = 0;
  double end_ = 0;
  std::vector<double> work_;
};

}  // namespace memspice::network
