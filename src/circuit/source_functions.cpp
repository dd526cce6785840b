#include <limits>
#include <stdexcept>

#include "memspice/circuit.hpp"

namespace memspice {

namespace {

bool has_values_only(const SourceFunction& function) {
  return function.points.empty() && std::isnan(function.cycles) && std::isnan(function.repeat_from) &&
         function.offset == 0 && function.seed == 0 && function.delay == 0;
}

}  // namespace

void SourceFunctions::reserve(std::size_t functions) {
  constexpr std::size_t values_of_most = 4;
  packed_.reserve(functions);
  values_.reserve(values_of_most * functions);
}

void SourceFunctions::push_back(SourceFunction function) {
  const auto number = [](std::size_t size) {
    if (size > std::numeric_limits<std::uint32_t>::max()) throw std::length_error("too many waveforms");
    return static_cast<std::uint32_t>(size);
  };
  if (!has_values_only(function)) {
    packed_.push_back({number(whole_.size()), function.kind, whole});
    whole_.push_back(std::make_shared<const SourceFunction>(std::move(function)));
    return;
  }
  std::size_t count = function.values.size();
  while (count > 0 && std::isnan(function.values[count - 1])) --count;
  packed_.push_back({number(values_.size()), function.kind, static_cast<std::uint8_t>(count)});
  values_.insert(values_.end(), function.values.begin(),
                 function.values.begin() + static_cast<std::ptrdiff_t>(count));
}

SourceFunction SourceFunctions::operator[](std::size_t number) const {
  const Packed& packed = packed_[number];
  if (packed.count == whole) return *whole_[packed.first];
  SourceFunction function;
  function.kind = packed.kind;
  function.values.fill(not_given);
  std::copy_n(values_.begin() + packed.first, packed.count, function.values.begin());
  return function;
}

std::vector<SourceFunction> SourceFunctions::resolved(double step, double stop) const {
  std::vector<SourceFunction> functions;
  functions.reserve(size());
  for (std::size_t i = 0; i < size(); ++i) functions.emplace_back((*this)[i]).resolve(step, stop);
  return functions;
}

}  // namespace memspice
