#include "generate/distribution.hpp"

#include <algorithm>
#include <cmath>

#include "random/portable_math.hpp"

namespace memspice::generate {

namespace {

constexpr double widest = 4;  // standard deviations

}  // namespace

double Distribution::smallest() const {
  return law == Law::normal ? std::max(lowest, first - widest * second) : first;
}

double Distribution::largest() const {
  if (law == Law::normal) return std::min(highest, first + widest * second);
  return law == Law::fixed ? first : second;
}

double Distribution::draw(RandomStream& stream) const {
  switch (law) {
    case Law::fixed:
      return first;
    case Law::uniform:
      return first + stream.uniform() * (second - first);
    case Law::logarithmic: {
      const double low = portable_log(first);
      const double value = portable_exp(low + stream.uniform() * (portable_log(second) - low));
      return std::clamp(value, first, second);
    }
    case Law::normal:
      for (;;) {
        const double deviation = stream.normal();
        const double value = first + second * deviation;
        if (std::abs(deviation) <= widest && value >= lowest && value <= highest) return value;
      }
  }
  return first;
}

}  // namespace memspice::generate
