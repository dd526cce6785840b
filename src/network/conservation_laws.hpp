#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "base/archive.hpp"
#include "memspice/circuit.hpp"
#include "network/branch_network.hpp"

namespace memspice::network {

/// What a memristive network conserves along its trajectory (theory.md, "conserved quantities"; Caravelli
/// (2017), Eqs 14 and 27, corrected and made exact for every ξ, α and device).
///
/// A memristor's state tells the charge and the flux that have passed through it since the start, up to
/// integrals over the decay: with i = (α w - dw/dt)/g under current control, g = J Ron/β,
///
///     ∫i dt = (∫α w dt - (w - w₀)) / g,   ∫v dt = (∫α w R dt - (R̃(w) - R̃(w₀))) / g,   R̃' = R P
///
/// and under voltage control from v = (α w - dw/dt)/g, g = J/β. Kirchhoff's laws integrated over
/// time then tie the states together: KCL at every node of the graph whose resistors and voltage sources are
/// contracted (the KCL memory), KVL around every loop of memristors and voltage sources (the flux law). A
/// state at a bound no longer tells what passes: it voids the laws it takes part in for good.
class ConservationLaws {
 public:
  struct Law {
    std::size_t laws = 0;  // nodes or loops watched
    /// The largest error of a law, as a part of what its memristors pass on their way from 0 to 1.
    double drift = 0;                   // at the last time, of the laws that still hold
    double largest_drift = 0;           // ever, while they held
    std::optional<double> valid_until;  // s: when the first law was voided
  };

  /// Sources follow the transient's step and stop where the deck left their times open.
  ConservationLaws(const Circuit& circuit, BranchNetwork network, const TransientCard& transient);

  [[nodiscard]] const BranchNetwork& network() const { return network_; }
  /// A smooth segment of the sources begins at t. `w` and `rates` (1/s): one a memristor, just behind t.
  void begin_segment(double t, double end, std::span<const double> w, std::span<const double> rates);
  /// Later in the segment; `held[k]` says that state k is held at a bound.
  void advance(double t, std::span<const double> w, std::span<const double> rates,
               const std::vector<bool>& held);

  /// What has passed so far, written or read, between segments.
  void exchange(Archive& archive);

  [[nodiscard]] const Law& kcl_memory() const { return kcl_.state; }
  [[nodiscard]] const Law& flux() const { return flux_.state; }

 private:
  struct Term {
    std::uint32_t index = 0;  // of a memristor or of a source of the network
    double sign = 1;
  };
  struct Laws {
    struct One {
      std::vector<Term> memristors;
      std::vector<Term> sources;
      double scale = 0;  // A s or V s
      bool valid = true;
    };
    std::vector<One> all;
    Law state;
  };
  /// Values of the integrands over the decay, and their derivatives, at the last time.
  struct Decay {
    double charge = 0, charge_slope = 0, charge_integral = 0;
    double flux = 0, flux_slope = 0, flux_integral = 0;
  };

  void find_node_laws();
  void find_loop_laws();
  void finish(Laws& laws, bool charge);
  [[nodiscard]] static Decay decay(const Memristor& device, double w, double rate);
  void check(Laws& laws, double t, std::span<const double> passed, const std::vector<bool>& held);

  BranchNetwork network_;
  std::vector<SourceFunction> functions_;
  Laws kcl_, flux_;
  std::vector<double> start_;  // w₀
  std::vector<Decay> decay_;
  std::vector<double> source_integral_;  // V s or A s
  std::vector<double> charge_, flux_passed_;
  double time_ = 0;
  double inside_ = 0;
};

}  // namespace memspice::network
