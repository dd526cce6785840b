#pragma once

#include <cstddef>
#include <memory>
#include <span>
#include <vector>

#include "memspice/simulate.hpp"

namespace memspice {

/// Where a run saves itself.
struct RunPlace {
  std::size_t analysis = 0;  // of the deck's, from 0
  double at = 0;             // s, of a transient; rows of .dc; points of .step; 0: where an analysis begins
  bool restarts = false;     // the analysis begins anew there, from what is saved: its bits depend on it
  bool last = false;         // the run has been told to end, and does so here
};

/// Decides when a run saves itself, and keeps what it saves.
class Checkpoints {
 public:
  virtual ~Checkpoints() = default;
  /// Whether the run is to save itself here. Asked after every step, row and point.
  virtual bool is_due(const RunPlace& place) = 0;
  /// Keeps all that another process needs to go on from here, the rows so far included.
  virtual void keep(const RunPlace& place, const std::vector<std::byte>& run) = 0;
  /// The run cannot save itself here.
  virtual void miss() = 0;
  /// What another process has kept and this run goes on from; empty: it begins at the beginning.
  [[nodiscard]] virtual std::span<const std::byte> kept() const = 0;
};

/// run() of a circuit that saves itself on its way, and begins where it was saved. Points that are done and
/// analyses that are complete are not done again; .network is, and what looks at a point when its analyses
/// are complete. The sink goes on too: it has the rows that it had when the run was saved, and a plot that
/// was open then is open. Throws std::invalid_argument for what is no state of such a run.
RunReport run(const Circuit& circuit, WaveformSink& sink, const RunOptions& options,
              Checkpoints& checkpoints);

}  // namespace memspice
