#pragma once

#include <array>
#include <cstdint>

#include "equations/rows/line_history.hpp"
#include "memspice/circuit.hpp"

namespace memspice {

/// The unknowns of a lossless line, in this order: the currents into the ports, the waves that arrive, those
/// that leave, the cₖ of those that arrive (below).
struct LineLayout {
  static constexpr std::uint32_t stages = 3;  // c₁, c₂, c₃; b stands for c₀
  static constexpr std::uint32_t waves = 4;
  static constexpr std::uint32_t unknowns = 2 + waves + 2 * stages;
  static constexpr std::uint32_t current(std::uint32_t port) { return port; }
  static constexpr std::uint32_t arriving(std::uint32_t port) { return 2 + port; }
  static constexpr std::uint32_t leaving(std::uint32_t port) { return 4 + port; }
  static constexpr std::uint32_t stage(std::uint32_t port, std::uint32_t k) { return 5 + stages * port + k; }
};

/// What a lossless line carries. At each port v - z i = b, the wave that arrives there: it left the other
/// port a delay τ ago, where it was a = b + 2 z i.
///
/// A line that *follows its delay* reads b from the history of a. That is exact, jumps and all, for steps
/// that are not longer than τ.
///
/// A *lumped* line is for what changes little within τ: the wave along the line is a cubic,
/// c₀ P₀ + … + c₃ P₃ (Legendre; a enters at -1, b = Σ cₖ leaves at 1), with
///
///     τ ċₖ = (2k + 1) ((-1)ᵏ a - b + 2 Σ cₘ)   over the m < k for which k - m is odd,
///
/// the wave equation as discontinuous Galerkin has it. From a to b this is the Padé approximation [3/4] of
/// exp(-sτ), wrong by 7e-7 (ωτ)⁸ and never larger than 1: lines in any circuit stay as stable as they are, in
/// steps of any length.
class LosslessLine : public LineLayout {
 public:
  /// A wave is known to `reltol` of the largest so far, which counts as `scale` (V) at least.
  LosslessLine(const TransmissionLine& line, double reltol, double scale);

  // All take the line's own unknowns and their derivatives.
  /// b(t) of a line that follows its delay; `from_above` chooses between the limits at a jump.
  [[nodiscard]] double delayed(std::uint32_t port, double t, bool from_above) const;
  /// The equations of the waves that arrive at `port`: one of b and those of the stages behind it (V).
  void residual(std::uint32_t port, double t, bool from_above, const double* x, const double* slope,
                double* b, double* stages) const;
  /// Calls emit(row, column, g, c) for those, rows and columns numbered as the unknowns; the same ones
  /// always.
  template <class Emit>
  void entries(std::uint32_t port, Emit&& emit) const;

  /// Before t = 0 the waves `from` leave the two ports.
  void begin(double t, const std::array<double, 2>& from, double* x);
  /// The largest wave so far, or that a solution tells of, V.
  [[nodiscard]] double scale() const;
  void note_scale(const double* x);
  /// The part of a tolerance that steps may err from now on: a wave that is not as good would look rough.
  void tighten(double part) { now_.part = part; }
  /// A point of the run.
  void note(double t, const double* x, const double* slope);
  /// The values just behind a corner, of waves that a step may err by `tolerance` (V). True when a jump
  /// begins to travel.
  bool note_corner(double t, const double* x, const double* slope, double tolerance);
  /// How many cubics the step to this point needs, by the point in its middle.
  [[nodiscard]] int pieces(const double* middle, double t, const double* x, const double* slope) const;
  /// Whether a jump enters at a corner that a lumped line cannot carry.
  [[nodiscard]] bool meets_jump(double t, const double* x, const double* slope) const;
  void follow_delay() { now_.lumped = now_.to_be_lumped = false; }
  /// The longest step from t that misses nothing, at most `wanted`, of which no jump arrives inside.
  [[nodiscard]] double calm_step(double t, double wanted) const;
  /// An accepted point after a step of `step` s: whether the line should no longer be what it is. It can be
  /// lumped when what it carries is smooth, which `in_the_way` asks for; it must follow its delay when
  /// lumping goes wrong, which short steps see.
  bool decide(double t, double step, bool in_the_way, const double* x);
  /// Becomes what decide() found, at the beginning of a segment.
  void change(double t, double* x);
  /// The last point noted, better.
  void correct(double t, const double* x, const double* slope);
  /// What a saved run remembers of the line (base/archive.hpp).
  template <class Archive>
  void exchange(Archive& archive) {
    for (LineHistory& wave : from_) wave.exchange(archive);
    archive(now_.part);
    archive(now_.busy_until);
    archive(now_.lumped);
    archive(now_.to_be_lumped);
  }
  /// What is known of the waves ends at t, with these unknowns.
  void end_at(double t, const double* x, const double* slope) {
    for (std::uint32_t port = 0; port < 2; ++port)
      from_[port].end_at(t, x[leaving(port)], slope[leaving(port)]);
  }
  [[nodiscard]] bool lumped() const { return now_.lumped; }
  [[nodiscard]] double delay() const { return delay_; }

 private:
  [[nodiscard]] double tolerance() const { return now_.part * reltol_ * scale(); }
  /// By how much a jump may arrive aside of t: sums of delays are rounded, and corners that are next to each
  /// other are one.
  [[nodiscard]] double rounding(double t) const;
  /// Whether the wave that leaves `port` has a jump at t, or a change of slope that makes more than `corner`
  /// tolerances (V) within a delay.
  [[nodiscard]] bool jumps(std::uint32_t port, double t, const double* x, const double* slope,
                           double tolerance, double corner) const;

  double delay_;  // s
  double reltol_;
  double scale_;                     // V: at least so large are the waves
  std::array<LineHistory, 2> from_;  // what leaves the ports
  struct Condition {
    double part = 1;        // of the tolerance
    double busy_until = 0;  // s: a jump is under way
    bool lumped = false;
    bool to_be_lumped = false;
  };
  Condition now_;
};

template <class Emit>
void LosslessLine::entries(std::uint32_t port, Emit&& emit) const {
  const std::uint32_t other = 1 - port;
  const std::uint32_t b = arriving(port);
  const double on = now_.lumped ? 1 : 0;
  emit(b, b, 1.0, on * delay_);
  for (std::uint32_t k = 1; k <= stages; ++k) emit(b, stage(port, k), 0.0, -on * delay_);
  emit(b, leaving(other), -on, 0.0);
  for (std::uint32_t k = 1; k <= stages; ++k) {
    const std::uint32_t row = stage(port, k);
    const double factor = on * (2 * k + 1);
    const bool odd = k % 2 == 1;
    for (std::uint32_t m = 1; m <= stages; ++m) {
      double g = odd ? 2 * factor : 0;  // of c₀ = b - c₁ - c₂ - c₃
      if (m < k && (k - m) % 2 == 1) g -= 2 * factor;
      if (m == k) g += 1 - on;
      emit(row, stage(port, m), g, m == k ? on * delay_ : 0.0);
    }
    emit(row, b, odd ? -factor : factor, 0.0);
    emit(row, leaving(other), odd ? factor : -factor, 0.0);
  }
}

}  // namespace memspice
