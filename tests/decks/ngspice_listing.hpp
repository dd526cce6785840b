#pragma once

#include <complex>
#include <optional>
#include <string>
#include <vector>

/// What `ngspice -b` prints, read back.
namespace ngspice_listing {

/// The value behind `name =`; NaN where ngspice says "failed", nothing where it says nothing.
std::optional<double> measure(const std::string& listing, const std::string& name);

/// Harmonics from 0 on of the table of .four for a vector, magnitude and phase as one number; empty where
/// there is no such table.
std::vector<std::complex<double>> harmonics(const std::string& listing, const std::string& vector);

}  // namespace ngspice_listing
