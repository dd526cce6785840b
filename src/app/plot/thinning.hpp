#pragma once

#include "app/plot/picture.hpp"

namespace memspice::app {

/// How many dots there are to be drawn on.
struct Dots {
  int across = 2000;
  int down = 1500;
};

/// Leaves out of all curves what is not to be seen on so many dots. Curves over an ascending scale keep the
/// first, smallest, largest and last value of every column of dots; others each stroke between two dots once.
/// The ranges must be there.
void thin_out(Picture& picture, Dots dots = {});

}  // namespace memspice::app
