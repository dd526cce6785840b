#include "python/watched_run.hpp"

#include <nanobind/nanobind.h>

#include <chrono>
#include <exception>
#include <thread>

namespace nb = nanobind;

namespace memspice::python {

void WatchedRun::run(const std::function<void()>& work, const std::function<void()>& look) {
  constexpr std::chrono::milliseconds between_looks(50);
  std::exception_ptr failure, refusal;
  {
    const nb::gil_scoped_release free;
    std::thread worker([&] {
      try {
        work();
      } catch (...) {
        failure = std::current_exception();
      }
      const std::lock_guard lock(mutex_);
      done_ = true;
      ended_.notify_one();
    });
    std::unique_lock lock(mutex_);
    while (!ended_.wait_for(lock, between_looks, [&] { return done_; })) {
      if (stop_) continue;
      lock.unlock();
      {
        const nb::gil_scoped_acquire held;
        try {
          if (PyErr_CheckSignals() != 0) throw nb::python_error();
          look();
        } catch (...) {
          refusal = std::current_exception();
        }
      }
      lock.lock();
      stop_ = refusal != nullptr;
    }
    lock.unlock();
    worker.join();
  }
  if (refusal) std::rethrow_exception(refusal);
  if (failure) std::rethrow_exception(failure);
}

bool WatchedRun::stopped() {
  const std::lock_guard lock(mutex_);
  return stop_;
}

void WatchedRun::set_progress(Progress progress) {
  const std::lock_guard lock(mutex_);
  progress_ = progress;
}

WatchedRun::Progress WatchedRun::progress() {
  const std::lock_guard lock(mutex_);
  return progress_;
}

}  // namespace memspice::python
