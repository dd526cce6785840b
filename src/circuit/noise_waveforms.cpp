#include "circuit/noise_waveforms.hpp"

#include <algorithm>
#include <bit>
#include <cmath>
#include <complex>
#include <unsupported/Eigen/FFT>

#include "base/interruption.hpp"
#include "random/random_stream.hpp"

namespace memspice {
namespace {

/// Kasdin's generator: white noise behind the filter with the impulse response h_k = h_(k-1) (α/2 + k - 1) /
/// k of (1 - z⁻¹)^(-α/2) (Proc. IEEE 83, 802, 1995).
std::vector<double> power_law_noise(std::size_t count, double exponent, double deviation,
                                    RandomStream& stream) {
  const std::size_t padded = std::bit_ceil(2 * count);
  std::vector<double> white(padded, 0.0), response(padded, 0.0);
  response[0] = 1;
  InterruptionCounter counter;
  for (std::size_t k = 1; k < count; ++k) {
    counter();
    const auto n = static_cast<double>(k);
    response[k] = response[k - 1] * (0.5 * exponent + n - 1) / n;
  }
  for (std::size_t k = 0; k < count; ++k) {
    counter();
    white[k] = deviation * stream.normal();
  }
  return abandonable([count, white = std::move(white), response = std::move(response)]() mutable {
    Eigen::FFT<double> transform;
    std::vector<std::complex<double>> a, b;
    transform.fwd(a, white);
    transform.fwd(b, response);
    for (std::size_t k = 0; k < a.size(); ++k) a[k] *= b[k];
    transform.inv(white, a);
    white.resize(count);
    return std::move(white);
  });
}

/// Where a telegraph signal changes; it begins low.
std::vector<double> telegraph(double capture, double emission, double stop, RandomStream& stream) {
  std::vector<double> changes;
  bool high = false;
  double t = 0;
  InterruptionCounter counter;
  while (true) {
    counter();
    t += (high ? emission : capture) * stream.exponential();
    if (t >= stop || static_cast<double>(changes.size()) > most_noise_points) return changes;
    changes.push_back(t);
    high = !high;
  }
}

double value_at(const WaveformPoints& points, double t) {
  const auto right = std::ranges::upper_bound(points, t, {}, &std::pair<double, double>::first);
  if (right == points.begin()) return points.front().second;
  if (right == points.end()) return points.back().second;
  const auto left = right - 1;
  return std::lerp(left->second, right->second, (t - left->first) / (right->first - left->first));
}

/// Adds a telegraph signal to straight lines.
WaveformPoints with_jumps(const WaveformPoints& smooth, const std::vector<double>& changes, double height) {
  WaveformPoints points;
  points.reserve(smooth.size() + 2 * changes.size());
  double level = 0;
  auto next = smooth.begin();
  for (const double change : changes) {
    for (; next != smooth.end() && next->first < change; ++next)
      points.emplace_back(next->first, next->second + level);
    const double here = value_at(smooth, change);
    points.emplace_back(change, here + level);
    level = height - level;
    points.emplace_back(change, here + level);
  }
  for (; next != smooth.end(); ++next) points.emplace_back(next->first, next->second + level);
  return points;
}

/// Knuth's product of uniform numbers in pieces that do not underflow. Of large means, where that takes
/// forever, the Cornish-Fisher expansion out of a normal number (Biometrika 46, 1959): what it leaves out is
/// less than 0.01, and the result is a whole number.
double poisson(double mean, RandomStream& stream) {
  constexpr double large = 1e4;
  if (mean > large) {
    const double z = stream.normal(), root = std::sqrt(mean);
    return std::round(mean + root * z + (z * z - 1) / 6 + z * (1 - z * z) / (72 * root));
  }
  double count = 0;
  constexpr double piece = 500;
  for (; mean > 0; mean -= piece) {
    const double limit = std::exp(-std::min(mean, piece));
    for (double product = stream.uniform(); product > limit; product *= stream.uniform()) ++count;
  }
  return count;
}

}  // namespace

WaveformPoints transient_noise(const std::array<double, 7>& values, std::uint64_t seed, double stop) {
  const auto [deviation, step, exponent, amplitude, height, capture, emission] = values;
  RandomStream white(seed, "white"), coloured(seed, "coloured"), steps(seed, "telegraph");
  WaveformPoints points{{0.0, 0.0}};
  if (step > 0 && (deviation != 0 || amplitude != 0)) {
    const auto count = static_cast<std::size_t>(std::ceil(std::min(stop / step, most_noise_points))) + 2;
    std::vector<double> slow;
    if (amplitude != 0) slow = power_law_noise(count, exponent, amplitude, coloured);
    points.reserve(count);
    InterruptionCounter counter;
    for (std::size_t k = 1; k < count; ++k) {
      counter();
      points.emplace_back(static_cast<double>(k) * step,
                          deviation * white.normal() + (slow.empty() ? 0 : slow[k] - slow[0]));
    }
  }
  if (height != 0 && capture > 0 && emission > 0)
    points = with_jumps(points, telegraph(capture, emission, stop, steps), height);
  return points;
}

WaveformPoints random_steps(const std::array<double, 7>& values, std::uint64_t seed, double stop) {
  const auto [type, step, delay, first, second, unused, unused_too] = values;
  RandomStream stream(seed, "steps");
  WaveformPoints points{{0.0, second}};
  const auto draw = [&, kind = static_cast<int>(type), first = first, second = second] {
    switch (kind) {
      case 1:
        return second + first * (2 * stream.uniform() - 1);
      case 2:
        return second + first * stream.normal();
      case 3:
        return second + first * stream.exponential();
      default:
        return second + poisson(first, stream);
    }
  };
  InterruptionCounter counter;
  for (double k = 0; delay + k * step < stop && k < most_noise_points; ++k) {
    counter();
    const double t = delay + k * step;
    if (t > 0 || k > 0) points.emplace_back(t, points.back().second);
    points.emplace_back(t, draw());
  }
  return points;
}

}  // namespace memspice
