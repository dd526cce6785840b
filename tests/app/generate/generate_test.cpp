#include <doctest/doctest.h>

#include <filesystem>
#include <string>
#include <vector>

#include "memspice/simulate.hpp"
#include "support/places.hpp"
#include "support/program.hpp"
#include "support/run_deck.hpp"

using memspice::Circuit;

// memspice generate: what it writes, that it runs, and what it says to those who ask for the impossible.

namespace {

std::string generated(const std::string& arguments) {
  const TemporaryFolder folder;
  const CommandOutcome outcome = run_command(folder, "$MEMSPICE generate " + arguments);
  REQUIRE_MESSAGE(outcome.code == 0, outcome.err);
  return outcome.out;
}

Circuit circuit_of(const std::string& arguments) {
  return memspice::elaborate(memspice::parse_text(generated(arguments)), memspice::standard_catalogue());
}

std::string line_of(const std::string& text, std::size_t number) {
  std::size_t begin = 0;
  while (number-- > 1) begin = text.find('\n', begin) + 1;
  return text.substr(begin, text.find('\n', begin) - begin);
}

// A raw file but for when it was made.
std::string without_date(std::string raw) {
  const std::size_t date = raw.find("\nDate: ");
  REQUIRE(date != std::string::npos);
  return raw.erase(date, raw.find('\n', date + 1) - date);
}

void check_refusal(const std::string& arguments, const std::string& message) {
  const TemporaryFolder folder;
  CAPTURE(arguments);
  const CommandOutcome outcome = run_command(folder, "$MEMSPICE generate " + arguments + " -o deck.cir");
  CHECK(outcome.code == 2);
  CHECK(outcome.out.empty());
  CHECK(outcome.err == "memspice: " + message);
  CHECK(folder.count() == 0);
}

}  // namespace

TEST_CASE("the command in the head of a golden deck makes it again, byte for byte") {
  const std::filesystem::path decks = memspice::testing::project_folder() + "/tests/generate/golden";
  int count = 0;
  for (const auto& entry : std::filesystem::directory_iterator(decks)) {
    const std::string expected = read_bytes(entry.path());
    const std::string head = line_of(expected, 2);
    const std::string start = "* memspice generate ";
    CAPTURE(entry.path());
    REQUIRE(head.starts_with(start));
    CHECK(generated(head.substr(start.size())) == expected);
    ++count;
  }
  CHECK(count >= 14);
}

TEST_CASE("what docs/generate.md shows is what the program prints") {
  const std::string page = read_bytes(memspice::testing::project_folder() + "/docs/generate.md");
  const TemporaryFolder folder;
  const std::string prompt = "    $ memspice generate ";
  int examples = 0;
  for (std::size_t at = page.find(prompt); at != std::string::npos; at = page.find(prompt, at)) {
    const std::size_t output = page.find('\n', at) + 1;
    const std::string arguments = page.substr(at + prompt.size(), output - 1 - at - prompt.size());
    CAPTURE(arguments);
    const CommandOutcome outcome = run_command(folder, "$MEMSPICE generate " + arguments);
    CHECK(outcome.code == 0);
    std::string indented;
    for (std::size_t begin = 0, end = 0; (end = outcome.out.find('\n', begin)) != std::string::npos;
         begin = end + 1)
      indented += (end > begin ? "    " : "") + outcome.out.substr(begin, end + 1 - begin);
    CHECK(page.substr(output, indented.size()) == indented);
    at = output;
    ++examples;
  }
  CHECK(examples == 7);
}

TEST_CASE("a small deck of every family runs, and .omega passes") {
  for (const std::string arguments :
       {"ring --size 8",
        "complete --size 6",
        "grid --size 4x5",
        "torus --size 4x3",
        "ladder --size 6",
        "random --size 20 --degree 4",
        "random --size 9 --probability 0.5 --source dc --drive port",
        "regular --size 20 --degree 3",
        "small-world --size 20 --rewire 0.3",
        "scale-free --size 20 --drive port",
        "crossbar --size 4x5",
        "crossbar --size 4x5 --drive port",
        "crossbar --size 4x5 --rline 0",
        "crossbar --size 4x5 --rline 0 --drive port",
        "crossbar --size 4x5 --drive all",
        "nanowire --size 30",
        "nanowire --size 30 --drive 0.5",
        "nanowire --size 30 --length 0.6 --seed 2",
        "grid --size 4 --drive one",
        "grid --size 4 --source pulse",
        "grid --size 4 --source telegraph",
        "grid --size 4 --source dc --tran 2",
        "grid --size 4 --phase 0:360 --frequency 0.5:2:log --polarity mixed --control voltage",
        "grid --size 4 --ron 50:200 --roff 5k:20k:log --alpha 0:0.1 --beta 0.05:0.01:normal --w0 0.5"}) {
    CAPTURE(arguments);
    const TemporaryFolder folder;
    const std::string make = "$MEMSPICE generate " + arguments + " --card .omega -o deck.cir";
    REQUIRE(run_command(folder, make).code == 0);
    const CommandOutcome run = run_command(folder, "$MEMSPICE deck.cir");
    CHECK_MESSAGE(run.code == 0, run.err);
    CHECK(run.out.find(": passed\n") != std::string::npos);
  }
}

TEST_CASE("a compact deck is the same network: the same file, and the same deck for ngspice") {
  for (const std::string arguments :
       {"grid --size 5x4 --tran \"10m 0.5\" --save all",
        "ring --size 6 --source dc --drive all --save all --card .op --tran none",
        "crossbar --size 4x5 --save all --source dc --tran 0.1",
        "crossbar --size 4x5 --rline 0 --drive 0.5 --amplitude 2 --tran \"10m 0.5\"",
        "nanowire --size 30 --tran 0.1 --source telegraph",
        "random --size 20 --degree 4 --drive one --frequency 1:2 --phase 0:360 --tran \"10m 0.5\"",
        "grid --size 4 --source pulse --frequency 1:2 --drive 0.3 --tran \"10m 0.5\"",
        "grid --size 4 --source pulse --frequency 3 --tran \"10m 0.5\" --save all",
        "grid --size 4 --source none --alpha 0.1:0.2 --ron 50:200:log --w0 0.5 --tran \"10m 0.5\"",
        "grid --size 4 --polarity mixed --active 0.1 --source dc --amplitude 1m --tran \"10m 0.1\""}) {
    CAPTURE(arguments);
    const TemporaryFolder folder;
    const CommandOutcome outcome = run_command(
        folder, "$MEMSPICE generate " + arguments + " -q -o plain.cir && $MEMSPICE generate " + arguments +
                    " -q --compact -o compact.cir && sed -n 2p compact.cir && $MEMSPICE plain.cir -q -o "
                    "plain.raw && $MEMSPICE compact.cir -q -o compact.raw && $MEMSPICE convert plain.cir "
                    "--to ngspice "
                    "2>/dev/null | grep -v '^\\*' > plain.txt; $MEMSPICE convert compact.cir --to ngspice "
                    "2>/dev/null | grep -v '^\\*' > compact.txt");
    CHECK_MESSAGE(outcome.err.empty(), outcome.err);
    CHECK(outcome.out.find(" --compact --seed 1") != std::string::npos);
    REQUIRE(read_bytes(folder.path() / "plain.raw").size() > 100);
    CHECK(without_date(read_bytes(folder.path() / "plain.raw")) ==
          without_date(read_bytes(folder.path() / "compact.raw")));
    REQUIRE(read_bytes(folder.path() / "plain.txt").size() > 100);
    CHECK(read_bytes(folder.path() / "plain.txt") == read_bytes(folder.path() / "compact.txt"));
    CHECK(read_bytes(folder.path() / "compact.cir").find("\nY") == std::string::npos);
  }
}

TEST_CASE("the edge list of a compact deck lies beside it, and has its name whatever that is") {
  const TemporaryFolder folder;
  const CommandOutcome outcome =
      run_command(folder,
                  "mkdir sub && $MEMSPICE generate ring --size 4 --compact -o 'sub/my ring.cir' && "
                  "$MEMSPICE --check 'sub/my ring.cir'");
  CHECK(outcome.code == 0);
  CHECK(outcome.err.empty());
  CHECK(outcome.out.find("written: sub/my ring.cir and sub/my ring.edges") != std::string::npos);
  CHECK(read_bytes(folder.path() / "sub" / "my ring.cir").find("\n.edges \"my ring.edges\" memory ") !=
        std::string::npos);
}

TEST_CASE("fixed parameters stand on the model, drawn ones on the element, and each is the device's") {
  const Circuit circuit = circuit_of(
      "grid --size 10 --ron 50:200:log --roff 8k --alpha 0.25 --w0 0.2:0.4 --beta 2m --polarity mixed:0.25 "
      "--active 0.1");
  REQUIRE(circuit.groups.size() == 1);
  const memspice::DeviceGroup& memristors = circuit.groups[0];
  REQUIRE(memristors.count() == 180);
  const auto& parameters = memristors.type->parameters;
  const auto value = [&](std::size_t k, std::string_view name) {
    for (std::size_t p = 0; p < parameters.size(); ++p)
      if (parameters[p].name == name) return memristors.parameter(k, p);
    FAIL("no parameter " << name);
    return 0.0;
  };
  int reversed = 0, active = 0, low = 0;
  for (std::size_t k = 0; k < 180; ++k) {
    REQUIRE(value(k, "ron") >= 50);
    REQUIRE(value(k, "ron") <= 200);
    REQUIRE(value(k, "w0") >= 0.2);
    REQUIRE(value(k, "w0") <= 0.4);
    REQUIRE(value(k, "roff") == 8000);
    REQUIRE(value(k, "alpha") == 0.25);
    REQUIRE(value(k, "beta") == 0.002);
    low += value(k, "ron") < 100 ? 1 : 0;
    reversed += value(k, "polarity") == -1 ? 1 : 0;
    active += value(k, "active") == 1 ? 1 : 0;
  }
  CHECK(reversed == 45);
  CHECK(active == 18);
  CHECK(std::abs(low - 90) < 35);  // 100 is the median of the logarithmic law
  CHECK(circuit.voltage_sources.size() == 180);
}

TEST_CASE("how one quantity is drawn changes no other") {
  const auto with = [](const std::string& more) {
    const Circuit circuit = circuit_of("random --size 60 " + more);
    std::vector<double> amplitudes;
    for (const auto& source : circuit.voltage_sources)
      amplitudes.push_back(circuit.functions[source.function].values[1]);
    return std::pair(amplitudes, circuit.groups.at(0).nodes);
  };
  CHECK(with("") == with("--w0 0.5 --ron 10:20 --polarity mixed"));
  CHECK(with("").first != with("--seed 2").first);
  CHECK(with("").second != with("--seed 2").second);
}

TEST_CASE("a part of the memristors is driven: exactly the fraction, one on a loop, or none") {
  const auto sources = [](const std::string& arguments) {
    return circuit_of(arguments).voltage_sources.size();
  };
  CHECK(sources("grid --size 10 --drive 0.25") == 45);
  CHECK(sources("grid --size 10 --drive 1e-6") == 1);
  CHECK(sources("grid --size 10 --drive one") == 1);
  CHECK(sources("grid --size 10 --drive port") == 1);
  CHECK(sources("grid --size 10 --source none --alpha 1") == 0);
  CHECK(sources("crossbar --size 7x3") == 7);
  CHECK(sources("crossbar --size 7x3 --source none --alpha 1") == 0);
}

TEST_CASE("a telegraph signal jumps between plus and minus its amplitude at its rate") {
  const Circuit circuit =
      circuit_of("ring --size 40 --source telegraph --amplitude 0.123456789 --rate 50 --tran '1m 20'");
  std::size_t switches = 0;
  for (const auto& source : circuit.voltage_sources) {
    const auto& points = circuit.functions[source.function].points;
    REQUIRE(points.size() % 2 == 1);
    for (std::size_t k = 0; k < points.size(); ++k) {
      REQUIRE((k == 0 || points[k].first > points[k - 1].first));
      const bool switched = k / 2 % 2 == 1;
      REQUIRE(points[k].second == (switched ? -1 : 1) * points[0].second);
    }
    REQUIRE(std::abs(points[0].second) == 0.123456789);
    switches += points.size() / 2;
  }
  CHECK(std::abs(static_cast<double>(switches) - 40'000 / 1.001) < 5 * 200);
}

TEST_CASE("what was drawn but is not connected is said on the terminal and in the deck") {
  const TemporaryFolder folder;
  const CommandOutcome outcome =
      run_command(folder, "$MEMSPICE generate random --size 60 --degree 2 -o deck.cir");
  CHECK(outcome.code == 0);
  const std::string deck = read_bytes(folder.file("deck.cir"));
  const std::string loss = line_of(deck, 4);
  CHECK(loss.starts_with("* "));
  CHECK(loss.ends_with(" memristors that were drawn but not connected to the rest are left out."));
  CHECK("note: " + loss.substr(2, loss.size() - 3) + "\n" == outcome.err);
  const std::string numbers = line_of(deck, 3);
  CHECK(outcome.out ==
        "random network of 60 nodes: " + numbers.substr(2, numbers.size() - 3) + "\nwritten: deck.cir\n");
  CHECK(run_command(folder, "$MEMSPICE generate random --size 60 --degree 2 -q").err.empty());
}

TEST_CASE("a tree with sources in series is worth a note") {
  const TemporaryFolder folder;
  const std::string note =
      "note: the network has no loop: sources in series with memristors drive no current\n"
      "  hint: --drive port\n";
  CHECK(run_command(folder, "$MEMSPICE generate scale-free --size 20 --links 1").err == note);
  CHECK(run_command(folder, "$MEMSPICE generate scale-free --size 20 --links 1 --drive port").err.empty());
}

TEST_CASE("a deck of a hundred thousand memristors is read without errors") {
  for (const char* arguments : {"grid --size 224", "random --size 50k", "nanowire --size 32k"}) {
    const TemporaryFolder folder;
    const CommandOutcome outcome =
        run_command(folder, std::string("$MEMSPICE generate -q ") + arguments + " | $MEMSPICE --check -");
    CHECK(outcome.code == 0);
    CHECK(outcome.out == "standard input: no errors\n");
  }
}

TEST_CASE("the help of generate names every family and option") {
  const TemporaryFolder folder;
  const CommandOutcome help = run_command(folder, "$MEMSPICE generate --help");
  CHECK(help.code == 0);
  for (const char* word :
       {"ring",        "complete",    "grid",       "torus",          "ladder",   "random",
        "regular",     "small-world", "scale-free", "crossbar",       "nanowire", "--output FILE",
        "--seed",      "--size",      "--degree",   "--probability",  "--rewire", "--links",
        "--rline OHM", "--density",   "--length",   "--rcontact OHM", "--source", "--drive",
        "--amplitude", "--frequency", "--phase",    "--rate",         "--ron",    "--roff",
        "--alpha",     "--beta",      "--w0",       "--polarity",     "--active", "--control",
        "--tran",      "--save",      "--card",     "Exit codes: 0"})
    CHECK_MESSAGE(help.out.find(word) != std::string::npos, word);
  for (std::size_t begin = 0, end = 0; (end = help.out.find('\n', begin)) != std::string::npos;
       begin = end + 1)
    CHECK_MESSAGE(end - begin <= 125, help.out.substr(begin, end - begin));
}

TEST_CASE("a deck that cannot be written exits with 3 and leaves nothing") {
  const TemporaryFolder folder;
  const CommandOutcome missing = run_command(folder, "$MEMSPICE generate ring --size 3 -o no/deck.cir");
  CHECK(missing.code == 3);
  CHECK(missing.err == "memspice: error: cannot write 'no/deck.cir': No such file or directory\n");
  const CommandOutcome full = run_command(folder, "$MEMSPICE generate ring --size 3 >/dev/full");
  CHECK(full.code == 3);
  CHECK(full.err == "memspice: error: cannot write to standard output: No space left on device\n");
  CHECK(folder.count() == 0);
}

TEST_CASE("arguments that make no network are refused with a reason and a hint") {
  check_refusal("",
                "error: generate what? no family given\n"
                "  hint: one of ring, complete, grid, torus, ladder, random, regular, small-world, "
                "scale-free, crossbar or nanowire\n");
  check_refusal("gird --size 3", "error: unknown family 'gird'\n  hint: did you mean 'grid'?\n");
  check_refusal("blob",
                "error: unknown family 'blob'\n"
                "  hint: one of ring, complete, grid, torus, ladder, random, regular, small-world, "
                "scale-free, crossbar or nanowire\n");
  check_refusal("grid",
                "error: a grid needs --size\n  hint: for example memspice generate grid --size 30x30\n");
  const std::string grid = "\n  hint: for example memspice generate grid --size 30x30\n";
  const std::string ring = "\n  hint: for example memspice generate ring --size 10\n";
  check_refusal("grid --size 3x", "error: --size wants ROWSxCOLUMNS or one number for both, not '3x'" + grid);
  check_refusal("grid --size 1x9", "error: --size 1x9: a grid has at least 2 rows and columns" + grid);
  check_refusal("ring --size 3x3", "error: --size wants a whole number, not '3x3'" + ring);
  check_refusal("ring --size 2.5", "error: --size wants a whole number, not '2.5'" + ring);
  check_refusal("ring --size -4", "error: --size wants a whole number, not '-4'" + ring);
  check_refusal("ring --size 2", "error: --size 2: a ring has at least 3 nodes" + ring);
  check_refusal("complete --size 1Meg",
                "error: that would be 5e+11 memristors; 1e+08 are the most\n  hint: a smaller --size\n");
  check_refusal("grid --size 4 --degree 4",
                "error: a grid has no --degree\n  hint: it belongs to random, regular and small-world\n");
  check_refusal("ring --size 4 --rline 1", "error: a ring has no --rline\n  hint: it belongs to crossbar\n");
  check_refusal(
      "random --size 9 --degree 2 --probability 0.1",
      "error: --degree and --probability both say how many edges there are\n  hint: give one of them\n");
  check_refusal("random --size 9 --degree 9",
                "error: --degree 9: a node has at most 8 neighbours among 9 nodes\n");
  check_refusal("random --size 9 --probability 1.5", "error: --probability 1.5: must be from 0 to 1\n");
  check_refusal("random --size 9 --probability 0",
                "error: no two nodes came out connected\n  hint: more edges, or another --seed\n");
  check_refusal("regular --size 9 --degree 3",
                "error: 9 nodes of degree 3 do not exist: an edge has two ends\n"
                "  hint: make the size or the degree even\n");
  check_refusal("regular --size 9 --degree 2", "error: --degree 2: must be at least 3\n");
  check_refusal("regular --size 9 --degree 2.5", "error: --degree wants a whole number, not '2.5'\n");
  check_refusal(
      "small-world --size 9 --degree 3",
      "error: --degree 3: a small world begins as a ring with an even degree\n  hint: --degree 2 or 4\n");
  check_refusal("scale-free --size 4 --links 4", "error: --links 4: must be less than the 4 nodes\n");
  check_refusal("crossbar --size 4 --rline -1", "error: --rline -1: must be at least 0\n");
  check_refusal("nanowire --size 9 --density 9 --length 0.1",
                "error: --density and --length both say how long the wires are\n"
                "  hint: density = size * length^2; give one of them\n");
  check_refusal("nanowire --size 4 --length 2",
                "error: wires of length 2 are longer than the diagonal of the box\n"
                "  hint: its sides have length 1\n");
  check_refusal("nanowire --size 200 --density 2",
                "error: no path of wires leads from the left electrode to the right one\n"
                "  hint: a density above 5.64 percolates in a large box; or another --seed\n");
}

TEST_CASE("sources, devices and cards that make no sense are refused with a reason and a hint") {
  const auto refused = [](const std::string& options, const std::string& message) {
    check_refusal("ring --size 4 " + options, message);
  };
  refused("--seed -1", "error: --seed wants a whole number from 0 to 2^64 - 1, or FIRST:LAST, not '-1'\n");
  refused("--source sine",
          "error: --source wants none, dc, sin, pulse, telegraph or a waveform such as 'pwl(0 0 1 1)', not "
          "'sine'\n"
          "  hint: did you mean 'sin'?\n");
  refused("--drive two", "error: --drive wants all, one, port, rows or a fraction such as 0.3, not 'two'\n");
  refused("--drive 1.5",
          "error: --drive 1.5: a fraction of the memristors is greater than 0 and at most 1\n"
          "  hint: --drive 0.3 puts a source in series with 30 % of them\n");
  refused("--drive rows",
          "error: --drive rows is for a crossbar\n"
          "  hint: the other families have --drive port\n");
  refused(
      "--source dc --frequency 2",
      "error: --frequency has no meaning with --source dc\n  hint: it belongs to --source sin and pulse\n");
  refused("--rate 2",
          "error: --rate has no meaning with --source sin\n  hint: it belongs to --source telegraph\n");
  refused("--source none --amplitude 2",
          "error: --amplitude has no meaning with --source none\n"
          "  hint: it belongs to --source dc, sin, pulse and telegraph\n");
  refused("--source telegraph --rate 1Meg --tran '1m 20'",
          "error: 2e+07 switches of every source are too many: 1e+06 per second until 20 s\n"
          "  hint: a smaller --rate or a shorter --tran\n");
  const std::string forms = " wants a number, LOW:HIGH, LOW:HIGH:log or MEAN:DEVIATION:normal, not ";
  refused("--ron abc", "error: --ron" + forms + "'abc'\n");
  refused("--ron 1:", "error: --ron" + forms + "'1:'\n");
  refused("--ron 1:2:lgo", "error: --ron" + forms + "'1:2:lgo'\n  hint: did you mean 'log'?\n");
  refused("--ron 1:2:log:3", "error: --ron" + forms + "'1:2:log:3'\n");
  refused("--ron 0", "error: --ron 0: must be greater than 0\n");
  refused("--ron 200:50", "error: --ron 200:50: the first number must be the smaller one\n  hint: 50:200\n");
  refused("--ron 50:200 --roff 100",
          "error: --ron reaches 200 ohm, but --roff begins at 100 ohm\n"
          "  hint: every ron must be at most every roff\n");
  refused("--amplitude -1:1:log",
          "error: --amplitude -1:1:log: a logarithmic range must be greater than 0\n");
  refused("--w0 0.5:0:normal", "error: --w0 0.5:0:normal: the standard deviation must be greater than 0\n");
  refused("--w0 0.5:2:normal",
          "error: --w0 0.5:2:normal: the standard deviation must be greater than 0 and at most 1\n");
  refused("--w0 0.5:1.1", "error: --w0 0.5:1.1: must be from 0 to 1\n");
  refused("--beta 0", "error: --beta 0: must be greater than 0\n");
  refused("--polarity 0.5",
          "error: --polarity wants 1, -1, mixed or mixed:FRACTION, not '0.5'\n"
          "  hint: mixed:0.3 gives 30 % of the memristors the polarity -1\n");
  refused("--active 2", "error: --active 2: must be from 0 to 1\n");
  refused("--active some", "error: --active wants a number, not 'some'\n");
  refused("--control power", "error: --control wants current or voltage, not 'power'\n");
  refused("--tran soon",
          "error: --tran wants 'tstep tstop' in seconds, or none, not 'soon'\n"
          "  hint: for example --tran \"10m 3\"\n");
  refused("--tran none",
          "error: --tran none leaves the deck without anything to do\n"
          "  hint: add --card .op or another analysis\n");
  refused("--card omega",
          "error: --card wants a card of the netlist language, not 'omega'\n"
          "  hint: for example --card .omega or --card \".options reltol=1e-6\"\n");
  refused("--card '.op\n.omega'",
          "error: --card holds a line end or another control character\n"
          "  hint: one card in one line; repeat --card for more\n");
  refused("--save ' '",
          "error: --save wants the names of vectors\n"
          "  hint: for example --save \"w(*) v(n1)\", or --save all\n");
  const std::string attempt =
      "  try: memspice generate grid --size 30x30 -o grid.cir, or memspice generate --help\n";
  refused("--sede 4", "error: unknown option '--sede'\n  hint: did you mean '--seed'?\n" + attempt);
  refused("5", "error: unexpected '5'\n" + attempt);
  refused("--size 5", "error: --size is given more than once\n" + attempt);
}

TEST_CASE("what --compact cannot write is refused with a reason and a hint") {
  check_refusal("grid --size 4 --compact --source telegraph",
                "error: --compact has no telegraph signals in series with memristors\n"
                "  hint: every signal has points of its own: leave --compact out\n");
  const TemporaryFolder folder;
  const CommandOutcome nowhere = run_command(folder, "$MEMSPICE generate grid --size 4 --compact");
  CHECK(nowhere.code == 2);
  CHECK(nowhere.err ==
        "memspice: error: --compact writes two files: give -o a name\n"
        "  hint: -o grid.cir writes grid.cir and grid.edges\n");
  const CommandOutcome same = run_command(folder, "$MEMSPICE generate grid --size 4 --compact -o grid.edges");
  CHECK(same.code == 2);
  CHECK(same.err ==
        "memspice: error: --compact would write deck and edges to 'grid.edges'\n"
        "  hint: give the deck another ending: -o grid.cir\n");
  CHECK(folder.count() == 0);
}

TEST_CASE("a value may begin with a minus sign, behind a blank or behind '='") {
  const std::string with_blank = generated("ring --size 3 --amplitude -2:-1 --polarity -1");
  CHECK(with_blank == generated("ring --size 3 --amplitude=-2:-1 --polarity=-1"));
  CHECK(line_of(with_blank, 2).find("--amplitude -2:-1 --polarity -1") != std::string::npos);
}
