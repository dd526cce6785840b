#include "network/closed_form.hpp"

#include <fmt/format.h>

#include <Eigen/Core>
#include <algorithm>
#include <cmath>
#include <string>
#include <utility>

#include "network/branch_network.hpp"
#include "network/memristive_flow.hpp"

namespace memspice::network {

namespace {

constexpr double shortest_segment = 1e-13;  // relative to the time: too short for anything to happen

Location place_of_card(const Circuit& circuit) {
  const auto* card = find_card<OmegaCard>(circuit.observers);
  return card ? card->where : Location{};
}

/// A step that resolves the sources: a hundredth of the run, a sixteenth of a period.
double longest_step(const Circuit& circuit, const TransientCard& transient) {
  double longest = transient.stop / 100;
  for (SourceFunction function : circuit.functions) {
    function.resolve(transient.step, transient.stop);
    longest = std::min(longest, function.shortest_period() / 16);
  }
  return longest;
}

}  // namespace

/// f(t, w) and its Jacobian, from the loop equations.
class ClosedForm::Equations : public Drive {
 public:
  Equations(const Circuit& circuit, const TransientCard& transient)
      : circuit_(circuit),
        flow_(circuit, branch_network(circuit, ".omega", place_of_card(circuit))),
        newton_equations_(loop_equations(circuit, flow_.network())),
        functions_(circuit.functions.resolved(transient.step, transient.stop)),
        linear_(size()),
        newton_emf_(flow_.network().branches.size(), 0.0),
        newton_current_(newton_emf_),
        no_driven_(newton_emf_) {}

  [[nodiscard]] std::size_t size() const override { return flow_.size(); }

  /// From now on times belong to the sources' smooth pieces around `inside`.
  void enter_segment(double inside) {
    inside_ = inside;
    determinant_sign_ = 0;
  }

  [[nodiscard]] double next_breakpoint(double t) const {
    double next = infinity;
    for (const auto& function : functions_) next = std::min(next, function.next_breakpoint(t));
    return next;
  }

  bool rates(double t, std::span<const double> w, std::span<double> rates) override {
    if (!solve(t, w)) return false;
    flow_.rates(w, rates);
    return true;
  }

  bool left_continuation() override { return flow_.left_continuation(); }

  [[nodiscard]] double grain(std::size_t k) const override {
    const Memristor& device = flow_.network().memristors[k];
    return std::abs(device.low / device.slope);
  }

  // With g = gain (× R under voltage control) and v' = i dR/dw, the Jacobian is J = diag(a) + diag(g) Z
  // diag(v'), Z = Aᵗ (A R P Aᵗ)⁻¹ A. Eliminating x from (I - γJ) x = b leaves the loop equations of a network
  // with resistances R P - γ g v' / (1 - γa) and EMFs v' b / (1 - γa).
  bool linearise(double t, std::span<const double> w, double gamma, bool keep,
                 const std::vector<bool>& held) override {
    if (!keep) {
      if (!solve(t, w)) return false;
      linear_resistance_.assign(flow_.resistance().begin(), flow_.resistance().end());
      for (std::size_t k = 0; k < size(); ++k) {
        const Memristor& device = flow_.network().memristors[k];
        const double voltage_slope = device.slope * flow_.current()[k];
        Linear& linear = linear_[k];
        linear.voltage_slope = held[k] ? 0 : voltage_slope;
        linear.gain = held[k] ? 0 : device.gain * (device.voltage_control ? linear_resistance_[k] : 1);
        linear.own = held[k] ? 0 : device.alpha - (device.voltage_control ? device.gain * voltage_slope : 0);
      }
    }
    gamma_ = gamma;
    std::vector<double> resistance = linear_resistance_;
    for (std::size_t k = 0; k < size(); ++k) {
      const double own = 1 - gamma * linear_[k].own;
      if (std::abs(own) < 1e-6) return false;
      resistance[k] -= gamma * linear_[k].gain * linear_[k].voltage_slope / own;
    }
    return newton_equations_.factor(resistance);
  }

  void newton_solve(std::span<double> x) override {
    for (std::size_t k = 0; k < size(); ++k)
      newton_emf_[k] = linear_[k].voltage_slope * x[k] / (1 - gamma_ * linear_[k].own);
    newton_equations_.solve(newton_emf_, no_driven_, newton_current_);
    for (std::size_t k = 0; k < size(); ++k)
      x[k] = (x[k] + gamma_ * linear_[k].gain * newton_current_[k]) / (1 - gamma_ * linear_[k].own);
  }

  /// False where the network has no solution.
  bool solve(double t, std::span<const double> w) {
    flow_.set_sources([&](const BranchNetwork::SourceBranch& source) {
      return source.function == Source::constant ? source.dc : functions_[source.function].value(t, inside_);
    });
    if (!flow_.solve(w)) return false;
    if (determinant_sign_ == 0) determinant_sign_ = flow_.determinant_sign();
    return flow_.determinant_sign() == determinant_sign_;
  }

  [[nodiscard]] std::span<const double> currents() const { return flow_.current(); }
  [[nodiscard]] const BranchNetwork& network() const { return flow_.network(); }
  [[nodiscard]] std::string name(std::size_t branch) const {
    return circuit_.element_names[network().names[branch]];
  }

 private:
  struct Linear {
    double own = 0;            // a, 1/s
    double gain = 0;           // g: rate per negative current, 1/(A s)
    double voltage_slope = 0;  // v', V
  };

  const Circuit& circuit_;
  MemristiveFlow flow_;
  LoopEquations newton_equations_;
  std::vector<SourceFunction> functions_;
  std::vector<Linear> linear_;  // where the Jacobian was last taken, as are the resistances
  std::vector<double> linear_resistance_;
  std::vector<double> newton_emf_;
  std::vector<double> newton_current_;
  std::vector<double> no_driven_;
  double gamma_ = 0;
  double inside_ = 0;
  int determinant_sign_ = 0;  // 0: not known yet in this segment
};

ClosedForm::ClosedForm(const Circuit& circuit, const TransientCard& transient, double tolerance)
    : equations_(std::make_unique<Equations>(circuit, transient)),
      flow_(*equations_, tolerance, longest_step(circuit, transient)),
      stop_(transient.stop) {}

ClosedForm::~ClosedForm() = default;

const std::vector<std::uint32_t>& ClosedForm::memristors() const {
  return equations_->network().memristor_names;
}

void ClosedForm::start(double t, std::span<const double> w0) {
  flow_.start(t, w0);
  segment_end_ = t;
}

void ClosedForm::next_segment() {
  const double begin = segment_end_;
  double end = std::min(equations_->next_breakpoint(begin), stop_);
  while (end < stop_ && end - begin <= shortest_segment * std::abs(end))
    end = std::min(equations_->next_breakpoint(end), stop_);
  segment_end_ = end;
  equations_->enter_segment(0.5 * (begin + end));
  flow_.begin_segment(end);
}

void ClosedForm::advance(double t) {
  try {
    while (segment_end_ < t) {
      flow_.advance(segment_end_);
      next_segment();
    }
    flow_.advance(t);
  } catch (const IntegrationError& error) {
    fail(error);
  }
}

std::span<const double> ClosedForm::states() const {
  return flow_.states();
}

std::vector<double> ClosedForm::currents() const {
  equations_->solve(flow_.time(), flow_.states());
  const auto all = equations_->currents();
  return {all.begin(), all.begin() + static_cast<std::ptrdiff_t>(equations_->size())};
}

ProjectedFlow::Statistics ClosedForm::statistics() const {
  return flow_.statistics();
}

void ClosedForm::fail(const IntegrationError& error) const {
  const auto current = equations_->currents();
  const auto& network = equations_->network();
  const bool solved = std::ranges::any_of(current, [](double i) { return i != 0; });
  // Sources carry the currents of what they are in series with: they would only repeat it. Where there never
  // was a solution, the negative resistances are the ones to look at.
  std::vector<std::size_t> order;
  for (std::size_t k = 0; k < current.size(); ++k) {
    if (network.kinds[k] == BranchKind::resistive && (solved || network.resistance[k] < 0))
      order.push_back(k);
  }
  const auto shown = std::min<std::size_t>(3, order.size());
  std::ranges::partial_sort(order, order.begin() + static_cast<std::ptrdiff_t>(shown), std::ranges::greater{},
                            [&](std::size_t k) { return std::abs(current[k]); });
  std::string elements = solved ? "largest currents: " : "negative resistances: ";
  for (std::size_t n = 0; n < shown; ++n) {
    elements += fmt::format("{}'{}'", n == 0 ? "" : ", ", equations_->name(order[n]));
    if (solved) elements += fmt::format(" {:.3g} A", current[order[n]]);
  }
  const bool mixed = network.has_negative_resistance;
  throw SimulationError(fmt::format(
      ".omega: the closed form cannot be integrated past t = {:.6g} s: {}; {}{}; try {}", error.time,
      error.what(),
      mixed ? "positive and negative resistances cancel in a loop and the network ceases to have a solution; "
            : "",
      elements,
      mixed ? "a stop time before this one, fewer active elements, or a resistor in series with them"
            : "a stop time before this one, and check the sources and resistances of these elements"));
}

}  // namespace memspice::network
