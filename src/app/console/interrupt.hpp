#pragma once

namespace memspice::app {

/// Seconds that a run has, from the first signal on, to end and to close its files.
inline constexpr int patience = 5;

/// From here on SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGALRM or SIGXCPU (the processor time of `ulimit -t`) asks
/// for an end. Further ones change nothing, except where the run does not come to an end: after `patience`
/// they kill as usual.
void watch_for_interrupts();

/// How often SIGUSR1 has come since then, which asks for what there is so far.
int user_signals();

/// The signal that asked for an end, 0 while there was none. Exit code 128 + signal.
int interrupt_signal();

}  // namespace memspice::app
