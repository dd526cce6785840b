#pragma once

#include <sundials/sundials_nvector.h>

#include <span>

namespace memspice {

/// A serial N_Vector of our own: contiguous doubles, loops compiled for the vector units at hand, fused
/// linear combinations, and one deliberate difference from SUNDIALS' own: the "WRMS norm" is the weighted
/// maximum norm, so that every single unknown meets its tolerance (a root mean square over N unknowns lets
/// one miss it √N-fold).
N_Vector new_vector(std::size_t size, SUNContext context);

std::span<double> values(N_Vector v);

}  // namespace memspice
