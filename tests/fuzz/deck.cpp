// Any text as a deck: a circuit, checked, or a message.
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
  const std::function<bool()> late = [&] { return running.seconds() > 2; };
  const InterruptScope scope(late);
  try {
    const auto deck = std::make_shared<const Deck>(
        parse_text(std::string(reinterpret_cast<const char*>(data), size), "deck", fuzz::small_budgets()));
    check_structure(elaborate(deck));
  } catch (const DeckError&) {
  } catch (const FileError&) {
  } catch (const Interrupted&) {
  }
  return 0;
}
