#include "app/plot/compose.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <filesystem>
#include <numbers>
#include <numeric>
#include <optional>

#include "app/plot/points.hpp"
#include "app/plot/terms.hpp"
#include "base/characters.hpp"
#include "base/number.hpp"
#include "base/spelling.hpp"
#include "base/usage_error.hpp"

namespace memspice::app {

namespace {

constexpr std::size_t most_curves = 40;         // of a panel, where nobody asked for more by name
constexpr std::size_t most_named_curves = 400;  // of a panel
constexpr std::size_t most_panels = 12;
constexpr std::array<std::uint32_t, 8> palette{0x1f6fb4, 0xd1622b, 0x3a8f4d, 0x8a56a8,
                                               0xb08d1e, 0x1f9aa8, 0xc2457e, 0x6b6b6b};
// Dark blue to yellow, by way of green: told apart in grey too.
constexpr std::array<std::array<double, 3>, 5> ramp{
    {{68, 1, 84}, {59, 82, 139}, {33, 145, 140}, {94, 201, 98}, {224, 200, 36}}};

std::uint32_t ramp_colour(double part) {
  const double at = std::clamp(part, 0.0, 1.0) * (ramp.size() - 1);
  const auto below = std::min<std::size_t>(static_cast<std::size_t>(at), ramp.size() - 2);
  std::uint32_t colour = 0;
  for (std::size_t i = 0; i < 3; ++i) {
    const double value = std::lerp(ramp[below][i], ramp[below + 1][i], at - static_cast<double>(below));
    colour = colour << 8 | static_cast<std::uint32_t>(std::lround(value));
  }
  return colour;
}

/// "w" of w(y1); the whole name of what is no vector of one element.
std::string accessor_of(const std::string& name) {
  const std::size_t open = name.find('(');
  if (open == std::string::npos || open == 0 || !name.ends_with(')') ||
      name.find('(', open + 1) != std::string::npos)
    return name;
  return name.substr(0, open);
}

/// A panel that curves are added to.
struct PanelDraft {
  std::string key;  // what has the same shares the panel
  Panel panel;
  std::vector<std::string> names;  // of the terms
  bool asked = false;              // by a name or a pattern
};

bool is_wanted(const PlotWish& wish, const Plot& plot, std::size_t number) {
  if (wish.plot.empty()) return true;
  if (std::ranges::all_of(wish.plot, is_digit)) return std::to_string(number) == wish.plot;
  return to_lower(plot.name).starts_with(to_lower(wish.plot));
}

std::string names_of_plots(const std::vector<Plot>& plots) {
  std::string text;
  for (std::size_t i = 0; i < plots.size(); ++i)
    text += fmt::format("{}{} '{}'", i == 0 ? "" : ", ", i + 1, plots[i].name);
  return text;
}

/// The plot that is drawn: the first with more than one row that has all vectors asked for.
const Plot& chosen_plot(const PlotSource& source, const PlotWish& wish, std::vector<std::string>* remarks) {
  const Plot* found = nullptr;
  const Plot* first = nullptr;
  std::size_t others = 0;
  std::optional<UsageError> problem;
  for (std::size_t i = 0; i < source.plots.size(); ++i) {
    const Plot& plot = source.plots[i];
    if (!is_wanted(wish, plot, i + 1)) continue;
    if (plot.rows() < 2) continue;
    if (!first) first = &plot;
    if (found) {
      ++others;
      continue;
    }
    try {
      for (const std::string& vector : wish.vectors) terms_of(plot, vector, source.name);
      found = &plot;
    } catch (const UsageError& error) {
      if (!problem) problem = error;
    }
  }
  if (found) {
    if (others > 0 && wish.plot.empty() && remarks)
      remarks->push_back(fmt::format("'{}' has the plots {}; drawn is '{}', --plot chooses another",
                                     source.name, names_of_plots(source.plots), found->name));
    return *found;
  }
  if (problem) throw *problem;
  if (source.plots.empty() || std::ranges::all_of(source.plots, [](auto& plot) { return plot.rows() == 0; }))
    throw UsageError(fmt::format("'{}' has no rows", source.name));
  const bool known = wish.plot.empty() || [&] {
    for (std::size_t i = 0; i < source.plots.size(); ++i)
      if (is_wanted(wish, source.plots[i], i + 1)) return true;
    return false;
  }();
  if (!known)
    throw UsageError(fmt::format("'{}' has no plot '{}'", source.name, wish.plot),
                     fmt::format("it has {}", names_of_plots(source.plots)));
  throw UsageError(fmt::format("there is no curve in one row, and '{}' has no more", source.name),
                   "add .tran, .dc or .ac to the deck, or .step or .mc");
}

class Composer {
 public:
  Composer(const PlotWish& wish, std::size_t sources) : wish_(wish), several_files_(sources > 1) {}

  void add(const PlotSource& source, const Plot& plot) {
    plot_ = &plot;
    source_ = &source;
    layout_ = layout_of(plot);
    if (title_.empty()) title_ = plot.title;
    read_x();
    const bool histogram = wish_.histogram || (layout_.draws && wish_.x.empty());
    if (wish_.histogram && layout_.points.size() < 2 && !layout_.draws)
      throw UsageError(fmt::format("'{}' has one point: there is nothing to count", source.name),
                       "--histogram is for runs of .mc or .step");
    if (wish_.vectors.empty()) {
      for (std::size_t i = 0; i < plot.vectors.size(); ++i)
        if (is_drawn_by_itself(i)) add_term(vector_term(plot, i), false, histogram);
      return;
    }
    for (const std::string& word : wish_.vectors)
      for (Term& term : terms_of(plot, word, source.name)) add_term(std::move(term), true, histogram);
  }

  Composition finish() {
    if (drafts_.empty()) throw UsageError(fmt::format("'{}' has no vector to draw", source_->name));
    if (drafts_.size() > most_panels) {
      remarks_.push_back(fmt::format("{} of {} panels are drawn: name the vectors that you want to see",
                                     most_panels, drafts_.size()));
      drafts_.resize(most_panels);
    }
    if (!invisible_.empty())
      remarks_.push_back(
          fmt::format("nothing is drawn of {}{}: no value is {}", invisible_.front(),
                      invisible_.size() > 1 ? fmt::format(" and {} more", invisible_.size() - 1) : "",
                      wish_.log_y ? "positive" : "finite"));
    Picture picture{.title = title_, .panels = {}};
    for (PanelDraft& draft : drafts_) {
      leave_curves_out(draft);
      colour(draft.panel);
      if (!draft.panel.bars) draft.panel.y.name = name_of(draft);
      picture.panels.push_back(std::move(draft.panel));
    }
    fit_ranges(picture);
    return {std::move(picture), std::move(remarks_)};
  }

 private:
  [[nodiscard]] bool is_drawn_by_itself(std::size_t vector) const {
    return vector != layout_.scale &&
           std::ranges::find(layout_.point_values, vector) == layout_.point_values.end() &&
           plot_->vectors[vector].name != wish_.x;
  }

  void read_x() {
    if (!wish_.x.empty()) {
      x_ = term_of(*plot_, wish_.x, source_->name);
      if (!x_.imaginary.empty())
        throw UsageError(fmt::format("'{}' has complex values: a picture has one number across", wish_.x),
                         "take mag(), db(), ph(), re() or im() of it");
    } else if (layout_.scale != PlotLayout::none) {
      x_ = vector_term(*plot_, layout_.scale);
    } else {
      x_ = {"row", "", std::vector<double>(plot_->rows()), {}};
      std::iota(x_.values.begin(), x_.values.end(), 1.0);
    }
  }

  void add_term(Term term, bool asked, bool histogram) {
    if (term.name == x_.name && wish_.x.empty()) return;
    if (histogram && !asked && is_constant(points_values(term))) return;
    if (term.imaginary.empty()) {
      add_real(std::move(term), asked, histogram);
      return;
    }
    Term decibels{term.name, "dB", {}, {}}, degrees{term.name, "°", {}, {}};
    double turns = 0, before = 0;
    for (std::size_t i = 0; i < term.values.size(); ++i) {
      const std::complex<double> value(term.values[i], term.imaginary[i]);
      decibels.values.push_back(20 * std::log10(std::abs(value)));
      const double phase = value == 0.0 ? 0 : std::arg(value) * 180 / std::numbers::pi;
      const bool fresh = std::ranges::find(layout_.points, i, &PointRows::begin) != layout_.points.end();
      if (fresh) turns = 0;
      if (!fresh && phase - before > 180) turns -= 360;
      if (!fresh && phase - before < -180) turns += 360;
      before = phase;
      degrees.values.push_back(phase + turns);
    }
    add_real(std::move(decibels), asked, histogram);
    add_real(std::move(degrees), asked, histogram);
  }

  void add_real(Term term, bool asked, bool histogram) {
    const std::string label = several_files_ ? fmt::format("{} ({})", term.name, label_of_file()) : term.name;
    PanelDraft& draft = draft_of(term, histogram);
    draft.asked = draft.asked || asked;
    draft.names.push_back(term.name);
    const bool log = wish_.log_y && !histogram;
    if (std::ranges::none_of(term.values, [&](double y) { return std::isfinite(y) && (!log || y > 0); }))
      invisible_.push_back(label);
    if (histogram) {
      draft.panel.curves.push_back(bars_of(label, term.unit, points_values(term)));
      return;
    }
    for (const PointRows& rows : layout_.points) {
      const auto cut = [&](const std::vector<double>& values) {
        return std::vector<double>(values.begin() + static_cast<std::ptrdiff_t>(rows.begin),
                                   values.begin() + static_cast<std::ptrdiff_t>(rows.end));
      };
      DrawnCurve curve{.label = rows.label.empty() ? label : fmt::format("{} {}", label, rows.label),
                       .x = cut(x_.values),
                       .y = cut(term.values)};
      for (double& value : curve.y)
        if (!std::isfinite(value)) value = std::nan("");
      draft.panel.curves.push_back(std::move(curve));
    }
  }

  PanelDraft& draft_of(const Term& term, bool histogram) {
    const std::string key = histogram           ? fmt::format("{} {}", term.name, drafts_.size())
                            : term.unit.empty() ? accessor_of(term.name)
                                                : term.unit;
    const auto known = std::ranges::find(drafts_, key, &PanelDraft::key);
    if (known != drafts_.end()) return *known;
    PanelDraft& draft = drafts_.emplace_back(PanelDraft{.key = key, .panel = {}, .names = {}});
    draft.panel.bars = histogram;
    if (histogram) {
      draft.panel.x = {.name = term.name, .unit = term.unit};
      draft.panel.y = {.name = "points", .unit = {}};
    } else {
      draft.panel.x = {.name = x_.name,
                       .unit = x_.unit,
                       .log = wish_.log_x || (x_.unit == "Hz" && is_positive(x_.values))};
      draft.panel.y = {.name = {}, .unit = term.unit, .log = wish_.log_y};
    }
    return draft;
  }

  [[nodiscard]] std::string label_of_file() const {
    const std::filesystem::path path(source_->name);
    return path.filename().string();
  }

  [[nodiscard]] std::vector<double> points_values(const Term& term) const {
    if (layout_.draws) return term.values;
    std::vector<double> last;
    for (const PointRows& rows : layout_.points) last.push_back(term.values[rows.end - 1]);
    return last;
  }

  static bool is_positive(const std::vector<double>& values) {
    return std::ranges::all_of(values, [](double value) { return value > 0; });
  }

  static bool is_constant(const std::vector<double>& values) {
    const auto [low, high] = std::ranges::minmax(values);
    return !(high - low > 1e-9 * std::max(std::abs(low), std::abs(high)));
  }

  static DrawnCurve bars_of(const std::string& label, const std::string& unit, std::vector<double> values) {
    std::erase_if(values, [](double value) { return !std::isfinite(value); });
    if (values.empty()) return {.label = label, .x = {0}, .y = {0}};
    const auto [low, high] = std::ranges::minmax(values);
    const auto count = static_cast<double>(values.size());
    const bool constant = is_constant(values);
    const auto bars = constant ? std::size_t{1}
                               : static_cast<std::size_t>(std::clamp(std::ceil(std::sqrt(count)), 5.0, 60.0));
    const double size = std::max(std::abs(low), std::abs(high));
    const double width = constant ? (size > 0 ? size / 10 : 1) : (high - low) / static_cast<double>(bars);
    const double begin = constant ? low - 0.5 * width : low;
    double mean = 0, square = 0;
    for (const double value : values) mean += value / count;
    for (const double value : values) square += (value - mean) * (value - mean) / count;
    DrawnCurve result{
        .label = constant ? fmt::format("{}: {} points, all {}", label, values.size(), value_text(low, unit))
                          : fmt::format("{}: {} points, mean {}, standard deviation {}", label, values.size(),
                                        value_text(mean, unit), value_text(std::sqrt(square), unit, 3)),
        .x = {},
        .y = std::vector<double>(bars)};
    for (std::size_t i = 0; i < bars; ++i) result.x.push_back(begin + (static_cast<double>(i) + 0.5) * width);
    for (const double value : values)
      ++result.y[std::min(bars - 1, static_cast<std::size_t>((value - begin) / width))];
    return result;
  }

  void leave_curves_out(PanelDraft& draft) {
    std::vector<DrawnCurve>& curves = draft.panel.curves;
    const std::size_t most = draft.asked ? most_named_curves : most_curves;
    const std::size_t count = curves.size();
    if (count <= most) return;
    remarks_.push_back(fmt::format("{} of {} curves of {} are drawn, evenly chosen{}", most, count,
                                   name_of(draft), draft.asked ? "" : ": name those that you want to see"));
    std::vector<DrawnCurve> kept;
    for (std::size_t i = 0; i < most; ++i) kept.push_back(std::move(curves[i * (count - 1) / (most - 1)]));
    curves = std::move(kept);
  }

  static void colour(Panel& panel) {
    const std::size_t count = panel.curves.size();
    for (std::size_t i = 0; i < count; ++i) {
      DrawnCurve& curve = panel.curves[i];
      curve.of_many = count > palette.size();
      curve.colour =
          curve.of_many ? ramp_colour(static_cast<double>(i) / static_cast<double>(count - 1)) : palette[i];
    }
  }

  /// "v(out)" where that is all, "v" of several.
  static std::string name_of(const PanelDraft& draft) {
    const std::string& first = draft.names.front();
    const auto same = [&](const std::string& name) { return name == first; };
    const auto alike = [&](const std::string& name) { return accessor_of(name) == accessor_of(first); };
    const std::string& unit = draft.panel.y.unit;
    if (std::ranges::all_of(draft.names, same)) return first;
    if (unit != "dB" && unit != "°" && std::ranges::all_of(draft.names, alike)) return accessor_of(first);
    return std::string(quantity_letter(unit));
  }

  static std::string_view quantity_letter(std::string_view unit) {
    if (unit == "V") return "v";
    if (unit == "A") return "i";
    if (unit == "W") return "p";
    if (unit == "dB") return "magnitude";
    if (unit == "°") return "phase";
    return "values";
  }

  const PlotWish& wish_;
  bool several_files_;
  const Plot* plot_ = nullptr;
  const PlotSource* source_ = nullptr;
  PlotLayout layout_;
  Term x_;
  std::string title_;
  std::vector<PanelDraft> drafts_;
  std::vector<std::string> remarks_;
  std::vector<std::string> invisible_;  // labels of curves without a value that can be drawn
};

}  // namespace

Composition compose(const std::vector<PlotSource>& sources, const PlotWish& wish) {
  Composer composer(wish, sources.size());
  std::vector<std::string> remarks;
  for (const PlotSource& source : sources) composer.add(source, chosen_plot(source, wish, &remarks));
  Composition result = composer.finish();
  result.remarks.insert(result.remarks.begin(), remarks.begin(), remarks.end());
  return result;
}

}  // namespace memspice::app
