#include "equations/rows/row_set.hpp"

namespace memspice {

std::uint32_t RowSet::row(const Key& key) const {
  const auto found = row_of_.find(key);
  return found == row_of_.end() ? no_row : numbers_.first + found->second;
}

std::uint32_t RowSet::add_row(const Key& key, std::uint32_t place) {
  const auto number = static_cast<std::uint32_t>(numbers_.owners.size());
  row_of_.emplace(key, number);
  numbers_.owners.push_back({this, place});
  return number;
}

std::uint32_t RowSet::add_row(const Key& key, std::uint32_t place, const ElementCurrent& current) {
  const std::uint32_t number = add_row(key, place);
  numbers_.currents.push_back(current);
  numbers_.currents.back().row = number;
  return number;
}

void RowSet::transfer(const double* y, const RowSet& to, double* to_y) const {
  for (const auto& [key, number] : row_of_) {
    const std::uint32_t other = to.row(key);
    if (other != no_row) to_y[other] = y[numbers_.first + number];
  }
}

}  // namespace memspice
