#include "network/flow/flux_pass.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace memspice::network {

namespace {

constexpr std::size_t block = FluxLanes::count;
constexpr std::size_t memristors_at_once = 64 * block, rows_at_once = 32768;  // by one of a team
constexpr std::size_t K = FluxPass::K, D = FluxPass::D;

}  // namespace

FluxPass::FluxPass(const FlowNetwork& network, double accuracy, Team& team)
    : network_(network), accuracy_(accuracy), team_(team) {}

void FluxPass::allocate() {
  const FlowEnds& ends = network_.memristors;
  end_.resize(ends.size());
  conductance_.resize(ends.size());
  met_.resize(ends.size());
  tail_.resize(ends.size() * (D - K));
  jacobian_.resize(ends.size() * K * K);
  if (team_.size() == 1) return;
  std::vector<std::uint32_t>& begin = by_row_.begin;
  begin.assign(network_.rows + 1, 0);
  for (std::size_t k = 0; k < ends.size(); ++k) {
    ++begin[ends.plus[k]];
    ++begin[ends.minus[k]];
  }
  std::exclusive_scan(begin.begin(), begin.end(), begin.begin(), 0U);
  by_row_.end.resize(2 * ends.size());
  for (std::uint32_t k = 0; k < ends.size(); ++k) {
    by_row_.end[begin[ends.plus[k]]++] = 2 * k;
    by_row_.end[begin[ends.minus[k]]++] = 2 * k + 1;
  }
  std::shift_right(begin.begin(), begin.end(), 1);  // each place has moved to the next row's
  begin.front() = 0;
  by_row_.next.resize(network_.rows);
  // Some at a time take less memory, each time all rows are gone through.
  constexpr std::size_t times = 8;
  const std::size_t parts = (end_.size() + memristors_at_once - 1) / memristors_at_once;
  by_row_.moment.resize((parts + times - 1) / times * memristors_at_once * K);
}

/// Calls visit(memristor, sign) for all memristors at a row; the sign is that of what leaves through them.
template <class Visit>
void FluxPass::for_each_end(std::size_t row, const Visit& visit) const {
  for (std::uint32_t i = by_row_.begin[row]; i < by_row_.begin[row + 1]; ++i)
    visit(by_row_.end[i] / 2, by_row_.end[i] % 2 == 0 ? 1.0 : -1.0);
}

void FluxPass::evaluate(double h, std::span<const double> begin, const Sources& sources,
                        std::span<const double> potential, Wanted wanted, std::span<double> residual) {
  const bool alone = team_.size() == 1;
  std::ranges::fill(residual, 0.0);
  if (!alone) std::copy(by_row_.begin.begin(), by_row_.begin.end() - 1, by_row_.next.begin());
  const std::size_t stretch = alone ? end_.size() : by_row_.moment.size() / K;
  for (std::size_t start = 0; start < end_.size(); start += stretch) {
    const std::size_t count = std::min(stretch, end_.size() - start);
    team_.share_ranges(count, memristors_at_once, [&](std::size_t from, std::size_t to) {
      static thread_local FluxLanes b;
      for (std::size_t first = start + from; first < start + to; first += block) {
        gather(first, h, begin, sources, potential, b);
        if (!b.mixed) b.integrate(wanted);
        correct(first, h, b);
        store(first, b, wanted, start);
        if (alone) scatter(first, b, residual);
      }
    });
    if (!alone) collect(start, start + count, residual);
  }
  add_resistors(sources, potential, residual);
  std::fill_n(residual.begin(), K, 0.0);
}

/// Subtracts from the rows what leaves through the memristors `from` … `to` - 1.
void FluxPass::collect(std::size_t from, std::size_t to, std::span<double> residual) {
  team_.share_ranges(network_.rows, rows_at_once, [&](std::size_t first, std::size_t last) {
    for (std::size_t row = first; row < last; ++row) {
      std::uint32_t& i = by_row_.next[row];
      for (; i < by_row_.begin[row + 1] && by_row_.end[i] / 2 < to; ++i) {
        const double* moment = by_row_.moment.data() + (by_row_.end[i] / 2 - from) * K;
        const double sign = by_row_.end[i] % 2 == 0 ? 1 : -1;
        for (std::size_t j = 0; j < K; ++j) residual[row * K + j] -= sign * moment[j];
      }
    }
  });
}

void FluxPass::gather(std::size_t first, double h, std::span<const double> begin, const Sources& sources,
                      std::span<const double> potential, FluxLanes& b) const {
  b.used = std::min(block, end_.size() - first);
  b.voltage_control = network_.law(first).voltage_control;
  b.accuracy = accuracy_;
  b.mixed = false;
  b.largest_drift = 0;
  for (std::size_t e = 0; e < block; ++e) {
    const std::size_t k = first + std::min(e, b.used - 1);
    b.begin[e] = begin[k];
    const FluxLaw& law = network_.law(k);
    b.excess[e] = law.excess;
    b.gain[e] = law.gain * h;
    b.drive[e] = law.alpha * h;
    b.conductance[e] = law.conductance;
    b.mixed |= law.voltage_control != b.voltage_control;
    b.largest_drift = std::max(b.largest_drift, std::abs(b.drive[e]));
    Sources::Coefficients v{};
    Sources::add(network_.memristor_emf, k, sources.coefficients(), v);
    const double* plus = potential.data() + std::size_t{network_.memristors.plus[k]} * K;
    const double* minus = potential.data() + std::size_t{network_.memristors.minus[k]} * K;
    for (std::size_t j = 0; j < K; ++j) v[j] += plus[j] - minus[j];
    for (std::size_t j = 0; j < D; ++j) b.voltage[j][e] = v[j];
  }
  b.mixed |= b.largest_drift > FluxLanes::small_drift;
}

/// Whether a memristor stays at its bound all along: it is a resistor then.
bool FluxPass::hold(const FluxLanes& b, std::size_t e, FluxMoments<K, D>& moments) const {
  const std::int8_t bound = b.held(e);
  if (bound == 0) return false;
  const double g = b.conductance[e] / (bound < 0 ? 1 : 1 + b.excess[e]);
  moments = {};
  for (std::size_t j = 0; j < D; ++j)
    moments.current[j] = g * b.voltage[j][e] / static_cast<double>(2 * j + 1);
  for (std::size_t j = 0; j < K; ++j) moments.jacobian[j][j] = g;
  moments.conductance = std::abs(g);
  moments.end = b.begin[e];
  moments.met = bound;
  return true;
}

/// Those that may meet a bound, one by one.
void FluxPass::correct(std::size_t first, double h, FluxLanes& b) const {
  b.met.fill(0);
  for (std::size_t e = 0; e < b.used; ++e) {
    if (!b.mixed && b.room[e] > 0) continue;
    FluxMoments<K, D> moments;
    if (b.mixed || !hold(b, e, moments)) {
      std::array<double, D> voltage{};
      for (std::size_t j = 0; j < D; ++j) voltage[j] = b.voltage[j][e];
      moments = FluxStep<Q>(network_.law(first + e), h, voltage.data()).integrate(b.begin[e]);
    }
    b.end[e] = moments.end;
    b.met[e] = moments.met;
    b.mean[e] = moments.conductance;
    for (std::size_t j = 0; j < D; ++j) b.current[j][e] = moments.current[j];
    for (std::size_t j = 0; j < K; ++j) {
      for (std::size_t l = 0; l < K; ++l) b.jacobian[j * K + l][e] = moments.jacobian[j][l];
    }
  }
}

void FluxPass::store(std::size_t first, const FluxLanes& b, Wanted wanted, std::size_t of_moments) {
  for (std::size_t e = 0; e < b.used; ++e) {
    const std::size_t k = first + e;
    end_[k] = b.end[e];
    conductance_[k] = b.mean[e];
    met_[k] = b.met[e];
    for (std::size_t j = K; j < D; ++j)
      tail_[k * (D - K) + j - K] = static_cast<float>(static_cast<double>(2 * j + 1) * b.current[j][e]);
    if (wanted == Wanted::jacobian) {
      float* jacobian = jacobian_.data() + k * K * K;
      for (std::size_t i = 0; i < K * K; ++i) jacobian[i] = static_cast<float>(b.jacobian[i][e]);
    }
    if (!by_row_.moment.empty()) {
      for (std::size_t j = 0; j < K; ++j)
        by_row_.moment[(k - of_moments) * K + j] = static_cast<double>(2 * j + 1) * b.current[j][e];
    }
  }
}

void FluxPass::scatter(std::size_t first, const FluxLanes& b, std::span<double> residual) {
  for (std::size_t e = 0; e < b.used; ++e) {
    const std::size_t k = first + e;
    double* plus = residual.data() + std::size_t{network_.memristors.plus[k]} * K;
    double* minus = residual.data() + std::size_t{network_.memristors.minus[k]} * K;
    for (std::size_t j = 0; j < K; ++j) {
      const double moment = static_cast<double>(2 * j + 1) * b.current[j][e];
      plus[j] -= moment;
      minus[j] += moment;
    }
  }
}

void FluxPass::add_resistors(const Sources& sources, std::span<const double> potential,
                             std::span<double> residual) const {
  const auto leave = [&](const FlowEnds& ends, std::size_t k, std::size_t j, double current) {
    residual[std::size_t{ends.plus[k]} * K + j] -= current;
    residual[std::size_t{ends.minus[k]} * K + j] += current;
  };
  for (std::size_t k = 0; k < network_.resistors.size(); ++k) {
    Sources::Coefficients v{};
    Sources::add(network_.resistor_emf, k, sources.coefficients(), v);
    const double* plus = potential.data() + std::size_t{network_.resistors.plus[k]} * K;
    const double* minus = potential.data() + std::size_t{network_.resistors.minus[k]} * K;
    for (std::size_t j = 0; j < K; ++j)
      leave(network_.resistors, k, j, network_.resistor_conductance[k] * (v[j] + plus[j] - minus[j]));
  }
  for (std::size_t k = 0; k < network_.injections.size(); ++k) {
    Sources::Coefficients i{};
    Sources::add(network_.injected, k, sources.coefficients(), i);
    for (std::size_t j = 0; j < K; ++j) leave(network_.injections, k, j, i[j]);
  }
}

void FluxPass::tail(const Sources& sources, std::span<double> residual) const {
  std::ranges::fill(residual, 0.0);
  const auto leave = [&](const FlowEnds& ends, std::size_t k, std::size_t j, double current) {
    residual[std::size_t{ends.plus[k]} * K + j] -= current;
    residual[std::size_t{ends.minus[k]} * K + j] += current;
  };
  if (team_.size() == 1) {
    for (std::size_t k = 0; k < end_.size(); ++k)
      for (std::size_t j = 0; j < D - K; ++j) leave(network_.memristors, k, j, tail_[k * (D - K) + j]);
  } else {
    team_.share_ranges(network_.rows, rows_at_once, [&](std::size_t from, std::size_t to) {
      for (std::size_t row = from; row < to; ++row)
        for_each_end(row, [&](std::size_t k, double sign) {
          for (std::size_t j = 0; j < D - K; ++j)
            residual[row * K + j] -= sign * double{tail_[k * (D - K) + j]};
        });
    });
  }
  for (std::size_t k = 0; k < network_.resistors.size(); ++k) {
    Sources::Coefficients v{};
    Sources::add(network_.resistor_emf, k, sources.coefficients(), v);
    for (std::size_t j = K; j < D; ++j)
      leave(network_.resistors, k, j - K, network_.resistor_conductance[k] * v[j]);
  }
  for (std::size_t k = 0; k < network_.injections.size(); ++k) {
    Sources::Coefficients i{};
    Sources::add(network_.injected, k, sources.coefficients(), i);
    for (std::size_t j = K; j < D; ++j) leave(network_.injections, k, j - K, i[j]);
  }
  std::fill_n(residual.begin(), K, 0.0);
}

void FluxPass::multiply(std::span<const double> change, std::span<double> leaving) const {
  const auto current_of = [&](std::size_t k) {
    const double* plus = change.data() + std::size_t{network_.memristors.plus[k]} * K;
    const double* minus = change.data() + std::size_t{network_.memristors.minus[k]} * K;
    const float* jacobian = jacobian_.data() + k * K * K;
    std::array<double, K> difference{}, current{};
    for (std::size_t j = 0; j < K; ++j) difference[j] = plus[j] - minus[j];
    for (std::size_t j = 0; j < K; ++j)
      for (std::size_t l = 0; l < K; ++l) current[j] += double(jacobian[j * K + l]) * difference[l];
    return current;
  };
  const auto leave = [&](const FlowEnds& ends, std::size_t k, const std::array<double, K>& current) {
    double* plus = leaving.data() + std::size_t{ends.plus[k]} * K;
    double* minus = leaving.data() + std::size_t{ends.minus[k]} * K;
    for (std::size_t j = 0; j < K; ++j) plus[j] += current[j];
    for (std::size_t j = 0; j < K; ++j) minus[j] -= current[j];
  };
  if (team_.size() == 1) {
    std::ranges::fill(leaving, 0.0);
    for (std::size_t k = 0; k < end_.size(); ++k) leave(network_.memristors, k, current_of(k));
  } else {
    team_.share_ranges(network_.rows, rows_at_once, [&](std::size_t from, std::size_t to) {
      for (std::size_t row = from; row < to; ++row) {
        std::array<double, K> sum{};
        for_each_end(row, [&](std::size_t k, double sign) {
          const std::array<double, K> current = current_of(k);
          for (std::size_t j = 0; j < K; ++j) sum[j] += sign * current[j];
        });
        std::ranges::copy(sum, leaving.begin() + static_cast<std::ptrdiff_t>(row * K));
      }
    });
  }
  for (std::size_t k = 0; k < network_.resistors.size(); ++k) {
    const double* plus = change.data() + std::size_t{network_.resistors.plus[k]} * K;
    const double* minus = change.data() + std::size_t{network_.resistors.minus[k]} * K;
    std::array<double, K> current{};
    for (std::size_t j = 0; j < K; ++j) current[j] = network_.resistor_conductance[k] * (plus[j] - minus[j]);
    leave(network_.resistors, k, current);
  }
  std::fill_n(leaving.begin(), K, 0.0);
}

double FluxPass::effect(double h, std::span<const double> change, std::size_t first) const {
  std::vector<double> largest((end_.size() + memristors_at_once - 1) / memristors_at_once, 0.0);
  team_.share_ranges(end_.size(), memristors_at_once, [&](std::size_t from, std::size_t to) {
    double most = 0;
    for (std::size_t k = from; k < to; ++k) {
      const double* plus = change.data() + std::size_t{network_.memristors.plus[k]} * K;
      const double* minus = change.data() + std::size_t{network_.memristors.minus[k]} * K;
      double sum = 0;
      for (std::size_t j = first; j < K; ++j) sum += std::abs(plus[j] - minus[j]);
      // An error of X that is made where R̂ is large grows when the device comes back: (dw/dX)^½, not dw/dX.
      const FluxLaw& law = network_.law(k);
      const double weight = law.voltage_control ? 1 : std::sqrt(conductance_[k] / std::abs(law.conductance));
      most = std::max(most, sum * weight * std::abs(law.gain));
    }
    largest[from / memristors_at_once] = most;
  });
  double most = 0;
  for (const double effect : largest) most = std::max(most, effect);
  return most * h;
}

}  // namespace memspice::network
