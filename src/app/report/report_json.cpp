#include "app/report/report_json.hpp"

#include <fmt/format.h>
#include <sys/resource.h>

#include <nlohmann/json.hpp>

#include "expression/aggregate.hpp"
#include "waveform/output_file.hpp"

namespace memspice::app {

namespace {

using Json = nlohmann::ordered_json;

std::string_view name(Outcome outcome) {
  switch (outcome) {
    case Outcome::complete:
      return "complete";
    case Outcome::interrupted:
      return "interrupted";
    case Outcome::failed:
      return "failed";
  }
  return "";
}

Json step_limits(const StepLimits& limits) {
  Json json;
  for (const auto& [limit, count] : limits.counts()) json[limit] = count;
  return json;
}

Json oscillation(const std::optional<OscillationReport>& report) {
  if (!report) return nullptr;
  return {
      {"turns", report->turns}, {"memory", report->memory}, {"accumulated_error", report->accumulated_error}};
}

Json statistics_of(const SolverStatistics& s) {
  return {{"unknowns", s.unknowns},
          {"matrix_size", s.matrix_size},
          {"matrix_nonzeros", s.matrix_nonzeros},
          {"factorisation", s.factorisation},
          {"factor_nonzeros", s.factor_nonzeros},
          {"steps", s.steps},
          {"failed_steps", s.failed_steps},
          {"newton_iterations", s.newton_iterations},
          {"newton_failures", s.newton_failures},
          {"residual_evaluations", s.residuals},
          {"restarts", s.restarts},
          {"factorisations", s.factorisations},
          {"integrator", s.integrator},
          {"reason", s.reason},
          {"solves", s.solves},
          {"rows", s.rows},
          {"rejected_rows", s.rejected_rows},
          {"step_limits", step_limits(s.step_limits)},
          {"oscillation", oscillation(s.oscillation)},
          {"seconds",
           {{"setup", s.setup_seconds},
            {"operating_point", s.operating_point_seconds},
            {"integration", s.integration_seconds}}}};
}

template <class Value>
Json null_unless(const std::optional<Value>& value) {
  return value ? Json(*value) : Json(nullptr);
}

Json law(const InvariantsReport::Law& law) {
  return {
      {"laws", law.laws}, {"max_drift", law.largest_drift}, {"valid_until", null_unless(law.valid_until)}};
}

Json functional(const FunctionalReport::Functional& functional) {
  return {{"start", functional.start},
          {"end", functional.end},
          {"violations", functional.violations},
          {"largest_violation", functional.largest_violation}};
}

Json pairs(const std::vector<std::pair<std::string, std::string>>& list) {
  Json json = Json::object();
  for (const auto& [name, text] : list) json[name] = text;
  return json;
}

Json tree_response(const NetworkReport::TreeResponse& response) {
  Json json{
      {"rows", response.rows}, {"columns", response.columns}, {"entries", null_unless(response.entries)}};
  if (response.tree.empty() && response.chords.empty()) return json;
  json["tree"] = response.tree;
  json["chords"] = response.chords;
  json["matrix"] = response.matrix;
  return json;
}

Json source_split(const NetworkReport::SourceSplit& split) {
  Json json{{"norm", split.norm}, {"driving_norm", split.driving_norm}, {"gauge_norm", split.gauge_norm}};
  for (const auto& [name, emf, driving, gauge] : split.branches)
    json["branches"].push_back({{"branch", name}, {"emf", emf}, {"driving", driving}, {"gauge", gauge}});
  return json;
}

Json complex_list(const std::vector<std::complex<double>>& values) {
  Json json = Json::array();
  for (const auto& value : values) json.push_back({{"re", value.real()}, {"im", value.imag()}});
  return json;
}

Json network(const NetworkReport& report) {
  return {{"nodes", report.nodes},
          {"branches", report.branches},
          {"memristors", report.memristors},
          {"resistors", report.resistors},
          {"voltage_sources", report.voltage_sources},
          {"current_sources", report.current_sources},
          {"components", report.components},
          {"loops", report.loops},
          {"bridges", report.bridges},
          {"blocks", report.blocks},
          {"log_spanning_trees", null_unless(report.log_spanning_trees)},
          {"effective_memory_current", report.effective_memory_current},
          {"effective_memory_voltage", report.effective_memory_voltage},
          {"projector_rank", null_unless(report.projector_rank)},
          {"projector_symmetric", null_unless(report.projector_symmetric)},
          {"tree_response", tree_response(report.tree_response)},
          {"source_split", report.source_split ? source_split(*report.source_split) : Json(nullptr)},
          {"resolvent", report.resolvent ? Json{{"values", complex_list(report.resolvent->values)},
                                                {"ones", report.resolvent->ones}}
                                         : Json(nullptr)},
          {"reasons", pairs(report.reasons)},
          {"files", report.files},
          {"left_out", pairs(report.left_out)},
          {"seconds", report.seconds}};
}

Json fixed_point(const FixedPointReport& report) {
  Json states = Json::object();
  for (const auto& [name, value] : report.states) states[name] = value;
  return {{"from", report.from},         {"converged", report.converged}, {"method", report.method},
          {"residual", report.residual}, {"states", std::move(states)},   {"held", report.held},
          {"message", report.message}};
}

Json eigenvalues(const EigenReport& report) {
  Json oscillations = Json::array();
  for (const auto& [value, states] : report.oscillations)
    oscillations.push_back({{"re", value.real()}, {"im", value.imag()}, {"states", states}});
  return {{"at", report.at},
          {"dynamic_unknowns", report.dynamic_unknowns},
          {"held", report.held},
          {"complete", report.complete},
          {"values", complex_list(report.values)},
          {"closed_form_difference", null_unless(report.closed_form_difference)},
          {"no_closed_form", report.no_closed_form},
          {"oscillatory", !report.oscillations.empty()},
          {"oscillations", std::move(oscillations)}};
}

Json measure(const std::string& analysis, std::size_t number, const MeasureReport& report) {
  Json json{{"analysis", analysis},
            {"number", number},
            {"name", report.name},
            {"value", null_unless(report.value)}};
  for (const auto& [what, value] : report.details) json[what] = value;
  json["message"] = report.message;
  return json;
}

Json fourier(const FourierReport& report) {
  Json harmonics = Json::array();
  for (const FourierReport::Harmonic& harmonic : report.harmonics)
    harmonics.push_back({{"frequency", harmonic.frequency},
                         {"magnitude", harmonic.magnitude},
                         {"phase", harmonic.phase},
                         {"normalised_magnitude", harmonic.normalised_magnitude},
                         {"normalised_phase", harmonic.normalised_phase}});
  return {{"vector", report.vector},
          {"frequency", report.frequency},
          {"distortion", report.distortion},
          {"harmonics", std::move(harmonics)},
          {"message", report.message}};
}

Json analysis_of(const AnalysisReport& report) {
  return {{"analysis", report.analysis},
          {"summary", report.summary},
          {"outcome", name(report.outcome)},
          {"message", report.message},
          {"operating_point", report.operating_point},
          {"end_time", report.end_time},
          {"statistics", statistics_of(report.statistics)}};
}

/// What the cards beside an analysis found.
void add_findings(Json& json, const AnalysisReport& report) {
  const std::size_t number = json["analyses"].size();  // of several .tran cards this one
  for (const MeasureReport& each : report.measures)
    json["measures"].push_back(measure(report.analysis, number, each));
  for (const FourierReport& each : report.fouriers) json["fourier"].push_back(fourier(each));
  if (const auto& invariants = report.invariants)
    json["invariants"].push_back({{"analysis", report.analysis},
                                  {"number", number},
                                  {"kcl_memory", law(invariants->kcl_memory)},
                                  {"flux", law(invariants->flux)},
                                  {"power", law(invariants->power)}});
  if (const auto& functionals = report.functional) {
    json["functional"].push_back(
        {{"analysis", report.analysis},
         {"number", number},
         {"lyapunov", functional(functionals->lyapunov)},
         {"gradient", functionals->gradient ? functional(*functionals->gradient) : Json(nullptr)},
         {"no_gradient", functionals->no_gradient}});
  }
  if (const auto& verify = report.verify)
    json["verify"].push_back({{"stretch", verify->stretch},
                              {"max_deviation", verify->largest_deviation},
                              {"at_time", verify->time},
                              {"at_state", verify->state},
                              {"states", verify->states},
                              {"tolerance", verify->tolerance},
                              {"passed", verify->passed()},
                              {"seconds", verify->seconds}});
  if (const auto& omega = report.omega) {
    json["omega"].push_back(
        {{"analysis", report.analysis},
         {"number", number},
         {"max_deviation", omega->largest_deviation},
         {"at_time", omega->time},
         {"at_state", omega->state},
         {"states", omega->states},
         {"tolerance", omega->tolerance},
         {"passed", omega->passed()},
         {"seconds", omega->seconds},
         {"reruns", omega->reruns},
         {"reltol", omega->reltol},
         {"reason", omega->reason},
         {"amplification", omega->amplification ? Json(*omega->amplification) : Json(nullptr)}});
    if (!omega->point.empty()) json["omega"].back()["at_point"] = omega->point;
  }
}

Json point(const std::vector<std::string>& swept, const PointReport& report) {
  Json json{{"values", Json::object()},
            {"outcome", name(report.outcome)},
            {"message", report.message},
            {"analyses", Json::array()}};
  for (std::size_t i = 0; i < swept.size(); ++i) json["values"][swept[i]] = report.values[i];
  for (const AnalysisReport& part : report.analyses) {
    json["analyses"].push_back(analysis_of(part));
    add_findings(json, part);
  }
  for (const FixedPointReport& fixed : report.fixed_points)
    json["fixed_points"].push_back(fixed_point(fixed));
  for (const EigenReport& spectrum : report.eigenvalues) json["eigenvalues"].push_back(eigenvalues(spectrum));
  return json;
}

/// The edges of what .save and .print ask for as hist(w(*), 20).
Json histograms(const Outputs& outputs) {
  std::vector<std::string> patterns;
  for (const SaveRequest& request : outputs.saves) patterns.push_back(request.pattern);
  for (const PrintCard& card : outputs.prints)
    for (const PrintCard::Item& item : card.items) patterns.push_back(item.pattern);
  Json json = Json::object();
  for (const std::string& pattern : patterns)
    if (const auto aggregate = read_aggregate(pattern); aggregate && aggregate->width() > 1)
      json[aggregate->name()] = aggregate->edges();
  return json;
}

std::size_t peak_memory() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  return static_cast<std::size_t>(usage.ru_maxrss) * 1024;
}

std::string text_of(const Json& json) {
  return json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace

std::string report_text(const std::string& deck, const Circuit& circuit, const RunReport& report,
                        const ReadingTimes& reading, const Restarts& checkpoints) {
  Json json{
      {"memspice", MEMSPICE_VERSION},
      {"format", 2},
      {"deck", deck},
      {"title", circuit.title},
      {"outcome", name(report.outcome())},
      {"circuit", {{"nodes", circuit.node_names.size() - 1}, {"elements", circuit.element_names.size()}}},
      {"analyses", Json::array()},
      {"measures", Json::array()},
      {"fourier", Json::array()},
      {"omega", Json::array()},
      {"verify", Json::array()},
      {"invariants", Json::array()},
      {"functional", Json::array()},
      {"fixed_points", Json::array()},
      {"eigenvalues", Json::array()},
      {"warnings", Json::array()},
      {"failures", report.failures()}};
  if (!checkpoints.empty()) json["checkpoints"] = checkpoints;
  if (report.network) json["network"] = network(*report.network);
  for (const AnalysisReport& analysis : report.analyses) {
    json["analyses"].push_back(analysis_of(analysis));
    add_findings(json, analysis);
  }
  if (Json edges = histograms(circuit.outputs); !edges.empty()) json["histograms"] = std::move(edges);
  for (const FixedPointReport& fixed : report.fixed_points)
    json["fixed_points"].push_back(fixed_point(fixed));
  for (const EigenReport& spectrum : report.eigenvalues) json["eigenvalues"].push_back(eigenvalues(spectrum));
  if (!report.points.empty()) json["steps"] = Json::array();
  for (const PointReport& each : report.points) json["steps"].push_back(point(report.swept, each));
  for (const Diagnostic& warning : circuit.warnings) json["warnings"].push_back(warning.message);
  for (const Diagnostic& warning : report.warnings) json["warnings"].push_back(warning.message);
  json["statistics"] = {{"seconds", {{"parse", reading.parse}, {"elaborate", reading.elaborate}}},
                        {"peak_memory_bytes", peak_memory()}};
  return text_of(json);
}

void write_report(OutputFile& file, const std::string& deck, const Circuit& circuit, const RunReport& report,
                  const ReadingTimes& reading, const Restarts& checkpoints) {
  file.write(report_text(deck, circuit, report, reading, checkpoints));
  file.commit();
}

void write_report(OutputFile& file, const std::string& deck, const Refusal& refusal) {
  file.write(text_of({{"memspice", MEMSPICE_VERSION},
                      {"format", 2},
                      {"deck", deck},
                      {"outcome", refusal.outcome},
                      {"warnings", refusal.warnings},
                      {"failures", refusal.failures}}));
  file.commit();
}

}  // namespace memspice::app
