#include "app/console/interrupt.hpp"

#include <atomic>
#include <csignal>
#include <ctime>

namespace memspice::app {

namespace {

std::atomic<int> received = 0;  // several threads ask
std::atomic<std::time_t> received_at = 0;
static_assert(std::atomic<int>::is_always_lock_free && std::atomic<std::time_t>::is_always_lock_free,
              "a signal handler must not wait");

std::atomic<int> user = 0;

std::time_t seconds() {
  timespec now{};
  ::clock_gettime(CLOCK_MONOTONIC, &now);
  return now.tv_sec;
}

void remember(int signal) {
  if (received == 0) {
    received_at = seconds();
    received = signal;
  } else if (seconds() - received_at > patience) {
    std::signal(signal, SIG_DFL);
    std::raise(signal);  // when this handler has returned
  }
}

void count(int) {
  ++user;
}

}  // namespace

void watch_for_interrupts() {
  struct sigaction action {};
  action.sa_handler = remember;
  action.sa_flags = SA_RESTART;
  sigemptyset(&action.sa_mask);
  for (const int signal : {SIGINT, SIGTERM, SIGQUIT, SIGALRM, SIGXCPU}) sigaction(signal, &action, nullptr);
  action.sa_handler = count;
  sigaction(SIGUSR1, &action, nullptr);
  action.sa_handler = remember;
  struct sigaction before {};
  sigaction(SIGHUP, nullptr, &before);
  if (before.sa_handler != SIG_IGN) sigaction(SIGHUP, &action, nullptr);  // nohup goes on
}

int user_signals() {
  return user;
}

int interrupt_signal() {
  return received;
}

}  // namespace memspice::app
