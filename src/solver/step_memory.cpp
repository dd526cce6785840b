#include "solver/step_memory.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>

namespace memspice {

namespace {

// With A = 1 the error of a run of 1,000 periods is 14 reltol, with 0.3 it is 6. A memory of few periods
// leaves more room: without any scale the errors of three come to 9 reltol.
constexpr double error_of_memory = 0.3;
constexpr double short_memory = 50;
constexpr double smallest_scale = 1e-5;
// Steps that may err less than this number of roundings are lost in them.
constexpr double roundings = 1e3;
// A turning point counts when the unknown has moved by so much of its largest magnitude.
constexpr double least_swing = 0.02;

}  // namespace

StepMemory::StepMemory(std::vector<std::uint8_t> tested, double end) : end_(end) {
  for (std::uint32_t i = 0; i < tested.size(); ++i)
    if (tested[i] != 0) tested_.push_back(i);
  tracks_.resize(tested_.size());
  motion_.largest.resize(tested_.size());
  motion_.sense.resize(tested_.size());
}

void StepMemory::start(double t, std::span<const double> y) {
  time_ = t;
  if (started_) return;
  started_ = true;
  begin_ = t;
  for (std::size_t k = 0; k < tracks_.size(); ++k) {
    tracks_[k].turned_at = y[tested_[k]];
    tracks_[k].time = t;
  }
}

void StepMemory::note(double t, std::span<const double> y, std::span<const double> derivative,
                      const double* weights) {
  time_ = t;
  sharpness_ = 0;
  for (std::size_t k = 0; k < tracks_.size(); ++k) {
    const std::uint32_t i = tested_[k];
    motion_.largest[k] = std::max(motion_.largest[k], std::abs(y[i]));
    sharpness_ = std::max(sharpness_, motion_.largest[k] * (weights[i] * scale_));
  }
  for (std::size_t k = 0; k < tracks_.size(); ++k) {
    const std::uint32_t i = tested_[k];
    const auto sense = static_cast<std::int8_t>((derivative[i] > 0 ? 1 : 0) - (derivative[i] < 0 ? 1 : 0));
    if (sense == motion_.sense[k] || sense == 0) continue;
    if (motion_.sense[k] == 0) {
      motion_.sense[k] = sense;
      continue;
    }
    Track& track = tracks_[k];
    const double weight = weights[i] * scale_;
    const double swing = std::abs(y[i] - track.turned_at);
    if (swing <= least_swing * motion_.largest[k] || swing * weight <= 1) continue;
    track.half_period = track.turns > 0 ? t - track.time : 0;
    track.turned_at = y[i];
    track.time = t;
    motion_.sense[k] = sense;
    turns_ = std::max(turns_, ++track.turns);
  }
  update_scale();
}

void StepMemory::note_errors(double step, std::span<const double> errors) {
  double largest = 0;
  for (std::size_t k = 0; k < tracks_.size(); ++k)
    if (tracks_[k].turns > 1) largest = std::max(largest, std::abs(errors[tested_[k]]) / motion_.largest[k]);
  accumulated_error_ = accumulated_error_ * std::exp(-decay_ * step) + largest;
}

double StepMemory::turning_rate() const {
  constexpr double still = 4;  // half periods without a turn: it has come to rest
  double shortest = std::numeric_limits<double>::infinity();
  for (const Track& track : tracks_)
    if (track.half_period > 0 && time_ - track.time < still * track.half_period)
      shortest = std::min(shortest, track.half_period);
  return std::numbers::pi / shortest;
}

void StepMemory::set_resonance(double periods, double decay) {
  if (periods <= resonance_) return;
  resonance_ = periods;
  decay_ = decay;
  update_scale();
}

double StepMemory::bounded(double scale) const {
  const double finest = roundings * std::numeric_limits<double>::epsilon() * sharpness_;
  return std::clamp(scale, std::min(1.0, std::max(smallest_scale, finest)), 1.0);
}

void StepMemory::update_scale() {
  if (turns_ < 2 || time_ <= begin_) return;
  // A run without a known end remembers what it has seen.
  const double share = std::isfinite(end_) ? (end_ - begin_) / (time_ - begin_) : 1;
  periods_ = std::min(0.5 * static_cast<double>(turns_) * share, resonance_);
  // A memory of few periods leaves more room than A/M.
  scale_ = periods_ > 0 ? bounded(error_of_memory / periods_ * (1 + short_memory / periods_)) : 1;
  has_counted_ |= scale_ < 1;
}

}  // namespace memspice
