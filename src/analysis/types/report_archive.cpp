#include "analysis/types/report_archive.hpp"

namespace memspice {

namespace {

// Those below, which the templates have to know.
void put(Archive& archive, OmegaReport& omega);
void put(Archive& archive, VerifyReport& verify);
void put(Archive& archive, InvariantsReport& invariants);
void put(Archive& archive, FunctionalReport& functional);
void put(Archive& archive, PrintCard::Layout& layout);

// A value alone, in whatever form it comes.
template <class T>
requires std::is_trivially_copyable_v<T>
void put(Archive& archive, T& value) {
  archive(value);
}
void put(Archive& archive, std::string& value) {
  archive.text(value);
}
template <class T>
void put(Archive& archive, std::optional<T>& value) {
  archive.maybe(value, [&](T& there) { put(archive, there); });
}
void put(Archive& archive, std::vector<std::string>& values) {
  archive.each(values, [&](std::string& value) { archive.text(value); });
}
void put(Archive& archive, std::vector<std::pair<std::string, double>>& values) {
  archive.each(values, [&](std::pair<std::string, double>& value) {
    archive.text(value.first);
    archive(value.second);
  });
}
template <class T>
requires std::is_trivially_copyable_v<T>
void put(Archive& archive, std::vector<T>& values) {
  archive.list(values);
}

template <class... Values>
void put_all(Archive& archive, Values&... values) {
  (put(archive, values), ...);
}

void put(Archive& archive, OmegaReport& omega) {
  put_all(archive, omega.tolerance, omega.largest_deviation, omega.time, omega.state, omega.states,
          omega.seconds, omega.point, omega.reruns, omega.reltol, omega.reason, omega.amplification);
}

void put(Archive& archive, VerifyReport& verify) {
  put_all(archive, verify.stretch, verify.tolerance, verify.largest_deviation, verify.time, verify.state,
          verify.states, verify.seconds);
}

void put(Archive& archive, InvariantsReport& invariants) {
  for (InvariantsReport::Law* law : {&invariants.kcl_memory, &invariants.flux, &invariants.power})
    put_all(archive, law->laws, law->largest_drift, law->valid_until);
}

void put(Archive& archive, FunctionalReport& functional) {
  put_all(archive, functional.lyapunov, functional.gradient, functional.no_gradient);
}

void put(Archive& archive, MeasureReport& measure) {
  put_all(archive, measure.name, measure.value, measure.details, measure.message);
}

void put(Archive& archive, FourierReport& fourier) {
  put_all(archive, fourier.vector, fourier.frequency, fourier.harmonics, fourier.distortion, fourier.message);
}

void put(Archive& archive, PrintCard::Layout& layout) {
  archive.choice(layout.format, PrintCard::Layout::Format::csv);
  put_all(archive, layout.index, layout.precision, layout.width, layout.delimiter, layout.gap);
  constexpr std::size_t most = 1000;  // more than a card may ask for
  archive.require(layout.precision.value_or(0) <= most && layout.width <= most && layout.gap <= most);
}

void put(Archive& archive, PrintedTable& table) {
  put_all(archive, table.plot, table.columns, table.points, table.layout, table.file);
  exchange_rows(archive, table);
}

void put(Archive& archive, FixedPointReport& point) {
  put_all(archive, point.from, point.converged, point.method, point.residual, point.states, point.held,
          point.message);
}

void put(Archive& archive, EigenReport& eigen) {
  put_all(archive, eigen.at, eigen.dynamic_unknowns, eigen.held, eigen.values, eigen.complete);
  archive.each(eigen.oscillations, [&](EigenReport::Oscillation& oscillation) {
    put_all(archive, oscillation.value, oscillation.states);
  });
  put_all(archive, eigen.closed_form_difference, eigen.no_closed_form);
}

template <class T>
void put_each(Archive& archive, std::vector<T>& values) {
  archive.each(values, [&](T& value) { put(archive, value); });
}

}  // namespace

void exchange_rows(Archive& archive, PrintedTable& table) {
  archive.list(table.values);
  archive.require(table.columns.empty() ? table.values.empty()
                                        : table.values.size() % table.columns.size() == 0);
}

void exchange(Archive& archive, Diagnostic& diagnostic) {
  archive.choice(diagnostic.severity, Severity::error);
  put_all(archive, diagnostic.message, diagnostic.hint, diagnostic.file, diagnostic.line, diagnostic.column,
          diagnostic.text, diagnostic.length);
}

void exchange(Archive& archive, std::vector<Diagnostic>& diagnostics) {
  archive.each(diagnostics, [&](Diagnostic& diagnostic) { exchange(archive, diagnostic); });
}

void exchange(Archive& archive, SolverStatistics& s) {
  put_all(archive, s.integrator, s.unknowns, s.matrix_size, s.matrix_nonzeros, s.factorisation,
          s.factor_nonzeros, s.reason, s.steps, s.failed_steps, s.residuals, s.newton_iterations,
          s.newton_failures, s.restarts, s.factorisations, s.solves, s.rows, s.rejected_rows, s.step_limits,
          s.oscillation, s.setup_seconds, s.operating_point_seconds, s.integration_seconds);
}

void exchange(Archive& archive, OmegaReport& omega) {
  put(archive, omega);
}

void exchange(Archive& archive, AnalysisReport& report) {
  archive.choice(report.outcome, Outcome::failed);
  put_all(archive, report.analysis, report.summary, report.message, report.operating_point, report.end_time);
  exchange(archive, report.statistics);
  put_all(archive, report.omega, report.verify, report.invariants, report.functional);
  put_each(archive, report.measures);
  put_each(archive, report.fouriers);
  put_each(archive, report.tables);
}

void exchange(Archive& archive, Findings& findings) {
  archive.each(findings.analyses, [&](AnalysisReport& report) { exchange(archive, report); });
  put_each(archive, findings.fixed_points);
  put_each(archive, findings.eigenvalues);
  put(archive, findings.interrupted_in);
}

void exchange(Archive& archive, PointReport& point) {
  exchange(archive, static_cast<Findings&>(point));
  archive.choice(point.outcome, Outcome::failed);
  put_all(archive, point.values, point.message);
}

}  // namespace memspice
