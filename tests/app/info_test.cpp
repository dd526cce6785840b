// memspice info, and comparing points of one file.
#include <doctest/doctest.h>

#include <nlohmann/json.hpp>

#include "memspice/waveform.hpp"
#include "support/places.hpp"
#include "support/program.hpp"

namespace {

const std::string swept_deck =
    "a filter at three points\nV1 in 0 PULSE(0 1 0 1u) AC 1\nR1 in out {r}\nC1 out 0 1u\n.param r=1k\n"
    ".step param r list 1k 2k 4k\n.tran 50u 3m\n.ac dec 5 10 1k\n.op\n";

nlohmann::json info_of(const TemporaryFolder& folder, const std::string& file) {
  const CommandOutcome outcome = run_command(folder, "$MEMSPICE info --json " + file);
  REQUIRE(outcome.code == 0);
  return nlohmann::json::parse(outcome.out);
}

}  // namespace

TEST_CASE("info says of a file in any format what its rows say") {
  const TemporaryFolder folder;
  write_bytes(folder.file("deck.cir"), swept_deck);
  for (const char* name : {"out.raw", "out.csv", "out.tsv"}) {
    CAPTURE(name);
    REQUIRE(run_command(folder, std::string("$MEMSPICE -q deck.cir -o ") + name).code == 0);
    const nlohmann::json info = info_of(folder, name);
    CHECK(info.at("format") == std::string(name).substr(4));
    CHECK(info.at("complete") == true);
    const auto plots = memspice::read_waveforms(folder.file(name));
    REQUIRE(info.at("plots").size() == plots.size());
    for (std::size_t i = 0; i < plots.size(); ++i) {
      const nlohmann::json& plot = info.at("plots")[i];
      CHECK(plot.at("rows") == plots[i].rows());
      REQUIRE(plot.at("vectors").size() == plots[i].vectors.size());
      for (std::size_t k = 0; k < plots[i].vectors.size(); ++k) {
        double smallest = 1e300, largest = -1e300;
        for (const double x : plots[i].columns[k]) {
          smallest = std::min(smallest, x);
          largest = std::max(largest, x);
        }
        CHECK(plot.at("vectors")[k].at("name") == plots[i].vectors[k].name);
        if (plots[i].complex) continue;
        CHECK(plot.at("vectors")[k].at("smallest") == smallest);
        CHECK(plot.at("vectors")[k].at("largest") == largest);
      }
    }
    REQUIRE(info.at("plots")[0].at("points").size() == 3);
    CHECK(info.at("plots")[0].at("points")[2].at("values").at("r") == 4000);
  }
  const std::string text = run_command(folder, "$MEMSPICE info out.raw").out;
  CHECK(text.find("out.raw: raw file, 3 plots\na filter at three points\n") == 0);
  CHECK(text.find("  3 points: r=1k, r=2k, r=4k\n") != std::string::npos);
  CHECK(text.find("AC Analysis: 5 vectors, 33 rows, complex, complete\n") != std::string::npos);
}

TEST_CASE("info says of a run that ended early why, and of a cut file where") {
  const TemporaryFolder folder;
  write_bytes(folder.file("deck.cir"), "rc\nV1 a 0 1\nR1 a b 1\nC1 b 0 1m\n.tran 10u 1m\n");
  REQUIRE(run_command(folder, "$MEMSPICE -q deck.cir -o out.raw").code == 0);
  std::string bytes = read_bytes(folder.file("out.raw"));
  write_bytes(folder.file("cut.raw"), bytes.substr(0, bytes.size() - 20));
  const std::string mark = " interrupted at 0.31 s";
  bytes.replace(bytes.find("\nPlotname") - 100, mark.size(), mark);
  write_bytes(folder.file("early.raw"), bytes);
  CHECK(info_of(folder, "out.raw").at("complete") == true);
  CHECK(info_of(folder, "early.raw").at("complete") == false);
  CHECK(info_of(folder, "early.raw").at("plots")[0].at("mark") == "interrupted at 0.31 s");
  CHECK(run_command(folder, "$MEMSPICE info early.raw").out.find(", not complete: interrupted at 0.31 s\n") !=
        std::string::npos);
  const CommandOutcome cut = run_command(folder, "$MEMSPICE info cut.raw");
  CHECK(cut.code == 3);
  CHECK(cut.err.find("cut") != std::string::npos);
  CHECK(run_command(folder, "$MEMSPICE info none.raw").code == 3);
  CHECK(run_command(folder, "$MEMSPICE info deck.cir").code == 3);
  CHECK(run_command(folder, "$MEMSPICE info").code == 2);
}

TEST_CASE("points of one file are compared by number and by value") {
  const TemporaryFolder folder;
  write_bytes(folder.file("deck.cir"), swept_deck);
  for (const char* option : {"", "--plot-per-step "}) {
    REQUIRE(run_command(folder, std::string("$MEMSPICE -q ") + option + "deck.cir -o out.raw").code == 0);
    CHECK(run_command(folder, "$MEMSPICE compare out.raw --points 2:2").code == 0);
    CHECK(run_command(folder, "$MEMSPICE compare out.raw --points 1:2").code == 1);
    CHECK(run_command(folder, "$MEMSPICE compare out.raw --points r=2k:2").code == 0);
    CHECK(run_command(folder, "$MEMSPICE compare out.raw --points r=1k:r=4k").code == 1);
    for (const char* r : {"1k", "2k", "4k"}) {
      const std::string compare = "$MEMSPICE compare --reltol 1e-12 out.raw --points r=";
      CHECK(run_command(folder, compare + "1k:r=" + r).code == (std::string(r) == "1k" ? 0 : 1));
    }
  }
  const CommandOutcome missing = run_command(folder, "$MEMSPICE compare out.raw --points 1:4");
  CHECK(missing.code == 2);
  CHECK(missing.err == "memspice: error: 'out.raw' has no point '4'\n  hint: it has 3: r=1k, r=2k, r=4k\n");
  CHECK(run_command(folder, "$MEMSPICE compare out.raw --points r=3k:1").code == 2);
  CHECK(run_command(folder, "$MEMSPICE compare out.raw --points x").code == 2);
  CHECK(run_command(folder, "$MEMSPICE compare out.raw --points 1:2:3").code == 2);
  CHECK(run_command(folder, "$MEMSPICE compare out.raw --points 0:1").code == 2);
  CHECK(run_command(folder, "$MEMSPICE compare out.raw").code == 2);
}
