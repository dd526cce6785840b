#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "circuit/element_view.hpp"
#include "equations/rows/expressions.hpp"

namespace memspice {

class ErrorWeights;
class RowSet;

/// A current that the auxiliary equations bring, A, from plus through the element to minus.
struct ElementCurrent {
  enum class List : std::uint8_t { none, behavioural, switches, ports };
  List list = List::none;   // where the readout puts it
  std::uint32_t index = 0;  // in that list; of ports 2 × line + port
  bool device = false;      // its group has it among its currents, too
  Ends ends = {};
  std::uint32_t row = no_row;  // of the unknown, once attached its index in y; no_row: it is a load
};

/// The numbers that all row sets of a system share: every set takes its rows here, in any order.
struct RowNumbers {
  struct Owner {
    const RowSet* set = nullptr;
    std::uint32_t place = 0;  // the set's own name for the row
  };
  std::uint32_t first = 0;               // index in y of the first row, once attached
  std::vector<Owner> owners;             // by row
  std::vector<ElementCurrent> currents;  // that are unknowns, in the order of their rows
  std::vector<ElementCurrent> loads;     // that follow from the other unknowns
};

/// What an unknown is to the integrator.
struct AuxiliaryUnknown {
  Quantity quantity = Quantity::current;
  bool tested = false;                   // has a part in the integrator's error test
  bool dynamic = false;                  // its derivative appears
  std::optional<double> tolerance = {};  // absolute, where it is not that of the quantity
  std::uint32_t before = 0;              // has the scale of the unknown that many rows before it; 0: its own
};

/// How an expression reads the current of an element, and between which nodes the element lies.
struct ElementReading {
  Reading current;
  NodeId plus = ground;
  NodeId minus = ground;
};

/// F[plus] += sign P and F[minus] -= sign P; row 0 is ground's.
struct ProgramPlace {
  std::uint32_t program = 0;
  std::uint32_t plus = 0;
  std::uint32_t minus = 0;
  double sign = 1;
  std::uint32_t source = 0;     // in Circuit::behavioural_sources: of a source with a gain
  double per_gain = not_given;  // its program = gain × per_gain × its only input
};

/// F[row] -= v i
struct PowerPlace {
  std::uint32_t row = 0;
  Reading voltage;
  Reading current;
};

/// Where expressions, and products of what they read, stand in the equations.
struct ExpressionPlaces {
  std::vector<ProgramPlace> programs;
  std::vector<PowerPlace> powers;
};

/// A noise current between two rows, or a noise voltage in the equation of one.
struct NoiseSource {
  std::uint32_t element = 0;  // in Circuit::element_names
  std::string_view name;      // "thermal"
  std::uint32_t plus = 0;     // rows between which it flows
  std::uint32_t minus = 0;
  /// Where it enters the equations inside of a device: rows, and what they gain of it.
  std::vector<std::pair<std::uint32_t, double>> inside = {};
};

/// All elements of one kind that is neither a device nor a plain source: their unknowns behind the potentials
/// in y, their equations, and everything else that is asked about them. A virtual call evaluates them all.
///
/// Life cycle: the constructor takes the rows that are always there; current_of() those of currents that
/// expressions read; add_loads() makes loads of the other elements; attach() tells where the unknowns stand.
/// After that the set is evaluated. Kirchhoff's current law for unknown currents and loads is not the set's
/// business: AuxiliaryRows writes it for all.
class RowSet {
 public:
  explicit RowSet(RowNumbers& numbers) : numbers_(numbers) {}
  virtual ~RowSet() = default;

  /// The current of an element of this kind: one of its unknowns from now on. Nothing: the set has no such
  /// element.
  virtual std::optional<ElementReading> current_of(const ElementPlace&) { return {}; }
  virtual void add_loads() {}
  /// RowNumbers::first is known.
  virtual void attach(const PotentialForest& forest) = 0;

  /// Sets the rows of this set's unknowns in r, which are 0.
  virtual void residual(const AuxiliaryPoint& at, double* r) = 0;
  /// The derivatives of those rows, and those of the loads' currents in the rows of their ends.
  virtual void entries(const AuxiliaryPoint& at, EntrySink& emit) = 0;
  /// The currents of this set's loads, A: current[number of the load].
  virtual void load_currents(const AuxiliaryPoint&, double* /*current*/) {}
  /// Their derivatives: the number of the load is the row.
  virtual void load_entries(const AuxiliaryPoint&, EntrySink&) {}

  /// What the unknown is that the set calls `place`.
  [[nodiscard]] virtual AuxiliaryUnknown unknown(std::uint32_t place) const = 0;
  /// "i(e1)", for messages.
  [[nodiscard]] virtual std::string name(std::uint32_t place) const = 0;
  /// Puts unknowns to initial values of their own.
  virtual void initialise(double* /*y*/) const {}
  /// What of this kind jumps; null: nothing.
  virtual Modes* modes() { return nullptr; }

  /// The point at t = 0, or what cards say of it: y is made to fit what elements remember of the time before.
  virtual void begin(const AuxiliaryPoint&, bool /*use_initial_conditions*/, double* /*y*/) {}
  /// A point of the transient.
  virtual void note(const AuxiliaryPoint&) {}
  /// The values just behind a corner: jumps that no error test would see are none.
  virtual void note_corner(const AuxiliaryPoint&, const ErrorWeights&) {}
  /// The next time after t at which something remembered makes a corner, s; infinity: none.
  [[nodiscard]] virtual double next_breakpoint(double /*t*/) const { return infinity; }

  /// `hold`: as AuxiliaryPoint::hold.
  virtual void find_expressions(bool /*hold*/, ExpressionPlaces&) const {}
  virtual void find_noise(std::vector<NoiseSource>&) const {}
  /// Appends the spectral densities of those, A²/Hz (V²/Hz of a noise voltage).
  virtual void noise_densities(const AuxiliaryPoint&, double /*kelvin*/, std::vector<double>&) {}
  /// Conductances, S, and names of elements that have a negative resistance by themselves, as last
  /// linearised.
  virtual void find_negative(std::vector<std::pair<double, std::uint32_t>>&) const {}

  /// Copies the unknowns that a set of the same kind, of another system of the circuit, has too.
  void transfer(const double* y, const RowSet& to, double* to_y) const;
  /// How many unknowns the set has.
  [[nodiscard]] std::size_t count() const { return row_of_.size(); }

 protected:
  /// What tells the unknowns of a set apart: index of the element, group, and the like.
  using Key = std::array<std::uint32_t, 3>;
  /// Index in y (before attach() the number of the row); no_row: there is none.
  [[nodiscard]] std::uint32_t row(const Key& key) const;
  /// Takes a new row, the number of which it returns.
  std::uint32_t add_row(const Key& key, std::uint32_t place);
  /// The same for a current; current.row is filled in.
  std::uint32_t add_row(const Key& key, std::uint32_t place, const ElementCurrent& current);

  RowNumbers& numbers_;

 private:
  std::map<Key, std::uint32_t> row_of_;
};

}  // namespace memspice
