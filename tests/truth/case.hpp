#pragma once

#include <limits>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "memspice/waveform.hpp"
#include "truth/netlist.hpp"
#include "truth/random.hpp"

namespace memspice::truth {

/// What a case says of the rows of a run.
struct Verdict {
  /// Largest error of a row, in the case's own unit (the range of a quantity, mostly).
  double error = 0;
  std::string where;      // of the largest error: "v(n3) = 0.5 for 0.4 at 1e-3 s"
  std::string violation;  // an invariant that a row breaks; empty: none
  // Of families with a yardstick:
  std::optional<double> yardstick;      // its error
  std::optional<double> amplification;  // of errors by the circuit itself
};

/// One circuit with its oracle.
class Case {
 public:
  Case() = default;
  Case(const Case&) = delete;
  Case& operator=(const Case&) = delete;
  virtual ~Case() = default;

  /// The cards between title and .end.
  [[nodiscard]] virtual std::string cards() const = 0;
  [[nodiscard]] virtual double stop() const = 0;
  /// Elements whose currents meet at nodes, for Kirchhoff's law; empty: the law is not looked at.
  [[nodiscard]] virtual const std::vector<Element>& elements() const = 0;
  /// Judges the rows of a complete run at this tolerance; `plot` holds what cards() save.
  [[nodiscard]] virtual Verdict judge(const Plot& plot, double reltol) const = 0;
  /// Cases a step simpler, all of which have a solution.
  [[nodiscard]] virtual std::vector<std::unique_ptr<Case>> simpler() const = 0;
};

/// What the errors of a family's circuits may be, as multiples of reltol; 0: no bound.
struct Bounds {
  double median;
  double p90;
  /// A row further off than this contradicts the oracle, whatever reltol is (unit of the error).
  double gross;
  /// Largest ratio of quantiles to those of the yardstick; 0: the family has none.
  double yardstick = 0;
};

struct Family {
  std::string_view name;
  std::string_view what;
  std::unique_ptr<Case> (*generate)(Random& random);
  Bounds bounds;
  double share;  // of the circuits of a run of all families
};

const std::vector<Family>& families();

std::unique_ptr<Case> linear_case(Random& random);
std::unique_ptr<Case> memristor_case(Random& random);
std::unique_ptr<Case> network_case(Random& random);
std::unique_ptr<Case> memristor_flow_case(Random& random);
std::unique_ptr<Case> network_flow_case(Random& random);
std::unique_ptr<Case> event_case(Random& random);
std::unique_ptr<Case> line_case(Random& random);
std::unique_ptr<Case> commutation_case(Random& random);
std::unique_ptr<Case> oscillator_case(Random& random);
std::unique_ptr<Case> device_case(Random& random);
std::unique_ptr<Case> level_case(Random& random);
std::unique_ptr<Case> level_flow_case(Random& random);

// What these cases are drawn from; not every netlist makes one.
Netlist linear_netlist(Random& random);
Netlist memristor_netlist(Random& random);
Netlist network_netlist(Random& random);

/// Largest magnitude in a column.
double largest_magnitude(const std::vector<double>& column);
/// Column of a vector of the plot. Throws std::runtime_error where there is none.
const std::vector<double>& column(const Plot& plot, std::string_view vector);
/// Rows that an expensive oracle looks at: both ends, places spread evenly, and around the smallest, the
/// largest value and the widest jump of every vector.
std::vector<std::size_t> telling_rows(const Plot& plot, std::size_t spread);

}  // namespace memspice::truth
