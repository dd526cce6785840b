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

/// A model whose unknowns are eliminated cheaper than those of any other has a block of its own,
/// `Model::Block`, and makes it itself: `bool linearise(x, c, block) const`. Such a block has its
/// `conductance`, row by row; `driven(b)`, the currents that a right side of the inner equations makes; and
/// `unknowns(b, voltage)`, the solution.
template <class Model>
concept HasOwnBlock = requires {
  typename Model::Block;
};

template <class Model>
struct BlockOf {
  using Type = LocalBlock<Model::branches, Model::unknowns.size()>;
};
template <HasOwnBlock Model>
struct BlockOf<Model> {
  using Type = typename Model::Block;
};

/// The middle layer of a ModelPopulation, its linearisation: a block an instance, from which the internal
/// unknowns are eliminated, and what the solution of linear systems needs of them.
template <class Model>
class CondensedPopulation : public BoundedPopulation<Model> {
  using Bounded = BoundedPopulation<Model>;

 public:
  using Bounded::wiring;

  void assemble(const std::uint32_t* slots, double* values) const override {
    for (const Block& block : blocks_) {
      if constexpr (nb == 1) {
        const double g = block.conductance[0];
        values[slots[0]] += g;
        values[slots[1]] -= g;
        values[slots[2]] -= g;
        values[slots[3]] += g;
        slots += 4;
      } else {
        for (std::uint32_t pairs = *slots++; pairs > 0; --pairs, slots += 2) {
          const double g = block.conductance[slots[0] / 2];
          values[slots[1]] += slots[0] % 2 == 0 ? g : -g;
        }
      }
    }
  }

  void condense(const double* b, double* rhs) const override {
    if constexpr (nu > 0) {
      const bool minus_is_ground = wiring.minus_is_ground;
      for (std::size_t k = 0; k < blocks_.size(); ++k) {
        const auto current = driven_currents(k, b + wiring.first_unknown + k * nu);
        for (int i = 0; i < nb; ++i) {
          rhs[wiring.plus[k * nb + i]] -= current[i];
          if (!minus_is_ground) rhs[wiring.minus[k * nb + i]] += current[i];
        }
      }
    }
  }

  void recover(const double* b, double* x, double scale) const override {
    if constexpr (nu > 0) {
      for (std::size_t k = 0; k < blocks_.size(); ++k) {
        std::array<double, nb> voltage;
        for (int i = 0; i < nb; ++i) voltage[i] = x[wiring.plus[k * nb + i]] - x[wiring.minus[k * nb + i]];
        const auto local = solution(k, b + wiring.first_unknown + k * nu, voltage);
        double* out = x + wiring.first_unknown + k * nu;
        // What is held is exact whatever the step: scaling would pull the state off its bound.
        for (int j = 0; j < nu; ++j) out[j] = is_held(k, j) ? local[j] : scale * local[j];
      }
    }
  }

  void keep_linearisation() override {
    blocks_.swap(kept_);
    blocks_.resize(kept_.size());
  }
  void return_to_linearisation() override { blocks_.swap(kept_); }

  void condense_tap(std::uint32_t instance, const double* by_unknown, double* by_voltage) const override {
    if constexpr (nu > 0) {
      constexpr std::array<double, nu> nothing{};
      for (int b = 0; b < nb; ++b) {
        std::array<double, nb> voltage{};
        voltage[b] = 1;
        const auto local = free_solution(blocks_[instance], nothing.data(), voltage);
        for (int j = 0; j < nu; ++j) by_voltage[b] += by_unknown[j] * local[j];
      }
    }
  }

  double tap_response(std::uint32_t instance, const double* by_unknown, const double* b) const override {
    double sum = 0;
    if constexpr (nu > 0) {
      const auto local = solution(instance, b + wiring.first_unknown + instance * nu, {});
      for (int j = 0; j < nu; ++j) sum += by_unknown[j] * local[j];
    }
    return sum;
  }

  double conductance(std::size_t instance) const override {
    if constexpr (HasOwnBlock<Model>)
      return 0;  // all of its current follows from what is inside
    else
      return blocks_[instance].held;
  }

 protected:
  static constexpr int nb = Model::branches;
  using Bounded::is_held;
  using Bounded::nu;

  using Block = typename BlockOf<Model>::Type;

  explicit CondensedPopulation(std::size_t count) : Bounded(count), blocks_(count) {}

  [[nodiscard]] Block& block(std::size_t k) { return blocks_[k]; }

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
  using Bounded::kappa;

  /// The unknowns of a block for a right side and voltages between the ends of the branches.
  static std::array<double, nu> free_solution(const Block& block, const double* b,
                                              const std::array<double, nb>& voltage) {
    if constexpr (HasOwnBlock<Model>) {
      return block.unknowns(b, voltage);
    } else {
      std::array<double, nu> local = block.solve(b);
      for (int j = 0; j < nu; ++j)
        for (int i = 0; i < nb; ++i) local[j] -= block.response[j * nb + i] * voltage[i];
      return local;
    }
  }

  /// Those of instance k; a held state is b/κ, whatever was linearised: the factorised matrix may be older
  /// than the active set.
  std::array<double, nu> solution(std::size_t k, const double* b,
                                  const std::array<double, nb>& voltage) const {
    std::array<double, nu> local = free_solution(blocks_[k], b, voltage);
    for (int j = 0; j < nu; ++j)
      if (is_held(k, j)) local[j] = b[j] / kappa();
    return local;
  }

  /// The currents that a right side makes in the branches of instance k while the voltages stay.
  std::array<double, nb> driven_currents(std::size_t k, const double* b) const {
    const Block& block = blocks_[k];
    if constexpr (HasOwnBlock<Model>) {
      return block.driven(b);
    } else {
      const auto local = solution(k, b, {});
      std::array<double, nb> current{};
      for (int i = 0; i < nb; ++i)
        for (int j = 0; j < nu; ++j) current[i] += block.flow[i * nu + j] * local[j];
      return current;
    }
  }

  std::vector<Block> blocks_;
  std::vector<Block> kept_;
};

}  // namespace memspice
