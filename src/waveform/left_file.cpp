#include "waveform/left_file.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstddef>
#include <system_error>
#include <utility>
#include <vector>

#include "base/fingerprint.hpp"
#include "waveform/part_file.hpp"
#include "waveform/partial_result.hpp"

namespace memspice {
namespace {

std::uint64_t number_of(int descriptor, std::uint64_t begin, std::uint64_t end) {
  std::vector<std::byte> bytes(end - begin);
  for (std::size_t done = 0; done < bytes.size();) {
    const ssize_t count =
        ::pread(descriptor, bytes.data() + done, bytes.size() - done, static_cast<off_t>(begin + done));
    if (count < 0 && errno == EINTR) continue;
    if (count <= 0) throw std::system_error(count < 0 ? errno : EIO, std::generic_category());
    done += static_cast<std::size_t>(count);
  }
  return fingerprint_of(bytes);
}

}  // namespace

FileMark mark_of(int descriptor, std::uint64_t length, std::uint64_t head_end, std::uint64_t settled) {
  constexpr std::uint64_t most = 1u << 16;
  FileMark mark;
  mark.length = length;
  mark.head_end = std::min({length, head_end, most});
  mark.tail_begin = std::min(length, std::max(settled, length - std::min(length, most)));
  mark.head = number_of(descriptor, 0, mark.head_end);
  mark.tail = number_of(descriptor, mark.tail_begin, length);
  return mark;
}

bool begins_with(int descriptor, const FileMark& mark) {
  if (std::max(mark.head_end, mark.tail_begin) > mark.length) return false;
  struct stat status {};
  if (::fstat(descriptor, &status) != 0 || !S_ISREG(status.st_mode)) return false;
  if (static_cast<std::uint64_t>(status.st_size) < mark.length) return false;
  try {
    return number_of(descriptor, 0, mark.head_end) == mark.head &&
           number_of(descriptor, mark.tail_begin, mark.length) == mark.tail;
  } catch (const std::system_error&) {
    return false;
  }
}

LeftFile find_left(const std::filesystem::path& target, const std::string& name, const FileMark& mark) {
  const std::filesystem::path folder = target.parent_path();
  const std::string of_target = target.filename().string();
  std::vector<std::filesystem::path> places{folder / name};
  for (std::filesystem::path& other :
       leftovers(folder, [&](const std::string& of) { return of_target.starts_with(of); }))
    places.push_back(std::move(other));
  const std::size_t temporary = places.size();
  places.push_back(target);
  places.push_back(folder / partial_name(target));
  for (std::size_t i = 0; i < places.size(); ++i) {
    LeftFile left;
    left.temporary = i < temporary;
    left.path = places[i];
    const int mode = left.temporary ? O_RDWR : O_RDONLY;
    left.file.reset(::open(places[i].c_str(), mode | O_NOFOLLOW | O_CLOEXEC));
    if (!left.file.open() || !begins_with(left.file.number(), mark)) continue;
    left.busy = ::flock(left.file.number(), LOCK_EX | LOCK_NB) != 0 && errno == EWOULDBLOCK;
    return left;
  }
  return LeftFile();
}

}  // namespace memspice
