#pragma once

namespace memspice::app {

/// From here on the first SIGINT or SIGTERM only asks for an end; a second one kills as usual.
void watch_for_interrupts();

/// The signal that asked for an end, 0 while there was none. Exit code 128 + signal.
int interrupt_signal();

}  // namespace memspice::app
