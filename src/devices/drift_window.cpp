#include "devices/drift_window.hpp"

namespace memspice {

std::optional<ParameterProblem> check_window(DriftWindow::Kind kind, double p, std::size_t place_of_p) {
  const bool even_power = kind == DriftWindow::Kind::joglekar || kind == DriftWindow::Kind::biolek;
  if (even_power && p < 0.5)
    return ParameterProblem{place_of_p, "p must be at least 0.5 in the windows of Joglekar and Biolek",
                            "below, the window has no finite slope"};
  return std::nullopt;
}

}  // namespace memspice
