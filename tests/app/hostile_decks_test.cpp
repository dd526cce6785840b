// With --safe every deck of 64 KiB is refused or checked within a second of processor time and 256 MiB,
// whatever it asks for; and every budget is named where it is used up.
#include <doctest/doctest.h>
#include <fmt/format.h>

#include <functional>
#include <map>
#include <string>

#include "memspice/budgets.hpp"
#include "support/places.hpp"
#include "support/program.hpp"

namespace {

constexpr std::size_t size_of_deck = 65536;
const std::string source = "V1 a 0 1\nR1 a 0 1\n";

using Line = std::function<std::string(int)>;

/// As many lines as a deck of `room` bytes holds.
std::string lines(const Line& line, std::size_t room = size_of_deck - 100) {
  std::string text;
  for (int i = 0;; ++i) {
    const std::string next = line(i);
    if (text.size() + next.size() > room) return text;
    text += next;
  }
}

std::string repeated(int count, const Line& part) {
  std::string text;
  for (int i = 0; i < count; ++i) text += part(i);
  return text;
}

Line format(std::string_view text) {
  return [text = std::string(text)](int i) { return fmt::format(fmt::runtime(text), i, i + 1); };
}

/// Functions of which each calls the one before twice.
std::string doubling_functions(int count) {
  std::string text = ".func f0(x) {x+1}\n";
  for (int i = 1; i < count; ++i) text += fmt::format(".func f{0}(x) {{f{1}(x)+f{1}(x+1)}}\n", i, i - 1);
  return text;
}

/// Subcircuits of which each holds ten of the one before.
std::string growing_subcircuits() {
  std::string text = ".subckt s0 p\nR1 p 0 1\n.ends\n";
  for (int i = 1; i < 20; ++i)
    text += fmt::format(".subckt s{} p\n", i) +
            repeated(10, [&](int k) { return fmt::format("X{} p s{}\n", k, i - 1); }) + ".ends\n";
  return text;
}

std::string coils(int count) {
  std::string names;
  for (int i = 0; i < count; ++i) names += fmt::format(" L{}", i);
  return repeated(count, format("L{0} a{0} 0 1\nR{0} a{0} 0 1\n")) + "K1" + names + " 0.1\n";
}

std::map<std::string, std::string> hostile_decks() {
  const std::string nodes = lines(format("R{0} n{0} 0 1\n"), 24000);
  const std::string tables = ".tran 1 1\n";
  return {
      {"includes of includes", source + ".include i0.inc\n.op\n"},
      {"an endless file", source + ".include /dev/zero\n.op\n"},
      {"points of an endless file", "V1 a 0 PWL(file=/dev/zero)\nR1 a 0 1\n.tran 1 1\n"},
      {"instances", source + growing_subcircuits() + "X1 a s19\n.op\n"},
      {"one coupling of 440 coils", coils(440) + ".op\n"},
      {"one coupling of 1200 coils", coils(1200) + ".op\n"},
      {"parameters of functions",
       source + doubling_functions(30) + repeated(900, format(".param p{0}={{f20({0})}}\n")) + ".op\n"},
      {"sources of functions", doubling_functions(30) +
                                   repeated(900, format("B{0} b{0} 0 V={{f20(v(a))}}\nR{0} b{0} 0 1\n")) +
                                   source + ".op\n"},
      {"measures of functions", source + doubling_functions(30) +
                                    repeated(900, format(".meas tran m{0} avg par('f14(v(a))')\n")) +
                                    ".tran 1 1\n"},
      {"frequencies", source + lines(format(".ac dec 1e6 1 1e9\n"))},
      {"swept values", source + lines(format(".dc v1 0 1 1e-6\n"))},
      {"points",
       source +
           ".param p=1 q=1 r=1\n.step param p 1 100 1\n.step param q 1 100 1\n.step param r 1 100 1\n.op\n"},
      {"runs", source + ".mc 1e7\n.op\n"},
      {"corners of a pulse", "V1 a 0 PULSE(0 1 0 1e-18 1e-18 1e-18 4e-18)\nR1 a 0 1\n.tran 1 1\n"},
      {"points of noise", lines(format("V{0} a{0} 0 TRNOISE(1 1e-7 1 1)\nR{0} a{0} 0 1\n")) + ".tran 1 1\n"},
      {"repeated points",
       lines(format("V{0} a{0} 0 PWL REPEAT FOR 1e6 (0 0 1 1) ENDREPEAT\nR{0} a{0} 0 1\n")) + ".tran 1 1\n"},
      {"a large Poisson number", "V1 a 0 TRRANDOM(4 0.1 0 1e300)\nR1 a 0 1\n.tran 1 1\n"},
      {"many tables", nodes + repeated(2400, format(".print tran v(*)\n")) + tables},
      {"a wide table", nodes + ".print tran" + repeated(6000, format(" v(*)")) + "\n" + tables},
      {"objectives",
       source + ".tran 1 1\n.sens param=R1 objfunc={1}" + repeated(15000, format(",{{1}}")) + "\n"},
      {"objectives beside many sources",
       source + lines(format("E{0} e{0} 0 a 0 1\nRe{0} e{0} 0 1\n"), 60000) +
           ".tran 1 1\n.sens param=R1 objfunc={v(a)}" + repeated(10, format(",{{v(a)}}")) + "\n"},
      {"analyses", source + lines(format("R{0} a 0 1\n"), 40000) + repeated(6000, format(".op\n"))},
      {"noise of many transistors", source + ".model q npn\n" + lines(format("Q{0} a a 0 q\n"), 64000) +
                                        repeated(12, format(".noise v(a) v1 lin 1 1 1 1\n"))},
      {"many vectors", nodes + ".save" + repeated(6000, format(" v(*)")) + "\n" + tables},
      {"unknown nodes", lines(format("R{0} n{0} 0 1\n.print op v(m{0})\n")) + ".op\n"},
      {"unknown models", lines(format(".model mm{0} d\nD{0} a 0 mx{0}\n")) + ".op\n"},
      {"unknown subcircuits", lines(format("X{0} a s{0}\n.subckt t{0} p\n.ends\n")) + ".op\n"},
      {"parentheses",
       ".param p={" + std::string(30000, '(') + "1" + std::string(30000, ')') + "}\n" + source + ".op\n"},
      {"a long sum", ".param p={" + repeated(25000, format("1+")) + "1}\n" + source + ".op\n"},
      {"conditions", repeated(8000, format(".if (1)\n")) + source + ".op\n"},
      {"a long name", "R" + std::string(60000, 'x') + " a 0 1\n" + source + ".op\n"},
      {"harmonics",
       source + ".options nfreqs=10000\n.four 1k" + repeated(9000, format(" v(a)")) + "\n" + tables},
      {"parameters of instances",
       source + ".subckt s p\n" + repeated(1800, format(".param q{0}={{{0}+1}}\n")) + "R1 p 0 {q1}\n.ends\n" +
           repeated(1500, format("X{0} a s\n")) + ".op\n"},
      {"a loop of sources", lines(format("V{0} {0} {1} 1\n")) + "R1 1 0 1\n.op\n"},
      {"delays", lines(format("T{0} {0} 0 {1} 0 z0=50 td=1n\n")) + ".tran 1n 1\n"},
      {"memristors",
       lines(format("Y{0} n{0} n{1} m\n")) + ".model m memristor\nR1 n0 0 1\n.tran 1m 1\n.network\n"},
  };
}

void write_includes(const TemporaryFolder& folder) {
  constexpr int depth = 30;
  for (int i = 0; i < depth; ++i)
    write_bytes(folder.file(fmt::format("i{}.inc", i)),
                "R" + std::to_string(i + 10) + " a 0 1\n" + repeated(i + 1 < depth ? 3 : 0, [&](int) {
                  return fmt::format(".include i{}.inc\n", i + 1);
                }));
}

}  // namespace

TEST_CASE("with --safe every deck of 64 KiB is refused or checked within a second and 256 MiB") {
  const TemporaryFolder folder;
  write_includes(folder);
#ifdef __SANITIZE_ADDRESS__  // which is slow, and takes terabytes of addresses
  const std::string bounds = "ulimit -t 20; ";
#else
  const std::string bounds = "ulimit -t 1; ulimit -d 262144; ";
#endif
  for (const auto& [name, deck] : hostile_decks()) {
    CAPTURE(name);
    write_bytes(folder.file("deck.cir"), "hostile\n" + deck + ".end\n");
    REQUIRE(deck.size() < size_of_deck);
    const CommandOutcome outcome = run_command(folder, bounds + "$MEMSPICE --safe --check -q deck.cir");
    CAPTURE(outcome.err);
    CHECK((outcome.code == 0 || outcome.code == 2));
    CHECK(outcome.err.find("internal error") == std::string::npos);
  }
}

TEST_CASE(
    "every budget names itself where it is used up, on the command line and in .options; the command line "
    "wins") {
  struct Case {
    const char* name;
    const char* limit;
    std::string deck;
  };
  const std::vector<Case> cases{
      {"bytes", "600", source + ".include long.inc\n.op\n"},
      {"files", "10", source + repeated(11, [](int) { return ".include option.inc\n"; }) + ".op\n"},
      {"elements", "3", source + "R2 a 0 1\nR3 a 0 1\n.op\n"},
      {"instances", "100", source + growing_subcircuits() + "X1 a s3\n.op\n"},
      {"expressions", "1000", source + doubling_functions(12) + ".param p={f11(1)}\n.op\n"},
      {"corners", "1000", "V1 a 0 PULSE(0 1 0 1u 1u 1u 10u)\nR1 a 0 1\n.tran 1 1\n"},
      {"points", "100", source + ".dc v1 0 1 1m\n"},
      {"analyses", "1", source + ".op\n.tran 1 1\n"},
      {"columns", "1", source + ".print op v(a) i(v1)\n.op\n"},
      {"rows", "100", source + ".dc v1 0 1 1m\n"},
  };
  const TemporaryFolder folder;
  write_bytes(folder.file("long.inc"), repeated(100, format("Rx{0} a 0 1\n")));
  write_bytes(folder.file("option.inc"), ".options reltol=1e-4\n");
  for (const Case& each : cases) {
    CAPTURE(std::string(each.name));
    const std::string option = std::string(each.name) == "rows" ? "maxrows" : std::string("max_") + each.name;
    const std::string named =
        option == "maxrows" ? "where maxrows is 100" : fmt::format("budget '{}'", each.name);
    write_bytes(folder.file("plain.cir"), "t\n" + each.deck + ".end\n");
    write_bytes(folder.file("option.cir"),
                fmt::format("t\n.options {}={}\n{}.end\n", option, each.limit, each.deck));
    const auto check = [&](const std::string& arguments) {
      return run_command(folder, "$MEMSPICE --check " + arguments);
    };
    CHECK(check("plain.cir").code == 0);
    const std::string limit = fmt::format(" --limit {}={}", each.name, each.limit);
    for (const CommandOutcome& refused : {check("plain.cir" + limit), check("option.cir")}) {
      CAPTURE(refused.err);
      CHECK(refused.code == 2);
      CHECK(refused.err.find(named) != std::string::npos);
    }
    CHECK(check(fmt::format("option.cir --limit {}=1e12", each.name)).code == 0);
  }
}

TEST_CASE("the budgets of memory and time end a run with exit code 1, and their rows are kept") {
  const TemporaryFolder folder;
  write_bytes(folder.file("deck.cir"),
              "endless\nV1 a 0 SIN(0 1 1k)\nY1 a 0 m\n.model m memristor beta=1\n.tran 1m 1e6 0 10u\n.end\n");
  for (const std::string deck : {"deck.cir --limit seconds=0.5", "late.cir"}) {
    write_bytes(folder.file("late.cir"),
                "endless\n.options max_seconds=0.5\n" + read_bytes(folder.file("deck.cir")).substr(8));
    const CommandOutcome outcome = run_command(folder, "$MEMSPICE " + deck + " -q -o out.raw");
    CHECK(outcome.code == 1);
    CHECK(outcome.err.find("the budget 'seconds' is used up") != std::string::npos);
    CHECK(memspice::read_waveforms(folder.file("out.raw")).front().mark.starts_with("interrupted at "));
  }
#ifndef __SANITIZE_ADDRESS__
  write_bytes(folder.file("large.cir"), "t\n.dc v1 0 1 2e-7\nV1 a 0 1\nR1 a 0 1\n.end\n");
  const CommandOutcome outcome = run_command(folder, "$MEMSPICE large.cir -q --limit memory=3e7");
  CHECK(outcome.code == 1);
  CHECK(outcome.err.find("the budget 'memory' is used up") != std::string::npos);
#endif
}

TEST_CASE("budgets that are none are refused, and --help names all") {
  const TemporaryFolder folder;
  write_bytes(folder.file("deck.cir"), "t\n" + source + ".op\n.end\n");
  const std::string help = run_command(folder, "$MEMSPICE --help").out;
  for (const memspice::BudgetRow& row : memspice::budget_table())
    CHECK(help.find(row.name) != std::string::npos);
  for (const char* wrong :
       {"--limit rows", "--limit rows=0", "--limit trees=5", "--limit memory=1", "--limit =1"})
    CHECK(run_command(folder, std::string("$MEMSPICE deck.cir ") + wrong).code == 2);
}

TEST_CASE("with --safe a deck may ask for less than its budgets, not for more") {
  memspice::Budgets budgets;
  using memspice::Resource;
  budgets.safe = true;
  const double safe = budgets.limit(Resource::elements);
  budgets.set_by_deck(Resource::elements, 10 * safe);
  CHECK(budgets.limit(Resource::elements) == safe);
  budgets.set_by_deck(Resource::elements, 10);
  CHECK(budgets.limit(Resource::elements) == 10);
  budgets.set(Resource::elements, 20 * safe);
  CHECK(budgets.limit(Resource::elements) == 20 * safe);
}
