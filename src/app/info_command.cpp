#include "app/info_command.hpp"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cmath>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "app/console/console.hpp"
#include "app/console/exit_code.hpp"
#include "app/console/text_table.hpp"
#include "app/console/waveform_file.hpp"
#include "app/output_format.hpp"
#include "app/plot/points.hpp"
#include "base/usage_error.hpp"
#include "memspice/device.hpp"
#include "waveform/quantity.hpp"

namespace memspice::app {

namespace {

using Json = nlohmann::ordered_json;

constexpr std::size_t most_vectors = 40;
constexpr std::size_t most_points = 8;

struct InfoArguments {
  std::string file;
  bool all = false;
  bool json = false;
};

/// What a vector's values reach over, magnitudes of complex ones.
struct ValueRange {
  double smallest = not_given;
  double largest = not_given;
  std::size_t not_finite = 0;  // how many are left out
};

ValueRange range_of(const Plot& plot, std::size_t vector) {
  ValueRange range;
  for (std::size_t i = 0; i < plot.rows(); ++i) {
    const double value = plot.complex && vector > 0
                             ? std::hypot(plot.columns[vector][i], plot.imaginary[vector][i])
                             : plot.columns[vector][i];
    if (!std::isfinite(value)) {
      ++range.not_finite;
      continue;
    }
    range.smallest = std::fmin(range.smallest, value);
    range.largest = std::fmax(range.largest, value);
  }
  return range;
}

std::string counted(std::size_t count, std::string_view noun) {
  return fmt::format("{} {}{}", count, noun, count == 1 ? "" : "s");
}

std::string points_text(const PlotLayout& layout, bool all) {
  if (layout.points.size() < 2) return {};
  const std::size_t shown = all ? layout.points.size() : std::min(layout.points.size(), most_points);
  std::string text = fmt::format("  {}: ", counted(layout.points.size(), "point"));
  for (std::size_t i = 0; i < shown; ++i)
    text += fmt::format("{}{}", i == 0 ? "" : ", ", layout.points[i].label);
  return text + (shown < layout.points.size() ? ", …\n" : "\n");
}

std::string plot_text(const Plot& plot, bool all) {
  const PlotLayout layout = points_of(plot);
  std::string text = fmt::format("\n{}: {}, {}{}, {}\n", plot.name.empty() ? "Plot" : plot.name,
                                 counted(plot.vectors.size(), "vector"), counted(plot.rows(), "row"),
                                 plot.complex ? ", complex" : "",
                                 plot.mark.empty() ? "complete" : fmt::format("not complete: {}", plot.mark));
  text += points_text(layout, all);
  TextTable table(
      {{"vector", Align::left}, {"unit", Align::left}, {"smallest"}, {"largest"}, {"", Align::left}});
  const std::size_t shown = all ? plot.vectors.size() : std::min(plot.vectors.size(), most_vectors);
  for (std::size_t i = 0; i < shown; ++i) {
    const ValueRange range = range_of(plot, i);
    const auto number = [](double value) {
      return std::isnan(value) ? "" : fmt::format("{:.6g}", value + 0.0);
    };
    table.add(
        {plot.vectors[i].name, std::string(quantity_unit(plot.vectors[i].quantity)), number(range.smallest),
         number(range.largest),
         range.not_finite == 0 ? "" : fmt::format("{} not finite", counted(range.not_finite, "value"))});
  }
  text += table.text("  ");
  if (shown < plot.vectors.size())
    text += fmt::format("  and {} more (--all lists them)\n", plot.vectors.size() - shown);
  return text;
}

// JSON has no infinity and no NaN.
Json number_json(double value) {
  return std::isfinite(value) ? Json(value) : Json(nullptr);
}

Json plot_json(const Plot& plot) {
  const PlotLayout layout = points_of(plot);
  Json vectors = Json::array(), points = Json::array();
  for (std::size_t i = 0; i < plot.vectors.size(); ++i) {
    const ValueRange range = range_of(plot, i);
    vectors.push_back({{"name", plot.vectors[i].name},
                       {"quantity", quantity_name(plot.vectors[i].quantity)},
                       {"unit", quantity_unit(plot.vectors[i].quantity)},
                       {"smallest", number_json(range.smallest)},
                       {"largest", number_json(range.largest)},
                       {"not_finite", range.not_finite}});
  }
  for (const PointRows& rows : layout.points) {
    Json values = Json::object();
    for (const std::size_t vector : layout.point_values)
      values[plot.vectors[vector].name] = number_json(plot.columns[vector][rows.begin]);
    points.push_back(
        {{"first_row", rows.begin}, {"rows", rows.end - rows.begin}, {"values", std::move(values)}});
  }
  return {{"name", plot.name},           {"title", plot.title},           {"complex", plot.complex},
          {"rows", plot.rows()},         {"complete", plot.mark.empty()}, {"mark", plot.mark},
          {"points", std::move(points)}, {"vectors", std::move(vectors)}};
}

int show_info(const InfoArguments& arguments) {
  if (arguments.file.empty()) throw UsageError("no file given", "memspice info out.raw");
  const std::string_view format = written_format(arguments.file);
  const std::vector<Plot> plots = waveforms_of(arguments.file);
  const bool complete = std::ranges::all_of(plots, [](const Plot& plot) { return plot.mark.empty(); });
  if (arguments.json) {
    Json json{{"file", arguments.file}, {"format", format}, {"complete", complete}, {"plots", Json::array()}};
    for (const Plot& plot : plots) json["plots"].push_back(plot_json(plot));
    print_out(json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n");
    return success;
  }
  std::string text = fmt::format("{}: {}, {}{}\n", arguments.file,
                                 format == "raw" ? "raw file" : fmt::format("{} table", format),
                                 counted(plots.size(), "plot"), complete ? "" : ", not complete");
  if (!plots.empty() && !plots.front().title.empty()) text += fmt::format("{}\n", plots.front().title);
  for (const Plot& plot : plots) text += plot_text(plot, arguments.all);
  print_out(text);
  return success;
}

}  // namespace

void add_info_command(CLI::App& app, int& exit_code) {
  const auto arguments = std::make_shared<InfoArguments>();
  CLI::App* command = app.add_subcommand(
      "info", "Say what a waveform file holds: plots, vectors, rows, ranges, points, whether it is complete");
  command->footer(
      "Files are raw of memspice, ngspice, LTspice or Xyce, or tables such as CSV. Points are those of "
      ".step,\n"
      ".mc and .temp. Of complex vectors the ranges are those of their magnitudes.\n\n"
      "Exit codes: 0 said, 2 bad usage, 3 the file cannot be read.");
  command->add_option("file", arguments->file, "Waveform file")->type_name("FILE");
  command->add_flag(
      "--all", arguments->all,
      fmt::format("List every vector and point, not only {} and {}", most_vectors, most_points));
  command->add_flag("--json", arguments->json, "Print it as JSON");
  command->callback([arguments, &exit_code] { exit_code = show_info(*arguments); });
}

}  // namespace memspice::app
