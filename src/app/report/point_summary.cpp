#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numbers>

#include "app/console/text_table.hpp"
#include "app/report/summary.hpp"

namespace memspice::app {

namespace {

constexpr std::size_t most_lines = 20;

std::string rest_of(std::size_t count, std::string_view what) {
  return count > most_lines ? fmt::format("… and {} more {}\n", count - most_lines, what) : std::string();
}

std::string from(std::string_view point) {
  if (point == "op") return "the operating point";
  if (point == "end") return "the end of the transient";
  return "the fixed point";
}

}  // namespace

std::string describe(const FixedPointReport& report) {
  if (!report.converged) return fmt::format("\nno fixed point found from {}\n", from(report.from));
  std::string text =
      fmt::format("\nfixed point found from {} by {}: largest |dw/dt| left {:.2g}/s", from(report.from),
                  report.method == "newton" ? "Newton's method" : "implicit Euler steps", report.residual);
  if (!report.held.empty())
    text += fmt::format(", {} of {} states held at a bound", report.held.size(), report.states.size());
  TextTable table({{"state", Align::left}, {"value"}, {"", Align::left}});
  for (std::size_t i = 0; i < std::min(most_lines, report.states.size()); ++i) {
    const auto& [name, value] = report.states[i];
    const bool held = std::ranges::find(report.held, name) != report.held.end();
    table.add({name, fmt::format("{:.9g}", value), held ? "held" : ""});
  }
  return text + "\n" + table.text() + rest_of(report.states.size(), "states");
}

std::string describe(const EigenReport& report) {
  std::string text = fmt::format("\nspectrum at {}: ", from(report.at));
  if (report.complete) {
    text +=
        fmt::format("{} eigenvalues of {} dynamic unknowns", report.values.size(), report.dynamic_unknowns);
  } else {
    text += fmt::format("the {} rightmost and leftmost eigenvalues of {} dynamic unknowns",
                        report.values.size(), report.dynamic_unknowns);
  }
  if (report.held != 0) text += fmt::format(", {} more states held at a bound", report.held);
  text += "\n";
  if (report.values.empty()) return text;
  TextTable table({{"real part 1/s"}, {"imaginary part 1/s"}, {"", Align::left}});
  std::size_t shown = 0;
  double largest = 0;
  for (const auto& value : report.values) largest = std::max(largest, std::abs(value));
  for (const auto& value : report.values) {
    if (++shown > most_lines) break;
    const double real = std::abs(value.real()) <= 1e-13 * largest ? 0 : value.real();
    const double imaginary = std::abs(value.imag()) <= 1e-9 * largest ? 0 : value.imag();
    table.add({fmt::format("{:.9g}", real), imaginary == 0 ? "" : fmt::format("{:+.9g}", imaginary),
               real > 0 ? "grows" : ""});
  }
  text += table.text() + rest_of(report.values.size(), "eigenvalues");
  for (const EigenReport::Oscillation& oscillation : report.oscillations)
    text += fmt::format("oscillation of period {:.6g} s: {}\n",
                        2 * std::numbers::pi / oscillation.value.imag(), fmt::join(oscillation.states, ", "));
  if (report.closed_form_difference) {
    text += fmt::format("closed form (Lyapunov matrix): the same eigenvalues within {:.2g} of the largest\n",
                        *report.closed_form_difference);
  } else if (!report.no_closed_form.empty()) {
    text += fmt::format("no closed form to compare with: {}\n", report.no_closed_form);
  }
  return text;
}

}  // namespace memspice::app
