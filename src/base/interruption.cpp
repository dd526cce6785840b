#include "base/interruption.hpp"

#include <chrono>
#include <condition_variable>
#include <exception>
#include <mutex>
#include <thread>

namespace memspice {

thread_local const std::function<bool()>* InterruptScope::current_ = nullptr;

bool is_interrupted() {
  return InterruptScope::current_ != nullptr && (*InterruptScope::current_)();
}

void interruption_point() {
  if (is_interrupted()) throw Interrupted{};
}

namespace {

struct Waiting {
  std::function<void()> whole;
  std::mutex mutex;
  std::condition_variable changed;
  bool done = false;
  std::exception_ptr failure;

  void run() {
    std::exception_ptr caught;
    try {
      whole();
    } catch (...) {
      caught = std::current_exception();
    }
    const std::lock_guard lock(mutex);
    failure = std::move(caught);
    done = true;
    changed.notify_one();
  }
};

}  // namespace

void run_abandonable(std::function<void()> whole) {
  constexpr std::chrono::milliseconds between(20);
  const auto waiting = std::make_shared<Waiting>();
  waiting->whole = std::move(whole);
  try {
    std::thread([waiting] { waiting->run(); }).detach();
  } catch (const std::exception&) {  // the machine gives no more threads, or no memory for them
    waiting->run();
  }
  std::unique_lock lock(waiting->mutex);
  while (!waiting->changed.wait_for(lock, between, [&] { return waiting->done; })) interruption_point();
  if (waiting->failure) std::rethrow_exception(waiting->failure);
}

}  // namespace memspice
