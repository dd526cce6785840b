// The real ngspice on the same decks: .dc, .ac, .tf, .sens and .noise.

#include <fmt/format.h>

#include "support/run_deck.hpp"
#include "waveform/ngspice.hpp"

using namespace memspice;

namespace {

/// What ngspice 39 gets wrong: the output impedance at a current is 1e20 always; integrals of the input noise
/// converge with the number of points only (to ours: 18 % off at 10 a decade, 2.3 % at 100).
bool wrong_in_ngspice(const std::string& vector, const std::string& body) {
  return vector.find("inoise_total") != std::string::npos ||
         (vector.find("utput_impedance") != std::string::npos && body.find(".tf i(") != std::string::npos);
}

/// Runs both programs; every vector of ngspice's that ours has too agrees to `tolerance` of its largest
/// magnitude, at least `vectors` of them in all plots.
void check_agreement(const std::string& body, std::size_t vectors, double tolerance = 1e-6) {
  CAPTURE(body);
  if (!ngspice_found()) return;
  const TemporaryFolder folder;
  REQUIRE(run_ngspice(folder, "test\n" + body + ".options reltol=1e-9 abstol=1e-15 vntol=1e-12\n.end\n",
                      "-r out.raw") == 0);
  const std::vector<Plot> theirs = read_waveforms(folder.file("out.raw"));
  const testing::DeckRun ours = testing::run_deck(body);
  REQUIRE(theirs.size() == ours.plots.size());
  std::size_t compared = 0;
  for (const Plot& their : theirs) {
    const auto our = std::ranges::find(ours.plots, their.name, &Plot::name);
    REQUIRE_MESSAGE(our != ours.plots.end(), "no plot " << their.name);
    REQUIRE(our->rows() == their.rows());
    REQUIRE(our->complex == their.complex);
    for (std::size_t i = 0; i < their.vectors.size(); ++i) {
      const std::size_t column = our->find(their.vectors[i].name);
      if (column == Plot::npos || wrong_in_ngspice(their.vectors[i].name, body)) continue;
      CAPTURE(their.vectors[i].name);
      ++compared;
      double largest = 0;
      double difference = 0;
      for (std::size_t row = 0; row < their.rows(); ++row) {
        const bool imaginary = their.complex && i > 0;  // ngspice leaves rubbish in that of frequencies
        const std::complex<double> a(their.columns[i][row], imaginary ? their.imaginary[i][row] : 0);
        const std::complex<double> b(our->columns[column][row], imaginary ? our->imaginary[column][row] : 0);
        largest = std::max(largest, std::abs(a));
        const double d = std::abs(a - b);
        if (!(d <= difference)) difference = d;
      }
      CHECK(difference <= tolerance * largest + 1e-18);
    }
  }
  CHECK(compared >= vectors);
}

const std::string network =
    "V1 in 0 dc 2 ac 1 20\nR1 in a 1k\nC1 a 0 100n\nL1 a b 10m\nR2 b 0 500\nR3 a c 2k\nC2 c b 47n\nI1 0 c dc "
    "1m "
    "ac 2m -40\n";

}  // namespace

TEST_CASE("ngspice agrees on .ac of R, L, C and both kinds of sources") {
  check_agreement(network + ".ac dec 20 1 1meg\n", 7);
  check_agreement(network + ".ac lin 101 1k 3k\n", 7);
  check_agreement(network + ".ac oct 5 10 10k\n", 7);
}

TEST_CASE("ngspice agrees on .ac of controlled sources, coupled inductors and lines") {
  check_agreement(
      "V1 in 0 ac 1\nR1 in a 1k\nE1 e 0 a 0 3\nR2 e f 100\nL1 f 0 1m\nL2 g 0 4m\nK1 L1 L2 0.8\nR3 g 0 50\n"
      "G1 0 h g 0 1m\nR4 h 0 1k\nC1 h 0 10n\nVs h k 0\nR5 k 0 2k\nF1 0 m Vs 5\nR6 m 0 300\nH1 n 0 Vs 200\nR7 "
      "n 0 1k\n"
      ".ac dec 10 10 10meg\n",
      10);
  check_agreement(
      "V1 in 0 ac 1\nR1 in a 50\nT1 a 0 b 0 Z0=75 TD=2n\nR2 b 0 200\nC1 b 0 10p\n.ac dec 20 1meg 3g\n", 4);
}

TEST_CASE("ngspice agrees on .dc of sources, resistors and temperature, nested too") {
  check_agreement(network + ".dc V1 -1 3 0.25\n", 7);
  check_agreement(network + ".dc I1 0 1m 100u V1 0 2 1\n", 7);
  check_agreement(network + ".dc R2 100 1k 100\n", 7);
  check_agreement("V1 in 0 1\nR1 in a 1k tc1=2m tc2=1u\nR2 a 0 3k\n.dc temp -40 120 20\n", 4);
  check_agreement("V1 in 0 1\nB1 a 0 V=V(in)^3-2*V(in)\nR1 a 0 1k\n.dc V1 -2 2 0.1\n", 3);
}

TEST_CASE("ngspice agrees on .tf from both kinds of sources to voltages and currents") {
  check_agreement(network + ".tf v(b) V1\n", 3);
  check_agreement(network + ".tf v(c,b) I1\n", 3);
  check_agreement(network + "Vx b y 0\nR9 y 0 3k\n.tf i(Vx) V1\n", 2);
  check_agreement(network + "E1 e 0 c b 4\nR9 e 0 1k\n.tf v(e) I1\n", 3);
}

TEST_CASE("ngspice agrees on .sens of values, at the operating point and at frequencies") {
  constexpr double their_difference = 3e-5;  // ngspice changes each value by a millionth of itself
  check_agreement(network + ".sens v(b)\n", 5, their_difference);
  // One frequency a run: ngspice keeps the first one's derivatives by resistances.
  for (const char* frequency : {"100", "1k", "10k"})
    check_agreement(network + fmt::format(".sens v(b) ac lin 1 {0} {0}\n", frequency), 6, their_difference);
}

TEST_CASE("ngspice agrees on the spectra and integrals of .noise, and on who makes the noise") {
  check_agreement(
      "V1 in 0 ac 1\nR1 in a 1k\nC1 a 0 100n\nL1 a b 10m\nR2 b 0 500\n.noise v(b) V1 dec 10 1 1meg 1\n", 8,
      2e-6);
  check_agreement("I1 0 a ac 1\nR1 a b 1k\nR2 b 0 2k\nR3 a 0 700\n.noise v(a,b) I1 dec 10 1 1k\n", 3, 2e-6);
}
