#include "app/interrupt.hpp"

#include <atomic>
#include <csignal>

namespace memspice::app {

namespace {
std::atomic<int> received = 0;  // several threads ask
static_assert(std::atomic<int>::is_always_lock_free, "a signal handler must not wait");
void remember(int signal) {
  received = signal;
}
}  // namespace

void watch_for_interrupts() {
  struct sigaction action {};
  action.sa_handler = remember;
  action.sa_flags = SA_RESETHAND;
  sigemptyset(&action.sa_mask);
  sigaction(SIGINT, &action, nullptr);
  sigaction(SIGTERM, &action, nullptr);
}

int interrupt_signal() {
  return received;
}

}  // namespace memspice::app
