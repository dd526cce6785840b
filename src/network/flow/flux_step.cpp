#include "network/flow/flux_step.hpp"

#include <algorithm>
#include <cmath>

namespace memspice::network {

namespace {

constexpr double most_drift = 0.5;           // |α| h of a piece
constexpr double most_resistance_ratio = 4;  // within a piece
constexpr int most_pieces = 400;

/// Solves (I - z A diag(slope)) x = b for several columns by elimination; b is overwritten by x.
template <std::size_t n, std::size_t columns>
void solve_collocation(const std::array<std::array<double, n>, n>& a, double z,
                       const std::array<double, n>& slope, std::array<std::array<double, columns>, n>& b) {
  std::array<std::array<double, n>, n> m{};
  for (std::size_t i = 0; i < n; ++i)
    for (std::size_t j = 0; j < n; ++j) m[i][j] = (i == j ? 1.0 : 0.0) - z * a[i][j] * slope[j];
  for (std::size_t k = 0; k < n; ++k) {
    for (std::size_t i = k + 1; i < n; ++i) {
      const double factor = m[i][k] / m[k][k];
      for (std::size_t j = k; j < n; ++j) m[i][j] -= factor * m[k][j];
      for (std::size_t c = 0; c < columns; ++c) b[i][c] -= factor * b[k][c];
    }
  }
  for (std::size_t i = n; i-- > 0;) {
    for (std::size_t c = 0; c < columns; ++c) {
      double sum = b[i][c];
      for (std::size_t j = i + 1; j < n; ++j) sum -= m[i][j] * b[j][c];
      b[i][c] = sum / m[i][i];
    }
  }
}

/// Cubic through two points with their slopes, on [0, 1].
double cubic_between(double first, double last, double first_slope, double last_slope, double s) {
  const double s2 = s * s, s3 = s2 * s;
  return first * (1 - 3 * s2 + 2 * s3) + last * (3 * s2 - 2 * s3) + first_slope * (s - 2 * s2 + s3) +
         last_slope * (s3 - s2);
}

}  // namespace

template <std::size_t Q>
FluxStep<Q>::FluxStep(const FluxLaw& law, double h, const double* voltage)
    : law_(law), gain_(law.gain * h), drive_(law.alpha * h) {
  for (std::size_t i = 0; i < D; ++i)
    for (std::size_t j = i; j < D; ++j) voltage_.coefficient[i] += tables_.monomial[j][i] * voltage[j];
  for (std::size_t i = 0; i < D; ++i)
    flux_.coefficient[i + 1] = voltage_.coefficient[i] / static_cast<double>(i + 1);
  for (std::size_t j = 1; j < D; ++j) voltage_.swing += std::abs(voltage[j]);
  scale_ =
      std::abs(drive_ * law_.drift(law_.limit())) + std::abs(gain_) * (std::abs(voltage[0]) + voltage_.swing);
}

template <std::size_t Q>
FluxMoments<FluxStep<Q>::K, FluxStep<Q>::D> FluxStep<Q>::integrate(double begin) {
  moments_ = {};
  piece_ = {.x = begin};
  for (int piece = 0; piece < most_pieces && piece_.begin < 1; ++piece) {
    if (at_bound() && stay_at_bound()) break;
    const double end = choose_end();
    if (!stays_inside(end) && stop_at_bound(end)) continue;
    add_free(end);
    piece_.begin = end;
    piece_.x = std::clamp(piece_.x_end, 0.0, law_.limit());
    piece_.sensitivity = piece_.sensitivity_end;
  }
  moments_.end = std::clamp(piece_.x, 0.0, law_.limit());
  for (double& moment : moments_.current) moment *= law_.conductance;
  for (std::size_t j = 0; j < K; ++j) {
    for (double& entry : moments_.jacobian[j]) entry *= static_cast<double>(2 * j + 1) * law_.conductance;
  }
  moments_.conductance *= std::abs(law_.conductance);
  return moments_;
}

template <std::size_t Q>
void FluxStep<Q>::follow(double begin, std::span<const double> tau, std::span<double> x) {
  wanted_ = {true, tau, x};
  integrate(begin);
  std::ranges::fill(wanted_.x, moments_.end);
}

/// Held until the drive points inwards. True: to the end of the step.
template <std::size_t Q>
bool FluxStep<Q>::stay_at_bound() {
  const bool low = piece_.x <= 0;
  const double bound = low ? 0 : law_.limit();
  const double inward = low ? 1 : -1;
  const double end = end_of_hold(bound, inward);
  if (end > piece_.begin) add_held(end, bound);
  begin_at_bound(end, bound);
  return 1 - end < 1e-12;
}

template <std::size_t Q>
double FluxStep<Q>::end_of_hold(double bound, double inward) const {
  constexpr int looks = 12;
  const double negligible = 1e-9 * scale_;
  const auto push = [&](double tau) { return inward * rate(bound, tau); };
  double first = push(piece_.begin);
  if (std::abs(first) <= negligible) first = push(piece_.begin + 1e-6 * (1 - piece_.begin));
  if (first > 0) return piece_.begin;
  double before = piece_.begin, push_before = push(piece_.begin);
  for (int i = 1; i <= looks; ++i) {
    const double tau = piece_.begin + (1 - piece_.begin) * i / looks;
    const double here = push(tau);
    if (here > negligible) {
      double x = before, y = tau, fx = std::min(push_before, 0.0), fy = here;
      for (int iteration = 0; iteration < 60 && y - x > 1e-13; ++iteration) {
        double middle = iteration % 2 == 1 ? 0.5 * (x + y) : x - fx * (y - x) / (fy - fx);
        if (!(middle > x && middle < y)) middle = 0.5 * (x + y);
        const double value = push(middle);
        if (value > 0) {
          y = middle;
          fy = value;
        } else {
          x = middle;
          fx = value;
        }
      }
      return y;
    }
    before = tau;
    push_before = here;
  }
  return 1;
}

/// As far as one quadrature is good for; leaves the piece advanced.
template <std::size_t Q>
double FluxStep<Q>::choose_end() {
  double end = drive_ == 0 ? 1 : std::min(1.0, piece_.begin + most_drift / std::abs(drive_));
  for (int attempt = 0; attempt < 40; ++attempt) {
    advance(end);
    double least = law_.resistance(piece_.x), most = least;
    const auto see = [&](double x) {
      const double r = law_.resistance(std::clamp(x, 0.0, law_.limit()));
      least = std::min(least, r);
      most = std::max(most, r);
    };
    for (const double x : piece_.x_at) see(x);
    see(piece_.x_end);
    if (most < most_resistance_ratio * least || end - piece_.begin < 1e-9) break;
    end = piece_.begin + (end - piece_.begin) / 2;
  }
  return end;
}

/// Collocation at the Gauss nodes of [piece_.begin, end].
template <std::size_t Q>
void FluxStep<Q>::advance(double end) {
  const double length = end - piece_.begin;
  const double z = drive_ * length;
  const double flux_begin = flux_(piece_.begin);
  std::array<double, nodes> base{};
  for (std::size_t m = 0; m < nodes; ++m)
    base[m] = piece_.x - gain_ * (flux_(piece_.begin + length * tables_.node[m]) - flux_begin);
  piece_.x_end = piece_.x - gain_ * (flux_(end) - flux_begin);
  if (z == 0) {
    piece_.x_at = base;
    return;
  }
  const double drift = law_.drift(piece_.x);
  for (std::size_t m = 0; m < nodes; ++m) piece_.x_at[m] = base[m] + z * tables_.node[m] * drift;
  for (int iteration = 0; iteration < 8; ++iteration) {
    std::array<double, nodes> drift_at{}, slope{};
    std::array<std::array<double, 1>, nodes> change{};
    for (std::size_t m = 0; m < nodes; ++m) {
      drift_at[m] = law_.drift(piece_.x_at[m]);
      slope[m] = law_.drift_slope(piece_.x_at[m]);
    }
    double largest = 0;
    for (std::size_t m = 0; m < nodes; ++m) {
      double rest = base[m] - piece_.x_at[m];
      for (std::size_t l = 0; l < nodes; ++l) rest += z * tables_.collocation[m][l] * drift_at[l];
      change[m][0] = rest;
      largest = std::max(largest, std::abs(rest) * law_.state_slope(law_.resistance(piece_.x_at[m])));
    }
    if (largest < 1e-14) break;
    solve_collocation(tables_.collocation, z, slope, change);
    for (std::size_t m = 0; m < nodes; ++m) piece_.x_at[m] += change[m][0];
    if (largest < 1e-8) break;
  }
  for (std::size_t m = 0; m < nodes; ++m) piece_.x_end += z * tables_.weight[m] * law_.drift(piece_.x_at[m]);
}

/// Adds the moments of the current over the piece that advance() has found.
template <std::size_t Q>
void FluxStep<Q>::add_free(double end) {
  if (wanted_.alone) return note_wanted(end, false);
  const double length = end - piece_.begin;
  const double z = drive_ * length;
  std::array<double, K> psi_begin{}, psi{};
  legendre_integrals(K - 1, piece_.begin, psi_begin.data());
  std::array<double, nodes> resistance{}, slope{};
  for (std::size_t m = 0; m < nodes; ++m) {
    resistance[m] = law_.resistance(std::clamp(piece_.x_at[m], 0.0, law_.limit()));
    slope[m] = law_.drift_slope(piece_.x_at[m]);
    legendre_integrals(K - 1, piece_.begin + length * tables_.node[m], psi.data());
    for (std::size_t l = 0; l < K; ++l)
      piece_.sensitivity_at[m][l] = piece_.sensitivity[l] + psi[l] - psi_begin[l];
  }
  if (z != 0) solve_collocation(tables_.collocation, z, slope, piece_.sensitivity_at);
  legendre_integrals(K - 1, end, psi.data());
  for (std::size_t l = 0; l < K; ++l) {
    piece_.sensitivity_end[l] = piece_.sensitivity[l] + psi[l] - psi_begin[l];
    for (std::size_t m = 0; m < nodes; ++m)
      piece_.sensitivity_end[l] += z * tables_.weight[m] * slope[m] * piece_.sensitivity_at[m][l];
  }
  add_quadrature(end, resistance, false);
}

template <std::size_t Q>
void FluxStep<Q>::add_held(double end, double bound) {
  if (wanted_.alone) return note_wanted(end, true);
  std::array<double, nodes> resistance{};
  resistance.fill(law_.resistance(bound));
  add_quadrature(end, resistance, true);
}

template <std::size_t Q>
void FluxStep<Q>::add_quadrature(double end, const std::array<double, nodes>& resistance, bool held) {
  const double length = end - piece_.begin;
  for (std::size_t m = 0; m < nodes; ++m) {
    const double tau = piece_.begin + length * tables_.node[m];
    const double weight = tables_.weight[m] * length;
    const double conductance = 1 / resistance[m];
    const double current = voltage_(tau) * conductance;
    const double by_state = held ? 0 : current * law_.resistance_slope(resistance[m]) * conductance * gain_;
    std::array<double, D> phi{};
    legendre(D - 1, tau, phi.data());
    moments_.conductance += weight * conductance;
    for (std::size_t j = 0; j < D; ++j) moments_.current[j] += weight * current * phi[j];
    for (std::size_t j = 0; j < K; ++j) {
      for (std::size_t l = 0; l < K; ++l)
        moments_.jacobian[j][l] +=
            weight * phi[j] * (phi[l] * conductance + (held ? 0 : by_state * piece_.sensitivity_at[m][l]));
    }
  }
}

/// X where it is wanted within the piece: collocation up to there, as exact as an end.
template <std::size_t Q>
void FluxStep<Q>::note_wanted(double end, bool held) {
  if (wanted_.tau.empty() || wanted_.tau.front() > end) return;
  const Piece piece = piece_;
  while (!wanted_.tau.empty() && wanted_.tau.front() <= end) {
    if (!held) advance(wanted_.tau.front());
    wanted_.x.front() = std::clamp(held ? piece.x : piece_.x_end, 0.0, law_.limit());
    wanted_ = {true, wanted_.tau.subspan(1), wanted_.x.subspan(1)};
  }
  piece_ = piece;
}

/// Whether the piece that advance() has found is well away from both bounds.
template <std::size_t Q>
bool FluxStep<Q>::stays_inside(double end) const {
  double least = std::min(piece_.x, piece_.x_end), most = std::max(piece_.x, piece_.x_end);
  for (const double x : piece_.x_at) {
    least = std::min(least, x);
    most = std::max(most, x);
  }
  const double margin = near_bound * (std::abs(gain_) * voltage_.swing + std::abs(drive_) * std::abs(most)) *
                        (end - piece_.begin);
  return least > margin && most < law_.limit() - margin;
}

/// Looks for the first crossing of a bound between the nodes. True: the piece ends there, at the bound.
template <std::size_t Q>
bool FluxStep<Q>::stop_at_bound(double end) {
  constexpr std::size_t points = nodes + 2;
  const double limit = law_.limit();
  std::array<double, points> tau{}, x{}, slope{};
  tau[0] = piece_.begin;
  x[0] = piece_.x;
  for (std::size_t m = 0; m < nodes; ++m) {
    tau[m + 1] = piece_.begin + (end - piece_.begin) * tables_.node[m];
    x[m + 1] = piece_.x_at[m];
  }
  tau[points - 1] = end;
  x[points - 1] = piece_.x_end;
  for (std::size_t m = 0; m < points; ++m) slope[m] = rate(x[m], tau[m]);
  const auto outside = [&](double value) { return value < 0 || value > limit; };
  for (std::size_t m = 0; m + 1 < points; ++m) {
    const double length = tau[m + 1] - tau[m];
    const double first = x[m], last = x[m + 1];
    const double first_slope = slope[m] * length, last_slope = slope[m + 1] * length;
    double turn = -1;
    if ((first_slope > 0) != (last_slope > 0)) turn = first_slope / (first_slope - last_slope);
    const double peak = turn >= 0 ? cubic_between(first, last, first_slope, last_slope, turn) : limit / 2;
    const bool peak_outside = outside(peak), last_outside = outside(last);
    if (!peak_outside && !last_outside) continue;
    const double beyond = peak_outside ? peak : last;
    const double bound = beyond < 0 ? 0 : limit;
    double from = 0;
    if (m == 0 && first == bound) {
      if (!peak_outside && turn > 0 && peak > 0 && peak < limit) {
        from = turn;
      } else if (peak_outside && !last_outside) {
        continue;
      } else {  // left by rounding only: held up to the next node
        add_held(tau[m + 1], bound);
        begin_at_bound(tau[m + 1], bound);
        return true;
      }
    }
    const double to = peak_outside ? turn : 1;
    double low = from, high = to;
    for (int iteration = 0; iteration < 50 && high - low > 1e-4; ++iteration) {
      const double middle = 0.5 * (low + high);
      const double distance = cubic_between(first, last, first_slope, last_slope, middle) - bound;
      ((distance < 0) == (bound == 0) ? high : low) = middle;
    }
    meet({tau[m] + length * from, tau[m] + length * to}, tau[m] + length * 0.5 * (low + high), bound);
    return true;
  }
  return false;
}

/// Newton's method for the time in an interval at which the bound is met, from a guess.
template <std::size_t Q>
void FluxStep<Q>::meet(std::pair<double, double> interval, double tau, double bound) {
  const double inward = bound == 0 ? 1 : -1;
  auto [low, high] = interval;
  for (int iteration = 0; iteration < 40; ++iteration) {
    advance(tau);
    const double distance = piece_.x_end - bound;
    if (std::abs(distance) < 1e-14 * std::max(1.0, law_.limit())) break;
    (distance * inward > 0 ? low : high) = tau;
    double next = tau - distance / rate(bound, tau);
    if (!(next > low && next < high)) next = 0.5 * (low + high);
    if (std::abs(next - tau) < 1e-15) break;
    tau = next;
  }
  advance(tau);
  add_free(tau);
  begin_at_bound(tau, bound);
}

template class FluxStep<2>;

}  // namespace memspice::network
