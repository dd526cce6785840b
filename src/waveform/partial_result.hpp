#pragma once

#include <filesystem>
#include <string>
#include <string_view>

#include "waveform/output_file.hpp"

namespace memspice {

/// The line at the end of a table whose rows end early, in front of the reason.
inline constexpr std::string_view incomplete_line = "# incomplete: ";

/// Whether a waveform file says of itself that its rows end early. False as well for what is no such file.
bool says_incomplete(const std::filesystem::path& path);

/// `out.partial.raw` for `out.raw`.
std::filesystem::path partial_name(const std::filesystem::path& path);

/// Commits a waveform file. A partial result, one with a mark, does not take the place of a complete one: it
/// gets partial_name() there.
void commit_result(OutputFile& file, std::string_view mark);

}  // namespace memspice
