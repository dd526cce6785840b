#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <vector>

#include "network/drive.hpp"
#include "network/held_states.hpp"
#include "network/smooth_piece.hpp"

namespace memspice::network {

/// Relative: times closer than this are one instant.
inline constexpr double same_time = 1e-13;

/// Locates, within the steps of a smooth piece, the first time at which a free state reaches a bound or the
/// drive of a held one turns inward.
class BoundEvents {
 public:
  BoundEvents(Drive& drive, const HeldStates& held, SmoothPiece& piece);

  /// The piece's last step makes room for one of CVODE, at time t and the clamped `states`.
  void take_over(double t, std::span<const double> states);
  /// The event in the piece's last step, if any. A step that has looked at the drive too far outside the box
  /// is made anew, to end just behind its event. Throws IntegrationError.
  [[nodiscard]] std::optional<double> in_last_step();

 private:
  struct Sample {
    double t = 0;
    std::vector<double> value;
    std::vector<double> slope;
    std::vector<double> margin;  // as HeldStates::margins(); old where not asked for
  };
  struct Changes {
    bool hits = false;
    bool releases = false;
  };

  [[nodiscard]] std::optional<double> in_explicit_step();
  [[nodiscard]] Changes possible_changes() const;
  [[nodiscard]] std::optional<double> first_event(Changes looked_for);
  [[nodiscard]] std::optional<double> bound_hit(std::size_t k, const Sample& left, const Sample& right);
  [[nodiscard]] std::optional<double> release(std::size_t k, const Sample& left, const Sample& right);
  void sample(Sample& sample, double t, bool margins);
  void evaluate_margins(double t, std::span<const double> states, std::span<double> margin);

  Drive& drive_;
  const HeldStates& held_;
  SmoothPiece& piece_;
  std::vector<Sample> samples_;  // of a step, its ends included
  std::vector<double> states_;
  std::vector<double> margin_;
};

}  // namespace memspice::network
