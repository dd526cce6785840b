#include "analysis/output/fourier.hpp"

#include <fmt/format.h>

#include <cmath>
#include <complex>
#include <numbers>

namespace memspice {

namespace {

/// ∫ y(t) e^(-iωt) dt over a straight piece from (t0, y0) to (t1, y1).
std::complex<double> transform(double t0, double y0, double t1, double y1, double omega) {
  const double half = 0.5 * (t1 - t0);
  const double theta = omega * half;
  const double mean = 0.5 * (y0 + y1), rise = 0.5 * (y1 - y0);
  // even = sin θ / θ, odd = (sin θ - θ cos θ) / θ²: by their series where the difference cancels.
  double even = 1, odd = theta / 3;
  if (std::abs(theta) > 1e-2) {
    even = std::sin(theta) / theta;
    odd = (std::sin(theta) - theta * std::cos(theta)) / (theta * theta);
  } else {
    const double square = theta * theta;
    even = 1 - square / 6 * (1 - square / 20);
    odd = theta / 3 * (1 - square / 10 * (1 - square / 28));
  }
  return 2 * half * std::polar(1.0, -omega * (t0 + half)) * std::complex<double>(mean * even, -rise * odd);
}

double degrees(double radians) {
  return radians * 180 / std::numbers::pi;
}

FourierReport analyse(const std::vector<double>& time, const std::vector<double>& values,
                      const FourierCard& card, int harmonics) {
  const double frequency = card.frequency;
  FourierReport report{.frequency = frequency};
  const double end = time.back();
  constexpr double rounding = 1e-9;  // of a period
  const double held = std::floor((end - time.front()) * frequency + rounding);
  const double periods = card.periods < 0 ? std::max(held, 1.0) : card.periods;
  const double length = periods / frequency;
  double begin = end - length;
  if (periods > held) {
    report.message =
        fmt::format("{} {:g} s, the transient only {:g} s",
                    periods == 1 ? "one period lasts" : fmt::format("{:g} periods last", periods), length,
                    end - time.front());
    return report;
  }
  begin = std::max(begin, time.front());
  std::vector<std::complex<double>> sums(static_cast<std::size_t>(harmonics));
  for (std::size_t k = 1; k < time.size(); ++k) {
    if (time[k] <= begin) continue;
    const double t0 = std::max(time[k - 1], begin);
    const double y0 =
        values[k - 1] + (values[k] - values[k - 1]) * ((t0 - time[k - 1]) / (time[k] - time[k - 1]));
    for (std::size_t n = 0; n < sums.size(); ++n)
      sums[n] += transform(t0 - begin, y0, time[k] - begin, values[k],
                           2 * std::numbers::pi * frequency * static_cast<double>(n));
  }
  double squares = 0;
  for (std::size_t n = 0; n < sums.size(); ++n) {
    FourierReport::Harmonic harmonic{.frequency = frequency * static_cast<double>(n)};
    if (n == 0) {
      harmonic.magnitude = sums[0].real() / length;
    } else {
      // a sin + b cos: the transform over a length T is (b - ia) T/2.
      const std::complex<double> sine = sums[n] * std::complex<double>(0, 2 / length);
      harmonic.magnitude = std::abs(sine);
      harmonic.phase = degrees(std::arg(sine));
      const FourierReport::Harmonic& first = n == 1 ? harmonic : report.harmonics[1];
      harmonic.normalised_magnitude = harmonic.magnitude / first.magnitude;
      harmonic.normalised_phase = harmonic.phase - first.phase;
      if (n > 1) squares += harmonic.normalised_magnitude * harmonic.normalised_magnitude;
    }
    report.harmonics.push_back(harmonic);
  }
  report.distortion = std::sqrt(squares);
  return report;
}

}  // namespace

std::vector<FourierReport> find_harmonics(const Circuit& circuit, const FourierCard& card,
                                          const Samples& samples, const std::string& early) {
  std::vector<FourierReport> reports;
  for (const VectorExpression& vector : card.vectors) {
    if (early.empty() && samples.size() > 1) {
      reports.push_back(analyse(samples.scale(), samples.values(vector, {}), card,
                                card.harmonics > 0 ? card.harmonics : circuit.options.harmonics));
    } else {
      reports.push_back({.frequency = card.frequency, .message = early});
    }
    reports.back().vector = vector.text;
  }
  return reports;
}

}  // namespace memspice
