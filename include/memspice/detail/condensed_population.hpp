#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "memspice/detail/bounded_population.hpp"
#include "memspice/detail/local_block.hpp"
#include "memspice/detail/population.hpp"
#include "memspice/device.hpp"

namespace memspice {

template <int N>
struct Dual;  // model.hpp
template <class Model, class Real>
struct Equations;  // model.hpp

/// The middle layer of a ModelPopulation, its linearisation: a block an instance, from which the internal
/// unknowns are eliminated, and what the solution of linear systems needs of them.
template <class Model>
class CondensedPopulation : public BoundedPopulation<Model> {
  using Bounded = BoundedPopulation<Model>;

 public:
  using Bounded::wiring;

  void assemble(const std::uint32_t* slots, double* values) const override {
    for (const Block& block : blocks_) {
      for (const double g : block.conductance) {
        values[slots[0]] += g;
        values[slots[1]] -= g;
        values[slots[2]] -= g;
        values[slots[3]] += g;
        slots += 4;
      }
    }
  }

  void condense(const double* b, double* rhs) const override {
    if constexpr (nu > 0) {
      const bool minus_is_ground = wiring.minus_is_ground;
      for (std::size_t k = 0; k < blocks_.size(); ++k) {
        const Block& block = blocks_[k];
        const auto local = local_solution(block, b + wiring.first_unknown + k * nu, k);
        for (int i = 0; i < nb; ++i) {
          double current = 0;
          for (int j = 0; j < nu; ++j) current += block.flow[i * nu + j] * local[j];
          rhs[wiring.plus[k * nb + i]] -= current;
          if (!minus_is_ground) rhs[wiring.minus[k * nb + i]] += current;
        }
      }
    }
  }

  void recover(const double* b, double* x, double scale) const override {
    if constexpr (nu > 0) {
      for (std::size_t k = 0; k < blocks_.size(); ++k) {
        const Block& block = blocks_[k];
        auto local = local_solution(block, b + wiring.first_unknown + k * nu, k);
        double* out = x + wiring.first_unknown + k * nu;
        for (int j = 0; j < nu; ++j) {
          if (is_held(k, j)) {
            out[j] = local[j];  // exact whatever the step: scaling would pull the state off its bound
            continue;
          }
          for (int i = 0; i < nb; ++i) {
            const double voltage = x[wiring.plus[k * nb + i]] - x[wiring.minus[k * nb + i]];
            local[j] -= block.response[j * nb + i] * voltage;
          }
          out[j] = scale * local[j];
        }
      }
    }
  }

  void keep_linearisation() override { kept_ = blocks_; }
  void return_to_linearisation() override { blocks_ = kept_; }

  void condense_tap(std::uint32_t instance, const double* by_unknown, double* by_voltage) const override {
    const Block& block = blocks_[instance];
    for (int b = 0; b < nb; ++b)
      for (int j = 0; j < nu; ++j) by_voltage[b] -= by_unknown[j] * block.response[j * nb + b];
  }

  double tap_response(std::uint32_t instance, const double* by_unknown, const double* b) const override {
    double sum = 0;
    if constexpr (nu > 0) {
      const auto local =
          local_solution(blocks_[instance], b + wiring.first_unknown + instance * nu, instance);
      for (int j = 0; j < nu; ++j) sum += by_unknown[j] * local[j];
    }
    return sum;
  }

  double conductance(std::size_t instance) const override { return blocks_[instance].held; }

 protected:
  static constexpr int nb = Model::branches;
  using Bounded::is_held;
  using Bounded::nu;

  explicit CondensedPopulation(std::size_t count) : Bounded(count), blocks_(count) {}

  /// Makes the block of instance k from its equations, differentiated by branch voltages and unknowns; `c` as
  /// in linearise(). False when it is singular.
  bool condense_block(const EvaluationPoint& at, std::size_t k, double c,
                      const Equations<Model, Dual<nb + nu>>& f) {
    Block& block = blocks_[k];
    for (int i = 0; i < nb; ++i) {
      for (int j = 0; j < nb; ++j) block.conductance[i * nb + j] = f.current[i].derivative[j];
      for (int j = 0; j < nu; ++j) block.flow[i * nu + j] = f.current[i].derivative[nb + j];
    }
    block.held = block.conductance[0];
    if constexpr (nu == 0) return true;
    std::array<double, nu * nu> d{};
    std::array<double, nu * nb> e{};
    for (int j = 0; j < nu; ++j) {
      const bool state = Model::unknowns[j].kind == UnknownKind::state;
      if (state && (at.hold_states || is_held(k, j))) {
        d[j * nu + j] = at.hold_states ? 1.0 : at.kappa;
        continue;
      }
      const double sign = state ? -1.0 : 1.0;
      for (int i = 0; i < nb; ++i) e[j * nb + i] = sign * f.unknown[j].derivative[i];
      for (int i = 0; i < nu; ++i) d[j * nu + i] = sign * f.unknown[j].derivative[nb + i];
      if (state) d[j * nu + j] += c;
    }
    return block.eliminate(d, e);
  }

 private:
  using Block = LocalBlock<nb, nu>;
  using Bounded::kappa;

  /// d⁻¹ b; for a held state b/κ, whatever was linearised: the factorised matrix may be older than the active
  /// set.
  std::array<double, nu> local_solution(const Block& block, const double* b, std::size_t k) const {
    std::array<double, nu> local = block.solve(b);
    for (int j = 0; j < nu; ++j)
      if (is_held(k, j)) local[j] = b[j] / kappa();
    return local;
  }

  std::vector<Block> blocks_;
  std::vector<Block> kept_;
};

}  // namespace memspice
