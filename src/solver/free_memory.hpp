#pragma once

#include <cstddef>
#include <string>

namespace memspice {

/// Bytes that this process can still take: what the machine has free, or what a limit of the process
/// (ulimit -v) or of its container leaves. Infinity where nothing tells.
[[nodiscard]] double free_memory();
/// "1.4e+10 entries, 168 GB".
[[nodiscard]] std::string describe_factor(double entries, double bytes_per_entry);
/// Throws SimulationError where a factor would not fit, with what would.
void require_memory_for_factor(double entries, double bytes_per_entry);
/// The same for `count` devices of a circuit that take so much each.
void require_memory_for_devices(std::size_t count, double bytes_per_device);

}  // namespace memspice
