#include "analysis/equilibria/fixed_point.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "analysis/types/analysis_run.hpp"
#include "analysis/types/analysis_type.hpp"
#include "netlist/cards/card_options.hpp"

namespace memspice {

namespace {

/// One search. The system is in its equilibrium mode.
class Search {
 public:
  Search(EquationSystem& system, double t, double tolerance)
      : system_(system), t_(t), tolerance_(tolerance), residual_(system.size()) {}

  /// Largest |dw/dt| of the states, 1/s, at a bound only what leads inside.
  double largest_rate(const Solution& at, std::size_t* which = nullptr) {
    system_.points().set_static_kappa(
        1e30);  // every state is free but those at a bound with an outward drive
    if (!system_.residual(t_, at.y.data(), at.derivative.data(), 1e30, residual_.data())) return infinity;
    double largest = 0;
    for (std::size_t i = system_.unknowns().rows(); i < residual_.size(); ++i) {
      if (std::abs(residual_[i]) <= largest) continue;
      largest = std::abs(residual_[i]);
      if (which != nullptr) *which = i;
    }
    return largest;
  }

  bool newton(Solution& at, double rate_scale) {
    system_.points().set_static_kappa(std::max(10 * rate_scale, 1e-30));
    return solve_newton(system_, t_, 0, at, 100) > 0 && accept(at);
  }

  bool pseudo_transient(Solution& at, double rate_scale) {
    double step = 0.1 / std::max(rate_scale, 1e-30);
    for (int count = 0; count < 400; ++count) {
      Solution next = at;
      std::ranges::fill(next.derivative, 0.0);
      if (solve_newton(system_, t_, 1 / step, next) == 0) {
        step /= 4;
        if (step * rate_scale < 1e-12) return false;
        continue;
      }
      at = std::move(next);
      std::ranges::fill(at.derivative, 0.0);
      step *= 1.5;
      if (step * rate_scale > 1e12 || largest_rate(at) <= tolerance_ * rate_scale) break;
    }
    Solution polished = at;
    if (newton(polished, rate_scale) && std::ranges::equal(held(polished), held(at))) at = polished;
    return accept(at) && largest_rate(at) <= tolerance_ * rate_scale;
  }

 private:
  std::vector<std::size_t> held(const Solution& at) {
    largest_rate(at);
    return system_.unknowns().held();
  }

  /// States exactly inside their bounds.
  bool accept(Solution& at) {
    clamp_states(system_, at);
    return std::ranges::all_of(at.y, [](double value) { return std::isfinite(value); });
  }

  EquationSystem& system_;
  double t_;
  double tolerance_;
  std::vector<double> residual_;
};

}  // namespace

FixedPointReport find_fixed_point(const Circuit& circuit, const FixedPointCard& card,
                                  const CircuitPoint& from, CircuitPoint& found) {
  FixedPointReport report;
  report.from = from.name;
  EquationSystem system(circuit, EquationSystem::Mode::equilibrium);
  EquationSystem transient(circuit, EquationSystem::Mode::transient);
  set_sources(system, from);
  set_sources(transient, from);
  std::vector<double> scratch(transient.size());
  transient.residual(from.t, from.at.y.data(), from.at.derivative.data(), 1, scratch.data());
  Solution start = transfer(transient, from.t, from.at, system);

  Search search(system, from.t, card.tolerance);
  // The largest rate nearby: a start that is a fixed point already has none of its own.
  system.points().hold_states(true);
  solve_operating_point(system, from.t, from.dc_values, start);
  system.points().hold_states(false);
  const double scale = search.largest_rate(start);
  Solution at = start;
  report.method = "newton";
  report.converged =
      scale == 0 || (search.newton(at, scale) && search.largest_rate(at) <= card.tolerance * scale);
  if (!report.converged) {
    at = start;
    report.method = "pseudo-transient";
    report.converged = search.pseudo_transient(at, scale);
  }
  std::size_t worst = system.unknowns().rows();
  report.residual = search.largest_rate(at, &worst);
  if (!report.converged) {
    report.message = fmt::format(
        ".fixedpoint: no fixed point found from {}: {} still changes at {:.3g}/s\n"
        "  tried: Newton's method, then implicit Euler steps of growing length\n"
        "  try: another initial state (w0=), .fixedpoint from=end, or a larger tol",
        from.name == "end" ? "the end of the transient" : "the operating point",
        worst < system.size() ? system.unknowns().name_of(worst) : "the circuit", report.residual);
    return report;
  }
  const std::vector<std::size_t> held = system.unknowns().held();
  for (std::size_t g = 0; g < circuit.groups.size(); ++g) {
    const auto& unknowns = circuit.groups[g].type->unknowns;
    for (std::size_t k = 0; k < circuit.groups[g].count(); ++k) {
      for (std::size_t j = 0; j < unknowns.size(); ++j) {
        const std::size_t i = system.unknowns().index(g, k, j);
        if (i == Unknowns::npos || unknowns[j].kind != UnknownKind::state) continue;
        report.states.emplace_back(system.unknowns().name_of(i), at.y[i]);
        if (std::ranges::binary_search(held, i)) report.held.push_back(system.unknowns().name_of(i));
      }
    }
  }
  found = from;
  found.name = "fixed";
  found.at = transfer(system, from.t, at, transient);
  return report;
}

namespace {

void read_fixed_point(CardContext& card) {
  static constexpr std::array<std::string_view, 2> names{"tol", "from"};
  static constexpr std::array<std::string_view, 2> points{"op", "end"};
  FixedPointCard read;
  read.where = card.where;
  std::string_view name;
  while (card_option(card, ".fixedpoint", names, name)) {
    if (name == "tol") {
      read.tolerance = tolerance(card);
    } else {
      read.from = state_point(card, name, points);
    }
  }
  add_card(card.circuit, read);
}

void check_fixed_point_cards(Elaboration& elaboration) {
  for (const AnalysisCard& given : elaboration.circuit.after_analyses)
    if (const auto* card = given.get_if<FixedPointCard>())
      require(elaboration, has_end(elaboration.circuit) || card->from != StatePoint::end, card->where,
              "from=end means the end of a transient, and the deck has no .tran card",
              "add .tran tstep tstop, or write from=op");
}

}  // namespace

const AnalysisType& type_of(const FixedPointCard*) {
  static constexpr AnalysisType type{
      .card = {.description = {".fixedpoint", "", "[tol=1e-9] [from=op|end]", "solve dw/dt = 0"},
               .group = CardGroup::network,
               .read = read_fixed_point,
               .check = check_fixed_point_cards},
      .stage = AnalysisType::Stage::after,
      .check = [](const Circuit& circuit,
                  const AnalysisCard&) { require_potentials(circuit, EquationMode::operating_point); },
      .run =
          [](AnalysisRun& run, const AnalysisCard& given) {
            const auto& card = given.as<FixedPointCard>();
            run.found.fixed_points.push_back(
                find_fixed_point(run.circuit, card, run.point(card.from), run.fixed_point));
            return run.found.fixed_points.back().converged ? Outcome::complete : Outcome::failed;
          },
  };
  return type;
}

}  // namespace memspice
