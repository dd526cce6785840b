#include <algorithm>
#include <limits>
#include <stdexcept>
#include <utility>

#include "memspice/circuit.hpp"

namespace memspice {

namespace {

bool has_values_only(const SourceFunction& function) {
  return function.points.empty() && std::isnan(function.cycles) && std::isnan(function.repeat_from) &&
         function.offset == 0 && function.seed == 0 && function.delay == 0 && function.rise == 0;
}

}  // namespace

void SourceFunctions::reserve(std::size_t functions) {
  shape_.reserve(functions);
  place_.reserve(functions);
  expected_ = functions;
}

std::uint8_t SourceFunctions::shape_of(const SourceFunction& function) {
  std::size_t count = function.values.size();
  while (count > 0 && std::isnan(function.values[count - 1])) --count;
  std::size_t shape = 0;
  while (shape < shapes_.size() && (shapes_[shape].kind != function.kind || shapes_[shape].count != count))
    ++shape;
  if (shape == shapes_.size()) {
    shapes_.push_back({function.kind, count, {}});
    shapes_.back().values.expect(expected_);
  }
  return static_cast<std::uint8_t>(shape);
}

void SourceFunctions::push_back(SourceFunction function) {
  const auto number = [](std::size_t size) {
    if (size > std::numeric_limits<std::uint32_t>::max()) throw std::length_error("too many waveforms");
    return static_cast<std::uint32_t>(size);
  };
  if (!has_values_only(function)) {
    shape_.push_back(whole);
    place_.push_back(number(whole_.size()));
    whole_.push_back(std::make_shared<const SourceFunction>(std::move(function)));
    return;
  }
  shape_.push_back(shape_of(function));
  Shape& shape = shapes_[shape_.back()];
  place_.push_back(number(shape.values.count()));
  shape.values.add(std::span(function.values).first(shape.count));
}

SourceFunction SourceFunctions::operator[](std::size_t number) const {
  if (shape_[number] == whole) return *whole_[place_[number]];
  const Shape& shape = shapes_[shape_[number]];
  SourceFunction function;
  function.kind = shape.kind;
  function.values.fill(not_given);
  for (std::size_t i = 0; i < shape.count; ++i) function.values[i] = shape.values(place_[number], i);
  return function;
}

std::vector<std::uint32_t> SourceFunctions::distinct_in_time() const {
  std::vector<std::array<bool, 4>> seen(shapes_.size());  // by which of the two values are 0
  std::vector<std::uint8_t> alike(shapes_.size(), 1);     // but for these values
  for (std::size_t i = 0; i < shapes_.size(); ++i)
    for (std::size_t k = 2; k < shapes_[i].count; ++k) alike[i] &= shapes_[i].values.is_common(k) ? 1 : 0;
  std::vector<std::uint32_t> numbers;
  for (std::uint32_t number = 0; number < size(); ++number) {
    const std::uint8_t shape = shape_[number];
    if (shape != whole && alike[shape] != 0) {
      std::size_t zeros = 0;
      for (std::size_t k = 0; k < std::min<std::size_t>(2, shapes_[shape].count); ++k)
        if (shapes_[shape].values(place_[number], k) == 0) zeros |= k + 1;
      if (std::exchange(seen[shape][zeros], true)) continue;
    }
    numbers.push_back(number);
  }
  return numbers;
}

std::vector<SourceFunction> SourceFunctions::resolved(double step, double stop) const {
  std::vector<SourceFunction> functions;
  functions.reserve(size());
  for (std::size_t i = 0; i < size(); ++i) functions.emplace_back((*this)[i]).resolve(step, stop);
  return functions;
}

}  // namespace memspice
