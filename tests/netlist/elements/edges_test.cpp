#include <doctest/doctest.h>

#include <fmt/format.h>

#include <string>
#include <vector>

#include "netlist/circuits.hpp"
#include "support/approx.hpp"
#include "support/deck_folder.hpp"
#include "support/run_deck.hpp"

using namespace memspice;

namespace {

const std::string model = ".model mem memristor(ron=100 roff=16k beta=0.05)\n";

/// A deck with the file `list.edges` beside it.
Circuit with_list(const std::string& list, const std::string& cards, const ElaborateOptions& options = {}) {
  const testing::DeckFolder folder;
  folder.write("list.edges", list);
  return elaborate(parse_file(folder.write("deck.cir", "title\n" + cards)), standard_catalogue(), options);
}

std::vector<std::string> names_of(const NameTable& table) {
  std::vector<std::string> names;
  for (std::uint32_t i = 0; i < table.size(); ++i) names.push_back(table[i]);
  return names;
}

bool is_same(double a, double b) {
  return a == b || (std::isnan(a) && std::isnan(b));
}

void check_same_sources(const Circuit& a, const Circuit& b) {
  REQUIRE(a.voltage_sources.size() == b.voltage_sources.size());
  for (std::size_t i = 0; i < a.voltage_sources.size(); ++i) {
    const Source &one = a.voltage_sources[i], &other = b.voltage_sources[i];
    CHECK(one.name == other.name);
    CHECK(one.plus == other.plus);
    CHECK(one.minus == other.minus);
    CHECK(one.dc == other.dc);
    CHECK(one.extras->ac_magnitude == other.extras->ac_magnitude);
    CHECK(one.extras->ac_phase == other.extras->ac_phase);
    REQUIRE(one.function == other.function);
    if (one.function == Source::constant) continue;
    const SourceFunction f = a.functions[one.function], g = b.functions[other.function];
    CHECK(f.kind == g.kind);
    CHECK(f.seed == g.seed);
    CHECK(is_same(f.cycles, g.cycles));
    for (std::size_t k = 0; k < f.values.size(); ++k) CHECK(is_same(f.values[k], g.values[k]));
  }
}

/// That two circuits have the same elements, in the same order.
void check_same(const Circuit& a, const Circuit& b) {
  CHECK(names_of(a.node_names) == names_of(b.node_names));
  CHECK(names_of(a.element_names) == names_of(b.element_names));
  check_same_sources(a, b);
  REQUIRE(a.groups.size() == b.groups.size());
  for (std::size_t g = 0; g < a.groups.size(); ++g) {
    CHECK(a.groups[g].names == b.groups[g].names);
    CHECK(a.groups[g].nodes == b.groups[g].nodes);
    for (std::size_t k = 0; k < a.groups[g].count(); ++k)
      for (std::size_t i = 0; i < a.groups[g].type->parameters.size(); ++i)
        CHECK(a.groups[g].parameter(k, i) == b.groups[g].parameter(k, i));
  }
}

}  // namespace

TEST_CASE("a line of an edge list is the memristor, with its source, that a deck would write") {
  const std::string list =
      "from to amplitude w0 frequency roff\n"
      "0 A 0.5 0.3 1 -\n"
      "a b -200m 0.4 2 20kOhm\n"
      "B 0 - - 3 10k\n"
      "b gnd 1V 0.6 .5 -\n";
  const std::string rest = "R1 a 0 1k\n.tran 10m 1\n.save all\n";
  const Circuit compact =
      with_list(list, "V0 in 0 1\nRin in a 1k\n" + model +
                          ".edges list.edges mem source='DC 0 AC {2*amplitude} 45 SIN(0 {amplitude} "
                          "{frequency})' beta={0.1*frequency}\n" +
                          rest);
  const Circuit lines =
      circuit_of("V0 in 0 1\nRin in a 1k\n" + model +
                 "V1 x1 0 DC 0 AC 1 45 SIN(0 0.5 1)\nY1 x1 a mem w0=0.3 beta=0.1\n"
                 "V2 x2 a DC 0 AC -0.4 45 SIN(0 -0.2 2)\nY2 x2 b mem w0=0.4 roff=20k beta=0.2\n"
                 "Y3 b 0 mem roff=10k beta={0.1*3}\n"
                 "V4 x4 b DC 0 AC 2 45 SIN(0 1 0.5)\nY4 x4 0 mem w0=0.6 beta=0.05\n" +
                 rest);
  check_same(compact, lines);
  const testing::DeckRun a = testing::run_circuit(compact), b = testing::run_circuit(lines);
  REQUIRE(a.plots.back().columns.size() == b.plots.back().columns.size());
  for (std::size_t i = 0; i < a.plots.back().columns.size(); ++i) {
    CHECK(a.plots.back().vectors[i].name == b.plots.back().vectors[i].name);
    CHECK(a.plots.back().columns[i] == b.plots.back().columns[i]);
  }
}

TEST_CASE("every waveform of values, a constant and noise may stand in series, as on a card") {
  for (const std::string source :
       {"{v}", "DC {v}", "PULSE(0 {v} 0 1m 1m {v/10} 1)", "EXP(0 {v} 0 0.1)", "SFFM(0 {v} 10)",
        "SIN 0 {v} 1 0 0 {90*v}", "AC 1 SIN(0 -{v} 1)", "SIN(0 1 1)", "0.5", "TRNOISE({v} 1m)",
        "DC {v} TRRANDOM(1 1m)", "SIN(0 {v*scale} 1 0 0 0 2)"}) {
    CAPTURE(source);
    std::string lines;
    for (const auto& [k, v] : {std::pair{"1", "0.5"}, std::pair{"2", "2"}}) {
      std::string text = source;
      for (std::size_t at = text.find('v'); at != std::string::npos; at = text.find('v', at + 1))
        if (text[at - 1] != 'c') text.replace(at, 1, v);
      lines += fmt::format("V{0} x{0} 0 {1}\nY{0} x{0} 1 mem\n", k, text);
    }
    const std::string rest = "R1 1 0 1k\n.param scale=3\n.op\n";
    check_same(with_list("v,from,to\n0.5,0,1\n2,0,1\n",
                         model + ".edges list.edges mem source='" + source + "'\n" + rest),
               circuit_of(model + lines + rest));
  }
}

TEST_CASE("ends of lines, separators, comments, a byte order mark and a missing last end mean nothing") {
  const std::string card = model + ".edges list.edges mem\nR1 a b 1k\n.op\n";
  const Circuit plain = with_list("from to w0\n0 a 0.25\na b 0.5\n", card);
  CHECK(parameter(plain, "y2", "w0") == 0.5);
  for (const std::string list :
       {"from,to,w0\r\n0,a,0.25\r\na,b,0.5\r\n",
        "\xef\xbb\xbf"
        "from\tto\tw0\n0\ta\t250m\na\tb\t.5",
        "# a network\n\n* of two\nFrom To W0 ; columns\n  0 a , 0.25 # the first\n\n;\na b 5e-1;last",
        "source target w0\n0 a 0.25\na b 0.5\n\n"}) {
    CAPTURE(list);
    check_same(with_list(list, card), plain);
  }
}

TEST_CASE("a list of more than a piece of the file keeps every line whole") {
  std::string list = "from to w0\n", lines;
  for (int i = 0; i < 60000; ++i) {
    const std::string w0 = fmt::format("0.{:03}", i % 997);
    list += fmt::format("{}{} {} {}\n", i % 7 == 0 ? "# comment\n" : "", i, i + 1, w0);
    lines += fmt::format("Y{} {} {} mem w0={}\n", i + 1, i, i + 1, w0);
  }
  const std::string rest = "R1 60000 0 1k\n.op\n";
  const Circuit compact = with_list(list, model + ".edges list.edges mem\n" + rest);
  const Circuit plain = circuit_of(model + lines + rest);
  CHECK(names_of(compact.node_names) == names_of(plain.node_names));
  CHECK(names_of(compact.element_names) == names_of(plain.element_names));
  CHECK(compact.groups[0].nodes == plain.groups[0].nodes);
  CHECK(compact.groups[0].parameters.rows() == plain.groups[0].parameters.rows());
}

TEST_CASE("names of lists, in subcircuits too, are those that lines there would have") {
  const std::string rest =
      "X1 top sub m=2\nX2 top sub\nV9 top 0 1\nR1 r1_2 0 1k\n.global common\nRc common 0 1\n.op\n";
  const Circuit compact =
      with_list("name from to w0 v\n1_2 in out 0.25 1\n1_3 out 0 0.5 2\n",
                model +
                    ".subckt sub in\nRo common out 1k\n.edges list.edges mem name=a source={{v}}\n"
                    ".edges \"list.edges\" mem NAME=b roff=10k\n.ends\n"
                    ".edges list.edges mem source=\"{v}\"\n.if (1 > 2)\n.edges missing.edges mem\n.endif\n"
                    "R2 in out 1k\n" +
                    rest);
  const Circuit lines = circuit_of(
      model +
      ".subckt sub in\nRo common out 1k\n"
      "Va1_2 xa1_2 in 1\nYa1_2 xa1_2 out mem w0=0.25\nVa1_3 xa1_3 out 2\nYa1_3 xa1_3 0 mem w0=0.5\n"
      "Yb1_2 in out mem w0=0.25 roff=10k\nYb1_3 out 0 mem w0=0.5 roff=10k\n.ends\n"
      "V1_2 x1_2 in 1\nY1_2 x1_2 out mem w0=0.25\nV1_3 x1_3 out 2\nY1_3 x1_3 0 mem w0=0.5\n"
      "R2 in out 1k\n" +
      rest);
  check_same(compact, lines);
  CHECK(parameter(compact, "x2.yb1_3", "roff") == 1e4);
}

TEST_CASE("elements of a list take part in all cards by their names") {
  const std::string list = "from to w0 v weight\n0 1 0.25 1 2\n1 0 0.5 2 3\n";
  const std::string cards =
      model +
      ".param scale=100 weight=7\n.edges list.edges mem source='{v}' ron={scale*weight}\n"
      ".ic w(y2)=0.75\n.step y1:w0 list 0.1 0.2\n.save w(*) v(x1)\n"
      ".tran 0.1 1\n.measure tran last find w(y1) at=0\n";
  const testing::DeckFolder folder;
  folder.write("list.edges", list);
  const Circuit circuit = elaborate(parse_file(folder.write("deck.cir", "title\n" + cards)));
  CHECK(parameter(circuit, "y2", "ron") == 300);
  const testing::DeckRun run = testing::run_circuit(circuit);
  const std::vector<double>& states = run["w(y1)"];
  CHECK(states.front() == 0.1);
  CHECK(std::ranges::count(states, 0.2) == 1);
  CHECK(run["w(y2)"].front() == 0.75);
  CHECK(run["v(x1)"].back() == testing::approx(1));
  CHECK(parameter(circuit.with("y2:roff", 2e4), "y2", "roff") == 2e4);
  CHECK(parameter(circuit.with("scale", 1000), "y2", "ron") == 3000);
  CHECK(circuit.origin.data_files.size() == 1);
}

TEST_CASE("a random function on the card draws for every line") {
  const Circuit circuit =
      with_list("from to\n0 1\n0 1\n0 1\n", model +
                                                ".edges list.edges mem w0={unif(0.5, 0.1)}\n"
                                                "R1 1 0 1k\n.op\n");
  CHECK(parameter(circuit, "y1", "w0") != parameter(circuit, "y2", "w0"));
  CHECK(parameter(circuit, "y2", "w0") != parameter(circuit, "y3", "w0"));
}

TEST_CASE("a list lies beside the deck that names it, and below the deck's folder with --safe") {
  const testing::DeckFolder folder;
  folder.write("parts/list.edges", "from to\n0 1\n0 1\n");
  folder.write("parts/network.inc", model + ".edges list.edges mem\n");
  folder.write("list.edges", "from to\n0 1\n");
  const std::string below = folder.write("deck.cir", "test\n.include parts/network.inc\nR1 1 0 1k\n.op\n");
  const std::string outside =
      folder.write("parts/deck.cir", "test\n" + model + ".edges ../list.edges mem\nR1 1 0 1k\n.op\n");
  ParseOptions safe;
  safe.safe = true;
  CHECK(elaborate(parse_file(below, safe)).groups[0].count() == 2);
  CHECK(elaborate(parse_file(outside)).groups[0].count() == 1);
  CHECK_THROWS_WITH_AS(elaborate(parse_file(outside, safe)),
                       doctest::Contains("is outside the deck's folder"), DeckError);
}
