// Any text as an expression: parsed alone, evaluated as a number, compiled for the running circuit and for
// columns.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <memspice/circuit.hpp>
#include <memspice/simulate.hpp>
#include <string>

#include "base/interruption.hpp"
#include "base/problem.hpp"
#include "base/stopwatch.hpp"
#include "expression/expression.hpp"
#include "fuzz/limits.hpp"

using namespace memspice;

namespace {

void use(const std::string& deck_text, const std::function<bool()>& late) {
  try {
    const auto deck = std::make_shared<const Deck>(parse_text(deck_text, "deck", fuzz::small_budgets()));
    MemorySink rows;
    RunOptions options;
    options.interrupted = late;
    options.threads = 1;
    run(elaborate(deck), rows, options);
  } catch (const DeckError&) {
  } catch (const FileError&) {
  } catch (const SimulationError&) {
  } catch (const Interrupted&) {
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const Stopwatch running;
  const std::function<bool()> late = [&] { return running.seconds() > 0.3; };
  const InterruptScope scope(late);
  std::string text(reinterpret_cast<const char*>(data), size);
  std::ranges::replace(text, '\n', ' ');
  for (auto* parse : {&parse_expression, &parse_condition}) try {
      parse(text);
    } catch (const Problem&) {
    }
  const std::string head =
      "expressions\n.param a=2 b=-0.5\n.func f(x,y)={x*y+1}\nV1 in 0 sin(0 1 1k) ac 1\nR1 in out 1k\n"
      "C1 out 0 1u\n";
  use(head + ".param p={" + text + "}\nR2 out 0 {1+abs(p)}\n.op\n", late);
  use(head + "B1 x 0 v={" + text + "}\n.tran 0.1m 0.3m\n.ac lin 2 1 10\n", late);
  use(head + ".print tran {" + text + "}\n.measure tran m find {" + text + "} at=0.1m\n.tran 0.1m 0.3m\n",
      late);
  return 0;
}
