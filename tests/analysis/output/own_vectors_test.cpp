// Tables and measures of .noise, .tf and .sens, which have no vectors of the circuit.

#include <numbers>

#include "support/approx.hpp"
#include "support/run_deck.hpp"

using namespace memspice;
using testing::circuit_of;

namespace {

const std::string divider = "V1 in 0 DC 1 AC 1\nR1 in out 1k\nR2 out 0 3k\nC1 out 0 1n\n";
const std::string noise_deck = divider + ".noise v(out) V1 dec 5 1 1e9\n";

double measure(const AnalysisReport& report, const std::string& name) {
  const auto found = std::ranges::find(report.measures, name, &MeasureReport::name);
  REQUIRE(found != report.measures.end());
  REQUIRE_MESSAGE(found->value, found->message);
  return *found->value;
}

/// What is wrong with a card, at the run and before it.
std::string mistake(const std::string& deck, bool checked = true) {
  const Circuit circuit = circuit_of(deck);
  std::string at_run;
  try {
    testing::try_circuit(circuit);
  } catch (const DeckError& error) {
    at_run = error.diagnostics().front().message + "; " + error.diagnostics().front().hint;
  }
  if (checked) {
    try {
      check_structure(circuit);
      CHECK(at_run.empty());
    } catch (const DeckError& error) {
      CHECK(at_run == error.diagnostics().front().message + "; " + error.diagnostics().front().hint);
    }
  }
  return at_run;
}

}  // namespace

TEST_CASE("the densities of .noise have the names of ngspice, Xyce, PSpice and LTspice") {
  const auto result = testing::run_deck(
      noise_deck +
      ".print noise onoise v(onoise) onoise_spectrum v(onoise_spectrum)\n.print noise inoise v(inoise)\n"
      ".print noise all\n.print noise *noise_s* freq {onoise*2} vdb(inoise)\n"
      ".meas noise a max onoise\n.meas noise b max v(onoise)\n.meas noise c max onoise_spectrum\n");
  const AnalysisReport& report = result.analysis();
  REQUIRE(report.tables.size() == 4);
  CHECK(report.tables[0].columns == std::vector<std::string>{"frequency", "onoise_spectrum",
                                                             "onoise_spectrum", "onoise_spectrum",
                                                             "onoise_spectrum"});
  CHECK(report.tables[1].columns ==
        std::vector<std::string>{"frequency", "inoise_spectrum", "inoise_spectrum"});
  CHECK(report.tables[2].columns ==
        std::vector<std::string>{"frequency", "onoise_spectrum", "inoise_spectrum"});
  CHECK(report.tables[3].columns == std::vector<std::string>{"frequency", "onoise_spectrum",
                                                             "inoise_spectrum", "onoise*2", "vdb(inoise)"});
  CHECK(report.tables[3].values[3] == 2 * report.tables[3].values[1]);
  CHECK(report.tables[0].values[1] > 0);
  for (const char* name : {"a", "b", "c"}) CHECK(measure(report, name) == report.tables[0].values[1]);
}

TEST_CASE("onoise_total is the noise of the band so far: kT/C in all") {
  const auto result =
      testing::run_deck(noise_deck +
                        ".meas noise all max onoise_total\n.meas noise start min v(onoise_total)\n"
                        ".print noise onoise_total inoise_total\n");
  const AnalysisReport& report = result.analysis();
  CHECK(measure(report, "all") == result["v(onoise_total)"][0]);
  // Five points a decade see the corner no better.
  const double all = std::sqrt(1.380649e-23 * 300.15 / 1e-9);
  CHECK(measure(report, "all") == testing::approx(all).epsilon(5e-3));
  CHECK(measure(report, "start") == 0);
  CHECK(*(report.tables[0].values.end() - 1) == result["v(inoise_total)"][0]);
  CHECK(result.plots[0].vectors.size() == 3);  // not in the file
}

TEST_CASE("the integral of a density comes with a warning that names the noise of the band") {
  const auto result = testing::run_deck(noise_deck + ".meas noise total integ v(onoise)\n");
  REQUIRE(result.report.warnings.size() == 1);
  CHECK(result.report.warnings[0].message == "measure 'total' integrates V/√Hz, which is no noise voltage");
  CHECK(result.report.warnings[0].hint ==
        "the noise of the band, LTspice's integ, is max onoise_total or max inoise_total");
}

TEST_CASE("vectors of the circuit are an error in .noise, .tf and .sens, with those that there are") {
  const std::string has = "; it has onoise_spectrum, inoise_spectrum, onoise_total, inoise_total";
  CHECK(mistake(noise_deck + ".print noise v(out) i(v1)\n") == "no vector 'v(out)' in .noise" + has);
  CHECK(mistake(noise_deck + ".meas noise a max v(out)\n") == "no vector 'v(out)' in .noise" + has);
  CHECK(mistake(noise_deck + ".print v(out)\n") == "no vector 'v(out)' in .noise" + has);
  CHECK(mistake(noise_deck + ".print noise onoise_spectrm\n") ==
        "no vector 'onoise_spectrm' in .noise; did you mean 'onoise_spectrum'?");
  CHECK(mistake(divider + ".tf v(out) V1\n.print tf v(out)\n") ==
        "no vector 'v(out)' in .tf; it has v(transfer_function), v(v1#input_impedance), "
        "v(output_impedance_at_v(out))");
  CHECK(mistake(divider + ".sens v(out)\n.print sens v(out)\n", false)
            .starts_with("no vector 'v(out)' in .sens; it has v(v1), v(r1), "));
}

TEST_CASE("a table of no analysis is left out where an analysis does not have its vectors") {
  const auto result =
      testing::run_deck(divider + ".op\n.noise v(out) V1 dec 1 1 10\n.tf v(out) V1\n.print v(out)\n");
  REQUIRE(result.report.analyses.size() == 3);
  CHECK(result.report.analyses[0].tables.size() == 1);
  CHECK(result.report.analyses[1].tables.empty());
  CHECK(result.report.analyses[2].tables.empty());
}

TEST_CASE("a table and measures of .tf, with and without v()") {
  const auto result = testing::run_deck(
      divider +
      ".tf v(out) V1\n.print tf all\n"
      ".print tf transfer_function v1#input_impedance output_impedance_at_v(out) {1/v(transfer_function)}\n"
      ".meas tf g find v(transfer_function)\n.meas tf same find transfer_function\n"
      ".meas tf z find output_impedance_at_v(out)\n.meas tf twice param='2*g'\n");
  const AnalysisReport& report = result.analysis();
  CHECK(report.tables[0].columns == std::vector<std::string>{"v(transfer_function)", "v(v1#input_impedance)",
                                                             "v(output_impedance_at_v(out))"});
  CHECK(report.tables[0].plot == "Transfer Function");
  REQUIRE(report.tables[1].values.size() == 4);
  CHECK(report.tables[1].values[0] == testing::approx(0.75));
  CHECK(report.tables[1].values[1] == testing::approx(4e3));
  CHECK(report.tables[1].values[2] == testing::approx(750));
  CHECK(report.tables[1].values[3] == testing::approx(4.0 / 3));
  CHECK(measure(report, "g") == testing::approx(0.75));
  CHECK(measure(report, "same") == measure(report, "g"));
  CHECK(measure(report, "z") == testing::approx(750));
  CHECK(measure(report, "twice") == testing::approx(1.5));
}

TEST_CASE("tables and measures of .sens, at rest and over frequencies") {
  const auto rest = testing::run_deck(divider + ".sens v(out)\n.print sens r1 v(r2)\n.meas sens s find r1\n");
  CHECK(rest.analysis().tables[0].columns == std::vector<std::string>{"v(r1)", "v(r2)"});
  CHECK(measure(rest.analysis(), "s") == testing::approx(-3e3 / (4e3 * 4e3)));
  const auto swept = testing::run_deck(divider +
                                       ".sens v(out) ac dec 1 1 100k\n.print sens v1_acmag\n"
                                       ".meas sens low find mag(v1_acmag) at=1\n");
  CHECK(swept.analysis().tables[0].columns ==
        std::vector<std::string>{"frequency", "re(v(v1_acmag))", "im(v(v1_acmag))"});
  CHECK(measure(swept.analysis(), "low") == testing::approx(0.75).epsilon(1e-6));
}

TEST_CASE("of two .sens cards the one that has a vector gives the table") {
  const std::string both = divider + ".sens v(out)\n.sens v(out) ac dec 1 10 1k\n";
  const testing::DeckRun run = testing::run_deck(both + ".print sens v(v1_acmag)\n");
  CHECK(run.report.analyses.at(0).tables.empty());
  CHECK(run.report.analyses.at(1).tables.size() == 1);
  REQUIRE(run.report.warnings.size() == 1);
  CHECK(run.report.warnings[0].message.find("v(v1_acmag)") != std::string::npos);
}

TEST_CASE("the scale of .ac may be named, with all its names") {
  const auto result = testing::run_deck(
      divider + ".ac dec 1 1 10\n.print ac freq vdb(out)\n.print ac hertz\n.print ac frequency\n");
  CHECK(result.analysis().tables[0].columns == std::vector<std::string>{"frequency", "vdb(out)"});
  CHECK(result.analysis().tables[1].values == std::vector<double>{1, 10});
  CHECK(result.analysis().tables[2].values == std::vector<double>{1, 10});
}

TEST_CASE("a first word that is neither an analysis nor a node says which analyses there are") {
  const std::string deck = divider + ".op\n";
  const std::string analyses = "; the analyses are op, tran, dc, ac, noise, tf, sens and pz";
  CHECK(mistake(deck + ".print homotopy v(out)\n") ==
        "'homotopy' is neither an analysis nor a node" + analyses);
  CHECK(mistake(deck + ".print ac_ic v(out)\n") == "'ac_ic' is neither an analysis nor a node" + analyses);
  CHECK(mistake(deck + ".print outt\n") == "no node 'outt' in this circuit; did you mean 'out'?");
  CHECK(mistake(deck + ".save none\n") ==
        "no node 'none' in this circuit; a word alone is a node; other vectors are written i(element), "
        "w(memristor), …");
}
