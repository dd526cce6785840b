#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

namespace memspice {

/// How the values of a sweep follow each other.
enum class Spacing : std::uint8_t { linear, decade, octave, list };

/// The spacing that a word of a card (lin, dec, oct, list; any case) means.
std::optional<Spacing> spacing_of(std::string_view word);

/// Three values of a card, and where they stand.
struct SpacedValues {
  std::array<double, 3> value{};
  std::array<std::string_view, 3> at{};
};

/// First, last, and the step (linear) or the number of values a decade or octave: of .dc and .step. The last
/// value is met exactly where it is one of the sequence. Throws Problem.
std::vector<double> spaced_values(Spacing spacing, const SpacedValues& given);

/// Number of values (linear: of all; else a decade or octave), first and last, of .ac and .noise, as ngspice
/// spaces them: decades are divided anew so that the last frequency is met. Throws Problem.
std::vector<double> spaced_frequencies(Spacing spacing, const SpacedValues& given);

}  // namespace memspice
