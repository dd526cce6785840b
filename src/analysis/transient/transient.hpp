#pragma once

#include <cstdint>
#include <vector>

#include "analysis/solution/start.hpp"
#include "analysis/types/run_keeper.hpp"
#include "memspice/simulate.hpp"

namespace memspice {

/// `.tran`: integrates the circuit with IDA from breakpoint to breakpoint and writes a row at every accepted
/// point and as many between as the card's step asks for. Every row satisfies the equations to rounding.
/// `end` receives the last point of a run that is complete. With a keeper it saves itself at ends of steps,
/// and begins anew there, or where another process has saved it.
AnalysisReport integrate_transient(const Circuit& circuit, const TransientCard& card, WaveformSink& sink,
                                   const RunOptions& options, std::vector<Diagnostic>& warnings,
                                   CircuitPoint& end, RunKeeper* keeper = nullptr);
/// The same; with `.omega` again with tighter tolerances while the two integrations disagree, as long as the
/// whole takes no more than five times as many steps and rows as the first run. Only the rows of the run that
/// agreed, or came closest, are written, all at its end; with what is saved on the way all rows so far are.
AnalysisReport run_transient(const Circuit& circuit, const TransientCard& card, WaveformSink& sink,
                             const RunOptions& options, std::vector<Diagnostic>& warnings, CircuitPoint& end,
                             RunKeeper* keeper = nullptr);

/// LTspice's `startup`: all independent sources rise from 0 in proportion to the time within the first 20 µs
/// of a transient.
Circuit ramped(const Circuit& circuit);

}  // namespace memspice
