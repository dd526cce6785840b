// A run that is saved on its way and gone on with by another one: the same rows, to the bit, as those of the
// run that went on by itself; of generated circuits of all kinds, and of every analysis.
#include <doctest/doctest.h>
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <bit>
#include <cstring>
#include <limits>
#include <stdexcept>
#include <string>
#include <vector>

#include "analysis/types/checkpoints.hpp"
#include "base/stopwatch.hpp"
#include "support/random.hpp"
#include "support/random_network.hpp"
#include "support/run_deck.hpp"
#include "truth/case.hpp"
#include "truth/runner.hpp"

using namespace memspice;

namespace {

/// Rows as they come; a copy is what a file would have at that time.
struct Recorder final : WaveformSink {
  void begin_plot(const PlotInfo& plot) override { text += fmt::format("plot {}\n", plot.name); }
  void row(std::span<const double> values) override {
    for (const double value : values) text += fmt::format("{:x} ", std::bit_cast<std::uint64_t>(value));
    text += '\n';
  }
  void end_plot() override { text += "end\n"; }
  void commit(std::string_view) override {}
  std::string text;
};

/// Saves the run each so many times that it is asked, or where another run has saved itself.
struct Keeper final : Checkpoints {
  struct Saved {
    RunPlace place;
    std::vector<std::byte> run;
    std::size_t rows;  // bytes of them
  };
  explicit Keeper(Recorder& its_sink) : sink(its_sink) {}
  bool is_due(const RunPlace& place) override {
    constexpr std::size_t most = 40;  // each holds what measures have seen
    if (every > 0) return saved.size() < most && ++asked % every == 0;
    return next < places.size() && places[next].analysis == place.analysis && places[next].at == place.at &&
           places[next].restarts == place.restarts;
  }
  void keep(const RunPlace& place, const std::vector<std::byte>& run) override {
    saved.push_back({place, run, sink.text.size()});
    ++next;
  }
  void miss() override { ++missed; }
  [[nodiscard]] std::span<const std::byte> kept() const override { return from; }

  Recorder& sink;
  int every = 0;
  int asked = 0;
  int missed = 0;
  std::vector<Saved> saved;
  std::vector<RunPlace> places;
  std::size_t next = 0;
  std::vector<std::byte> from;
};

std::string findings_of(const RunReport& report) {
  std::string text;
  const auto add = [&](const AnalysisReport& analysis) {
    text += fmt::format("{} {} {} {} {} {}\n", analysis.analysis, static_cast<int>(analysis.outcome),
                        analysis.message, analysis.statistics.rows, analysis.statistics.restarts,
                        analysis.statistics.steps);
    for (const MeasureReport& measure : analysis.measures) text += measure.text() + '\n';
    for (const FourierReport& fourier : analysis.fouriers)
      text += fmt::format("{} {}\n", fourier.vector, fourier.distortion);
    for (const PrintedTable& table : analysis.tables)
      text += fmt::format("{} {} {}\n", fmt::join(table.columns, " "), fmt::join(table.values, " "),
                          fmt::join(table.points, " "));
    if (analysis.omega)
      text += fmt::format("{} {} {} {} {}\n", analysis.omega->largest_deviation, analysis.omega->time,
                          analysis.omega->reruns, analysis.omega->reltol, analysis.omega->reason);
    if (analysis.invariants) text += fmt::format("{}\n", analysis.invariants->flux.largest_drift);
    if (analysis.functional) text += fmt::format("{}\n", analysis.functional->lyapunov.largest_violation);
  };
  for (const AnalysisReport& analysis : report.analyses) add(analysis);
  for (const PointReport& point : report.points)
    for (const AnalysisReport& analysis : point.analyses) add(analysis);
  for (const FixedPointReport& point : report.fixed_points) text += fmt::format("{}\n", point.residual);
  for (const Diagnostic& warning : report.warnings) text += warning.message + '\n';
  return text;
}

/// Goes on from some of the places at which the run was saved. Gives how many there were.
std::size_t check_resumed(const std::string& deck, int every, std::size_t threads = 1) {
  CAPTURE(deck);
  const Circuit circuit = elaborate(parse_text(deck), standard_catalogue());
  RunOptions options;
  options.threads = threads;
  Recorder whole;
  Keeper keeper(whole);
  keeper.every = every;
  const RunReport report = run(circuit, whole, options, keeper);
  const std::string findings = findings_of(report);
  for (std::size_t i = 0; i < keeper.saved.size(); i += 1 + keeper.saved.size() / 4) {
    const Keeper::Saved& saved = keeper.saved[i];
    CAPTURE(saved.place.at);
    Recorder rest;
    rest.text = whole.text.substr(0, saved.rows);
    Keeper follower(rest);
    follower.from = saved.run;
    for (std::size_t k = i + 1; k < keeper.saved.size(); ++k)
      follower.places.push_back(keeper.saved[k].place);
    const RunReport resumed = run(circuit, rest, options, follower);
    CHECK(rest.text == whole.text);
    CHECK(findings_of(resumed) == findings);
    if (threads == 1) CHECK(follower.saved.size() == follower.places.size());
  }
  return keeper.saved.size();
}

}  // namespace

TEST_CASE("generated circuits go on from where they were saved with the same bits") {
  for (const truth::Family& family : truth::families()) {
    CAPTURE(family.name);
    std::size_t saved = 0;
    for (std::uint64_t seed = 1; seed <= 4; ++seed) {
      const auto test = truth::case_of(family, seed);
      saved += check_resumed(truth::deck_of(*test, truth::tolerance_of(seed)), 17);
    }
    CHECK(saved > 0);
  }
}

TEST_CASE("every analysis goes on from where it was saved, with measures, tables, harmonics and watches") {
  const std::string network =
      "network\nV1 a 0 SIN(0 2 1)\nY1 a b m w0=0.3\nY2 b 0 m w0=0.6\nY3 b c m w0=0.4\nY4 c 0 m w0=0.2\n"
      ".model m memristor ron=100 roff=1.6k beta=0.5 alpha=0.2\n";
  const std::string rectifier =
      "rectifier\nV1 in 0 SIN(0 5 1k)\nD1 in out d\nR1 out 0 1k\nC1 out 0 1u\nS1 out x out 0 sw\nR2 x 0 300\n"
      ".model d d is=1e-14 cjo=2p\n.model sw sw vt=3 vh=0.5 ron=1 roff=1meg\n"
      "T1 out 0 far 0 z0=50 td=0.1m\nR3 far 0 60\nB1 q 0 V=idt(v(out),0)\nR4 q 0 1\n";
  const std::string looks =
      ".measure tran top max v(out)\n.measure tran swing pp v(in)\n.measure tran at find v(out) when v(in)=2 "
      "cross=3\n.four 1k v(out)\n.print tran v(out) i(v1)\n";
  for (const auto& [deck, least] : std::vector<std::pair<std::string, std::size_t>>{
           {rectifier + looks + ".tran 20u 4m\n.op\n.tran 50u 2m uic\n", 5},
           {rectifier + looks + ".options interp\n.tran 20u 4m 1m\n", 5},
           {network + ".invariants\n.tran 10m 3\n.fixedpoint\n", 3},
           {network + ".options integrator=ida\n.invariants\n.tran 10m 3\n", 5},
           {"k\nV1 a 0 1\nY1 a b m w0=0.3\nY2 b 0 m w0=0.6\n.model m memristor\n.functional\n.tran 10m 3\n",
            1},
           {network + ".omega\n.tran 10m 2\n.tran 10m 3\n.op\n", 3},
           {rectifier + ".dc v1 -5 5 0.05\n.measure dc top max v(out)\n.print dc v(out)\n.tran 50u 1m\n", 10},
           {rectifier + ".dc v1 -2 2 0.5 temp 0 50 10\n.dc r1 100 2k 100\n", 2},
           {rectifier + ".step param q 1 9 1\n.param q=1\nR9 q 0 {q}\n.tran 50u 1m\n.dc v1 0 1 0.5\n"
                        ".measure tran top max v(out)\n.print tran v(out)\n",
            0},
           {rectifier + ".ac dec 10 1 1k\n.noise v(out) v1 dec 5 1 1k\n.tf v(out) v1\n.op\n", 0},
           {"poles\nV1 in 0 SIN(1 1 1k)\nR1 in out 1k\nC1 out 0 1u\nL1 out 0 1m\n.pz in 0 out 0 vol pz\n"
            ".sens v(out)\n.tran 20u 4m\n",
            5},
       }) {
    std::size_t saved = 0;
    for (const int every : {6, 23, 60}) saved = std::max(saved, check_resumed(deck + ".end\n", every));
    CHECK(saved >= least);
  }
}

TEST_CASE("generated networks with .omega go on from any of their runs with the same bits") {
  testing::Random random(15);
  std::size_t saved = 0, reruns = 0;
  for (int i = 0; i < 8; ++i) {
    // Every other one goes through its bounds, at tolerances that are too loose on purpose: it is run again.
    const bool loose = i % 2 == 0;
    const std::string cards =
        loose ? fmt::format(
                    "V1 a 0 SIN(0 1 1)\nY1 a b m w0={:.3g}\nY2 b 0 m w0={:.3g} polarity=-1\nR1 b 0 {:.3g}\n"
                    ".model m memristor(ron=100 roff=1600 beta={:.3g})\n.options statetol=5e-2\n",
                    random.uniform(0.2, 0.4), random.uniform(0.5, 0.7), random.uniform(150, 250),
                    random.uniform(0.015, 0.025))
              : testing::random_network(random, 2 + random.below(4), 1 + random.below(3), 1,
                                        random.coin() ? 1.0 : 0.0)
                    .deck();
    const std::string deck = "omega\n" + cards +
                             fmt::format(".options {}\n.omega tol=1e-5\n.tran 20m {:.3g}\n.end\n",
                                         random.coin() ? "integrator=ida" : "interp", random.uniform(1, 2));
    saved += check_resumed(deck, 5 + static_cast<int>(random.below(20)));
    const Circuit circuit = elaborate(parse_text(deck), standard_catalogue());
    Recorder rows;
    for (const AnalysisReport& analysis : run(circuit, rows).analyses)
      if (analysis.omega) reruns += static_cast<std::size_t>(analysis.omega->reruns);
  }
  CHECK(saved > 20);
  CHECK(reruns > 0);
}

TEST_CASE("points that are done are not done again, whatever the threads") {
  const std::string deck =
      "points\nV1 in 0 SIN(0 1 1k) ac 1\nR1 in out {r}\nC1 out 0 1u\n.param r=1k\n.tran 20u 2m\n.noise "
      "v(out) v1 "
      "dec 5 1 1k\n.measure tran top max v(out)\n.print tran v(out)\n.step param r 1k 8k 1k\n.mc 3\n.end\n";
  CHECK(check_resumed(deck, 1, 1) > 10);
  CHECK(check_resumed(deck, 1, 3) > 0);  // how many points are done between two looks is up to the threads
}

TEST_CASE("what is no state of the run is refused") {
  const Circuit circuit = testing::circuit_of("V1 a 0 SIN(0 1 1k)\nR1 a b 1\nC1 b 0 1m\n.tran 20u 2m\n.op\n");
  Recorder whole;
  Keeper keeper(whole);
  keeper.every = 20;
  run(circuit, whole, {}, keeper);
  REQUIRE(!keeper.saved.empty());
  for (const bool longer : {false, true}) {
    Recorder rest;
    Keeper follower(rest);
    follower.from = keeper.saved.front().run;
    if (longer)
      follower.from.push_back({});
    else
      follower.from.pop_back();
    CHECK_THROWS_AS(run(circuit, rest, {}, follower), std::invalid_argument);
  }
}

namespace {

/// One of the bytes, eight of them, or a few that are missing or come in between.
void change(std::vector<std::byte>& bytes, testing::Random& random) {
  constexpr std::uint64_t numbers[] = {0,
                                       1,
                                       ~std::uint64_t{0},
                                       std::uint64_t{1} << 32,
                                       0x7ff8000000000000,
                                       0x7ff0000000000000,
                                       0xfe37e43c8800759c};
  const std::size_t at = random.below(static_cast<std::uint32_t>(bytes.size()));
  const auto place = bytes.begin() + static_cast<std::ptrdiff_t>(at);
  const std::size_t room = std::min<std::size_t>(8, bytes.size() - at);
  switch (random.below(4)) {
    case 0:
      *place = static_cast<std::byte>(random.below(256));
      break;
    case 1:
      bytes.erase(place, place + static_cast<std::ptrdiff_t>(room));
      break;
    case 2:
      bytes.insert(place, room, static_cast<std::byte>(random.below(256)));
      break;
    default:
      std::memcpy(bytes.data() + at, &numbers[random.below(std::size(numbers))], room);
  }
}

}  // namespace

TEST_CASE("a saved run in which anything has been changed goes on or is refused, and does no harm") {
  const std::string network =
      "V1 a 0 2\nY1 a b m w0=0.3\nY2 b 0 m w0=0.6\nY3 b c m w0=0.4\nY4 c 0 m w0=0.2\n"
      ".model m memristor ron=100 roff=1.6k beta=0.5 alpha=0.2\n.invariants\n.functional\n.tran 10m 1\n";
  const std::string line =
      "V1 in 0 pulse(0 1 0 1n 1n 20n 40n)\nR1 in a 50\nT1 a 0 b 0 z0=50 td=5n\nR2 b 0 75\nS1 b 0 in 0 sw\n"
      ".model sw sw vt=0.5 ron=10 roff=1meg\nL1 b c 1n\nC1 c 0 1p\nB1 d 0 "
      "V=idt(v(c)>0.3)+table(v(c),0,0,1,1)\n"
      "R3 d 0 1\n.measure tran top max v(c)\n.print tran v(c)\n.four 25meg v(c)\n.tran 1n 60n\n.op\n";
  const std::string points =
      "V1 in 0 1\nR1 in out {r}\nC1 out 0 1u ic=0\n.param r=1k\n.tran 0.2m 1m uic\n.dc v1 0 1 0.25\n"
      ".measure tran top max v(out)\n.print tran v(out)\n.step param r 1k 4k 1k\n";
  const std::string sweep = "V1 a 0 1\nR1 a b 1k\nD1 b 0 d\n.model d d\n.dc V1 0 1 0.1 R1 1k 3k 1k\n";
  testing::Random random(11);
  for (const std::string& deck :
       {network, ".options integrator=ida\n" + network, ".omega tol=1e-9\n" + network, line, points, sweep}) {
    CAPTURE(deck);
    const Circuit circuit = elaborate(parse_text("checkpoints\n" + deck + ".end\n"), standard_catalogue());
    Recorder whole;
    Keeper keeper(whole);
    keeper.every = 2;
    RunOptions options;
    options.threads = 1;
    run(circuit, whole, options, keeper);
    REQUIRE(keeper.saved.size() > 1);
    for (int i = 0; i < 100; ++i) {
      Recorder rest;
      Keeper follower(rest);
      follower.from = keeper.saved[random.below(static_cast<std::uint32_t>(keeper.saved.size()))].run;
      for (std::uint32_t changes = 1 + random.below(3); changes > 0; --changes) change(follower.from, random);
      const Stopwatch running;
      options.interrupted = [&] { return running.seconds() > 0.2; };
      try {
        run(circuit, rest, options, follower);
      } catch (const std::logic_error&) {
      } catch (const SimulationError&) {
      }
    }
  }
}

namespace {

RunOptions one_thread() {
  RunOptions options;
  options.threads = 1;
  return options;
}

/// All that a run saves which saves itself wherever it can.
std::vector<Keeper::Saved> saved_everywhere(const Circuit& circuit) {
  Recorder whole;
  Keeper keeper(whole);
  keeper.every = 1;
  run(circuit, whole, one_thread(), keeper);
  REQUIRE(!keeper.saved.empty());
  return keeper.saved;
}

}  // namespace

TEST_CASE("a saved value that no sweep and no point has is refused before a circuit is made of it") {
  const std::string rectifier = "V1 a 0 1\nR1 a b {r}\nD1 b 0 d\n.model d d\n.param r=1k\n";
  for (const std::string cards :
       {".dc V1 0 1 0.1 R1 1k 3k 1k\n", ".dc R1 1k 3k 1k temp 10 30 10\n", ".dc param r 1k 3k 1k\n",
        ".step param r 1k 4k 1k\n.dc V1 0 1 0.25\n", ".step R1 list 1k 2k\n.temp 10 20\n.op\n"}) {
    CAPTURE(cards);
    const Circuit circuit =
        elaborate(parse_text("values\n" + rectifier + cards + ".end\n"), standard_catalogue());
    const std::vector<Keeper::Saved> all = saved_everywhere(circuit);
    int refused = 0;
    const std::vector<std::byte>& saved = all[all.size() / 2].run;
    for (std::size_t at = 0; at + sizeof(double) <= saved.size(); ++at) {
      double value = 0;
      std::memcpy(&value, saved.data() + at, sizeof(value));
      constexpr std::array<double, 7> swept{10, 20, 30, 1e3, 2e3, 3e3, 4e3};
      if (std::ranges::find(swept, value) == swept.end()) continue;
      for (const double other : {0.0, -1e300, 1.5e3, std::numeric_limits<double>::quiet_NaN()}) {
        Recorder rest;
        Keeper follower(rest);
        follower.from = saved;
        std::memcpy(follower.from.data() + at, &other, sizeof(other));
        try {
          run(circuit, rest, one_thread(), follower);
        } catch (const std::invalid_argument&) {
          ++refused;
        }
      }
    }
    CHECK(refused >= 4);
  }
}

TEST_CASE("a number of saved points or analyses that is too large anywhere is refused or goes on") {
  for (const std::string cards :
       {".step param r 1k 3k 1k\n.op\n.dc V1 0 1 0.5\n", ".dc V1 0 1 0.5 R1 1k 3k 1k\n"}) {
    CAPTURE(cards);
    const Circuit circuit =
        elaborate(parse_text(std::string("numbers\nV1 a 0 1\nR1 a 0 {r}\n.param r=1k\n") + cards + ".end\n"),
                  standard_catalogue());
    const std::vector<Keeper::Saved> all = saved_everywhere(circuit);
    for (const Keeper::Saved* saved : {&all.front(), &all.back()})
      for (std::size_t at = 0; at + sizeof(std::uint64_t) <= saved->run.size(); ++at)
        for (const std::uint64_t number : {std::uint64_t{3}, ~std::uint64_t{0}}) {
          Recorder rest;
          Keeper follower(rest);
          follower.from = saved->run;
          std::memcpy(follower.from.data() + at, &number, sizeof(number));
          try {
            const RunReport report = run(circuit, rest, one_thread(), follower);
            CHECK(!report.analyses.empty());
          } catch (const std::logic_error&) {
          } catch (const SimulationError&) {
          }
        }
  }
}
