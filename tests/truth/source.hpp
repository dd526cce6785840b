#pragma once

#include <string>
#include <vector>

#include "truth/random.hpp"

namespace memspice::truth {

/// Waveform of a source, evaluated by code of its own.
struct Source {
  enum class Kind { dc, sine, pulse, pwl, exponential, sffm, am };
  Kind kind = Kind::dc;
  /// In the order of SPICE: dc: value; pwl: t1 v1 t2 v2 …; others as docs/netlist.md lists them, all of them.
  std::vector<double> values;

  [[nodiscard]] std::string text() const;
  /// Value at t on the smooth piece that contains `inside`.
  [[nodiscard]] double value(double t, double inside) const;
  /// Where it is not smooth, ascending, between 0 and `stop`, both left out.
  [[nodiscard]] std::vector<double> corners(double stop) const;
  /// Zeros and corners, so that it has one sign between two of them. Not for sffm, am and damped sines.
  [[nodiscard]] std::vector<double> sign_changes(double stop) const;
  /// ∫ of the value from `a` to `b`, both in one smooth piece. Not for sffm, am and damped sines.
  [[nodiscard]] long double integral(double a, double b) const;
  /// Multiplies what is a voltage or a current.
  void scale(double factor);

  /// value(t) = constant + slope (t - start) + Σ Re((re + j im) e^((sigma + j omega) (t - start))) on one
  /// smooth piece
  struct Term {
    long double sigma, omega, re, im;
  };
  struct Piece {
    long double constant = 0;
    long double slope = 0;
    std::vector<Term> terms;
  };
  [[nodiscard]] Piece piece(double start, double inside) const;
};

/// A waveform of amplitude about `amplitude` with something to see between 0 and `stop`; tstep is `step`, of
/// which some edges are. Smooth ones swing `most_cycles` times at most.
Source random_source(Random& random, double amplitude, double stop, double step, double most_cycles = 15);

/// A number that reads back exactly.
std::string exact(double value);

}  // namespace memspice::truth
