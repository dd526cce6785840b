#pragma once

#include <memspice/waveform.hpp>
#include <string>
#include <vector>

namespace memspice::app {

/// The plots of a file that the command line names. Throws FileError, which says of a deck that it is one,
/// and how to run it.
std::vector<Plot> waveforms_of(const std::string& path);

/// Throws UsageError where what is made of a file would be written over it.
void refuse_to_overwrite(const std::string& output, const std::string& input);

}  // namespace memspice::app
