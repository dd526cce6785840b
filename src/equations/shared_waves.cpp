#include "equations/shared_waves.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <map>
#include <tuple>
#include <utility>

namespace memspice {

namespace {

/// Sines and pulses of one shape have one key.
using ShapeKey = std::pair<int, std::array<double, 8>>;

ShapeKey key_of(const SourceFunction& shape) {
  ShapeKey key{static_cast<int>(shape.kind), {}};
  std::ranges::copy(shape.values, key.second.begin());
  key.second[7] = shape.cycles;
  for (double& value : key.second)
    if (std::isnan(value)) value = -infinity;  // an order needs numbers
  return key;
}

}  // namespace

template <class Prepare>
void SharedWaves::split(const SourceFunctions& functions, Prepare&& prepare) {
  waves_.clear();
  parts_.clear();
  parts_.reserve(functions.size());
  std::map<ShapeKey, std::uint32_t> shapes;
  auto last = shapes.end();
  const auto add = [&](SourceFunction function) {
    waves_.push_back(std::move(function));
    return static_cast<std::uint32_t>(waves_.size() - 1);
  };
  for (SourceFunction shape : functions) {
    prepare(shape);
    const bool sine = shape.kind == SourceFunction::Kind::sine;
    const bool pulse = shape.kind == SourceFunction::Kind::pulse;
    const bool varies = sine ? shape.values[1] != 0 : shape.values[0] != shape.values[1];
    if ((!sine && !pulse) || !varies || shape.rise > 0 || std::isnan(shape.values[0] + shape.values[1])) {
      Part& part = parts_.emplace_back();
      part.wave = add(std::move(shape));
      part.top = 1;
      continue;
    }
    const double first = std::exchange(shape.values[0], 0), second = std::exchange(shape.values[1], 1);
    const ShapeKey key = key_of(shape);
    if (last == shapes.end() || last->first != key) {
      bool isnew = false;
      std::tie(last, isnew) = shapes.try_emplace(key, 0);
      if (isnew) last->second = add(std::move(shape));
    }
    parts_.push_back({.constant = first,
                      .factor = sine ? second : second - first,
                      .top = sine ? first + second : second,
                      .wave = last->second});
  }
  values_.assign(waves_.size(), 0.0);
}

void SharedWaves::resolve(const SourceFunctions& functions, double step, double stop) {
  split(functions, [&](SourceFunction& function) { function.resolve(step, stop); });
}

void SharedWaves::take(const SourceFunctions& functions) {
  split(functions, [](SourceFunction&) {});
}

void SharedWaves::go_to(double t, double inside) {
  for (std::size_t i = 0; i < waves_.size(); ++i) values_[i] = waves_[i].value(t, inside);
}

}  // namespace memspice
