#pragma once

#include <cstdint>
#include <limits>
#include <optional>
#include <span>
#include <vector>

#include "memspice/error.hpp"
#include "solver/cvode.hpp"
#include "solver/dormand_prince.hpp"

namespace memspice::network {

/// The integration stopped short: no step leads on from `time`.
class IntegrationError : public SimulationError {
 public:
  IntegrationError(double time, const std::string& reason) : SimulationError(reason), time(time) {}
  double time;  // s
};

/// f of dw/dt = f(t, w), and Newton's linear systems for it with some states held.
class Drive {
 public:
  virtual ~Drive() = default;
  [[nodiscard]] virtual std::size_t size() const = 0;
  /// Writes f(t, w), held or not. False outside the domain, which must contain the box and a little more.
  virtual bool rates(double t, std::span<const double> w, std::span<double> rates) = 0;
  /// Whether f has been looked at, since this was last asked, so far outside the box that it is not the
  /// analytic continuation of what it is inside.
  virtual bool left_continuation() = 0;
  /// How far from 0 a state may go until its device is another one.
  [[nodiscard]] virtual double grain(std::size_t k) const = 0;
  /// As OdeProblem::linearise, for the free states only.
  virtual bool linearise(double t, std::span<const double> w, double gamma, bool keep,
                         const std::vector<bool>& held) = 0;
  /// Solves (I - γ ∂f/∂w) x = b for the free states; x is 0 for the held ones on entry and exit.
  virtual void newton_solve(std::span<double> x) = 0;
};

/// Projected dynamics on the unit box: dw/dt = f(t, w) inside; at w = 1 it is min(f, 0), at w = 0 max(f, 0).
///
/// A state is free or held at a bound. Between changes of this set the flow is smooth; the changes are
/// located in time within each step (on the step's own interpolant), and the integration starts anew after
/// each. So it is an explicit one-step method that integrates, which loses nothing by that; where a smooth
/// piece is too stiff for it CVODE takes over until the next change.
///
/// Life cycle: construct; start(); then for every stretch on which f is smooth begin_segment(), advance()…
class ProjectedFlow {
 public:
  struct Statistics : Cvode::Statistics {
    long events = 0;  // states that were held or released after the start of a segment
  };

  /// The tolerance is relative and absolute, of each step. Nothing that drives the states may turn twice
  /// within half of `longest_step` (s): while all of them are held, nothing else limits the steps.
  ProjectedFlow(Drive& drive, double tolerance, double longest_step);

  /// The values at the time t, clamped to [0,1]. Integrates nothing yet.
  void start(double t, std::span<const double> w);
  /// From the present time on f is smooth until `end`.
  void begin_segment(double end);
  /// Integrates to t exactly: not before the present time, not past the segment's end. Throws
  /// IntegrationError.
  void advance(double t);

  [[nodiscard]] double time() const { return time_; }
  [[nodiscard]] std::span<const double> states() const { return states_; }  // in [0,1] exactly
  [[nodiscard]] Statistics statistics() const;

 private:
  /// What the explicit method integrates.
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
    explicit FreeFlow(Drive& drive) : drive(drive), held(drive.size(), false) {}
    [[nodiscard]] std::size_t size() const override { return drive.size(); }
    bool rates(double t, std::span<const double> y, std::span<double> rates) override;
    bool linearise(double t, std::span<const double> y, double gamma, bool keep) override {
      return drive.linearise(t, y, gamma, keep, held);
    }
    void newton_solve(std::span<double> x) override { drive.newton_solve(x); }
    Drive& drive;
    std::vector<bool> held;
  };

  struct Sample {
    double t = 0;
    std::vector<double> value;
    std::vector<double> slope;
    std::vector<double> margin;  // of held states: how far the drive points inward; empty when not asked for
  };

  void restart(double t);
  [[nodiscard]] double first_length(double t);
  void pass_event();
  void take_step();
  void take_over();
  [[nodiscard]] std::optional<double> explicit_event();
  struct Changes {
    bool hits = false;
    bool releases = false;
  };
  [[nodiscard]] Changes possible_changes() const;
  [[nodiscard]] std::optional<double> first_event(double begin, double end, Changes looked_for);
  [[nodiscard]] std::optional<double> bound_hit(std::size_t k, const Sample& left, const Sample& right);
  [[nodiscard]] std::optional<double> release(std::size_t k, const Sample& left, const Sample& right);
  void sample(Sample& sample, double t, bool margins);
  void evaluate_margins(double t, std::span<const double> y, std::vector<double>& margin);
  void margins(std::span<const double> rates, std::vector<double>& margin) const;
  void interpolate(double t, int derivative, std::span<double> y);
  [[nodiscard]] double interpolated(std::size_t k, double t, int derivative);
  void clamp(std::span<double> y) const;

  RawFlow raw_;
  FreeFlow flow_;
  DormandPrince explicit_;
  Cvode cvode_;
  bool stiff_ = false;  // CVODE has taken over
  bool any_held_ = false;
  std::vector<double> states_;
  std::vector<double> work_;
  std::vector<double> rates_;
  std::vector<double> later_rates_;
  std::vector<bool> at_top_;  // of held states: which bound
  std::vector<Sample> samples_;
  double time_ = 0;
  double segment_end_ = 0;
  double step_begin_ = 0;
  double reached_ = 0;          // the flow is known on [step_begin_, reached_]
  bool event_pending_ = false;  // at reached_
  double last_event_ = -std::numeric_limits<double>::infinity();
  std::size_t events_at_once_ = 0;
  double leap_ = 0;  // s: how far the last event was passed by
  long events_ = 0;
};

}  // namespace memspice::network
