#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <random>

#include "netlist/circuits.hpp"
#include "support/approx.hpp"

using namespace memspice;

namespace {

const std::string charging = "V1 a 0 1\nR1 a b 1k\nC1 b 0 1u\n";

Circuit scripted(const std::string& script, const std::string& cards = {}) {
  return circuit_of(charging + cards + ".control\n" + script + ".endc\n");
}

std::vector<std::string> warnings(const Circuit& circuit) {
  std::vector<std::string> texts;
  for (const Diagnostic& warning : circuit.warnings) texts.push_back(warning.message);
  return texts;
}

std::vector<std::string> patterns(const Circuit& circuit) {
  std::vector<std::string> texts;
  for (const SaveRequest& request : circuit.outputs.saves) texts.push_back(request.pattern);
  for (const PrintCard& print : circuit.outputs.prints)
    for (const PrintCard::Item& item : print.items) texts.push_back("print " + item.pattern);
  return texts;
}

using Texts = std::vector<std::string>;

}  // namespace

TEST_CASE("the analyses of a .control block run in order, those of the cards where run stands") {
  const Circuit circuit = scripted("op\nrun\ntran 1u 2m\n", ".tran 1u 1m\n");
  REQUIRE(circuit.analyses.size() == 3);
  CHECK(circuit.analyses[0].get_if<OperatingPointCard>());
  CHECK(circuit.analyses[1].as<TransientCard>().stop == 1e-3);
  CHECK(circuit.analyses[2].as<TransientCard>().stop == 2e-3);
  CHECK(circuit.warnings.empty());
  const Circuit without_run = scripted("tran 1u 2m uic\n", ".op\n");
  REQUIRE(without_run.analyses.size() == 2);
  CHECK(without_run.analyses[0].get_if<OperatingPointCard>());
  CHECK(without_run.analyses[1].as<TransientCard>().use_initial_conditions);
}

TEST_CASE("an analysis of a .control block has the place of its line") {
  const Circuit circuit = scripted("  tran\n+ 1u\n* comment\n+ 2m ; comment\n");
  const auto position = circuit.sources->position(circuit.analyses.at(0).as<TransientCard>().where);
  CHECK(position.line == 6);
  CHECK(position.column == 3);
}

TEST_CASE("commands that cannot run are named, one warning a line") {
  CHECK(warnings(scripted("op\nlet x = v(b)*2\nalter r1 = 2k\necho (\nshell rm -rf /\n!date\n")) ==
        Texts{"not run: let x = v(b)*2", "not run: alter r1 = 2k", "not run: echo (",
              "not run: shell rm -rf /", "not run: !date"});
  CHECK(warnings(scripted("foreach r 1 2\nif $r > 1\ntran 1m 1\nend\nop\nend\nop\n")).size() == 6);
  CHECK(scripted("foreach r 1 2\nif $r > 1\ntran 1m 1\nend\nop\nend\nop\n").analyses.size() == 1);
  CHECK(warnings(scripted("run\nrun\n", ".op\n")) == Texts{"not run: run"});
}

TEST_CASE("variables of commands stand for their numbers and texts") {
  const auto stop = [](const std::string& script) {
    const Circuit circuit = scripted(script);
    CAPTURE(script);
    CHECK(warnings(circuit).empty());
    REQUIRE(circuit.analyses.size() == 1);
    return circuit.analyses[0].as<TransientCard>().stop;
  };
  CHECK(stop("let dt = 10u\nlet t = 10m\ntran $&dt $&t\n") == 10e-3);
  CHECK(stop("LET T=2*1m $ a comment\nlet half = t/2\nTRAN 1u {$&Half} ; another\n") == 1e-3);
  CHECK(stop("set step=1u\nset stop = \"3m\"\ntran $step\n+ $stop $ $&none\n") == 3e-3);
  CHECK(stop("let n = 1\nlet n = n + 1\nlet n = n*n\ntran 1u {$&n*1m}\n") == 4e-3);
  CHECK(stop("let t = sqrt(4)*pi/pi*max(1, 2)*1m\ntran 1u $&t\n") == testing::approx(4e-3));
  CHECK(stop("let a = -1\nlet t = 2--1\nlet t = t - a\ntran 1u {$&t*-$&a*1m}\n") == 4e-3);
  CHECK(stop("let e1 = 2\nlet t = 1e-3*e1\ntran 1u $&t\n") == 2e-3);
  // What is read as a vector too stays a command of its own.
  CHECK(warnings(scripted("let p = 1m\ntran 1u $&p\nmeas tran top max p\n")).size() == 2);
  CHECK(warnings(scripted("let t = 1m\nop\nprint $&t\n")) ==
        Texts{"not run: let t = 1m", "not run: print $&t"});
}

TEST_CASE("a variable of commands without a known value is named") {
  const auto only = [](const std::string& script) { return warnings(scripted(script + "op\n")); };
  CHECK(only("tran 1u $&t\n") == Texts{"not run: tran 1u $&t"});
  CHECK(scripted("tran 1u $&t\nop\n").warnings.at(0).hint ==
        "the value of $&t is not known: it is for a let or set above that depends on no vector and stands in "
        "no "
        "loop");
  CHECK(only("let t = v(a)*1m\ntran 1u $&t\n") == Texts{"not run: let t = v(a)*1m", "not run: tran 1u $&t"});
  CHECK(only("let t = 1m\nlet t = mean(b)\ntran 1u $&t\n").size() == 3);
  CHECK(only("repeat 2\nlet t = 1m\nend\ntran 1u $&t\n").size() == 4);
  CHECK(only("let t = 1m\nrepeat 2\nlet t = t*2\nend\ntran 1u $&t\n").size() == 4);
  CHECK(only("dc v1 0 $stop 1\n").size() == 1);
  const std::string twice = "let t = t + t\n";
  std::string bomb = "let t = 1m\n";
  for (int i = 0; i < 60; ++i) bomb += twice;
  CHECK(only(bomb + "tran 1u $&t\n").size() > 1);  // too long to be read
}

TEST_CASE("random programs of let mean what they compute") {
  std::mt19937_64 random(3);
  const auto pick = [&](int n) { return std::uniform_int_distribution<int>(0, n - 1)(random); };
  for (int program = 0; program < 300; ++program) {
    std::string script;
    std::vector<double> values;
    std::vector<std::string> names;
    for (int line = 0; line < 8; ++line) {
      const double number = 1 + pick(9);
      double value = number;
      std::string text = fmt::format("{}", number);
      if (!names.empty()) {
        const int k = pick(static_cast<int>(names.size()));
        const bool by_sign = pick(2) == 0;
        const std::string read = (by_sign ? "$&" : "") + names[static_cast<std::size_t>(k)];
        const double known = values[static_cast<std::size_t>(k)];
        switch (pick(5)) {
          case 0:
            text = fmt::format("{} + {}", text, read), value += known;
            break;
          case 1:
            text = fmt::format("{}*{}", read, text), value *= known;
            break;
          case 2:
            text = fmt::format("{}/({} - 0.5)", read, text), value = known / (value - 0.5);
            break;
          case 3:
            text = fmt::format("sqrt(abs({}))-{}", read, text), value = std::sqrt(std::abs(known)) - value;
            break;
          default:
            text = fmt::format("{} - {} * 2", read, text), value = known - value * 2;
            break;
        }
      }
      // Now and then a variable gets another value.
      const std::string name = pick(4) == 0 && !names.empty()
                                   ? names[static_cast<std::size_t>(pick(static_cast<int>(names.size())))]
                                   : fmt::format("x{}", names.size());
      script += fmt::format("let {} = {}\n", name, text);
      const auto place = std::ranges::find(names, name) - names.begin();
      if (static_cast<std::size_t>(place) == names.size()) {
        names.push_back(name);
        values.push_back(value);
      } else {
        values[static_cast<std::size_t>(place)] = value;
      }
    }
    const auto last = static_cast<std::size_t>(pick(static_cast<int>(names.size())));
    CAPTURE(script);
    const Circuit circuit = scripted(script + fmt::format("tran 1u {{1 + abs($&{})}}\n", names[last]));
    REQUIRE(circuit.analyses.size() == 1);
    CHECK(circuit.analyses[0].as<TransientCard>().stop ==
          testing::approx(1 + std::abs(values[last])).epsilon(1e-12));
  }
}

TEST_CASE("variables that only choose ngspice's own output pass, others are named") {
  CHECK(warnings(scripted("set filetype=ascii units = degrees\nset numdgt=8 noaskquit\nop\n")).empty());
  CHECK(warnings(scripted("set colour\nop\n")) == Texts{"not run: set colour"});
}

TEST_CASE("quit ends the block") {
  CHECK(scripted("op\nquit\nop\nnonsense\n").analyses.size() == 1);
  CHECK(scripted("op\nexit 1\nop\n").analyses.size() == 1);
}

TEST_CASE("written vectors are kept as by .save, plotted ones beside what is kept anyway") {
  CHECK(patterns(scripted("op\nwrite out.raw v(a) i(v1)\n")) == Texts{"v(a)", "i(v1)"});
  CHECK(patterns(scripted("op\nwrite out.raw\n")) == Texts{"all"});
  CHECK(patterns(scripted("op\nwrdata out v(a)*2 db(v(b)) vp(a)\n")) == Texts{"v(a)", "v(b)", "v(a)"});
  CHECK(patterns(scripted("op\nwrdata out v(a) - v(b)\n")) == Texts{"all"});
  CHECK(patterns(scripted("op\nwrdata out op1.v(a)\n")) == Texts{"v(a)"});
  CHECK(patterns(scripted("op\nplot v(b) vs v(a) xlimit 0 1\n")).empty());
  CHECK(patterns(scripted("op\nplot v(b) vs v(a) xlimit 0 1\n", ".save i(v1)\n")) ==
        Texts{"i(v1)", "v(b)", "v(a)"});
  CHECK(patterns(scripted("op\nprint v(b)\nprint col v(a)\nsave v(b)\n")) ==
        Texts{"v(b)", "print v(b)", "print v(a)"});
  CHECK(warnings(scripted("op\nprint v(b)[2]\n")) == Texts{"not run: print v(b)[2]"});
  const Circuit circuit = scripted("op\nwrite out.raw v(a)\n");
  CHECK(circuit.warnings.at(0).hint ==
        "its vectors are kept; the option -o names the file they are written to");
}

TEST_CASE("measures and harmonics of a .control block are those of the deck") {
  const Circuit circuit = scripted("tran 1u 2m\nmeas tran top max v(b)\nfourier 1k v(b)\n");
  CHECK(circuit.outputs.measures.size() == 1);
  CHECK(scripted("tran 1u 2m\nmeas tran top max v(b)\nprint top\n").outputs.prints.empty());
  CHECK(circuit.outputs.fouriers.size() == 1);
  CHECK(circuit.warnings.empty());
}

TEST_CASE("a measure of what let has made is not run, and the others are") {
  const std::string let = "tran 1u 2m\nlet P = v(a)*v(b)\n";
  const Circuit circuit = scripted(let + "meas tran mean avg p\nmeas tran top max v(b)\n");
  CHECK(warnings(circuit) == Texts{"not run: let P = v(a)*v(b)", "not run: meas tran mean avg p"});
  CHECK(circuit.warnings.at(1).hint ==
        "memspice has no results of let; measure the expression itself: avg par('…')");
  CHECK(circuit.outputs.measures.size() == 1);
  CHECK(scripted(let + "meas tran pp max v(b)\n").outputs.measures.size() == 1);
  CHECK(scripted("tran 1u 2m\nmeas tran p max v(b)\nlet p=1\n").outputs.measures.size() == 1);
  CHECK(scripted("tran 1u 2m\nlet meas=1\nmeas tran x max v(b)\n").outputs.measures.size() == 1);
}

TEST_CASE("options of a .control block are options of the deck") {
  CHECK(scripted("option reltol=1e-7\nop\n").options.reltol == 1e-7);
}

TEST_CASE("a mistake in a .control block is a mistake of the deck") {
  CHECK(error_of(charging + ".control\ntran\n.endc\n") == ".tran needs a stop time");
  CHECK(error_of(charging + ".control\npss 1k 1m b 64 3\n.endc\n") == "memspice does not have 'pss'");
}
