#include "analysis/small_signal/small_signal.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <numbers>

namespace memspice {

QuietPoint::QuietPoint(const Circuit& circuit) : system_(circuit, EquationSystem::Mode::equilibrium) {
  system_.points().hold_states(true);
  system_.sources().enter_segment(0.0);
  at_ = initial_guess(system_);
}

void QuietPoint::solve() {
  if (!method_.empty()) {
    // A linear circuit needs no new factorisation, and many others none for a small change.
    Solution next = at_;
    system_.set_homotopy(true, 1, 0);
    if (polish(system_, 0.0, 0, next) && system_.held().loose_at_rest(next.y.data()) &&
        !system_.auxiliary().modes().decide(
            system_.points().of_rows(0.0, next.y.data(), next.derivative.data()))) {
      at_ = std::move(next);
      return;
    }
  }
  method_ = solve_operating_point(system_, 0.0, true, at_);
}

void QuietPoint::exchange(Archive& archive) {
  archive(at_.y);
  archive(at_.derivative);
  system_.auxiliary().exchange(archive);
  if (!archive.reading()) return;
  std::vector<double> residual(system_.size());
  system_.set_homotopy(true, 1, 0);
  system_.residual(0.0, at_.y.data(), at_.derivative.data(), 1, residual.data());  // the sources' values
}

void QuietPoint::start_from(const QuietPoint& other) {
  std::vector<double> residual(system_.size());
  system_.set_homotopy(true, 1, 0);
  system_.residual(0.0, at_.y.data(), at_.derivative.data(), 1, residual.data());  // the sources' values
  for (NodeId node = static_cast<NodeId>(system_.circuit().node_names.size()); node-- > 1;)
    system_.points().set_voltage(node, other.system_.points().voltage(node, other.at_.y.data()),
                                 at_.y.data());
  const Circuit& circuit = system_.circuit();
  for (std::size_t g = 0; g < circuit.groups.size(); ++g) {
    const auto& unknowns = circuit.groups[g].type->unknowns;
    for (std::size_t j = 0; j < unknowns.size(); ++j) {
      if (unknowns[j].kind == UnknownKind::state) continue;
      for (std::size_t k = 0; k < circuit.groups[g].count(); ++k) {
        const std::size_t here = system_.unknowns().index(g, k, j);
        const std::size_t there = other.system_.unknowns().index(g, k, j);
        if (here != Unknowns::npos && there != Unknowns::npos) at_.y[here] = other.at_.y[there];
      }
    }
  }
  other.system_.auxiliary().transfer(other.at_.y.data(), system_.auxiliary(), at_.y.data());
  system_.auxiliary().initialise(at_.y.data());
  system_.auxiliary().modes().adopt(other.system_.auxiliary().modes());
}

void check_linearisation(const Circuit& circuit) {
  require_potentials(circuit, EquationMode::transient);
  require_potentials(circuit, EquationMode::equilibrium);
}

SourceChanges<Complex> source_phasors(const Circuit& circuit) {
  const auto phasor = [](const Source& source) {
    return std::polar(source.extras->ac_magnitude, source.extras->ac_phase * std::numbers::pi / 180);
  };
  SourceChanges<Complex> sources;
  for (const Source& source : circuit.voltage_sources) sources.voltage.push_back(phasor(source));
  for (const Source& source : circuit.current_sources) sources.current.push_back(phasor(source));
  return sources;
}

RestPoint::RestPoint(QuietPoint& quiet, std::string_view card) : quiet_(quiet) {
  const Solution& at = quiet.at();
  std::vector<double> residual(quiet.system().size());
  quiet.system().residual(0.0, at.y.data(), at.derivative.data(), 1, residual.data());
  linear_.emplace(quiet.system(), 0.0, at.y.data(), at.derivative.data());
  std::vector<SparseLu<double>::Position> positions;
  positions.reserve(linear_->entries().size());
  for (const MatrixEntry& entry : linear_->entries()) positions.emplace_back(entry.row, entry.column);
  matrix_.emplace(quiet.system().size(), positions);
  for (std::size_t i = 0; i < positions.size(); ++i)
    matrix_->values()[matrix_->slots()[i]] += linear_->entries()[i].g;
  if (matrix_->factorise()) return;
  throw SimulationError(
      fmt::format("{}: the circuit linearised at its operating point is singular: some currents or voltages "
                  "are not determined\n  try: a small resistance in series with ideal sources in loops, or a "
                  "large one to ground at nodes that nothing holds",
                  card));
}

void RestPoint::report(SolverStatistics& statistics) const {
  statistics.unknowns = matrix_->size();
  statistics.matrix_size = matrix_->size();
  statistics.matrix_nonzeros = matrix_->nonzeros();
  statistics.factorisation = "lu";
  statistics.factorisations = matrix_->factorisations();
  statistics.solves = matrix_->solves();
}

namespace {

std::optional<Circuit> with_small_signal_resistances(const Circuit& circuit) {
  std::optional<Circuit> changed;
  for (const SmallSignalResistor& resistor : circuit.records.small_signal_resistors) {
    if (resistor.resistance == 0) continue;
    if (!changed) changed = circuit;
    changed->groups[resistor.group].parameters.set(resistor.index, 0, resistor.resistance);
  }
  return changed;
}

}  // namespace

SmallSignal::SmallSignal(const Circuit& circuit, std::string_view card)
    : card_(card),
      quiet_(circuit),
      alternating_(with_small_signal_resistances(circuit)),
      system_(alternating_ ? *alternating_ : circuit, EquationSystem::Mode::small_signal) {
  depends_on_frequency_ = std::ranges::any_of(circuit.programs, [](const Program& program) {
    return std::ranges::any_of(program.inputs(),
                               [](const Probe& probe) { return probe.kind == Probe::Kind::frequency; });
  });
}

void SmallSignal::find_operating_point() {
  quiet_.solve();
  system_.sources().enter_segment(0.0);
  system_.set_homotopy(true, 1, 0);
  at_ = transfer(quiet_.system(), 0.0, quiet_.at(), system_);
  // A huge κ: the states at a bound are held when their drive points outward, no others.
  std::vector<double> residual(system_.size());
  system_.residual(0.0, at_.y.data(), at_.derivative.data(), 1e30, residual.data());
  linear_.emplace(system_, 0.0, at_.y.data(), at_.derivative.data());
  matrix_.emplace(*linear_);
}

void SmallSignal::set_frequency(double hertz) {
  if (depends_on_frequency_) {
    system_.points().set_frequency(hertz);
    linear_.emplace(system_, 0.0, at_.y.data(), at_.derivative.data());
    matrix_->set(*linear_);
  }
  hertz_ = hertz;
  omega_ = 2 * std::numbers::pi * hertz;
  require(matrix_->factorise(omega_));
}

void SmallSignal::require(bool regular) const {
  if (regular) return;
  throw SimulationError(fmt::format(
      "{}: the linearised circuit is singular at {:.6g} Hz: some currents or voltages are not "
      "determined\n  try: a small resistance in series with inductors in loops, or a large one in "
      "parallel with capacitors in series",
      card_, hertz_));
}

SourceChanges<Complex> SmallSignal::no_changes() const {
  const SourceChanges<double> none = linear_->no_changes();
  return {std::vector<Complex>(none.voltage.size()), std::vector<Complex>(none.current.size())};
}

double SmallSignal::resistance_ratio(const SmallSignalResistor& resistor) const {
  if (!alternating_) return 1;
  const auto resistance = [&](const Circuit& circuit) {
    return circuit.groups[resistor.group].parameter(resistor.index, 0);
  };
  return resistance(*alternating_) / resistance(quiet_.system().circuit());
}

void SmallSignal::report(SolverStatistics& statistics) const {
  statistics.unknowns = system_.size();
  statistics.matrix_size = matrix_->factors().size();
  statistics.matrix_nonzeros = matrix_->factors().nonzeros();
  statistics.factorisation = "lu";
  statistics.factorisations = matrix_->factors().factorisations();
  statistics.solves = matrix_->factors().solves();
}

}  // namespace memspice
