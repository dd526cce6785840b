// Any text as a deck, and run: rows, or a message. Every row is looked at by RowGuard on its way.
#include <cstddef>
#include <cstdint>
#include <memspice/circuit.hpp>
#include <memspice/simulate.hpp>
#include <string>

#include "base/interruption.hpp"
#include "base/stopwatch.hpp"
#include "fuzz/limits.hpp"

using namespace memspice;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const Stopwatch running;
  const std::function<bool()> late = [&] { return running.seconds() > 0.3; };
  const InterruptScope scope(late);
  try {
    const auto deck = std::make_shared<const Deck>(
        parse_text(std::string(reinterpret_cast<const char*>(data), size), "deck", fuzz::small_budgets()));
    const Circuit circuit = elaborate(deck);
    MemorySink rows;
    RunOptions options;
    options.interrupted = late;
    options.threads = 1;
    run(circuit, rows, options);
  } catch (const DeckError&) {
  } catch (const FileError&) {
  } catch (const SimulationError&) {
  } catch (const Interrupted&) {
  }
  return 0;
}
