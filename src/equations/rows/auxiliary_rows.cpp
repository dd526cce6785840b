#include "equations/rows/auxiliary_rows.hpp"

#include <algorithm>
#include <cmath>
#include <complex>

namespace memspice {

namespace {

/// Nothing where no element could have a row: a large network of devices needs no such list.
std::vector<ElementPlace> places_for_rows(const Circuit& circuit, const CutSets& cut_sets) {
  if (circuit.programs.empty() && circuit.couplings.empty() && cut_sets.inductors.empty()) return {};
  return element_places(circuit);
}

}  // namespace

AuxiliaryRows::AuxiliaryRows(const Circuit& circuit, bool at_rest, bool keep_cut_sets)
    : circuit_(circuit),
      cut_sets_(keep_cut_sets ? find_cut_sets(circuit) : CutSets{}),
      sets_(circuit, at_rest, cut_sets_, tiny_resistances(circuit), places_for_rows(circuit, cut_sets_)) {
  for (RowSet* set : sets_.all)
    if (Modes* modes = set->modes()) modes_.add(*modes);
  modes_.add(sets_.expressions);
}

bool AuxiliaryRows::replaces(std::uint32_t group, std::uint32_t instance) const {
  return sets_.inductors.row_of(group, instance) != no_row ||
         sets_.resistors.row_of(group, instance) != no_row;
}

void AuxiliaryRows::attach(const PotentialForest& forest, std::size_t first) {
  RowNumbers& numbers = sets_.numbers;
  numbers.first = static_cast<std::uint32_t>(first);
  for (ElementCurrent& current : numbers.currents) {
    current.row += numbers.first;
    current.ends.attach(forest);
  }
  for (ElementCurrent& load : numbers.loads) load.ends.attach(forest);
  for (RowSet* set : sets_.all) set->attach(forest);
  sets_.expressions.attach(forest, numbers.first);
  for (const RowNumbers::Owner& owner : numbers.owners) unknowns_.push_back(owner.set->unknown(owner.place));
  load_currents_.resize(numbers.loads.size());
}

void AuxiliaryRows::residual(const AuxiliaryPoint& at, double* r) {
  for (const ElementCurrent& current : sets_.numbers.currents) {
    r[current.ends.plus_row] += at.y[current.row];
    r[current.ends.minus_row] -= at.y[current.row];
  }
  for (RowSet* set : sets_.all) set->residual(at, r);
  const std::span<const double> loads = load_currents(at);
  for (std::size_t k = 0; k < loads.size(); ++k) {
    const Ends& ends = sets_.numbers.loads[k].ends;
    r[ends.plus_row] += loads[k];
    r[ends.minus_row] -= loads[k];
  }
}

void AuxiliaryRows::entries(const AuxiliaryPoint& at, EntrySink& emit) {
  for (const ElementCurrent& current : sets_.numbers.currents) {
    emit(current.ends.plus_row, current.row, 1);
    emit(current.ends.minus_row, current.row, -1);
  }
  for (RowSet* set : sets_.all) set->entries(at, emit);
}

void AuxiliaryRows::load_entries(const AuxiliaryPoint& at, EntrySink& emit) {
  for (RowSet* set : sets_.all) set->load_entries(at, emit);
}

std::span<const double> AuxiliaryRows::load_currents(const AuxiliaryPoint& at) {
  for (RowSet* set : sets_.all) set->load_currents(at, load_currents_.data());
  return load_currents_;
}

void AuxiliaryRows::largest_currents(const AuxiliaryPoint& at, double* largest) {
  const auto note = [&](const Ends& ends, double current) {
    for (const std::uint32_t row : {ends.plus_row, ends.minus_row})
      largest[row] = std::max(largest[row], std::abs(current));
  };
  for (const ElementCurrent& current : sets_.numbers.currents) note(current.ends, at.y[current.row]);
  const std::span<const double> loads = load_currents(at);
  for (std::size_t k = 0; k < loads.size(); ++k) note(sets_.numbers.loads[k].ends, loads[k]);
}

template <class Number>
void AuxiliaryRows::share(const Number* x, const Number* loads, std::vector<Number>& behavioural,
                          std::vector<Number>& switches, std::vector<Number>& ports,
                          std::vector<Number>& leaving) const {
  behavioural.assign(circuit_.behavioural_sources.size(), Number{});
  switches.assign(circuit_.switches.size(), Number{});
  ports.assign(2 * circuit_.lines.size(), Number{});
  std::array<std::vector<Number>*, 4> lists{nullptr, &behavioural, &switches, &ports};
  const auto put = [&](const ElementCurrent& element, Number current) {
    if (std::vector<Number>* list = lists[static_cast<std::size_t>(element.list)])
      (*list)[element.index] = current;
    if (element.device) return;
    leaving[element.ends.plus] += current;
    leaving[element.ends.minus] -= current;
  };
  for (const ElementCurrent& current : sets_.numbers.currents) put(current, x[current.row]);
  for (std::size_t k = 0; k < sets_.numbers.loads.size(); ++k) put(sets_.numbers.loads[k], loads[k]);
}

template void AuxiliaryRows::share(const double*, const double*, std::vector<double>&, std::vector<double>&,
                                   std::vector<double>&, std::vector<double>&) const;
template void AuxiliaryRows::share(const std::complex<double>*, const std::complex<double>*,
                                   std::vector<std::complex<double>>&, std::vector<std::complex<double>>&,
                                   std::vector<std::complex<double>>&,
                                   std::vector<std::complex<double>>&) const;

std::string AuxiliaryRows::name(std::size_t k) const {
  const RowNumbers::Owner& owner = sets_.numbers.owners[k];
  return owner.set->name(owner.place);
}

void AuxiliaryRows::transfer(const double* y, const AuxiliaryRows& to, double* to_y) const {
  for (std::size_t i = 0; i < sets_.all.size(); ++i) sets_.all[i]->transfer(y, *to.sets_.all[i], to_y);
}

void AuxiliaryRows::initialise(double* y) const {
  for (const RowSet* set : sets_.all) set->initialise(y);
}

std::uint32_t AuxiliaryRows::current_row(std::uint32_t group, std::uint32_t instance) const {
  return std::min({sets_.inductors.row_of(group, instance), sets_.short_circuits.row_of(group, instance),
                   sets_.resistors.row_of(group, instance)});
}

std::uint32_t AuxiliaryRows::reading_row(std::uint32_t program, std::size_t input) const {
  const Reading& reading = sets_.expressions.readings(program)[input];
  return reading.kind == Reading::Kind::unknown ? reading.index : no_row;
}

}  // namespace memspice
