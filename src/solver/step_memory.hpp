#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace memspice {

/// How much smaller the tolerance of a step must be because a circuit remembers the errors of many. BDF damps
/// or excites what oscillates by a little in every step, always in the same sense, so that the errors of all
/// periods within the circuit's memory add up: in a run of M periods of a lossless tank a step may err A/M of
/// what it may err elsewhere (docs/numerics.md, "Oscillators").
///
/// The memory, in periods, is the smaller one of what the run has room for, by the turning points of the
/// unknowns so far, and of what the circuit's own resonances keep, which set_resonance() tells.
class StepMemory {
 public:
  /// `tested`: unknowns with a part in the error test; only their turns count. A run ends at t = `end`,
  /// infinity: nobody knows when.
  StepMemory(std::vector<std::uint8_t> tested, double end);

  /// The integrator starts, for the first time or again.
  void start(double t, std::span<const double> y);
  /// An accepted step; `weights` are those of the error test, scale() included.
  void note(double t, std::span<const double> y, std::span<const double> derivative, const double* weights);
  /// What the integrator thinks it has erred in that step; only where scale() is below 1.
  void note_errors(double step, std::span<const double> errors);

  /// θ: part of a step's tolerance that is left.
  [[nodiscard]] double scale() const { return scale_; }
  /// Whether it ever was below 1.
  [[nodiscard]] bool has_counted() const { return has_counted_; }
  /// Turning points of the unknown that has most.
  [[nodiscard]] long turns() const { return turns_; }
  /// M, in periods; 0: next to none.
  [[nodiscard]] double periods() const { return periods_; }
  /// The largest error, relative to the largest magnitude of its unknown, if those of all steps add up
  /// and fade as the slowest resonance does.
  [[nodiscard]] double accumulated_error() const { return accumulated_error_; }

  /// Angular frequency (1/s) with which the fastest unknown has just been turning; 0: none is.
  [[nodiscard]] double turning_rate() const;
  /// The longest memory of a resonance so far, in periods, and how fast it fades (1/s).
  [[nodiscard]] double resonance() const { return resonance_; }
  void set_resonance(double periods, double decay);

  /// What a saved run remembers of turns (base/archive.hpp).
  template <class Archive>
  void exchange(Archive& archive) {
    archive(tracks_);
    archive(motion_.largest);
    archive(motion_.sense);
    archive(begin_);
    archive(time_);
    archive(started_);
    archive(turns_);
    archive(resonance_);
    archive(decay_);
    archive(periods_);
    archive(scale_);
    archive(sharpness_);
    archive(accumulated_error_);
    archive(has_counted_);
  }

 private:
  /// Tightens a scale no further than to where rounding takes part.
  [[nodiscard]] double bounded(double scale) const;
  void update_scale();

  struct Track {
    double turned_at = 0;    // value at the last turning point
    double time = 0;         // s, of the last turning point
    double half_period = 0;  // s, between the last two; 0: there were fewer
    long turns = 0;
  };

  std::vector<std::uint32_t> tested_;
  std::vector<Track> tracks_;  // by entry of tested_
  /// What is looked at in every step, by entry of tested_.
  struct Motion {
    std::vector<double> largest;     // magnitude so far
    std::vector<std::int8_t> sense;  // since the last turning point: +1, -1; 0: not known
  } motion_;
  double begin_ = 0;
  double end_;
  double time_ = 0;
  bool started_ = false;
  long turns_ = 0;
  double resonance_ = 0;
  double decay_ = 0;
  double periods_ = 0;
  double scale_ = 1;
  double sharpness_ = 0;  // largest |y_j| × weight_j without the scale
  double accumulated_error_ = 0;
  bool has_counted_ = false;
};

}  // namespace memspice
