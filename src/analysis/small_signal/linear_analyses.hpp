#pragma once

#include "memspice/simulate.hpp"

namespace memspice {

/// `.dc`: an operating point for every combination of the swept values.
AnalysisReport run_dc(const Circuit& circuit, const DcCard& card, WaveformSink& sink,
                      const RunOptions& options, std::vector<Diagnostic>& warnings);

/// `.ac`: phasors of all vectors, a row a frequency.
AnalysisReport run_ac(const Circuit& circuit, const AcCard& card, WaveformSink& sink,
                      const RunOptions& options, std::vector<Diagnostic>& warnings);

/// `.tf`: gain, input and output resistance at the operating point.
AnalysisReport run_transfer_function(const Circuit& circuit, const TransferFunctionCard& card,
                                     WaveformSink& sink, const RunOptions& options,
                                     std::vector<Diagnostic>& warnings);

/// Finds what is wrong with the cards that look at it.
void check_transfer_function_cards(const Circuit& circuit, const TransferFunctionCard& card);

/// `.sens`: the derivatives of the output by every source's value and every parameter of the devices, at the
/// operating point or at every frequency.
AnalysisReport run_sensitivity(const Circuit& circuit, const SensitivityCard& card, WaveformSink& sink,
                               const RunOptions& options, std::vector<Diagnostic>& warnings);

/// `.noise`: spectral densities at the output and referred to the input, then their integrals in a second
/// plot.
AnalysisReport run_noise(const Circuit& circuit, const NoiseCard& card, WaveformSink& sink,
                         const RunOptions& options, std::vector<Diagnostic>& warnings);
void check_noise_cards(const Circuit& circuit, const NoiseCard& card);

}  // namespace memspice
