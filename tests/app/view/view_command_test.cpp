#include <doctest/doctest.h>

#include <array>
#include <map>
#include <nlohmann/json.hpp>

#include "support/program.hpp"
#include "waveform/file_bytes.hpp"

// memspice view and --view: what the page holds, and every message. The page itself is tested in a browser
// (src/view/test); here its place is taken by a frame.

namespace {

constexpr const char* pinched_pair =
    "a <pair> & more\nV1 in 0 sin(0 1 1)\nY1 in mid ideal w0=0.5\nY2 mid 0 ideal w0=0.4\n"
    ".model ideal memristor ron=100 roff=16k beta=0.02\n.tran 0.5 2\n.options interp\n";

class ViewFolder {
 public:
  ViewFolder() {
    write_bytes(folder.file("view.html"), "<html><!--memspice-data--></html>\n");
    write_bytes(folder.file("pair.cir"), pinched_pair);
    REQUIRE(run("$MEMSPICE pair.cir -q -o pair.raw").code == 0);
  }
  CommandOutcome run(const std::string& command) const {
    return run_command(folder, "export MEMSPICE_SHARE=$PWD; " + command);
  }
  void refuse(const std::string& command, int code, const std::string& message) const {
    CAPTURE(command);
    const CommandOutcome outcome = run(command);
    CHECK(outcome.code == code);
    CHECK(outcome.out.empty());
    CHECK(outcome.err == "memspice: error: " + message + "\n");
  }
  nlohmann::json info(const std::string& file) const {
    const std::string page = read_bytes(folder.file(file));
    CHECK(page.starts_with("<html><script type=\"application/json\" id=\"memspice-info\">{"));
    CHECK(page.ends_with("</script>\n</html>\n"));
    const std::size_t begin = page.find('{');
    return nlohmann::json::parse(page.substr(begin, page.find("</script>") - begin));
  }
  const TemporaryFolder folder;
};

}  // namespace

TEST_CASE("memspice view: description and numbers of a file") {
  const ViewFolder view;
  const CommandOutcome outcome = view.run("$MEMSPICE view pair.raw 'w(*)'");
  CHECK(outcome.code == 0);
  CHECK(outcome.err.empty());
  CHECK(outcome.out == "written: pair.html: a page for any browser\n");
  const nlohmann::json info = view.info("pair.html");
  CHECK(info["title"] == "a <pair> & more");
  CHECK(info["source"] == "pair.raw");
  CHECK(info["network"].is_null());
  const nlohmann::json& plot = info["plots"][0];
  CHECK(plot["name"] == "Transient Analysis");
  CHECK(plot["rows"] == 5);
  CHECK(plot["scaleIndex"] == 0);
  CHECK(plot["points"].size() == 1);
  CHECK(plot["vectors"].size() == 3);
  CHECK(plot["vectors"][0] ==
        nlohmann::json({{"name", "time"}, {"unit", "s"}, {"bytes", 8}, {"complex", false}}));
  CHECK(plot["vectors"][1]["name"] == "w(y1)");
  CHECK(plot["size"] == 3 * 5 * 8);
  // 0, 0.5, 1, 1.5, 2 as doubles.
  const std::string page = read_bytes(view.folder.file("pair.html"));
  CHECK(page.find("data-plot=\"0\">AAAAAAAAAAAAAAAAAADgPwAAAAAAAPA/AAAAAAAA+D8AAAAAAAAAQ") !=
        std::string::npos);
  CHECK(page.find("<pair>") == std::string::npos);  // nothing of a file is a tag
}

TEST_CASE("memspice deck.cir --view and view --deck: the graph of the network") {
  const ViewFolder view;
  for (const char* command : {"$MEMSPICE pair.cir -q --view", "$MEMSPICE view pair.raw --deck pair.cir -q"}) {
    CAPTURE(command);
    const CommandOutcome outcome = view.run(command);
    CHECK(outcome.code == 0);
    CHECK(outcome.out.empty());
    CHECK(outcome.err.empty());
    const nlohmann::json network = view.info("pair.html")["network"];
    CHECK(network["nodes"] == nlohmann::json({"0", "in", "mid"}));
    CHECK(network["names"] == nlohmann::json({"y1", "y2", "v1"}));
    CHECK(network["from"] == nlohmann::json({1, 2, 1}));
    CHECK(network["to"] == nlohmann::json({2, 0, 0}));
    CHECK(network["kinds"] == nlohmann::json({"memristor", "memristor", "voltage source"}));
  }
  const CommandOutcome kept = view.run("$MEMSPICE pair.cir --view -o other.raw");
  CHECK(kept.code == 0);
  CHECK(kept.out.ends_with("written: other.raw\nwritten: other.html: a page for any browser\n"));
}

TEST_CASE("memspice view: generated nanowires lie where they were drawn, and only those") {
  const ViewFolder view;
  REQUIRE(view.run("$MEMSPICE generate nanowire --size 60 --density 9 --seed 3 -q -o wires.cir").code == 0);
  REQUIRE(view.run("$MEMSPICE wires.cir -q --view").code == 0);
  const nlohmann::json network = view.info("wires.html")["network"];
  REQUIRE(network.contains("wires"));
  std::map<int, std::array<double, 4>> lines;
  for (const nlohmann::json& wire : network["wires"]) lines[wire[0]] = {wire[1], wire[2], wire[3], wire[4]};
  // Every memristor is where two of them cross.
  const auto turn = [](double ax, double ay, double bx, double by, double cx, double cy) {
    return (bx - ax) * (cy - ay) - (by - ay) * (cx - ax);
  };
  int crossings = 0;
  for (std::size_t i = 0; i < network["names"].size(); ++i) {
    if (network["kinds"][i] != "memristor") continue;
    const auto& [ax, ay, bx, by] = lines.at(network["from"][i]);
    const auto& [cx, cy, dx, dy] = lines.at(network["to"][i]);
    CHECK(turn(ax, ay, bx, by, cx, cy) * turn(ax, ay, bx, by, dx, dy) <= 0);
    ++crossings;
  }
  CHECK(crossings > 50);
  // A deck that was edited is not that of its head.
  REQUIRE(view.run("sed '/^Y7 /d' wires.cir >edited.cir; $MEMSPICE edited.cir -q --view 2>/dev/null").code ==
          0);
  CHECK(!view.info("edited.html")["network"].contains("wires"));
}

TEST_CASE("memspice view: points, and complex vectors") {
  const ViewFolder view;
  write_bytes(view.folder.file("ac.cir"),
              "ac\n.param r=1k\nV1 in 0 ac 1\nR1 in out {r}\nC1 out 0 1u\n.ac dec 1 1 1k\n.step param r list "
              "1k 2k\n");
  REQUIRE(view.run("$MEMSPICE ac.cir -q --view").code == 0);
  const nlohmann::json plot = view.info("ac.html")["plots"][0];
  CHECK(plot["points"][1] == nlohmann::json({{"begin", 4}, {"end", 8}, {"label", "r=2k"}}));
  CHECK(plot["pointValues"] == nlohmann::json({1}));
  CHECK(plot["vectors"][0]["complex"] == false);
  CHECK(plot["vectors"][2]["complex"] == true);
}

TEST_CASE("memspice view refuses what it cannot show") {
  const ViewFolder view;
  view.refuse(
      "$MEMSPICE view", 2,
      "no waveform file given\n  hint: memspice view out.raw --deck deck.cir, or memspice view --help");
  view.refuse("$MEMSPICE view pair.raw 'w(y3)'", 2,
              "'pair.raw' has no vector 'w(y3)'\n  hint: did you mean 'w(y1)'?");
  view.refuse("$MEMSPICE view pair.raw 'q(*)'", 2, "no vector of 'pair.raw' fits 'q(*)'");
  view.refuse("$MEMSPICE view nowhere.raw", 3, "cannot read 'nowhere.raw': No such file or directory");
  view.refuse("$MEMSPICE view pair.raw -o nowhere/a.html", 3,
              "cannot write 'nowhere/a.html': No such file or directory");
  view.refuse("$MEMSPICE view pair.raw -o pair.raw", 2,
              "'pair.raw' has no suffix of a page\n  hint: choose .html");
  view.refuse("$MEMSPICE view pair.raw -o -", 2, "'-' has no suffix of a page\n  hint: choose .html");
  view.refuse(
      "cp pair.raw same.html; $MEMSPICE view same.html", 2,
      "writing 'same.html' would overwrite 'same.html', which is read\n  hint: -o gives another name");
  view.refuse("$MEMSPICE view pair.raw --deck nowhere.cir", 3,
              "cannot read 'nowhere.cir': No such file or directory");
  view.refuse("printf 'time,v(a)\\n' >none.csv; $MEMSPICE view none.csv", 2, "'none.csv' has no rows");
  view.refuse(
      "$MEMSPICE - --view <pair.cir", 2,
      "--view reads the deck twice, and standard input can be read once\n  hint: give the deck as a file");
  view.refuse("$MEMSPICE pair.cir --view --check", 2,
              "--view shows the waveforms of one file: it does not go with --check, --separate or -o -\n  "
              "hint: memspice "
              "view shows those of files that are there");
  view.refuse(
      "echo nothing >view.html; $MEMSPICE view pair.raw", 3,
      "'" + view.folder.file("view.html") + "' is no page of memspice view: it has no place for the data");
}

TEST_CASE("without its page memspice view says how to get it, before the run") {
  const ViewFolder view;
  // Beside a copy of the program there is none.
  for (const char* command : {"view pair.raw", "pair.cir --view"}) {
    const CommandOutcome outcome = run_command(
        view.folder, std::string("mkdir -p bin; cp $MEMSPICE bin/memspice; bin/memspice ") + command);
    CHECK(outcome.code == 3);
    CHECK(outcome.out.empty());
    CHECK(outcome.err ==
          "memspice: error: the page of memspice view is not installed\n"
          "  hint: it is built with Node.js 18 or later and npm: cmake -S . -B build -DMEMSPICE_VIEW=ON && "
          "cmake "
          "--build build;\n"
          "  a page that was built elsewhere is found in the folder that MEMSPICE_SHARE names. memspice plot "
          "needs "
          "neither\n");
  }
}
