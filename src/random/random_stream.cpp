#include "random/random_stream.hpp"

#include <cmath>

#include "random/portable_math.hpp"

namespace memspice {

RandomStream::RandomStream(std::uint64_t seed, std::string_view purpose) : state_(seed) {
  // FNV-1a of the name, then one mixing of each so that neighbouring seeds start far apart.
  std::uint64_t hash = 0xcbf29ce484222325u;
  for (const char c : purpose) hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001b3u;
  const std::uint64_t mixed = next();
  state_ = hash;
  state_ = mixed ^ next();
}

std::uint32_t RandomStream::below(std::uint32_t end) {
  // Lemire's method: the high half of a product, without the few low halves that would make it uneven.
  std::uint64_t product = (next() >> 32) * end;
  if (static_cast<std::uint32_t>(product) < end) {
    const std::uint32_t uneven = (0u - end) % end;
    while (static_cast<std::uint32_t>(product) < uneven) product = (next() >> 32) * end;
  }
  return static_cast<std::uint32_t>(product >> 32);
}

double RandomStream::exponential() {
  return -portable_log(1 - uniform());
}

double RandomStream::normal() {
  if (has_spare_) {
    has_spare_ = false;
    return spare_;
  }
  // Marsaglia's polar method needs no trigonometric functions; a square root is exactly rounded everywhere.
  for (;;) {
    const double x = 2 * uniform() - 1;
    const double y = 2 * uniform() - 1;
    const double square = x * x + y * y;
    if (square >= 1 || square == 0) continue;
    const double factor = std::sqrt(-2 * portable_log(square) / square);
    spare_ = y * factor;
    has_spare_ = true;
    return x * factor;
  }
}

}  // namespace memspice
