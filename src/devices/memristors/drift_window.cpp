#include "devices/memristors/drift_window.hpp"

namespace memspice {

std::optional<ParameterProblem> check_window(DriftWindow::Kind kind, double p, std::size_t place_of_p,
                                             double width, std::size_t place_of_width) {
  const bool even_power = kind == DriftWindow::Kind::joglekar || kind == DriftWindow::Kind::biolek;
  if (even_power && p < 0.5)
    return ParameterProblem{place_of_p, "p must be at least 0.5 in the windows of Joglekar and Biolek",
                            "below, the window has no finite slope"};
  constexpr double narrowest = 1e-5;
  if (kind == DriftWindow::Kind::kvatinsky && width < narrowest)
    return ParameterProblem{place_of_width, "wc is less than 1e-5 of the range of the state",
                            "so narrow a window is a step at its ends; window=none has them, exactly"};
  return std::nullopt;
}

}  // namespace memspice
