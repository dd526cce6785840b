#include "equations/rows/magnitudes.hpp"

#include <utility>

namespace memspice {

Magnitudes::Magnitudes(std::vector<std::uint32_t> scale_of_row)
    : largest_(scale_of_row.size(), 0.0),
      kind_(scale_of_row.size(), Kind::voltage),
      scale_(std::move(scale_of_row)),
      largest_of_scale_(scale_.size(), 0.0) {}

void Magnitudes::reserve(std::size_t unknowns) {
  largest_.reserve(unknowns);
  kind_.reserve(unknowns);
  scale_.reserve(unknowns);
  largest_of_scale_.reserve(unknowns);
}

void Magnitudes::add(Kind kind, std::uint32_t scale) {
  if (scale == own_scale) {
    scale = static_cast<std::uint32_t>(largest_of_scale_.size());
    largest_of_scale_.push_back(0);
  }
  largest_.push_back(0);
  kind_.push_back(kind);
  scale_.push_back(scale);
  ++changes_;
  has_scales_ |= kind != Kind::fixed;
}

}  // namespace memspice
