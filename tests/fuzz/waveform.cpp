// Any bytes as a waveform file: plots, or a message.
#include <sys/mman.h>
#include <unistd.h>

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <memspice/error.hpp>
#include <memspice/waveform.hpp>
#include <string>

using namespace memspice;

namespace {

/// A file in memory and its path.
class MemoryFile {
 public:
  MemoryFile(const std::uint8_t* data, std::size_t size) : descriptor_(::memfd_create("fuzz", 0)) {
    if (descriptor_ < 0 || ::write(descriptor_, data, size) != static_cast<ssize_t>(size)) std::abort();
  }
  ~MemoryFile() { ::close(descriptor_); }
  MemoryFile(const MemoryFile&) = delete;
  MemoryFile& operator=(const MemoryFile&) = delete;
  [[nodiscard]] std::string path() const { return "/proc/self/fd/" + std::to_string(descriptor_); }

 private:
  int descriptor_;
};

void check_shape(const Plot& plot) {
  if (plot.columns.size() != plot.vectors.size()) std::abort();
  if (plot.complex && plot.imaginary.size() != plot.vectors.size()) std::abort();
  for (const auto& column : plot.columns)
    if (column.size() != plot.rows()) std::abort();
  for (const auto& column : plot.imaginary)
    if (column.size() != plot.rows()) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const MemoryFile file(data, size);
  try {
    for (const Plot& plot : read_waveforms(file.path())) check_shape(plot);
  } catch (const FileError&) {
  }
  return 0;
}
