#include "app/console/progress.hpp"

#include <fmt/format.h>
#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <cmath>
#include <utility>

#include "app/console/console.hpp"

namespace memspice::app {

namespace {

constexpr std::size_t line_width = 78;

std::string memory_text() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  return fmt::format("{:.3g} MB", 1.024e-3 * static_cast<double>(usage.ru_maxrss));
}

}  // namespace

Progress::Progress(std::string subject, bool wanted, Patience patience)
    : subject_(std::move(subject)),
      wanted_(wanted),
      terminal_(isatty(STDERR_FILENO) == 1),
      patience_(patience) {}

bool Progress::is_due() {
  constexpr double interval = 0.2;
  const double now = running_.seconds();
  if (now - looked_ < interval) return false;
  looked_ = now;
  return true;
}

/// A part that is less than before is another analysis's.
bool Progress::begin(double part) {
  if (!wanted_ && !patience_.ends()) return false;
  if (part_ < 0 || part < part_) {
    pace_ = {};
    pace_.note(part, running_.seconds());
  }
  part_ = part;
  return is_due();
}

void Progress::show(double time, double stop) {
  if (!begin(time / stop)) return;
  look(part_);
  show(fmt::format("t = {:.4g} s of {:.4g} s", time, stop));
}

void Progress::show(std::size_t done, std::size_t points) {
  if (!begin(static_cast<double>(done) / static_cast<double>(points))) return;
  look(part_);
  show(fmt::format("{} of {} points", done, points));
}

bool Progress::gives_up() {
  if (!patience_.ends()) return false;
  const bool known = part_ >= 0 && part_ < 1;  // analyses that tell nothing may come before and behind
  if (known && reason_.empty() && is_due()) look(part_);
  return !reason_.empty();
}

void Progress::look(double part) {
  pace_.note(part, looked_);
  const std::optional<double> left = pace_.left();
  if (!left) return;
  if (reason_.empty() && patience_.is_over(pace_))
    reason_ = fmt::format("at this pace it takes {}{}, and --give-up allows {}", duration_text(*left),
                          std::isinf(*left) ? "" : " more", patience_.text());
  warn(*left);
}

/// Of a run that nobody would have begun.
void Progress::warn(double left) {
  constexpr double first = 600, ratio = 1000;  // s, of the time so far
  if (warned_ || !wanted_ || looked_ < first || left < ratio * looked_) return;
  warned_ = true;
  clear();
  print_error(
      "{}: warning: at this pace the run takes {}{}\n  try: .options reltol, or --give-up 10h to end such "
      "runs\n",
      subject_, duration_text(left), std::isinf(left) ? "" : " more");
}

void Progress::note(const Diagnostic& warning) {
  warned_ |= warning.message.starts_with("the run crawls");
}

void Progress::show(const std::string& text) {
  if (!wanted_) return;
  const std::optional<double> left = pace_.left();
  std::string line = fmt::format("{:5.1f} %  {}", 100 * part_, text);
  if (left) line += fmt::format(", {}{}", duration_text(*left), std::isinf(*left) ? "" : " left");
  line += ", " + memory_text();
  if (terminal_) {
    shown_ = true;
    return print_progress(fmt::format("{:{}}", line.substr(0, line_width), line_width));
  }
  constexpr double interval = 60, growth = 1.05;  // s: a run of a day has some 130 lines
  if (looked_ < std::max(logged_ + interval, growth * logged_)) return;
  logged_ = looked_;
  print_error("{}: {}\n", subject_, line);
}

void Progress::clear() {
  if (shown_) print_progress(fmt::format("{:{}}", "", line_width));
  if (shown_) print_progress("");
  shown_ = false;
}

}  // namespace memspice::app
