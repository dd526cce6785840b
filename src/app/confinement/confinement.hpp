#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace memspice::app {

/// What a program that reads a deck of unknown origin still needs of the file system.
struct Reach {
  std::vector<std::filesystem::path> reads;   // files and folders
  std::vector<std::filesystem::path> writes;  // folders: files in them are made, read, renamed and removed
};

/// Of a deck (`-` is standard input) and the outputs that the user named, empty where there is none: the deck
/// and what is below its folder; the folders of the outputs, and the working directory, where cards write.
Reach reach_of(const std::filesystem::path& deck, const std::vector<std::filesystem::path>& outputs);

/// From now on this process, its threads and nothing that it starts can do more than that: other files cannot
/// be opened (Linux's Landlock, from 5.13 on; shared libraries can be read), no program started, no socket
/// opened, no other process traced, no setting of the system changed (seccomp, on x86-64 and AArch64). A
/// second wall: the deck's own paths are checked where they are opened (base/beneath.hpp), so that nothing
/// changes where a kernel has neither. Names what holds, "files (landlock 7), calls (seccomp)", or nothing.
std::string confine(const Reach& reach);

/// Files: whether the kernel has bounded them. Its version of Landlock's interface, 0 where it has none.
int confine_files(const Reach& reach);
/// Calls: whether the kernel filters them.
bool confine_calls();

}  // namespace memspice::app
