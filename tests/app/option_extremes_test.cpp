#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <memspice/error.hpp>
#include <memspice/simulate.hpp>

#include "netlist/cards/option_table.hpp"

// Every option with values that no circuit needs: an error that names its card, or the answer.

using namespace memspice;

namespace {

constexpr const char* circuit =
    "extremes\nV1 a 0 SIN(0 1 1k)\nR1 a b 1k\nC1 b 0 1u\nD1 b 0 d\nY1 b 0 y\n.model y memristor\nM1 b a 0 0 "
    "n\n"
    ".model n nmos level=1\n.model d d\n.op\n.tran 10u 0.2m\n";

constexpr const char* extremes[] = {"0",       "-1",     "1e-300", "5e-324", "1e-310", "1e300",
                                    "1.7e308", "-1e300", "1e400",  "{0/0}",  "{1/0}",  "nan",
                                    "inf",     "1e15",   "1e-16",  "0.5"};

// Nothing, or what is wrong with how the deck ends.
std::string trouble_with(const std::string& option) {
  const std::string text = circuit + option + "\n.end\n";
  try {
    const auto deck = std::make_shared<const Deck>(parse_text(text));
    const Circuit elaborated = elaborate(deck, standard_catalogue());
    MemorySink sink;
    const RunReport report = run(elaborated, sink);
    if (report.outcome() != memspice::Outcome::complete) return "fails without naming the option";
    const Plot& plot = sink.plots().back();
    if (plot.columns.front().back() != 0.2e-3) return "ends early";
    for (const auto& column : plot.columns)
      if (!std::ranges::all_of(column, [](double value) { return std::isfinite(value); }))
        return "not finite";
    return {};
  } catch (const DeckError& error) {
    const bool named = std::ranges::any_of(error.diagnostics(), [](const Diagnostic& diagnostic) {
      return diagnostic.line == 13 || diagnostic.message.find(".options") != std::string::npos;
    });
    return named ? "" : std::string("the error does not name the option: ") + error.what();
  } catch (const std::exception& error) {
    return error.what();
  }
}

}  // namespace

TEST_CASE("every option with an extreme value is refused at its place or gives the answer") {
  CHECK(trouble_with("").empty());
  for (const OptionRow& row : option_rows())
    for (const char* value : extremes) {
      const std::string option = ".options " + std::string(row.description.name) + "=" + value;
      CAPTURE(option);
      CHECK(trouble_with(option) == "");
    }
}
