#pragma once

#include <Eigen/Core>
#include <complex>
#include <functional>
#include <optional>
#include <vector>

#include "equations/linear/linearisation.hpp"
#include "solver/sparse_lu.hpp"

namespace memspice {

/// What of a linearised circuit (G + s C) x = b u, y = l·x + d u reaches from u to y.
struct Channel {
  std::vector<double> input;   // b, by unknown
  std::vector<double> output;  // l
  double direct = 0;           // d
};

/// Poles and zeros of a linearised circuit, without lines. Seen from a shift σ, with K = G + σ C and
/// z = 1/(σ - s),
///
///     y/u = (d + l K⁻¹ b) + l S (z - S)⁻¹ K⁻¹ b,    S = K⁻¹ C
///
/// so that the poles s = σ - 1/z are those of S, and the zeros those of S - K⁻¹ b l S / (d + l K⁻¹ b): both
/// of a matrix over the dynamic unknowns alone. What lies at infinity has z = 0. Of poles it is deflated
/// (nonzero_eigenvalues()); of zeros, where z = 0 is defective and rounding makes other numbers of it, there
/// are as many as y/u falls with powers of s, and they are the smallest z. The shift is moved in from far
/// outside to the smallest values, and each is taken from a shift of its own size.
class PortSpectrum {
 public:
  explicit PortSpectrum(const Linearisation& linear);

  [[nodiscard]] std::size_t dynamic_unknowns() const { return dynamic_.size(); }
  /// 1/s, the largest real part first. Throws SimulationError when G + s C is singular everywhere.
  [[nodiscard]] const std::vector<Complex>& poles();
  /// The same of the values of s where y is 0 whatever u; nothing: y is 0 everywhere.
  [[nodiscard]] std::optional<std::vector<Complex>> zeros(const Channel& channel);

 private:
  void set_shift(double& shift);
  void solve(std::vector<double>& x);
  /// y/u at s = shift, with the size of the terms that it is a sum of.
  struct Response {
    std::vector<double> x;
    double value = 0;
    double size = 0;
  };
  Response respond(double& shift, const Channel& channel);
  /// By how many powers of s y/u falls at infinity; nothing: y is 0 everywhere.
  std::optional<int> fall(const Channel& channel);
  /// The values seen from a shift, the smallest first.
  std::vector<Complex> look(double shift, const Channel* channel);
  /// `count` values: none: as many as are finite.
  std::vector<Complex> spectrum(const Channel* channel, std::optional<std::size_t> count);

  const Linearisation& linear_;
  std::vector<std::uint32_t> dynamic_;
  std::vector<std::vector<std::pair<std::uint32_t, double>>> columns_;  // of C, by dynamic unknown
  SparseLu<double> matrix_;
  std::optional<std::vector<Complex>> poles_;
};

}  // namespace memspice
