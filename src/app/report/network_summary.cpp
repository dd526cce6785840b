#include <fmt/format.h>

#include <cmath>

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
  std::string text = table.text();
  for (const std::string& file : report.files) text += fmt::format("written: {}\n", file);
  for (const auto& [file, why] : report.left_out) text += fmt::format("not written: {}: {}\n", file, why);
  return text;
}

}  // namespace memspice::app
