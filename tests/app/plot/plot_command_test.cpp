#include <doctest/doctest.h>

#include "support/program.hpp"
#include "waveform/file_bytes.hpp"

// memspice plot and memspice deck.cir --plot: what is drawn, which files come of it, and every message.

namespace {

constexpr const char* low_pass =
    "low pass\n.param r=1k\nV1 in 0 ac 1 sin(0 1 1k)\nR1 in out {r}\nC1 out 0 100n\n.tran 10u 3m\n.ac dec 20 "
    "10 1meg\n"
    ".step param r list 1k 2k 5k\n";
constexpr const char* draws =
    "draws\n.param r={agauss(1k,100,1)}\nV1 in 0 1\nR1 in out {r}\nR2 out 0 1k\n.op\n.mc 40\n";
constexpr const char* one_row = "one row\nV1 a 0 1\nR1 a 0 1\n.op\n";
constexpr const char* pinched =
    "pinched\nV1 in 0 sin(0 1 1)\nY1 in 0 ideal w0=0.5\n.model ideal memristor ron=100 roff=16k "
    "beta=0.02\n.tran 1m 2\n";

class Runs {
 public:
  Runs() {
    const auto run = [&](const char* name, const char* deck, const char* more = "") {
      write_bytes(folder.file(std::string(name) + ".cir"), deck);
      const std::string command = std::string("$MEMSPICE ") + name + ".cir -q -o " + name + ".raw " + more;
      REQUIRE(run_command(folder, command).code == 0);
    };
    run("low", low_pass);
    run("draws", draws);
    run("row", one_row);
    run("loop", pinched);
    REQUIRE(run_command(folder, "$MEMSPICE low.cir -q -o each.raw --plot-per-step").code == 0);
    write_bytes(folder.file("empty.raw"), "");
  }
  std::string script(const std::string& arguments) const {
    const CommandOutcome outcome = run_command(folder, "$MEMSPICE plot " + arguments + " -q -o out.gp");
    CHECK(outcome.code == 0);
    CHECK(outcome.err.empty());
    return read_bytes(folder.file("out.gp"));
  }
  void refuse(const std::string& command, int code, const std::string& message) const {
    CAPTURE(command);
    const CommandOutcome outcome = run_command(folder, command);
    CHECK(outcome.code == code);
    CHECK(outcome.out.empty());
    CHECK(outcome.err == "memspice: error: " + message + "\n");
  }
  const TemporaryFolder folder;
};

bool has(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

}  // namespace

TEST_CASE("memspice plot: curves of all points, decibels and degrees, units") {
  const Runs runs;
  const std::string transient = runs.script("low.raw 'v(out)' --plot tran");
  CHECK(has(transient, "title 'v(out) r=1k'"));
  CHECK(has(transient, "title 'v(out) r=5k'"));
  CHECK(has(transient, "set xlabel 'time / ms'"));
  CHECK(has(transient, "set ylabel 'v(out) / mV'"));
  CHECK(runs.script("each.raw 'v(out)' --plot tran") == transient);
  const std::string response = runs.script("low.raw 'v(out)' --plot ac");
  CHECK(has(response, "set logscale x"));
  CHECK(has(response, "set ylabel 'v(out) / dB'"));
  CHECK(has(response, "set ylabel 'v(out) / °'"));
  const std::string expressions =
      runs.script("loop.raw 'v(in)*i(v1)' 'v(in)-2*v(in)' '@v1[i]' 'v(in,0)' --plot 1");
  CHECK(has(expressions, "set ylabel 'v(in)*i(v1) / "));
  CHECK(has(expressions, "W'"));
  CHECK(has(expressions, "title 'v(in)-2*v(in)'"));
  const std::string loop = runs.script("loop.raw 'i(*)' --x 'v(in)'");
  CHECK(has(loop, "set xlabel 'v(in) / V'"));
  CHECK(has(loop, "set ylabel 'i(v1) / "));
  CHECK(has(runs.script("loop.raw 'abs(v(in))+1' --log xy"), "set logscale y"));
  CHECK(has(runs.script("loop.raw 'mean(w(*))'"), "set ylabel 'mean(w(*))'"));
}

TEST_CASE("memspice plot: histograms, and files laid over one another") {
  const Runs runs;
  const std::string bars = runs.script("draws.raw");
  CHECK(has(bars, "with boxes"));
  CHECK(has(bars, "set title 'v(out): 40 points, mean "));
  CHECK(!has(bars, "'v(in)"));  // constant
  CHECK(has(runs.script("low.raw 'v(out)' --plot tran --histogram"), "set title 'v(out): 3 points, mean "));
  const std::string both = runs.script("loop.raw low.raw 'v(in)'");
  CHECK(has(both, "title 'v(in) (loop.raw)'"));
  CHECK(has(both, "title 'v(in) (low.raw) r=2k'"));
}

TEST_CASE("memspice plot: SVG, PNG and PDF are what their names say") {
  const Runs runs;
  for (const auto& [suffix, begin] : {std::pair{"svg", "<?xml"}, std::pair{"png", "\x89PNG"},
                                      std::pair{"pdf", "%PDF"}, std::pair{"gp", "# Made by"}}) {
    CAPTURE(suffix);
    const std::string name = std::string("out.") + suffix;
    const CommandOutcome outcome =
        run_command(runs.folder, "$MEMSPICE plot loop.raw --size 300x200 -o " + name);
    CHECK(outcome.code == 0);
    CHECK(outcome.out == "written: " + name + "\n");
    CHECK(outcome.err.empty());
    CHECK(read_bytes(runs.folder.file(name)).starts_with(begin));
  }
}

TEST_CASE("memspice plot and --plot draw in the terminal, without gnuplot and without colours in a pipe") {
  const Runs runs;
  for (const char* command : {"PATH=/nowhere $MEMSPICE plot loop.raw", "$MEMSPICE loop.cir -q --plot"}) {
    const CommandOutcome outcome = run_command(runs.folder, command);
    CHECK(outcome.code == 0);
    CHECK(outcome.err.empty());
    CHECK(outcome.out.starts_with("pinched\nv(in) / V\n"));
    CHECK(has(outcome.out, "time / s"));
    CHECK(has(outcome.out, "⠉"));
    CHECK(!has(outcome.out, "\x1b"));
  }
  const CommandOutcome kept = run_command(runs.folder, "$MEMSPICE loop.cir --plot -o kept.raw");
  CHECK(kept.code == 0);
  CHECK(has(kept.out, "written: kept.raw\npinched\nv(in) / V\n"));
}

TEST_CASE("memspice plot says what is left out, and which plot was drawn") {
  const Runs runs;
  CHECK(run_command(runs.folder, "$MEMSPICE plot low.raw -o a.gp").err ==
        "note: 'low.raw' has the plots 1 'Transient Analysis', 2 'AC Analysis'; drawn is 'Transient "
        "Analysis', --plot "
        "chooses another\n");
  std::string table = "time";
  for (int i = 0; i < 60; ++i) table += ",w(y" + std::to_string(i) + ")";
  for (int row = 0; row < 3; ++row) {
    table += "\n" + std::to_string(row);
    for (int i = 0; i < 60; ++i) table += "," + std::to_string(i * row);
  }
  write_bytes(runs.folder.file("many.csv"), table + "\n");
  CHECK(run_command(runs.folder, "$MEMSPICE plot many.csv -o a.gp").err ==
        "note: 40 of 60 curves of w are drawn, evenly chosen: name those that you want to see\n");
  CHECK(run_command(runs.folder, "$MEMSPICE plot many.csv 'w(*)' -o a.gp").err.empty());
  CHECK(run_command(runs.folder, "$MEMSPICE plot loop.raw 'v(in)/0' 'v(in)' -o a.gp").err ==
        "note: nothing is drawn of v(in)/0: no value is finite\n");
  CHECK(run_command(runs.folder, "$MEMSPICE plot loop.raw '-w(y1)' '-abs(v(in))' --log y -o a.gp").err ==
        "note: nothing is drawn of (-w(y1)) and 1 more: no value is positive\n");
}

TEST_CASE("memspice plot refuses what it cannot draw") {
  const Runs runs;
  runs.refuse("$MEMSPICE plot", 2,
              "no waveform file given\n  hint: memspice plot out.raw, or memspice plot --help");
  runs.refuse("$MEMSPICE plot loop.raw 'v(inn)'", 2,
              "'loop.raw' has no vector 'v(inn)'\n  hint: did you mean 'v(in)'?");
  runs.refuse("$MEMSPICE plot loop.raw 'foo(bar)'", 2, "'foo(bar)': unknown function 'foo'");
  runs.refuse("$MEMSPICE plot loop.raw 'i(nothing)'", 2,
              "'loop.raw' has no vector 'i(nothing)'\n  hint: it has time, v(in), i(v1), w(y1)");
  runs.refuse("$MEMSPICE plot loop.raw 'q(*)'", 2, "no vector of 'loop.raw' fits 'q(*)'");
  runs.refuse("$MEMSPICE plot loop.raw 'mean(w(q*))'", 2, "no vector of 'loop.raw' fits 'w(q*)'");
  runs.refuse("$MEMSPICE plot loop.raw 'v(in'", 2, "'v(in': this parenthesis is not closed\n  hint: add ')'");
  runs.refuse("$MEMSPICE plot loop.raw --x '?(*)'", 2,
              "'?(*)' stands for 3 vectors where one is meant\n  hint: name one, such as v(in)");
  runs.refuse("$MEMSPICE plot low.raw 'v(out)' --plot ac --x 'v(in)'", 2,
              "'v(in)' has complex values: a picture has one number across\n  hint: take mag(), db(), ph(), "
              "re() or im() "
              "of it");
  runs.refuse("$MEMSPICE plot low.raw 'mean(v(*))' --plot ac", 2,
              "'mean(v(*))' has no meaning for complex values");
  runs.refuse("$MEMSPICE plot low.raw --plot 7", 2,
              "'low.raw' has no plot '7'\n  hint: it has 1 'Transient Analysis', 2 'AC Analysis'");
  runs.refuse("$MEMSPICE plot row.raw", 2,
              "there is no curve in one row, and 'row.raw' has no more\n  hint: add .tran, .dc or .ac to the "
              "deck, or "
              ".step or .mc");
  runs.refuse(
      "$MEMSPICE plot loop.raw --histogram", 2,
      "'loop.raw' has one point: there is nothing to count\n  hint: --histogram is for runs of .mc or .step");
  runs.refuse("$MEMSPICE plot loop.raw --log z", 2, "--log wants x, y or xy, not 'z'");
  runs.refuse(
      "$MEMSPICE plot loop.raw --size 9x", 2,
      "--size wants width x height in pixels, each from 100 to 20000, not '9x'\n  hint: for example --size "
      "900x520");
  runs.refuse(
      "$MEMSPICE plot loop.raw -o a.jpg", 2,
      "'a.jpg' has no suffix of a picture that memspice makes\n  hint: choose .svg, .png, .pdf, or .gp for "
      "gnuplot's script");
  runs.refuse("$MEMSPICE plot loop.raw time", 2, "'loop.raw' has no vector to draw");
  runs.refuse("$MEMSPICE plot empty.raw", 3, "cannot read 'empty.raw': the file is empty");
  for (const char* command :
       {"plot loop.cir", "info loop.cir", "compare loop.cir loop.raw", "compare loop.raw loop.cir"})
    runs.refuse(
        std::string("$MEMSPICE ") + command, 3,
        "cannot read 'loop.cir': it is a deck, not a file of waveforms\n  hint: memspice loop.cir -o out.raw "
        "runs it, and --plot or --view shows what comes out");
  REQUIRE(run_command(runs.folder, "ln -s loop.raw table.gp").code == 0);
  runs.refuse("$MEMSPICE plot loop.raw -o table.gp", 2,
              "writing 'table.gp' would overwrite 'loop.raw', which is read\n  hint: -o gives another name");
  runs.refuse("$MEMSPICE plot nowhere.raw", 3, "cannot read 'nowhere.raw': No such file or directory");
  runs.refuse("$MEMSPICE plot loop.raw -o nowhere/a.svg", 3,
              "cannot write 'nowhere/a.svg': No such file or directory");
  runs.refuse("PATH=/nowhere $MEMSPICE plot loop.raw -o a.svg", 3,
              "this picture needs gnuplot, and there is none on the path\n  hint: install it (Debian, "
              "Ubuntu: apt-get "
              "install gnuplot-nox; Fedora, Arch, Homebrew: gnuplot); without -o\n  the terminal shows a "
              "picture without "
              "gnuplot, and -o out.gp writes the script for a gnuplot elsewhere");
  runs.refuse(
      "mkdir bin; printf '#!/bin/sh\\necho broken >&2; exit 1' >bin/gnuplot; chmod +x bin/gnuplot; "
      "PATH=$PWD/bin:$PATH $MEMSPICE plot loop.raw -o a.svg",
      3, "gnuplot made no picture: broken");
  runs.refuse("$MEMSPICE loop.cir --plot -o -", 2,
              "--plot shows the waveforms of one file: it does not go with --check, --separate or -o -\n  "
              "hint: memspice "
              "plot shows those of files that are there");
}
