#include "analysis/transient/integration_failure.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>
#include <span>
#include <vector>

#include "equations/readout.hpp"

namespace memspice {

std::string describe_failure(const EquationSystem& system, const Ida& ida, double stop, StepOutcome outcome) {
  std::string message = fmt::format(
      "the integration cannot go on at t = {:.9g} s (of {:.6g} s): {}", ida.time(), stop,
      outcome == StepOutcome::no_convergence ? "Newton's method does not converge however small the step"
                                             : "the error stays too large however small the step");
  const std::span<const double> y = ida.y();
  const std::span<const double> slope = ida.derivative();
  std::vector<std::size_t> order(y.size() - 1);
  for (std::size_t i = 0; i < order.size(); ++i) order[i] = i + 1;
  const std::size_t most = std::min<std::size_t>(3, order.size());
  std::partial_sort(order.begin(), order.begin() + static_cast<std::ptrdiff_t>(most), order.end(),
                    [&](std::size_t a, std::size_t b) {
                      return std::abs(slope[a]) * (1e-9 + std::abs(y[b])) >
                             std::abs(slope[b]) * (1e-9 + std::abs(y[a]));
                    });
  message += "\n  fastest unknowns:";
  for (std::size_t i = 0; i < most; ++i)
    message += fmt::format("{} {} = {:.6g} ({:+.3g}/s)", i == 0 ? "" : ",",
                           system.unknowns().name_of(order[i]), y[order[i]], slope[order[i]]);
  if (const auto suspects = negative_resistances(system, 5); !suspects.empty())
    message += fmt::format(
        "\n  negative resistances: {}: where positive ones hardly outweigh them any more, currents diverge",
        fmt::join(suspects, ", "));
  message += fmt::format("\n  tried: steps down to {:.3g} s, factorising anew at each", ida.last_step());
  message +=
      "\n  try: end the run earlier, change the active devices' initial states or sources, or raise reltol";
  return message;
}

}  // namespace memspice
