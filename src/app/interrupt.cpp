#include "app/interrupt.hpp"

#include <csignal>

namespace memspice::app {

namespace {
volatile std::sig_atomic_t received = 0;
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
  std::signal(SIGPIPE, SIG_IGN);  // a closed pipe is a write error like any other
  std::signal(SIGXFSZ, SIG_IGN);  // so is a file beyond `ulimit -f`
}

int interrupt_signal() {
  return received;
}

}  // namespace memspice::app
