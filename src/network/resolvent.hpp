#pragma once

#include <complex>
#include <cstddef>
#include <span>
#include <vector>

#include "network/graph.hpp"
#include "network/topology.hpp"

namespace memspice::network {

/// Beyond this many loops the eigenvalues of a dense matrix would take longer than all else in `.network`.
inline constexpr std::size_t most_resolvent_loops = 400;

/// The spectrum of the resolvent (I + Ω̂ΞW)⁻¹ [Eq 32], M × M, on resistive branches: D = P R_on with signs and
/// R = D (I + ΞW), ohm, one a branch of the graph.
///
/// On the M - L dimensions that Ω̂ maps to 0 the resolvent is the identity. On the cycles, Aᵗx, it is
/// (A R Aᵗ)⁻¹ A D Aᵗ: these L eigenvalues are returned, by rising real part. They exist where A R Aᵗ is
/// regular, whether or not Ω̂ does: each is a resistance around loops at w = 0 over what it is at w. Real
/// where all resistances have one sign.
Finding<std::vector<std::complex<double>>> resolvent_spectrum(std::size_t node_count,
                                                              std::span<const GraphBranch> branches,
                                                              std::span<const double> base,
                                                              std::span<const double> resistance);

}  // namespace memspice::network
