#include "app/compare_command.hpp"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fstream>
#include <memory>
#include <memspice/error.hpp>
#include <new>
#include <nlohmann/json.hpp>
#include <sstream>

#include "app/console/console.hpp"
#include "app/console/text_table.hpp"
#include "app/console/waveform_file.hpp"
#include "app/point_choice.hpp"
#include "base/usage_error.hpp"
#include "waveform/compare.hpp"
#include "waveform/quantity.hpp"

namespace memspice {
namespace {

constexpr std::size_t shown_vectors = 40;
constexpr std::size_t shown_names = 12;

/// The pairs that `memspice convert` leaves in its decks.
void append_names(const std::string& path, std::vector<std::pair<std::string, std::string>>& map) {
  std::ifstream deck(path);
  if (const int error = errno; !deck)
    throw FileError(fmt::format("cannot read '{}': {}", path, std::strerror(error)), path, error);
  const std::size_t before = map.size();
  for (std::string line; std::getline(deck, line);) {
    std::istringstream words(line);
    std::string mark, first, equals, second;
    if (words >> mark >> first >> equals >> second && mark == "*=" && equals == "=")
      map.emplace_back(first, second);
  }
  if (deck.bad()) throw FileError(fmt::format("cannot read '{}'", path), path);
  if (map.size() == before) throw CompareError(fmt::format("'{}' has no lines '*= name = name'", path));
}

CompareOptions options_of(const CompareArguments& arguments) {
  CompareOptions options{.reltol = arguments.reltol, .abstol = arguments.abstol, .ignore = arguments.ignore};
  for (const std::string& pair : arguments.map) {
    const std::size_t equals = pair.find('=');
    if (equals == std::string::npos || equals == 0 || equals + 1 == pair.size()) {
      throw CompareError(fmt::format("--map takes 'name=name', not '{}'", pair));
    }
    options.map.emplace_back(pair.substr(0, equals), pair.substr(equals + 1));
  }
  if (!arguments.names.empty()) append_names(arguments.names, options.map);
  return options;
}

std::string tolerance_text(const CompareArguments& arguments) {
  return fmt::format("{:g} of the range plus {:g}", arguments.reltol, arguments.abstol);
}

std::string list_text(const std::vector<std::string>& names, bool all) {
  const std::size_t shown = all ? names.size() : std::min(names.size(), shown_names);
  std::string text =
      fmt::format("{}", fmt::join(names.begin(), names.begin() + static_cast<std::ptrdiff_t>(shown), ", "));
  if (shown < names.size()) text += fmt::format(" and {} more", names.size() - shown);
  return text;
}

/// What the exit code says.
bool is_same(const CompareArguments& arguments, const Comparison& comparison) {
  return comparison.exceeding() == 0 && (arguments.common_range || comparison.covers_all());
}

class ReportForPeople {
 public:
  ReportForPeople(const CompareArguments& arguments, std::ostream& out) : arguments_(arguments), out_(out) {}

  void print(const Comparison& comparison) {
    for (const PlotDifference& plot : comparison.plots) print_plot(plot);
    print_missing("plots ", comparison.only_first, comparison.only_second);
    print_verdict(comparison);
  }

 private:
  static std::string range_text(const ScaleRange& range, std::string_view unit) {
    return fmt::format("{:.6g} .. {:.6g}{}{}", range.from, range.to, unit.empty() ? "" : " ", unit);
  }

  void print_plot(const PlotDifference& plot) {
    const std::string_view unit = quantity_unit(plot.scale_quantity);
    out_ << (plot.name.empty() ? "Plot" : plot.name);
    if (plot.scale.empty()) {
      out_ << fmt::format(": {} row{}\n", plot.common.points, plot.common.points == 1 ? "" : "s");
    } else {
      out_ << fmt::format(": {} = {}, {} points\n", plot.scale, range_text(plot.common, unit),
                          plot.common.points);
    }
    print_mark(arguments_.first, plot.first_mark);
    print_mark(arguments_.second, plot.second_mark);
    print_coverage(arguments_.first, plot.first, plot.common, unit);
    print_coverage(arguments_.second, plot.second, plot.common, unit);
    if (!plot.vectors.empty()) print_vectors(plot, unit);
    print_missing("", plot.only_first, plot.only_second);
    out_ << '\n';
  }

  void print_mark(const std::string& file, const std::string& mark) {
    if (!mark.empty()) out_ << fmt::format("  {} is not complete: {}\n", file, mark);
  }

  // A file that covers more than what both have in common is worth a line: the other may have been
  // interrupted.
  void print_coverage(const std::string& file, const ScaleRange& own, const ScaleRange& common,
                      std::string_view unit) {
    if (own.blocks != common.blocks) {
      out_ << fmt::format("  {} has {} sweeps, {} compared\n", file, own.blocks, common.blocks);
    }
    const double slack = 1e-9 * (own.to - own.from);
    if (own.from < common.from - slack || own.to > common.to + slack) {
      out_ << fmt::format("  {} covers {}\n", file, range_text(own, unit));
    }
  }

  void print_vectors(const PlotDifference& plot, std::string_view scale_unit) {
    TextTable table({{"vector", Align::left},
                     {"max diff"},
                     {"of range"},
                     {plot.scale.empty() ? "at row" : "at " + plot.scale},
                     {"rms diff"},
                     {"of range"},
                     {"range"},
                     {"", Align::left}});
    const std::size_t shown =
        arguments_.all ? plot.vectors.size() : std::min(plot.vectors.size(), shown_vectors);
    for (std::size_t i = 0; i < shown; ++i) {
      const VectorDifference& vector = plot.vectors[i];
      const std::string_view unit = quantity_unit(vector.quantity);
      const bool renamed = vector.first != vector.second;
      table.add({renamed ? vector.first + " = " + vector.second : vector.first,
                 with_unit(vector.maximum, unit), fmt::format("{:.2e}", vector.relative_maximum()),
                 plot.scale.empty() ? fmt::format("{}", vector.where) : with_unit(vector.where, scale_unit),
                 with_unit(vector.rms, unit), fmt::format("{:.2e}", vector.relative_rms()),
                 with_unit(vector.range, unit), vector.within() ? "" : "too far"});
    }
    out_ << table.text("  ");
    if (shown == plot.vectors.size()) return;
    out_ << fmt::format("  and {} more that are closer (--all lists them)\n", plot.vectors.size() - shown);
  }

  void print_missing(std::string_view what, const std::vector<std::string>& first,
                     const std::vector<std::string>& second) {
    const auto print = [&](const std::string& file, const std::vector<std::string>& names) {
      if (!names.empty())
        out_ << fmt::format("  {}only in {}: {}\n", what, file, list_text(names, arguments_.all));
    };
    print(arguments_.first, first);
    print(arguments_.second, second);
  }

  /// "Transient Analysis is only in second.raw; the files have other plots in common".
  std::string plots_text(const Comparison& comparison) {
    std::string text;
    const auto add = [&](const std::string& file, const std::vector<std::string>& names) {
      if (names.empty()) return;
      text += fmt::format("{}{} {} only in {}", text.empty() ? "" : ", ", list_text(names, arguments_.all),
                          names.size() == 1 ? "is" : "are", file);
    };
    add(arguments_.first, comparison.only_first);
    add(arguments_.second, comparison.only_second);
    return text + "; the files have other plots in common";
  }

  void print_verdict(const Comparison& comparison) {
    const std::size_t exceeding = comparison.exceeding();
    const std::size_t vectors = comparison.vectors();
    const std::string noun = vectors == 1 ? "vector" : "vectors";
    if (exceeding == 0 && !is_same(arguments_, comparison)) {
      out_ << fmt::format(
          "different: {}, in which {} {} within {};\n--common-range asks for no more\n",
          comparison.has_all_plots() ? "the files do not cover the same range" : plots_text(comparison),
          vectors, vectors == 1 ? "vector is" : "vectors are", tolerance_text(arguments_));
      return;
    }
    if (exceeding == 0) {
      out_ << fmt::format("same: {} {} within {}\n", vectors, noun, tolerance_text(arguments_));
      return;
    }
    const VectorDifference& worst = *comparison.worst();
    out_ << fmt::format("different: {} of {} {} beyond {}; worst is {} at {:.3g} times its tolerance\n",
                        exceeding, vectors, noun, tolerance_text(arguments_), worst.first,
                        worst.maximum / worst.tolerance);
  }

  const CompareArguments& arguments_;
  std::ostream& out_;
};

nlohmann::ordered_json json_of(const ScaleRange& range) {
  return {{"from", range.from}, {"to", range.to}, {"points", range.points}, {"sweeps", range.blocks}};
}

// JSON has no infinity: a difference that is none of a number's is null.
nlohmann::ordered_json json_of(const CompareArguments& arguments, const Comparison& comparison) {
  nlohmann::ordered_json plots = nlohmann::ordered_json::array();
  for (const PlotDifference& plot : comparison.plots) {
    nlohmann::ordered_json vectors = nlohmann::ordered_json::array();
    for (const VectorDifference& vector : plot.vectors) {
      vectors.push_back({{"first", vector.first},
                         {"second", vector.second},
                         {"unit", quantity_unit(vector.quantity)},
                         {"maximum", vector.maximum},
                         {"relative_maximum", vector.relative_maximum()},
                         {"where", vector.where},
                         {"rms", vector.rms},
                         {"relative_rms", vector.relative_rms()},
                         {"range", vector.range},
                         {"tolerance", vector.tolerance},
                         {"within", vector.within()}});
    }
    plots.push_back({{"name", plot.name},
                     {"scale", plot.scale},
                     {"first", json_of(plot.first)},
                     {"second", json_of(plot.second)},
                     {"first_mark", plot.first_mark},
                     {"second_mark", plot.second_mark},
                     {"common", json_of(plot.common)},
                     {"vectors", std::move(vectors)},
                     {"only_in_first", plot.only_first},
                     {"only_in_second", plot.only_second}});
  }
  return {{"first", arguments.first},
          {"second", arguments.second},
          {"reltol", arguments.reltol},
          {"abstol", arguments.abstol},
          {"within", is_same(arguments, comparison)},
          {"vectors", comparison.vectors()},
          {"exceeding", comparison.exceeding()},
          {"covers_all", comparison.covers_all()},
          {"plots", std::move(plots)},
          {"plots_only_in_first", comparison.only_first},
          {"plots_only_in_second", comparison.only_second}};
}

}  // namespace

int run_compare(const CompareArguments& arguments, std::ostream& out, std::ostream& err) {
  try {
    const CompareOptions options = options_of(arguments);
    auto first = app::waveforms_of(arguments.first);
    auto second = app::waveforms_of(arguments.second);
    if (const auto [one, other] = app::point_pair(arguments.points); !one.empty()) {
      first = app::at_point(std::move(first), one, arguments.first);
      second = app::at_point(std::move(second), other, arguments.second);
    }
    const Comparison comparison = compare(first, second, options);
    if (arguments.json) {
      using nlohmann::ordered_json;
      out << json_of(arguments, comparison).dump(2, ' ', false, ordered_json::error_handler_t::replace)
          << '\n';
    } else {
      ReportForPeople(arguments, out).print(comparison);
    }
    return is_same(arguments, comparison) ? 0 : 1;
  } catch (const CompareError& error) {
    err << "memspice: error: " << error.what() << '\n';
    return 2;
  } catch (const UsageError& error) {
    err << "memspice: error: " << error.what() << '\n';
    return 2;
  } catch (const FileError& error) {
    err << "memspice: error: " << error.what() << '\n';
    return 3;
  } catch (const std::bad_alloc&) {
    throw;
  } catch (const std::exception& error) {
    err << "memspice: internal error, please report it with the files: " << error.what() << '\n';
    return 3;
  }
}

void add_compare_command(CLI::App& app, int& exit_code) {
  const auto arguments = std::make_shared<CompareArguments>();
  CLI::App* command = app.add_subcommand(
      "compare",
      "Compare two waveform files (raw of memspice, ngspice, LTspice or Xyce, or tables such as CSV)");
  command->footer(
      "For each vector that both files have, over the common range of the scale (time, frequency, ...) and "
      "on\n"
      "the union of both grids, with linear interpolation: the largest difference and where it is, and the "
      "rms\n"
      "difference over the scale (trapezoidal rule, so it does not depend on where a simulator crowds its\n"
      "points), both also relative to the vector's range, its largest minus its smallest value in the first\n"
      "file. A vector is within tolerance where its largest difference is at most abstol + reltol * range.\n"
      "Where one file covers less than the other, as of a run that ended early, or lacks a plot, they "
      "differ\n"
      "unless --common-range is given.\n\n"
      "Exit codes: 0 all within tolerance, 1 not, 2 nothing to compare or bad usage, 3 a file cannot be\n"
      "read, or memory is out.");
  command->add_option("first", arguments->first, "Reference waveform file")->required()->type_name("FILE");
  command->add_option("second", arguments->second, "Waveform file compared with it")->type_name("FILE");
  command
      ->add_option(
          "--points", arguments->points,
          "Compare point A of .step, .mc or .temp in the first file with point B in the second, or of\n"
          "one file; a point is its number or its values: 1:3, r=1k:r=2k; A alone: of both files")
      ->type_name("A[:B]");
  command->add_option("--reltol", arguments->reltol, "Tolerance relative to each vector's range")
      ->check(CLI::NonNegativeNumber)
      ->capture_default_str();
  command->add_option("--abstol", arguments->abstol, "Tolerance added to it, in the vector's unit")
      ->check(CLI::NonNegativeNumber)
      ->capture_default_str();
  command
      ->add_option("--map", arguments->map, "Compare vector NAME of the first file with NAME of the second")
      ->type_name("NAME=NAME")
      ->allow_extra_args(false);
  command->add_option("--names", arguments->names, "Take such pairs from a deck that memspice convert wrote")
      ->type_name("DECK");
  command->add_option("--ignore", arguments->ignore, "Leave out vectors that fit a pattern with * and ?")
      ->type_name("PATTERN")
      ->allow_extra_args(false);
  command->add_flag("--common-range", arguments->common_range,
                    "Let one file cover less of the scale than the other");
  command->add_flag("--all", arguments->all,
                    fmt::format("List every vector, not only the worst {}", shown_vectors));
  command->add_flag("--json", arguments->json, "Print the result as JSON");
  command->callback([arguments, &exit_code] {
    std::ostringstream out, err;
    if (arguments->second.empty()) {
      if (arguments->points.find(':') == std::string::npos) throw CLI::RequiredError("second");
      arguments->second = arguments->first;
    }
    exit_code = run_compare(*arguments, out, err);
    app::print_error(err.str());
    app::print_out(out.str());
  });
}

}  // namespace memspice
