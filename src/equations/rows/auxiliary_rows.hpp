#pragma once

#include <span>
#include <string>
#include <vector>

#include "equations/rows/row_sets.hpp"

namespace memspice {

/// What modified nodal analysis adds to the potentials: unknowns and equations of everything that is neither
/// a population nor a plain source. It is a list of row sets, one a kind of element (row_sets.hpp). The
/// unknowns stand behind the potentials in y and are kept when the internal unknowns of the devices are
/// condensed:
///
/// - the current of every element that prescribes a voltage (behavioural voltage sources, inductors that
///   are coupled or stand in a cut set of inductors, ports of lines) or all but does (tiny resistors and
///   closed switches), and of every source, short circuit, switch or behavioural current source whose current
///   an expression reads;
/// - a *tap* for every other quantity of a device that an expression reads;
/// - the arguments of ddt() and the values of idt().
///
/// Behavioural current sources and switches whose current nobody reads are *loads*: they have no unknown and
/// add to Kirchhoff's current law only.
///
/// Life cycle: made before the potentials are numbered, since it says which ties keep their current as an
/// unknown; then attach(), and for every population RowSets::taps.attach(); then it is evaluated.
class AuxiliaryRows {
 public:
  /// `at_rest`: as in RowSets. `keep_cut_sets`: the currents of their inductors are unknowns.
  AuxiliaryRows(const Circuit& circuit, bool at_rest, bool keep_cut_sets);

  [[nodiscard]] RowSets& sets() { return sets_; }
  [[nodiscard]] const RowSets& sets() const { return sets_; }
  /// What conditions and switches are, of all sets.
  [[nodiscard]] AllModes& modes() { return modes_; }
  [[nodiscard]] const AllModes& modes() const { return modes_; }
  [[nodiscard]] const CutSets& cut_sets() const { return cut_sets_; }

  /// Number of unknowns.
  [[nodiscard]] std::size_t count() const { return sets_.numbers.owners.size(); }
  [[nodiscard]] bool empty() const { return count() == 0 && sets_.numbers.loads.empty(); }
  /// Whether there are no unknowns but the currents of inductors.
  [[nodiscard]] bool keeps_only_inductors() const { return sets_.inductors.count() == count(); }
  /// Whether an inductor or a resistor stands here: no member of its population.
  [[nodiscard]] bool replaces(std::uint32_t group, std::uint32_t instance) const;
  /// Numbers the unknowns: the first one is y[first].
  void attach(const PotentialForest& forest, std::size_t first);

  /// Adds to the rows of potentials, A, and sets the auxiliary ones, which are 0.
  void residual(const AuxiliaryPoint& at, double* r);
  /// The derivatives of that, always the same entries in the same order. Taps have only their own unknown's
  /// entry here.
  void entries(const AuxiliaryPoint& at, EntrySink& emit);
  /// Those of the loads' currents: row k is load k.
  void load_entries(const AuxiliaryPoint& at, EntrySink& emit);
  /// The loads' currents at a point, A.
  [[nodiscard]] std::span<const double> load_currents(const AuxiliaryPoint& at);
  /// Raises largest[row] of both ends of every element to the magnitude of its current, A.
  void largest_currents(const AuxiliaryPoint& at, double* largest);
  /// Sorts the currents in the unknowns x and those of the loads (or small changes of all of them), A, from
  /// plus through the element to minus: by behavioural source, by switch, by port (two a line). Adds to
  /// `leaving` what leaves each node, but for the elements that are devices too.
  template <class Number>
  void share(const Number* x, const Number* loads, std::vector<Number>& behavioural,
             std::vector<Number>& switches, std::vector<Number>& ports, std::vector<Number>& leaving) const;

  [[nodiscard]] const AuxiliaryUnknown& unknown(std::size_t k) const { return unknowns_[k]; }
  /// "i(e1)", for messages.
  [[nodiscard]] std::string name(std::size_t k) const;
  /// Copies what both of two systems of a circuit have.
  void transfer(const double* y, const AuxiliaryRows& to, double* to_y) const;
  /// What a saved run remembers beside the unknowns: modes and waves.
  void exchange(Archive& archive) {
    modes_.exchange(archive);
    sets_.lines.exchange(archive);
  }
  /// Puts integrals to their initial values.
  void initialise(double* y) const;

  /// Index in y of the current of an instance of a group; no_row: it is no unknown here.
  [[nodiscard]] std::uint32_t current_row(std::uint32_t group, std::uint32_t instance) const;
  /// Index in y of what an input of a program reads; no_row: it is no unknown.
  [[nodiscard]] std::uint32_t reading_row(std::uint32_t program, std::size_t input) const;

 private:
  const Circuit& circuit_;
  CutSets cut_sets_;
  RowSets sets_;
  AllModes modes_;
  std::vector<AuxiliaryUnknown> unknowns_;
  std::vector<double> load_currents_;  // A
};

}  // namespace memspice
