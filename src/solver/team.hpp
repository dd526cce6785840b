#pragma once

#include <algorithm>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <thread>
#include <vector>

namespace memspice {

/// Threads that do the parts of one computation side by side. What the parts are is the caller's matter:
/// where it does not depend on the number of threads, neither do the results, to the last bit.
///
/// Life cycle: construct; share() as often as wanted, from one thread at a time.
class Team {
 public:
  /// The calling thread and threads - 1 others; fewer where the machine gives no more.
  explicit Team(std::size_t threads = 1);
  ~Team();
  Team(const Team&) = delete;
  Team& operator=(const Team&) = delete;

  [[nodiscard]] std::size_t size() const { return others_.size() + 1; }
  /// Calls work(part) once for each of 0 … parts - 1, and returns when all are done. `work` must not throw.
  template <class Work>
  void share(std::size_t parts, const Work& work) {
    if (others_.empty() || parts < 2) {
      for (std::size_t part = 0; part < parts; ++part) work(part);
      return;
    }
    share(parts, {&work, [](const void* of, std::size_t part) { (*static_cast<const Work*>(of))(part); }});
  }
  /// Calls work(first, last) for the ranges of `length` numbers that 0 … count - 1 consist of.
  template <class Work>
  void share_ranges(std::size_t count, std::size_t length, const Work& work) {
    share((count + length - 1) / length,
          [&](std::size_t part) { work(part * length, std::min(count, (part + 1) * length)); });
  }

 private:
  struct Task {
    const void* work = nullptr;
    void (*call)(const void* work, std::size_t part) = nullptr;
  };
  void share(std::size_t parts, Task task);
  void wait_and_help();
  void help();

  std::vector<std::thread> others_;
  Task task_;
  std::atomic<std::uint32_t> round_ = 0;  // odd: the end
  std::atomic<std::int64_t> left_ = 0;    // parts that nobody has begun; below 0 is none
  std::atomic<std::int64_t> undone_ = 0;  // parts that are not finished
};

}  // namespace memspice
