#include <doctest/doctest.h>

#include <Eigen/Dense>
#include <cmath>
#include <nlohmann/json.hpp>
#include <sstream>
#include <string>

#include "support/approx.hpp"
#include "support/program.hpp"

// The card .network on the command line. docs/theory.md shows the first deck with its output.

namespace {

constexpr const char* bow_tie =
    "a triangle and a pair of memristors, joined by a bridge\n"
    "V1 x 0 SIN(0 1 1)\n"
    "Y1 x b hot\n"
    "Y2 b c hot\n"
    "Y3 c 0 hot\n"
    "Y4 c d hot\n"
    "Y5 d e hot w0=0.2\n"
    "V5 f e 0.5\n"
    "Y6 f d hot active=1\n"
    "R1 d e 300\n"
    ".model hot memristor(ron=100 roff=16k beta=0.05)\n"
    ".network file=tie\n";

constexpr const char* model = ".model m memristor(ron=100 roff=1k)\n";

// A file in Matrix Market's format, of either kind.
Eigen::MatrixXd matrix_of(const std::string& path) {
  std::istringstream text(read_bytes(path));
  std::string line;
  std::getline(text, line);
  const bool dense = line.find(" array ") != std::string::npos;
  do std::getline(text, line);
  while (line.starts_with('%'));
  Eigen::Index rows = 0;
  Eigen::Index columns = 0;
  Eigen::Index entries = 0;
  std::istringstream sizes(line);
  sizes >> rows >> columns >> entries;
  Eigen::MatrixXd matrix = Eigen::MatrixXd::Zero(rows, columns);
  if (dense) {
    for (double& value : matrix.reshaped()) text >> value;
  }
  for (Eigen::Index row = 0, column = 0; entries > 0; --entries) {
    text >> row >> column;
    text >> matrix(row - 1, column - 1);
  }
  CHECK(text.good());
  return matrix;
}

nlohmann::json network_of(const TemporaryFolder& folder, const std::string& deck) {
  write_bytes(folder.file("deck.cir"), deck);
  const CommandOutcome outcome = run_command(folder, "$MEMSPICE deck.cir -q --report report.json");
  REQUIRE_MESSAGE(outcome.code == 0, outcome.err);
  return nlohmann::json::parse(read_bytes(folder.file("report.json"))).at("network");
}

}  // namespace

TEST_CASE(".network needs no analysis and prints what the graph tells") {
  const TemporaryFolder folder;
  write_bytes(folder.file("tie.cir"), bow_tie);
  const CommandOutcome outcome = run_command(folder, "$MEMSPICE tie.cir");
  CHECK(outcome.code == 0);
  CHECK(outcome.err == "");
  CHECK(
      outcome.out ==
      "a triangle and a pair of memristors, joined by a bridge\n"
      "network\n"
      "nodes                         5\n"
      "branches                      7  6 memristors, 1 resistor\n"
      "components                    1\n"
      "loops                         3\n"
      "bridges                       1\n"
      "2-connected blocks            3\n"
      "spanning trees                9  logarithm 2.197224577\n"
      "effective memory            0.5  current control\n"
      "                       0.666667  voltage control\n"
      "rank of the projector         3  oblique\n"
      "tree response                 4  entries of Q_T, 4 x 3\n"
      "sources                     0.5  V, norm of S at the operating point\n"
      "                       0.408248  V, of Omega S, which drives currents\n"
      "                       0.288675  V, of (I - Omega) S, which shifts potentials\n"
      "resolvent                     3  eigenvalues at the initial states: 0.00408096 0.0124224 0.0880333; 4 "
      "more are 1\n"
      "currents of the tree from those of the chords, i_T = Q_T i_C\n"
      "  tree  y1  y6  r1\n"
      "  y2     1   0   0\n"
      "  y3     1   0   0\n"
      "  y4     0   0   0\n"
      "  y5     0   1  -1\n"
      "what the sources drive and what only shifts potentials\n"
      "  branch  S, V  Omega S, V  (I - Omega) S, V\n"
      "  y1         0           0                 0\n"
      "  y2         0           0                 0\n"
      "  y3         0           0                 0\n"
      "  y4         0           0                 0\n"
      "  y5         0    0.166667         -0.166667\n"
      "  y6       0.5    0.333333          0.166667\n"
      "  r1         0    0.166667         -0.166667\n"
      "written: tie.edges.csv\n"
      "written: tie.incidence.mtx\n"
      "written: tie.cycles.mtx\n"
      "written: tie.omega.mtx\n");
}

TEST_CASE(".network writes the edges, B, A and Omega") {
  const TemporaryFolder folder;
  write_bytes(folder.file("tie.cir"), bow_tie);
  CHECK(run_command(folder, "$MEMSPICE tie.cir -q").code == 0);
  CHECK(folder.count() == 5);
  CHECK(read_bytes(folder.file("tie.edges.csv")) ==
        "branch,from,to,kind,ron,sign,emf,tree,bridge,block\n"
        "y1,0,b,memristor,100,1,+v1,0,0,3\n"
        "y2,b,c,memristor,100,1,,1,0,3\n"
        "y3,c,0,memristor,100,1,,1,0,3\n"
        "y4,c,d,memristor,100,1,,1,1,2\n"
        "y5,d,e,memristor,100,1,,1,0,1\n"
        "y6,e,d,memristor,100,-1,+v5,0,0,1\n"
        "r1,d,e,resistor,300,1,,0,0,1\n");
  CHECK(read_bytes(folder.file("tie.incidence.mtx")) ==
        "%%MatrixMarket matrix coordinate integer general\n"
        "% B: 1 where the branch enters the node, -1 where it leaves. One row for each node but one of every "
        "component:\n"
        "% 1 b\n"
        "% 2 c\n"
        "% 3 d\n"
        "% 4 e\n"
        "% column k is the k-th branch of tie.edges.csv\n"
        "4 7 12\n"
        "1 1 1\n"
        "1 2 -1\n"
        "2 2 1\n"
        "2 3 -1\n"
        "2 4 -1\n"
        "3 4 1\n"
        "3 5 -1\n"
        "4 5 1\n"
        "3 6 1\n"
        "4 6 -1\n"
        "3 7 -1\n"
        "4 7 1\n");
  const Eigen::MatrixXd incidence = matrix_of(folder.file("tie.incidence.mtx"));
  const Eigen::MatrixXd cycles = matrix_of(folder.file("tie.cycles.mtx"));
  const Eigen::MatrixXd omega = matrix_of(folder.file("tie.omega.mtx"));
  REQUIRE(cycles.rows() == 3);
  CHECK((cycles * incidence.transpose()).cwiseAbs().maxCoeff() == 0);
  const Eigen::MatrixXd expected = cycles.transpose() * (cycles * cycles.transpose()).inverse() * cycles;
  CHECK((omega - expected).cwiseAbs().maxCoeff() < 1e-14);
  CHECK(read_bytes(folder.file("tie.omega.mtx"))
            .starts_with("%%MatrixMarket matrix array real general\n"
                         "% Omega, the orthogonal projector on the cycles of the resistive branches; voltage "
                         "sources are contracted, current sources deleted\n"
                         "% row and column k is the k-th branch of tie.edges.csv\n"
                         "7 7\n"));
}

TEST_CASE("the report has the keys of .network") {
  const TemporaryFolder folder;
  const nlohmann::json network = network_of(folder, bow_tie);
  CHECK(network["nodes"] == 5);
  CHECK(network["branches"] == 7);
  CHECK(network["memristors"] == 6);
  CHECK(network["resistors"] == 1);
  CHECK(network["voltage_sources"] == 0);
  CHECK(network["current_sources"] == 0);
  CHECK(network["components"] == 1);
  CHECK(network["loops"] == 3);
  CHECK(network["bridges"] == 1);
  CHECK(network["blocks"] == 3);
  CHECK(network["log_spanning_trees"].get<double>() ==
        memspice::testing::approx(std::log(9.0)).epsilon(1e-14));
  CHECK(network["effective_memory_current"] == 0.5);
  CHECK(network["effective_memory_voltage"].get<double>() == memspice::testing::approx(4.0 / 6));
  CHECK(network["projector_rank"] == 3);
  CHECK(network["projector_symmetric"] == false);
  const nlohmann::json& response = network["tree_response"];
  CHECK(response["rows"] == 4);
  CHECK(response["columns"] == 3);
  CHECK(response["entries"] == 4);
  CHECK(response["tree"] == nlohmann::json{"y2", "y3", "y4", "y5"});
  CHECK(response["chords"] == nlohmann::json{"y1", "y6", "r1"});
  CHECK(response["matrix"] == nlohmann::json{{1, 0, 0}, {1, 0, 0}, {0, 0, 0}, {0, 1, -1}});
  // V5 drives the three branches between d and e, where Ω = I - (1 1 1)ᵗ(1 1 1)/3 up to signs.
  const nlohmann::json& split = network["source_split"];
  CHECK(split["norm"] == 0.5);
  CHECK(split["driving_norm"].get<double>() ==
        memspice::testing::approx(0.5 * std::sqrt(2.0 / 3)).epsilon(1e-14));
  CHECK(split["gauge_norm"].get<double>() ==
        memspice::testing::approx(0.5 * std::sqrt(1.0 / 3)).epsilon(1e-14));
  REQUIRE(split["branches"].size() == 7);
  CHECK(split["branches"][5]["branch"] == "y6");
  CHECK(split["branches"][5]["emf"] == 0.5);
  CHECK(split["branches"][5]["driving"].get<double>() == memspice::testing::approx(1.0 / 3).epsilon(1e-14));
  CHECK(split["branches"][5]["gauge"].get<double>() == memspice::testing::approx(1.0 / 6).epsilon(1e-14));
  // The triangle alone has the resolvent 1/(1 + ξ w) = 1/(1 + 159/2).
  const nlohmann::json& resolvent = network["resolvent"];
  CHECK(resolvent["ones"] == 4);
  REQUIRE(resolvent["values"].size() == 3);
  CHECK(resolvent["values"][1]["re"].get<double>() == memspice::testing::approx(1 / 80.5).epsilon(1e-14));
  CHECK(resolvent["values"][1]["im"] == 0);
  CHECK(network["reasons"].empty());
  CHECK(network["files"] ==
        nlohmann::json{"tie.edges.csv", "tie.incidence.mtx", "tie.cycles.mtx", "tie.omega.mtx"});
  CHECK(network["left_out"].empty());
}

TEST_CASE("a deck without .network has no network in its report") {
  const TemporaryFolder folder;
  write_bytes(folder.file("deck.cir"), "op\nV1 a 0 1\nR1 a 0 1\n.op\n");
  CHECK(run_command(folder, "$MEMSPICE deck.cir -q --report report.json").code == 0);
  CHECK(!nlohmann::json::parse(read_bytes(folder.file("report.json"))).contains("network"));
}

TEST_CASE("a projector that does not exist is null, with the reason; a disconnected graph is no error") {
  const TemporaryFolder folder;
  const nlohmann::json network =
      network_of(folder, std::string("two parts\nY1 a 0 m\nY2 a 0 m active=1\nY3 c d m\nR1 c d 50\n") +
                             model + ".network\n");
  CHECK(network["components"] == 2);
  CHECK(network["loops"] == 2);
  CHECK(network["log_spanning_trees"].get<double>() == memspice::testing::approx(std::log(4.0)));
  CHECK(network["projector_rank"].is_null());
  CHECK(network["projector_symmetric"].is_null());
  const std::string reason =
      "the projector does not exist: positive and negative resistances cancel, A D A^t is singular";
  CHECK(network["resolvent"].is_null());
  CHECK(network["reasons"] ==
        nlohmann::json{{"projector_rank", reason},
                       {"projector_symmetric", reason},
                       {"resolvent", "positive and negative resistances cancel, A R A^t is singular"}});
  CHECK(network["files"].empty());
  const CommandOutcome outcome = run_command(folder, "$MEMSPICE deck.cir");
  CHECK(outcome.out.find("rank of the projector            " + reason + "\n") != std::string::npos);
}

TEST_CASE("an eigenvalue of the resolvent that is 0 is printed as 0, whatever rounding makes of it") {
  // K4 with one active device: A D A^t is singular, A R A^t is not.
  const TemporaryFolder folder;
  write_bytes(
      folder.file("deck.cir"),
      std::string("k4\nY1 0 n1 m w0=0.5\nY2 0 n2 m w0=0.6\nY3 0 n3 m w0=0.8 active=1\nY4 n1 n2 m w0=0.7\n"
                  "Y5 n1 n3 m w0=0.4\nY6 n2 n3 m w0=0.3\n.network\n") +
          ".model m memristor(ron=100 roff=1600)\n");
  const CommandOutcome outcome = run_command(folder, "$MEMSPICE deck.cir");
  CHECK(outcome.out.find("the projector does not exist: ") != std::string::npos);
  CHECK(outcome.out.find("eigenvalues at the initial states: 0 0.0985439 0.137347; 3 more are 1\n") !=
        std::string::npos);
}

TEST_CASE("matrices that would be too large are named, not written") {
  const TemporaryFolder folder;
  std::string deck = std::string("a chain of pairs\n") + model;
  for (int n = 0; n < 1001; ++n) {
    const std::string ends = " n" + std::to_string(n) + " n" + std::to_string(n + 1) + " m\n";
    deck += "Y" + std::to_string(n) + "a" + ends + "Y" + std::to_string(n) + "b" + ends;
  }
  deck += "Y0 n0 0 m\n.network file=chain\n";
  const nlohmann::json network = network_of(folder, deck);
  CHECK(network["files"] == nlohmann::json{"chain.edges.csv", "chain.incidence.mtx", "chain.cycles.mtx"});
  CHECK(network["left_out"] ==
        nlohmann::json{
            {"chain.omega.mtx",
             "a dense matrix of 2003 branches is over the limit of 2000; Omega = I - B^t (B B^t)^-1 B"}});
  CHECK(network["log_spanning_trees"].get<double>() ==
        memspice::testing::approx(1001 * std::log(2.0)).epsilon(1e-12));
  CHECK(network["bridges"] == 1);
  CHECK(run_command(folder, "$MEMSPICE deck.cir")
            .out.find("\nnot written: chain.omega.mtx: a dense matrix of ") != std::string::npos);
}

TEST_CASE("the spanning trees of the 60 x 60 grid are those of the product formula") {
  const TemporaryFolder folder;
  CHECK(
      run_command(folder, "$MEMSPICE generate grid --size 60 --tran none --card .network -o deck.cir").code ==
      0);
  const nlohmann::json network = network_of(folder, read_bytes(folder.file("deck.cir")));
  constexpr int side = 60;
  double expected = -2 * std::log(side);
  for (int j = 0; j < side; ++j) {
    for (int k = 0; k < side; ++k) {
      const double pi = std::acos(-1.0);
      if (j + k > 0) expected += std::log(4 - 2 * std::cos(pi * j / side) - 2 * std::cos(pi * k / side));
    }
  }
  CHECK(network["nodes"] == side * side);
  CHECK(network["memristors"] == 2 * side * (side - 1));
  CHECK(network["log_spanning_trees"].get<double>() == memspice::testing::approx(expected).epsilon(1e-11));
}

TEST_CASE(".network refuses what is outside its theory, before it writes anything") {
  const TemporaryFolder folder;
  const auto refused = [&](const std::string& body, const std::string& options = "") {
    write_bytes(folder.file("deck.cir"), body);
    const CommandOutcome outcome = run_command(folder, "$MEMSPICE deck.cir" + options);
    CHECK(outcome.code == 2);
    CHECK(outcome.out.empty());
    CHECK(folder.count() == 1);
    return outcome.err;
  };
  const std::string capacitor =
      std::string("filter\nV1 a 0 1\nY1 a b m\nC7 b 0 1u\n") + model + ".network file=net\n";
  const std::string outside =
      "deck.cir:4:1: error: .network does not cover 'c7', a capacitor\n"
      "  C7 b 0 1u\n"
      "  ^~\n"
      "  hint: its theory holds for memristors of level 1 without a window, resistors, voltage and current "
      "sources; remove "
      ".network "
      "or the element\n";
  CHECK(refused(capacitor) == outside);
  CHECK(refused(capacitor, " --check") == outside);
  CHECK(refused("none\nV1 a 0 1\nR1 a 0 1\n.network\n") ==
        "deck.cir:4:1: error: .network has no memristor to follow\n"
        "  .network\n"
        "  ^~~~~~~~\n"
        "  hint: remove .network, or add a memristor: Yname n+ n- model\n");
  const std::string pair = std::string("pair\nY1 a 0 m\nY2 a 0 m\n") + model;
  CHECK(refused(pair + ".network\n", " -o out.raw") ==
        "deck.cir: error: the deck has no analysis whose waveforms could be written to 'out.raw'\n"
        "  hint: leave -o out, or add .op or .tran tstep tstop\n");
  CHECK(refused(pair + ".network file=../net\n", " --safe") ==
        "deck.cir:5:1: error: '../net' is not below the working directory, and --safe is given\n"
        "  .network file=../net\n"
        "  ^~~~~~~~\n"
        "  hint: choose a name without '..' that does not begin with '/'\n");
}

TEST_CASE(".network does not write over the deck, and says which file it cannot write") {
  const TemporaryFolder folder;
  const std::string deck = std::string("pair\nY1 a 0 m\nY2 a 0 m\n") + model;
  write_bytes(folder.file("net.edges.csv"), deck + ".network file=net\n");
  const CommandOutcome same = run_command(folder, "$MEMSPICE net.edges.csv");
  CHECK(same.code == 2);
  CHECK(same.err ==
        "memspice: error: writing 'net.edges.csv' would overwrite the deck\n"
        "  hint: choose another name, such as out.raw\n");
  write_bytes(folder.file("deck.cir"), deck + ".network file=nowhere/net\n");
  const CommandOutcome missing = run_command(folder, "$MEMSPICE deck.cir");
  CHECK(missing.code == 3);
  CHECK(missing.err == "memspice: error: cannot write 'nowhere/net.edges.csv': No such file or directory\n");
  CHECK(folder.count() == 2);
}

TEST_CASE("a large network has counts and norms of what would fill pages") {
  const TemporaryFolder folder;
  const auto print = [&](const std::string& arguments) {
    CHECK(run_command(folder, "$MEMSPICE generate " + arguments + " --card .network -o deck.cir").code == 0);
    return run_command(folder, "$MEMSPICE deck.cir").out;
  };
  const std::string passive = print("grid --size 10 --tran none --source dc");
  CHECK(passive.find("\ntree response") != std::string::npos);
  CHECK(passive.find(" entries of Q_T, 99 x 81\n") != std::string::npos);
  CHECK(passive.find(" 81  eigenvalues at the initial states: real parts from 0.0") != std::string::npos);
  CHECK(passive.find(", all real; 99 more are 1\n") != std::string::npos);
  CHECK(passive.find("currents of the tree") == std::string::npos);
  CHECK(passive.find("what the sources drive") == std::string::npos);
  const std::string mixture = print("grid --size 10 --tran none --source dc --active 0.3");
  CHECK(mixture.find(" complex; 99 more are 1\n") != std::string::npos);
  const std::string large = print("grid --size 250 --tran none --source none");
  CHECK(large.find("  the fundamental cycles have more than 10000000 entries\n") != std::string::npos);
  CHECK(large.find("  0  V, norm of S at the operating point\nresolvent ") != std::string::npos);
  CHECK(large.find("  a dense matrix of 62001 loops is over the limit of 400\n") != std::string::npos);
}
