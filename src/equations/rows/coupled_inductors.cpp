#include "equations/rows/coupled_inductors.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace memspice {

CoupledInductors::CoupledInductors(RowNumbers& numbers, const Circuit& circuit, const CutSets& cut_sets,
                                   const std::vector<ElementPlace>& places, bool at_rest)
    : RowSet(numbers), circuit_(circuit) {
  if (!at_rest) {
    for (const CutSets::Inductor& inductor : cut_sets.inductors)
      keep(places[circuit.groups[inductor.group].names[inductor.instance]]);
    for (const Coupling& coupling : circuit.couplings) {
      const ElementPlace& first = places[coupling.first];
      const ElementPlace& second = places[coupling.second];
      const std::uint32_t a = keep(first);
      const std::uint32_t b = keep(second);
      const double mutual = coupling.coefficient * std::sqrt(inductance(first) * inductance(second));
      mutuals_.push_back({a, b, mutual});
      mutuals_.push_back({b, a, mutual});
    }
  }
  std::ranges::stable_sort(mutuals_, {}, &Mutual::own);
  std::uint32_t next = 0;
  for (Inductor& inductor : inductors_) {
    first_mutual_.push_back(next);
    inductor.inductance = 0;
    for (; next < mutuals_.size() && mutuals_[next].own == inductor.row; ++next)
      if (mutuals_[next].other == inductor.row) inductor.inductance += mutuals_[next].inductance;
  }
  first_mutual_.push_back(next);
}

double CoupledInductors::inductance(const ElementPlace& place) const {
  const DeviceGroup& group = circuit_.groups[place.group];
  return group.parameter(place.index, group.type->find_parameter("l").value());
}

std::uint32_t CoupledInductors::keep(const ElementPlace& place) {
  if (const std::uint32_t known = row_of(place.group, place.index); known != no_row) return known;
  const DeviceGroup& group = circuit_.groups[place.group];
  const Ends ends{group.nodes[2 * place.index], group.nodes[2 * place.index + 1]};
  const std::uint32_t number =
      add_row({place.index, place.group}, static_cast<std::uint32_t>(inductors_.size()),
              {.device = true, .ends = ends});
  inductors_.push_back({number, ends});
  names_.push_back(group.names[place.index]);
  mutuals_.push_back({number, number, inductance(place)});
  return number;
}

std::optional<ElementReading> CoupledInductors::current_of(const ElementPlace& place) {
  if (place.kind != ElementPlace::Kind::device) return {};
  const std::uint32_t known = row_of(place.group, place.index);
  if (known == no_row) return {};
  const NodeId* nodes = circuit_.groups[place.group].nodes.data() + 2 * place.index;
  return ElementReading{{.kind = Reading::Kind::unknown, .index = known}, nodes[0], nodes[1]};
}

void CoupledInductors::attach(const PotentialForest& forest) {
  for (Inductor& inductor : inductors_) {
    inductor.row += numbers_.first;
    inductor.ends.attach(forest);
  }
  for (Mutual& mutual : mutuals_) mutual.other += numbers_.first;
}

void CoupledInductors::residual(const AuxiliaryPoint& at, double* r) {
  for (std::size_t k = 0; k < inductors_.size(); ++k) {
    const Inductor& inductor = inductors_[k];
    double induced = 0;
    if (!at.hold)
      for (std::uint32_t m = first_mutual_[k]; m < first_mutual_[k + 1]; ++m)
        induced += mutuals_[m].inductance * at.derivative[mutuals_[m].other];
    r[inductor.row] = inductor.ends.voltage(at) - induced;
  }
}

void CoupledInductors::entries(const AuxiliaryPoint& at, EntrySink& emit) {
  for (std::size_t k = 0; k < inductors_.size(); ++k) {
    emit.difference(inductors_[k].row, inductors_[k].ends, 1);
    for (std::uint32_t m = first_mutual_[k]; m < first_mutual_[k + 1]; ++m)
      emit(inductors_[k].row, mutuals_[m].other, 0, at.hold ? 0 : -mutuals_[m].inductance);
  }
}

AuxiliaryUnknown CoupledInductors::unknown(std::uint32_t) const {
  return {.quantity = Quantity::current, .tested = true, .dynamic = true};
}

std::string CoupledInductors::name(std::uint32_t place) const {
  return fmt::format("i({})", circuit_.element_names[names_[place]]);
}

}  // namespace memspice
