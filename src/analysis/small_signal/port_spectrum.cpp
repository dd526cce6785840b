#include "analysis/small_signal/port_spectrum.hpp"

#include <algorithm>
#include <cmath>

#include "base/interruption.hpp"
#include "memspice/simulate.hpp"
#include "solver/dense_eigenvalues.hpp"

namespace memspice {
namespace {

constexpr double first_shift = 1e6;   // 1/s
constexpr double negligible = 1e-11;  // of a matrix of values z that rounding makes of 0
constexpr double own_size = 0.03;     // a value this part of the shift or more is taken from there
constexpr double cancelled = 1e-13;   // of the terms of a difference: rounding

std::vector<SparseLu<double>::Position> positions_of(const Linearisation& linear) {
  std::vector<SparseLu<double>::Position> positions;
  positions.reserve(linear.entries().size());
  for (const MatrixEntry& entry : linear.entries()) positions.emplace_back(entry.row, entry.column);
  return positions;
}

double largest_of(const std::vector<Complex>& values) {
  double largest = 0;
  for (const Complex value : values) largest = std::max(largest, std::abs(value));
  return largest;
}

}  // namespace

PortSpectrum::PortSpectrum(const Linearisation& linear)
    : linear_(linear), matrix_(linear.size(), positions_of(linear)) {
  for (const MatrixEntry& entry : linear.entries())
    if (entry.c != 0) dynamic_.push_back(entry.column);
  std::ranges::sort(dynamic_);
  dynamic_.erase(std::unique(dynamic_.begin(), dynamic_.end()), dynamic_.end());
  columns_.resize(dynamic_.size());
  for (const MatrixEntry& entry : linear.entries())
    if (entry.c != 0)
      columns_[static_cast<std::size_t>(std::ranges::lower_bound(dynamic_, entry.column) - dynamic_.begin())]
          .emplace_back(entry.row, entry.c);
}

/// Factorises K, at a close value where the shift is a pole.
void PortSpectrum::set_shift(double& shift) {
  for (int attempt = 0; attempt < 8; ++attempt, shift *= 1.0 + 1.0 / 64) {
    std::ranges::fill(matrix_.values(), 0.0);
    const std::vector<MatrixEntry>& entries = linear_.entries();
    for (std::size_t i = 0; i < entries.size(); ++i)
      matrix_.values()[matrix_.slots()[i]] += entries[i].g + shift * entries[i].c;
    if (matrix_.factorise()) return;
  }
  throw SimulationError(
      ".pz: the linearised circuit is singular: some currents or voltages are not determined\n"
      "  try: .op, which names the nodes, or a resistor in series or parallel with ideal elements");
}

void PortSpectrum::solve(std::vector<double>& x) {
  interruption_point();
  x[0] = 0;
  if (!matrix_.solve(x))
    throw SimulationError(".pz: the linearised circuit is singular to working precision");
}

PortSpectrum::Response PortSpectrum::respond(double& shift, const Channel& channel) {
  set_shift(shift);
  Response response{channel.input, channel.direct, std::abs(channel.direct)};
  solve(response.x);
  for (std::size_t i = 0; i < response.x.size(); ++i) {
    response.value += channel.output[i] * response.x[i];
    response.size += std::abs(channel.output[i] * response.x[i]);
  }
  return response;
}

std::optional<int> PortSpectrum::fall(const Channel& channel) {
  double shift = std::max(first_shift, 10 * largest_of(poles()));
  std::optional<int> found;
  double last_shift = 0, last_value = 0;
  std::optional<double> last_slope;
  for (int decade = 0; decade < 15; ++decade, shift *= 10) {
    double value = 0;
    try {
      const Response response = respond(shift, channel);
      if (std::abs(response.value) > 1e-10 * response.size) value = std::abs(response.value);
    } catch (const SimulationError&) {  // beyond working precision
    }
    if (value == 0 || !std::isfinite(value)) break;
    if (last_shift > 0) {
      const double slope = -std::log(value / last_value) / std::log(shift / last_shift);
      const double whole = std::nearbyint(slope);
      constexpr double near = 0.02;
      if (last_slope && std::abs(slope - whole) < near && std::abs(*last_slope - whole) < near)
        found = static_cast<int>(whole);  // beyond the values that lie farthest out
      last_slope = slope;
    }
    last_shift = shift;
    last_value = value;
  }
  return found;
}

std::vector<Complex> PortSpectrum::look(double shift, const Channel* channel) {
  std::optional<Response> response;
  if (channel)
    response = respond(shift, *channel);
  else
    set_shift(shift);
  const auto n = static_cast<Eigen::Index>(dynamic_.size());
  Eigen::MatrixXd m(n, n);
  std::vector<double> x(matrix_.size());
  for (Eigen::Index j = 0; j < n; ++j) {
    std::ranges::fill(x, 0.0);
    for (const auto& [row, c] : columns_[static_cast<std::size_t>(j)]) x[row] += c;
    solve(x);
    double factor = 0;
    for (std::size_t i = 0; channel && i < x.size(); ++i) factor += channel->output[i] * x[i];
    if (channel) factor /= response->value;
    for (Eigen::Index i = 0; i < n; ++i) {
      const std::uint32_t unknown = dynamic_[static_cast<std::size_t>(i)];
      const double change = channel ? factor * response->x[unknown] : 0;
      const double difference = x[unknown] - change;
      // What rounding leaves of a zero must not grow when rows and columns are scaled.
      const bool is_zero = std::abs(difference) <= cancelled * (std::abs(x[unknown]) + std::abs(change));
      m(i, j) = is_zero ? 0 : difference;
    }
  }
  const Eigen::VectorXd scale = balance(m);
  m = (scale.cwiseInverse().asDiagonal() * m * scale.asDiagonal()).eval();
  const Eigen::VectorXcd z = nonzero_eigenvalues(m, channel ? 0 : negligible);
  std::vector<Complex> values;
  for (const Complex value : z) {
    const Complex s = shift - 1.0 / value;
    if (std::isfinite(s.real()) && std::isfinite(s.imag()))
      values.emplace_back(s.real(), s.imag() + 0.0);  // no negative zeros
  }
  std::ranges::sort(values, {}, [](Complex s) { return std::abs(s); });
  return values;
}

std::vector<Complex> PortSpectrum::spectrum(const Channel* channel, std::optional<std::size_t> count) {
  double shift = first_shift;
  std::vector<Complex> now = look(shift, channel);
  const auto keep = [&](std::size_t most) { now.resize(std::min(most, now.size())); };
  if (count) keep(*count);
  // Outwards until nothing lies beyond.
  for (int attempt = 0; attempt < 40 && largest_of(now) > shift; ++attempt) {
    shift = 2 * largest_of(now);
    now = look(shift, channel);
    if (count) keep(*count);
  }
  std::size_t left = count.value_or(now.size());
  std::vector<Complex> taken;
  double smallest = infinity;
  for (const Complex pole : poles_.value_or(std::vector<Complex>()))
    if (pole != 0.0) smallest = std::min(smallest, std::abs(pole));
  // Inwards: what is of the size of the shift is exact to nearly all digits.
  constexpr int most_empty = 3;
  for (int empty = 0; left > 0;) {
    keep(left);
    while (!now.empty() && std::abs(now.back()) >= own_size * shift) {
      taken.push_back(now.back());
      smallest = std::min(smallest, std::abs(now.back()));
      now.pop_back();
      --left;
    }
    if (left == 0) break;
    const double largest = largest_of(now);
    const bool hidden = largest < 1e-9 * shift;  // by rounding
    if (now.empty() || (std::isfinite(smallest) && largest < 1e-10 * smallest) ||
        (hidden && ++empty > most_empty)) {
      taken.insert(taken.end(), left, Complex());
      break;
    }
    shift = hidden ? 1e-6 * shift : 2 * largest;
    now = look(shift, channel);
  }
  std::ranges::sort(taken, {}, [](Complex s) { return std::pair(-s.real(), s.imag()); });
  return taken;
}

const std::vector<Complex>& PortSpectrum::poles() {
  if (!poles_) poles_ = dynamic_.empty() ? std::vector<Complex>() : spectrum(nullptr, {});
  return *poles_;
}

std::optional<std::vector<Complex>> PortSpectrum::zeros(const Channel& channel) {
  const std::optional<int> falls = fall(channel);
  if (!falls) return std::nullopt;
  const auto finite = static_cast<std::ptrdiff_t>(poles().size()) - *falls;
  if (finite <= 0) return std::vector<Complex>();
  return spectrum(&channel, static_cast<std::size_t>(finite));
}

}  // namespace memspice
