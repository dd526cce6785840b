#pragma once

#include <sys/types.h>

#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace memspice {

/// What the name of a temporary file says, `out.raw.4711-0.part`.
struct PartName {
  std::string target;  // `out.raw`; of a very long name the beginning
  pid_t process = 0;   // that writes it
};

/// The name of process's n-th temporary file of a target.
std::string part_name(std::string_view target, pid_t process, int number);
std::optional<PartName> read_part_name(std::string_view name);

/// Whether the process that writes such a file still runs, or another one that has its number by now.
bool is_being_written(const PartName& name);

/// The temporary files in a folder that dead processes have left of targets that are asked for, by name.
std::vector<std::filesystem::path> leftovers(const std::filesystem::path& folder,
                                             const std::function<bool(const std::string&)>& asks_for);

}  // namespace memspice
