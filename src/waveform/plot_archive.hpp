#pragma once

#include <memspice/waveform.hpp>

#include "base/archive.hpp"

namespace memspice {

/// What a plot consists of, written or read.
inline void exchange(Archive& archive, PlotInfo& plot) {
  archive.text(plot.title);
  archive.text(plot.name);
  archive(plot.complex);
  archive.each(plot.vectors, [&](VectorInfo& vector) {
    archive.text(vector.name);
    archive.choice(vector.quantity, Quantity::notype);
  });
}

}  // namespace memspice
