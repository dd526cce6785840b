#pragma once

#include <functional>
#include <memory>
#include <utility>

namespace memspice {

/// Thrown out of a computation that is asked to end. No std::exception, so that nobody takes it for a failure
/// of what was computed.
struct Interrupted {};

/// For as long as it lives, computations of this thread ask here whether they are to end; scopes nest, the
/// innermost is asked. `asked` must outlive it; an empty function, or no scope, never ends anything.
class InterruptScope {
 public:
  explicit InterruptScope(const std::function<bool()>& asked)
      : outer_(std::exchange(current_, asked ? &asked : nullptr)) {}
  ~InterruptScope() { current_ = outer_; }
  InterruptScope(const InterruptScope&) = delete;
  InterruptScope& operator=(const InterruptScope&) = delete;

 private:
  friend bool is_interrupted();
  static thread_local const std::function<bool()>* current_;
  const std::function<bool()>* outer_;
};

/// Whether the computation of this thread is to end.
bool is_interrupted();

/// Throws Interrupted where it is. Stands in every loop whose passes may add up to more than 0.1 s; costs a
/// few nanoseconds.
void interruption_point();

/// For loops of cheap passes: asks at every 1024th of them.
class InterruptionCounter {
 public:
  void operator()() {
    if ((++passes_ & 1023U) == 0) interruption_point();
  }

 private:
  unsigned passes_ = 0;
};

/// Runs what cannot be divided, a routine of a library, and gives up waiting for it when the thread is asked
/// to end: it then goes on by itself until it ends, and nobody hears of it. So it must own all that it works
/// on. Throws what it throws, and Interrupted.
void run_abandonable(std::function<void()> whole);

/// The same of a function with a value.
template <class Callable>
auto abandonable(Callable compute) {
  using Value = decltype(compute());
  struct Work {
    Callable compute;
    Value value;
  };
  const auto work = std::make_shared<Work>(Work{std::move(compute), {}});
  run_abandonable([work] { work->value = work->compute(); });
  return std::move(work->value);
}

}  // namespace memspice
