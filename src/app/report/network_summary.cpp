#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <functional>

#include "app/console/text_table.hpp"
#include "app/report/summary.hpp"

namespace memspice::app {

namespace {

std::string counted(std::size_t count, std::string_view what) {
  return fmt::format("{} {}{}", count, what, count == 1 ? "" : "s");
}

std::string kinds_of(const NetworkReport& report) {
  std::string text = counted(report.memristors, "memristor");
  const auto add = [&](std::size_t count, std::string_view what) {
    if (count > 0) text += ", " + counted(count, what);
  };
  add(report.resistors, "resistor");
  add(report.voltage_sources, "voltage source");
  add(report.current_sources, "current source");
  return text;
}

// e to this power, spelled out while a double knows it exactly.
std::string exponential(double logarithm) {
  const double decades = logarithm / std::log(10.0);
  if (decades < 12) return fmt::format("{:.0f}", std::exp(logarithm));
  return fmt::format("10^{:.6g}", decades);
}

constexpr std::size_t most_printed = 12;  // branches, chords, eigenvalues: what people read at a glance

// What is rounding against `scale` is 0.
std::string rounded(double value, double scale) {
  constexpr double rounding = 1e-13;
  return fmt::format("{:.6g}", std::abs(value) < rounding * scale ? 0.0 : value);
}

std::string described(const std::vector<std::complex<double>>& values) {
  if (values.empty()) return {};
  double largest = 0;
  for (const auto value : values) largest = std::max(largest, std::abs(value));
  const auto one = [&](std::complex<double> value) {
    if (value.imag() == 0) return rounded(value.real(), largest);
    return rounded(value.real(), largest) + fmt::format("{:+.6g}i", value.imag());
  };
  std::string text;
  if (values.size() <= most_printed) {
    for (const auto value : values) text += ' ' + one(value);
    return text;
  }
  const auto complex = std::ranges::count_if(values, [](auto value) { return value.imag() != 0; });
  text = fmt::format(" real parts from {:.6g} to {:.6g}", values.front().real(), values.back().real());
  return complex == 0 ? text + ", all real" : text + fmt::format(", {} complex", complex);
}

// What the theory makes of the network's sources and states: scalars only.
void add_theory(TextTable& table, const NetworkReport& report,
                const std::function<std::string(std::string_view)>& reason) {
  const NetworkReport::TreeResponse& response = report.tree_response;
  table.add({"tree response", response.entries ? fmt::format("{}", *response.entries) : "",
             response.entries ? fmt::format("entries of Q_T, {} x {}", response.rows, response.columns)
                              : reason("tree_response.entries")});
  if (const auto& split = report.source_split) {
    table.add({"sources", fmt::format("{:.6g}", split->norm), "V, norm of S at the operating point"});
    if (split->norm > 0) {
      table.add({"", fmt::format("{:.6g}", split->driving_norm), "V, of Omega S, which drives currents"});
      table.add(
          {"", fmt::format("{:.6g}", split->gauge_norm), "V, of (I - Omega) S, which shifts potentials"});
    }
  } else {
    table.add({"sources", "", reason("source_split")});
  }
  if (const auto& resolvent = report.resolvent) {
    table.add({"resolvent", fmt::format("{}", resolvent->values.size()),
               fmt::format("eigenvalues at the initial states:{}; {} more {} 1", described(resolvent->values),
                           resolvent->ones, resolvent->ones == 1 ? "is" : "are")});
  } else {
    table.add({"resolvent", "", reason("resolvent")});
  }
}

std::string tree_response_table(const NetworkReport::TreeResponse& response) {
  if (response.matrix.empty() || response.rows > most_printed || response.columns > most_printed ||
      response.columns == 0)
    return {};
  std::vector<TextColumn> columns{{"tree", Align::left}};
  for (const std::string& chord : response.chords) columns.push_back({chord});
  TextTable table(std::move(columns));
  for (std::size_t row = 0; row < response.rows; ++row) {
    std::vector<std::string> cells{response.tree[row]};
    for (const int entry : response.matrix[row]) cells.push_back(fmt::format("{}", entry));
    table.add(std::move(cells));
  }
  return "currents of the tree from those of the chords, i_T = Q_T i_C\n" + table.text("  ");
}

std::string source_split_table(const std::optional<NetworkReport::SourceSplit>& split) {
  if (!split || split->norm == 0 || split->branches.empty() || split->branches.size() > most_printed)
    return {};
  TextTable table({{"branch", Align::left}, {"S, V"}, {"Omega S, V"}, {"(I - Omega) S, V"}});
  const auto text = [&](double value) { return rounded(value, split->norm); };
  for (const auto& [name, emf, driving, gauge] : split->branches)
    table.add({name, text(emf), text(driving), text(gauge)});
  return "what the sources drive and what only shifts potentials\n" + table.text("  ");
}

}  // namespace

std::string describe(const NetworkReport& report) {
  TextTable table({{"network", Align::left}, {""}, {"", Align::left}});
  const auto count = [&](std::string_view what, std::size_t value, std::string note = "") {
    table.add({std::string(what), fmt::format("{}", value), std::move(note)});
  };
  const auto reason = [&](std::string_view name) {
    for (const auto& [value, text] : report.reasons) {
      if (value == name) return text;
    }
    return std::string();
  };
  count("nodes", report.nodes);
  count("branches", report.branches, kinds_of(report));
  count("components", report.components);
  count("loops", report.loops);
  count("bridges", report.bridges);
  count("2-connected blocks", report.blocks);
  if (report.log_spanning_trees) {
    table.add({"spanning trees", exponential(*report.log_spanning_trees),
               fmt::format("logarithm {:.10g}", *report.log_spanning_trees)});
  } else {
    table.add({"spanning trees", "", reason("log_spanning_trees")});
  }
  table.add({"effective memory", fmt::format("{:.6g}", report.effective_memory_current), "current control"});
  table.add({"", fmt::format("{:.6g}", report.effective_memory_voltage), "voltage control"});
  if (report.projector_rank) {
    count("rank of the projector", *report.projector_rank,
          *report.projector_symmetric ? "symmetric" : "oblique");
  } else {
    table.add({"rank of the projector", "", reason("projector_rank")});
  }
  add_theory(table, report, reason);
  std::string text = table.text();
  text += tree_response_table(report.tree_response);
  text += source_split_table(report.source_split);
  for (const std::string& file : report.files) text += fmt::format("written: {}\n", file);
  for (const auto& [file, why] : report.left_out) text += fmt::format("not written: {}: {}\n", file, why);
  return text;
}

}  // namespace memspice::app
