#include "analysis/transient/line_watch.hpp"

#include <algorithm>

namespace memspice {

LineWatch::LineWatch(EquationSystem& system, Ida& ida) : system_(system), ida_(ida) {
  if (system.auxiliary().sets().lines.lines().empty()) return;
  for (Solution* at : {&end_, &middle_})
    *at = {std::vector<double>(system.size()), std::vector<double>(system.size())};
}

/// Calls visit(line, index in y of the first of its unknowns).
template <class Visit>
void LineWatch::for_each_line(Visit&& visit) const {
  std::uint32_t index = 0;
  for (LosslessLine& line : system_.auxiliary().sets().lines.lines())
    visit(line, system_.auxiliary().sets().lines.first_row(index++));
}

void LineWatch::begin_segment(double t, Solution& at) {
  for_each_line([&](LosslessLine& line, std::uint32_t row) { line.change(t, at.y.data() + row); });
}

bool LineWatch::meet_jumps(double t, double end, const Solution& at) {
  const auto meets = [&](const LosslessLine& line, std::uint32_t row) {
    return line.meets_jump(t, at.y.data() + row, at.derivative.data() + row);
  };
  bool any = false;
  for_each_line([&](LosslessLine& line, std::uint32_t row) { any = any || meets(line, row); });
  if (!any) return false;
  // What starts at zero does not tell how large it becomes, and any corner is a large one then; an implicit
  // Euler step does.
  const double h = std::min(end - t, 0.25 * system_.sources().shortest_period());
  Solution trial = at;
  std::ranges::fill(trial.derivative, 0.0);
  const bool known = solve_newton(system_, t + h, 1 / h, trial) > 0;
  any = false;
  for_each_line([&](LosslessLine& line, std::uint32_t row) {
    if (known && line.lumped()) line.note_scale(trial.y.data() + row);
    if (!meets(line, row)) return;
    line.follow_delay();
    any = true;
  });
  return any;
}

double LineWatch::longest_step() const {
  double longest = infinity;
  for_each_line([&](const LosslessLine& line, std::uint32_t) {
    if (!line.lumped()) longest = std::min(longest, line.delay());
  });
  return longest;
}

double LineWatch::farthest_step(double t, double end) const {
  const double wanted = std::clamp(ida_.next_step(), 0.0, end - t);
  double step = wanted;
  for_each_line([&](const LosslessLine& line, std::uint32_t) { step = line.calm_step(t, step); });
  return step < wanted ? t + step : infinity;
}

void LineWatch::note_step(double from, double to) {
  if (system_.auxiliary().sets().lines.lines().empty()) return;
  ida_.interpolate(to, end_.y, end_.derivative);
  ida_.interpolate(0.5 * (from + to), middle_.y, middle_.derivative);
  if (const StepMemory* memory = ida_.memory())
    for_each_line([&](LosslessLine& line, std::uint32_t) { line.tighten(memory->scale()); });
  int pieces = 1;
  for_each_line([&](const LosslessLine& line, std::uint32_t row) {
    pieces = std::max(
        pieces, line.pieces(middle_.y.data() + row, to, end_.y.data() + row, end_.derivative.data() + row));
  });
  for (int i = 1; i < pieces; ++i) {
    const double t = from + (to - from) * i / pieces;
    ida_.interpolate(t, middle_.y, middle_.derivative);
    system_.auxiliary().sets().note(system_.points().of_rows(t, middle_.y.data(), middle_.derivative.data()));
  }
  system_.auxiliary().sets().note(system_.points().of_rows(to, end_.y.data(), end_.derivative.data()));
}

bool LineWatch::ends_segment(double t, double longest) {
  constexpr double nearly = 0.99;
  const double limit = longest_step();
  const bool in_the_way = limit < longest && ida_.next_step() >= nearly * limit;
  bool ends = false;
  for_each_line([&](LosslessLine& line, std::uint32_t row) {
    ends |= line.decide(t, ida_.last_step(), in_the_way, ida_.y().data() + row);
  });
  return ends;
}

void LineWatch::end_segment(double t, Solution& at) {
  if (system_.auxiliary().sets().lines.lines().empty()) return;
  polish(system_, t, system_.matrix().coefficient(), at);
  for_each_line([&](LosslessLine& line, std::uint32_t row) {
    line.correct(t, at.y.data() + row, at.derivative.data() + row);
  });
}

}  // namespace memspice
