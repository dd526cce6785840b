#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <regex>

#include "memspice/waveform.hpp"
#include "support/places.hpp"
#include "support/program.hpp"

// docs/getting-started.md promises these; a newcomer must not be the first to find out that they changed.

TEST_CASE("the first deck of the guide runs, and its memristor comes back to where it began") {
  const std::string guide = read_bytes(memspice::testing::project_folder() + "/docs/getting-started.md");
  const std::string title = "    pinched hysteresis of one memristor\n";
  const std::size_t begin = guide.find(title);
  const std::size_t end = guide.find("    .end\n", begin);
  REQUIRE(end != std::string::npos);
  const std::string deck =
      std::regex_replace(guide.substr(begin, end - begin), std::regex("    (.*\n)"), "$1");
  const TemporaryFolder folder;
  write_bytes(folder.file("first.cir"), deck);
  const CommandOutcome outcome = run_command(folder, "$MEMSPICE first.cir -o first.raw");
  CHECK(outcome.code == 0);
  CHECK(outcome.err.empty());
  const auto plots = memspice::read_waveforms(folder.file("first.raw"));
  REQUIRE(plots.size() == 1);
  const auto& state = plots[0].columns.at(plots[0].find("w(y1)"));
  CHECK(std::abs(state.back() - 0.5) < 1e-3);
  // (1 + 159 w)^2 = 80.5^2 - 2*159*(1/pi)/0.02 at the half period
  CHECK(std::abs(std::ranges::min(state) - 0.230636) < 1e-3);

  write_bytes(folder.file("wrong.cir"), std::regex_replace(deck, std::regex("ideal w0"), "idael w0"));
  const CommandOutcome wrong = run_command(folder, "$MEMSPICE wrong.cir");
  CHECK(wrong.code == 2);
  CHECK(guide.find(std::regex_replace(wrong.err, std::regex("(.*\n)"), "    $1")) != std::string::npos);

  write_bytes(folder.file("second.cir"), deck + ".omega\n");
  CHECK(run_command(folder, "$MEMSPICE second.cir").code == 0);
}
