#pragma once

#include <condition_variable>
#include <functional>
#include <mutex>

namespace memspice::python {

/// Work on a thread of its own, without Python's lock, while the calling thread looks twenty times a second
/// whether the user wants it to end and tells how far it is. So the work knows nothing of Python, and
/// callbacks run where their caller is.
class WatchedRun {
 public:
  /// What `look` throws, KeyboardInterrupt too, asks the work for an end and is thrown once it has come; what
  /// the work throws is thrown as well.
  void run(const std::function<void()>& work, const std::function<void()>& look);

  /// For the work: whether it is to end.
  [[nodiscard]] bool stopped();
  /// How far the work is.
  struct Progress {
    double time = 0, stop = 0;         // s
    std::size_t done = 0, points = 0;  // of .step and the like
  };
  void set_progress(Progress progress);
  [[nodiscard]] Progress progress();

 private:
  std::mutex mutex_;
  std::condition_variable ended_;
  Progress progress_;
  bool done_ = false;
  bool stop_ = false;
};

}  // namespace memspice::python
