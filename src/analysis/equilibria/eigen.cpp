#include "analysis/equilibria/eigen.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numeric>

#include "analysis/equilibria/pencil.hpp"
#include "analysis/solution/memristor_states.hpp"
#include "analysis/types/analysis_run.hpp"
#include "analysis/types/analysis_type.hpp"
#include "netlist/cards/card_options.hpp"
#include "network/memristive_flow.hpp"
#include "solver/arnoldi.hpp"
#include "solver/dense_eigenvalues.hpp"

namespace memspice {

namespace {

using Complex = std::complex<double>;

// Eigenvalues of the block this small against the largest belong to what is algebraic: where a circuit has
// index 2, rounding turns their zeros into its square root.
constexpr double infinite = 1e-7;

struct Spectrum {
  std::vector<Complex> values;
  Eigen::MatrixXcd vectors;  // by column, entries by dynamic unknown; empty when only the values were asked
};

bool is_finite_eigenvalue(Complex of_block, double largest) {
  return std::abs(of_block) > infinite * largest;
}

Spectrum dense_spectrum(Pencil& pencil, bool vectors) {
  const DenseEigenvalues all = dense_eigenvalues(pencil.block(), vectors);
  const Eigen::VectorXcd& mu = all.values;
  const double largest = mu.cwiseAbs().maxCoeff();
  Spectrum spectrum;
  std::vector<Eigen::Index> kept;
  for (Eigen::Index i = 0; i < mu.size(); ++i) {
    if (!is_finite_eigenvalue(mu[i], largest)) continue;
    spectrum.values.push_back(pencil.eigenvalue(mu[i]));
    kept.push_back(i);
  }
  if (vectors) {
    spectrum.vectors.resize(all.vectors.rows(), static_cast<Eigen::Index>(kept.size()));
    for (std::size_t i = 0; i < kept.size(); ++i)
      spectrum.vectors.col(static_cast<Eigen::Index>(i)) = all.vectors.col(kept[i]);
  }
  return spectrum;
}

double largest_magnitude(const std::vector<Complex>& values) {
  double largest = 0;
  for (const Complex value : values) largest = std::max(largest, std::abs(value));
  return largest;
}

/// The eigenvalues nearest to the shift.
std::vector<Complex> nearest_eigenvalues(Pencil& pencil, std::size_t count) {
  std::vector<Complex> values = largest_eigenvalues(pencil.dynamic_unknowns().size(), count,
                                                    [&](const double* x, double* y) { pencil.apply(x, y); });
  for (Complex& value : values) value = pencil.eigenvalue(value);
  return values;
}

/// The rightmost and the leftmost eigenvalues: those nearest to shifts far to either side.
std::vector<Complex> extreme_eigenvalues(Pencil& pencil) {
  constexpr std::size_t most = 12;
  pencil.set_shift(pencil.shift());
  double radius = largest_magnitude(nearest_eigenvalues(pencil, 4));
  if (radius == 0) radius = pencil.shift();
  std::vector<Complex> all;
  // A shift that lies too near hides what lies beyond it: move it out until the radius no longer grows.
  for (const double side : {1.0, -1.0}) {
    double previous = 0;
    std::vector<Complex> found;
    while (radius > 1.01 * previous) {
      previous = radius;
      pencil.set_shift(side * 2 * radius);
      found = nearest_eigenvalues(pencil, most);
      radius = std::max(radius, largest_magnitude(found));
    }
    for (const Complex value : found) {
      const bool known =
          std::ranges::any_of(all, [&](Complex other) { return std::abs(other - value) <= 1e-8 * radius; });
      if (!known) all.push_back(value);
    }
  }
  return all;
}

/// The states that swing most in a mode.
std::vector<std::string> leading_states(const EquationSystem& system, const Pencil& pencil,
                                        const Eigen::VectorXcd& mode) {
  constexpr std::size_t most = 3;
  std::vector<Eigen::Index> order(static_cast<std::size_t>(mode.size()));
  std::iota(order.begin(), order.end(), Eigen::Index{0});
  const std::size_t shown = std::min(most, order.size());
  std::ranges::partial_sort(order, order.begin() + static_cast<std::ptrdiff_t>(shown), std::ranges::greater{},
                            [&](Eigen::Index i) { return std::abs(mode[i]); });
  std::vector<std::string> names;
  for (std::size_t i = 0; i < shown; ++i) {
    if (std::abs(mode[order[i]]) < 0.1 * std::abs(mode[order[0]])) break;
    names.push_back(system.unknowns().name_of(pencil.dynamic_unknowns()[static_cast<std::size_t>(order[i])]));
  }
  return names;
}

/// The largest distance of two spectra, each value of one matched with the nearest unused one of the other.
double distance(const std::vector<Complex>& a, std::vector<Complex> b) {
  if (a.size() != b.size()) return infinity;
  double largest = 0;
  for (const Complex value : a) {
    const auto nearest =
        std::ranges::min_element(b, {}, [&](Complex other) { return std::abs(value - other); });
    largest = std::max(largest, std::abs(value - *nearest));
    b.erase(nearest);
  }
  return largest;
}

/// The spectrum by the closed form: of the Lyapunov matrix of the free states.
void compare_with_closed_form(const Circuit& circuit, const EigenCard& card, const CircuitPoint& point,
                              const EquationSystem& system, const Pencil& pencil, EigenReport& report) {
  try {
    network::MemristiveFlow flow(circuit, network::branch_network(circuit, ".eigen", card.where));
    std::vector<double> w;
    std::vector<Eigen::Index> free;
    for (const std::size_t i : state_indices(system, flow.network().memristor_names)) {
      if (std::ranges::binary_search(pencil.dynamic_unknowns(), i))
        free.push_back(static_cast<Eigen::Index>(w.size()));
      w.push_back(point.at.y[i]);
    }
    const std::vector<SourceFunction> functions = circuit.functions.resolved(point.step, point.stop);
    flow.set_sources([&](const network::BranchNetwork::SourceBranch& source) {
      if (point.dc_values || source.function == Source::constant) return source.dc;
      return functions[source.function].value(point.t, point.t * (1 - 1e-12));
    });
    if (!flow.solve(w)) {
      report.no_closed_form = "its loop equations are singular here";
      return;
    }
    const Eigen::MatrixXd lyapunov = flow.jacobian()(free, free);
    const Eigen::VectorXcd eigenvalues = dense_eigenvalues(lyapunov, false).values;
    const std::vector<Complex> values(eigenvalues.begin(), eigenvalues.end());
    const double scale = std::max(largest_magnitude(values), largest_magnitude(report.values));
    report.closed_form_difference = scale == 0 ? 0 : distance(report.values, values) / scale;
  } catch (const DeckError& error) {
    report.no_closed_form = error.diagnostics().front().message;
  }
}

}  // namespace

EigenReport find_eigenvalues(const Circuit& circuit, const EigenCard& card, const CircuitPoint& point,
                             std::size_t most_dense) {
  EigenReport report;
  report.at = point.name;
  EquationSystem system(circuit, EquationSystem::Mode::transient);
  set_sources(system, point);
  Pencil pencil(system, point);
  report.dynamic_unknowns = pencil.dynamic_unknowns().size();
  report.held = pencil.held();
  if (report.dynamic_unknowns == 0) return report;

  pencil.set_shift(point.stop > 0 ? 1 / point.stop : 1);
  if (report.dynamic_unknowns > most_dense) {
    report.values = extreme_eigenvalues(pencil);
    report.complete = false;
    report.no_closed_form = fmt::format("{} states are too many for a dense matrix", report.dynamic_unknowns);
  } else {
    // A second look from a shift of the spectrum's own size: the first is a guess that costs digits.
    const double radius = largest_magnitude(dense_spectrum(pencil, false).values);
    if (radius > 0) pencil.set_shift(2 * radius);
    const Spectrum spectrum = dense_spectrum(pencil, true);
    report.values = spectrum.values;
    for (std::size_t i = 0; i < spectrum.values.size(); ++i) {
      if (spectrum.values[i].imag() > 1e-9 * radius)
        report.oscillations.push_back(
            {spectrum.values[i],
             leading_states(system, pencil, spectrum.vectors.col(static_cast<Eigen::Index>(i)))});
    }
    compare_with_closed_form(circuit, card, point, system, pencil, report);
  }
  const auto by_real_part = [](Complex a, Complex b) {
    return std::pair(-a.real(), a.imag()) < std::pair(-b.real(), b.imag());
  };
  std::ranges::sort(report.values, by_real_part);
  std::ranges::sort(report.oscillations, by_real_part, &EigenReport::Oscillation::value);
  return report;
}

namespace {

void read_eigen(CardContext& card) {
  static constexpr std::array<std::string_view, 1> names{"at"};
  static constexpr std::array<std::string_view, 3> points{"op", "fixed", "end"};
  EigenCard read;
  read.where = card.where;
  std::string_view name;
  while (card_option(card, ".eigen", names, name)) read.at = state_point(card, name, points);
  add_card(card.circuit, read);
}

void check_eigen_cards(Elaboration& elaboration) {
  const Circuit& circuit = elaboration.circuit;
  for (const AnalysisCard& given : circuit.after_analyses) {
    const auto* card = given.get_if<EigenCard>();
    if (!card) continue;
    require(elaboration, has_end(circuit) || card->at != StatePoint::end, card->where,
            "at=end means the end of a transient, and the deck has no .tran card",
            "add .tran tstep tstop, or write at=op");
    require(elaboration,
            find_card<FixedPointCard>(circuit.after_analyses) || card->at != StatePoint::fixed_point,
            card->where, "at=fixed means the last fixed point, and the deck has no .fixedpoint card",
            "add .fixedpoint, or write at=op");
  }
}

}  // namespace

const AnalysisType& type_of(const EigenCard*) {
  static constexpr AnalysisType type{
      .card = {.description = {".eigen", "", "[at=op|fixed|end]", "eigenvalues of the linearised circuit"},
               .group = CardGroup::network,
               .read = read_eigen,
               .check = check_eigen_cards},
      .stage = AnalysisType::Stage::last,
      .check = [](const Circuit& circuit,
                  const AnalysisCard&) { require_potentials(circuit, EquationMode::operating_point); },
      .run =
          [](AnalysisRun& run, const AnalysisCard& given) {
            const auto& card = given.as<EigenCard>();
            run.found.eigenvalues.push_back(find_eigenvalues(run.circuit, card, run.point(card.at)));
            return Outcome::complete;
          },
  };
  return type;
}

}  // namespace memspice
