#include "random/draws.hpp"

#include <algorithm>
#include <cmath>

namespace memspice {

double draw_agauss(RandomStream& stream, double nominal, double deviation, double sigma) {
  return nominal + deviation / sigma * stream.normal();
}

double draw_gauss(RandomStream& stream, double nominal, double deviation, double sigma) {
  return draw_agauss(stream, nominal, nominal * deviation, sigma);
}

double draw_aunif(RandomStream& stream, double nominal, double deviation) {
  return nominal + deviation * (2 * stream.uniform() - 1);
}

double draw_unif(RandomStream& stream, double nominal, double deviation) {
  return draw_aunif(stream, nominal, nominal * deviation);
}

double draw_limit(RandomStream& stream, double nominal, double deviation) {
  return nominal + (stream.uniform() < 0.5 ? -deviation : deviation);
}

double random_step(double x) {
  const double whole = std::clamp(std::floor(x), -0x1p62, 0x1p62);
  return RandomStream(static_cast<std::uint64_t>(static_cast<std::int64_t>(whole))).uniform();
}

double random_smooth(double x) {
  const double whole = std::floor(x), part = x - whole;
  const double from = random_step(whole), to = random_step(whole + 1);
  return from + (to - from) * (part * part * (3 - 2 * part));
}

}  // namespace memspice
