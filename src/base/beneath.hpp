#pragma once

#include <filesystem>

#include "base/descriptor.hpp"

namespace memspice {

/// Opens `path`, relative to an open folder, if it stays below that folder: `..` and links may lead about in
/// it but not out of it, and an absolute path or link leads out. What is checked is what is opened, by one
/// call of the system's (Linux's openat2), or by open_beneath_stepwise() where there is none. Without success
/// no descriptor, and errno: EXDEV where the path leads out.
Descriptor open_beneath(const Descriptor& folder, const std::filesystem::path& path, int flags,
                        unsigned mode = 0);

/// The same on every system of POSIX: folder by folder, each opened relative to the one before and never
/// through a link; links are read and their text is walked in the same way.
Descriptor open_beneath_stepwise(const Descriptor& folder, const std::filesystem::path& path, int flags,
                                 unsigned mode = 0);

/// A folder to open below.
Descriptor open_folder(const std::filesystem::path& path);

}  // namespace memspice
