// .four against closed forms and against ngspice.

#include <fmt/format.h>

#include <cmath>
#include <sstream>

#include "support/approx.hpp"
#include "support/run_deck.hpp"
#include "waveform/ngspice.hpp"

using namespace memspice;
using testing::DeckRun;
using testing::run_deck;

TEST_CASE("a triangle has the harmonics that Fourier found") {
  const DeckRun run = run_deck(
      "V1 a 0 PWL(0 0 0.25m 1 0.75m -1 1m 0) r=0\nR1 a 0 1k\n.tran 10u 3m\n.four 1k v(a) 1+v(a)*2\n"
      ".options nfreqs=8\n");
  REQUIRE(run.analysis().fouriers.size() == 2);
  const FourierReport& triangle = run.analysis().fouriers[0];
  REQUIRE(triangle.harmonics.size() == 8);
  CHECK(std::abs(triangle.harmonics[0].magnitude) <= 1e-12);
  double squares = 0;
  for (int n = 1; n < 8; ++n) {
    CAPTURE(n);
    const FourierReport::Harmonic& harmonic = triangle.harmonics[static_cast<std::size_t>(n)];
    CHECK(harmonic.frequency == testing::approx(1000 * n));
    const double exact = n % 2 == 1 ? 8 / (M_PI * M_PI * n * n) : 0;
    CHECK(std::abs(harmonic.magnitude - exact) <= 1e-9);
    if (n % 2 == 1) CHECK(std::abs(std::remainder(harmonic.phase - (n % 4 == 1 ? 0 : 180), 360)) <= 1e-6);
    if (n > 1 && n % 2 == 1) squares += std::pow(n, -4);
  }
  CHECK(triangle.distortion == testing::approx(std::sqrt(squares)).epsilon(1e-8));
  const FourierReport& other = run.analysis().fouriers[1];
  CHECK(other.vector == "1+v(a)*2");
  CHECK(other.harmonics[0].magnitude == testing::approx(1));
  CHECK(other.harmonics[1].magnitude == testing::approx(16 / (M_PI * M_PI)).epsilon(1e-9));
}

TEST_CASE("LTspice's numbers of harmonics and of periods") {
  // A sine of half the frequency: over two periods it is no part of the harmonics.
  const DeckRun run = run_deck(
      "V1 a 0 SIN(0.25 1 1k)\nV2 b a SIN(0 0.5 500)\nR1 b 0 1k\n.tran 1u 5m\n.four 1k 3 2 v(b)\n"
      ".four 1k 4 -1 v(b)\n.four 1k 3 v(b)\n.options reltol=1e-7\n");
  const std::vector<FourierReport>& found = run.analysis().fouriers;
  REQUIRE(found.size() == 3);
  CHECK(found[0].harmonics.size() == 4);
  CHECK(found[1].harmonics.size() == 5);
  CHECK(found[0].harmonics[0].magnitude == testing::approx(0.25).epsilon(1e-4));
  CHECK(found[0].harmonics[1].magnitude == testing::approx(1).epsilon(1e-4));
  CHECK(found[0].distortion < 1e-4);
  // Over five periods the sine of 500 Hz has a mean: its last half period is -0.5 (2/pi) for a tenth of them.
  CHECK(found[1].harmonics[0].magnitude == testing::approx(0.25 + 0.5 * 2 / M_PI / 5).epsilon(1e-4));
  CHECK(found[2].distortion > 0.01);
}

TEST_CASE("a period longer than the transient fails the run") {
  const DeckRun run = testing::try_circuit(
      testing::circuit_of("V1 a 0 SIN(0 1 1k)\nR1 a 0 1k\n.tran 10u 1m\n.four 100 v(a)\n"));
  CHECK(run.report.outcome() == Outcome::failed);
  CHECK(run.analysis().fouriers.at(0).harmonics.empty());
  CHECK(run.analysis().fouriers.at(0).message == "one period lasts 0.01 s, the transient only 0.001 s");
}

TEST_CASE("ngspice finds the same harmonics") {
  if (!ngspice_found()) return;
  const std::string circuit =
      "V1 in 0 SIN(0.3 1 1k)\nV2 x in SIN(0 0.2 3k 0 0 40)\nR1 x out 1k\nC1 out 0 0.1u\n"
      ".options reltol=1e-6\n.four 1k v(out)\n";
  const TemporaryFolder folder;
  REQUIRE(run_ngspice(folder, "test\n" + circuit + ".tran 1u 5m 0 1u\n.end\n") == 0);
  const DeckRun run = run_deck(circuit + ".tran 1u 5m\n");
  const FourierReport& fourier = run.analysis().fouriers.at(0);
  const std::string log = read_bytes(folder.file("log"));
  const std::size_t at = log.find("Fourier analysis for v(out)");
  REQUIRE(at != std::string::npos);
  std::istringstream lines(log.substr(log.find("\n--------", at) + 1));
  std::string line;
  std::getline(lines, line);
  for (std::size_t n = 0; n < 10; ++n) {
    CAPTURE(n);
    double number = 0, frequency = 0, magnitude = 0, phase = 0;
    lines >> number >> frequency >> magnitude >> phase;
    std::getline(lines, line);
    CHECK(std::abs(fourier.harmonics[n].magnitude - magnitude) <= 1e-4);
    if (n == 1 || n == 3) CHECK(std::abs(fourier.harmonics[n].phase - phase) <= 0.02);
  }
}
