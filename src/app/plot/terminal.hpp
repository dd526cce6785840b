#pragma once

namespace memspice::app {

/// What standard output is.
struct Terminal {
  bool there = false;  // false: a file or a pipe
  int columns = 80;    // $COLUMNS where the system does not know
  int rows = 24;
  bool colours = false;  // not with NO_COLOR, nor on TERM=dumb
};
Terminal standard_terminal();

/// Whether the terminal says that it shows sixel graphics. It is asked, and has a fifth of a second to
/// answer.
bool shows_sixel();

}  // namespace memspice::app
