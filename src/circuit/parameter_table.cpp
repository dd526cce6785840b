#include <algorithm>
#include <bit>
#include <numeric>

#include "memspice/circuit.hpp"

namespace memspice {

namespace {

// As bits: what is not given equals what is not given.
bool is_same(double a, double b) {
  return std::bit_cast<std::uint64_t>(a) == std::bit_cast<std::uint64_t>(b);
}

}  // namespace

void ParameterTable::differ(Column& column) const {
  column.each.reserve(std::max(expected_, count_));
  column.each.assign(count_, column.common);
}

void ParameterTable::set(std::size_t instance, std::size_t parameter, double value) {
  Column& column = columns_[parameter];
  if (column.each.empty()) {
    if (is_same(column.common, value)) return;
    differ(column);
  }
  column.each[instance] = value;
}

void ParameterTable::add(std::span<const double> values) {
  if (count_ == 0)
    for (const double value : values) columns_.push_back({value, {}});
  for (std::size_t i = 0; i < values.size(); ++i) {
    Column& column = columns_[i];
    if (column.each.empty()) {
      if (is_same(column.common, values[i])) continue;
      differ(column);
    }
    column.each.push_back(values[i]);
  }
  ++count_;
}

std::vector<double> ParameterTable::row(std::size_t instance) const {
  const auto number = static_cast<std::uint32_t>(instance);
  return rows({&number, 1});
}

std::vector<double> ParameterTable::rows(std::span<const std::uint32_t> instances) const {
  const std::size_t width = columns_.size();
  std::vector<double> values(instances.size() * width);
  for (std::size_t i = 0; i < width; ++i)
    for (std::size_t k = 0; k < instances.size(); ++k) values[k * width + i] = (*this)(instances[k], i);
  return values;
}

std::vector<double> ParameterTable::rows() const {
  std::vector<std::uint32_t> all(count_);
  std::iota(all.begin(), all.end(), 0u);
  return rows(all);
}

}  // namespace memspice
