// Decks of 64 KiB of which one half is elements of a kind and the other cards of a kind: nothing is done with
// every card for every element that would take longer than --safe promises.
#include <doctest/doctest.h>
#include <fmt/format.h>

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "support/places.hpp"
#include "support/program.hpp"
#include "support/random.hpp"

namespace {

constexpr std::size_t half = 31000;

// {0} is the number of the line.
constexpr std::string_view elements[] = {
    "R{0:x}z a 0 1\n",
    "R{0:x}z z{0:x} 0 1\n",
    "C{0:x}z a 0 1\n",
    "L{0:x}z z{0:x} 0 1\nr{0:x}z z{0:x} 0 1\n",
    "V{0:x}z z{0:x} 0 1\nr{0:x}z z{0:x} 0 1\n",
    "I{0:x}z a 0 1\n",
    "D{0:x}z a 0 d\n",
    "Q{0:x}z a a 0 q\n",
    "M{0:x}z a a 0 0 m\n",
    "Y{0:x}z a 0 y\n",
    "B{0:x}z a 0 I=v(a)\n",
    "B{0:x}z z{0:x} 0 V=v(a)\nr{0:x}z z{0:x} 0 1\n",
    "E{0:x}z z{0:x} 0 a 0 1\nr{0:x}z z{0:x} 0 1\n",
    "F{0:x}z a 0 V1 1\n",
    "S{0:x}z a 0 a 0 s\n",
    "T{0:x}z a 0 a 0 td=1\n",
    "X{0:x}z a 0 x\n",
    ".param z{0:x}=1\n",
};
constexpr std::string_view cards[] = {
    ".meas tran m{0:x} max v(a)\n",
    ".meas tran m{0:x} param={{1}}\n",
    ".meas tran m{0:x} max par('v(a)+v(n1)')\n",
    ".meas tran m{0:x} find v(a) when v(a)=1\n",
    ".print tran v(a)\n",
    ".print tran v(q{0:x})\n",
    ".print tran {{v(a)+1}}\n",
    ".print tran all\n",
    ".print tran i(*)\n",
    ".save v(a)\n",
    ".save v(q{0:x})\n",
    ".save all\n",
    ".save v(*)\n",
    ".save i(*)\n",
    ".save mean(v(*))\n",
    ".four 1 v(a)\n",
    ".ic v(a)=1\n",
    ".ic v(q{0:x})=1\n",
    ".nodeset v(a)=1\n",
    ".options reltol=1e-4\n",
    ".func f{0:x}(x) {{x}}\n",
    ".model k{0:x} d\n",
    ".step param p1 1 1 1\n",
    ".step param z{0:x} list 1\n",
    ".global g{0:x}\n",
    "K{0:x} L1 L2 .1\n",
    ".temp 1\n",
    ".if (1)\n.endif\n",
    ".data d{0:x} p1\n1\n.enddata\n",
    ".csparam c{0:x}=1\n",
};
// As many as --safe lets there be.
constexpr std::string_view analyses[] = {
    ".op\n",
    ".tran 1 1\n",
    ".ac lin 1 1 1\n",
    ".dc v1 1 1 1\n",
    ".noise v(a) v1 lin 1 1 1 1\n",
    ".tf v(a) v1\n",
    ".sens v(a)\n",
    ".sens v(a) ac lin 1 1 1\n",
    ".pz a 0 a 0 vol pz\n",
};

const std::string beginning =
    "V1 a 0 1\n.model d d\n.model q npn\n.model m nmos\n.model y memristor ron=1 roff=2\n.model s sw\n"
    ".subckt x p q\nR1 p q 1\n.ends\n.param p1=1\nR1 a 0 1\nRn1 n1 0 1\nL1 l1 0 1\nRl1 l1 0 1\nL2 l2 0 1\n"
    "Rl2 l2 0 1\n";

std::string filled(std::string_view line, std::size_t room, int most) {
  std::string text;
  for (int i = 1; i <= most; ++i) {
    const std::string next = fmt::format(fmt::runtime(line), i);
    if (text.size() + next.size() > room) break;
    text += next;
  }
  return text;
}

void check_deck(const TemporaryFolder& folder, const std::string& deck) {
#ifdef __SANITIZE_ADDRESS__
  const std::string bounds = "ulimit -t 20; ";
#else
  const std::string bounds = "ulimit -t 1; ulimit -d 262144; ";
#endif
  write_bytes(folder.file("deck.cir"), "pairs\n" + beginning + deck + ".end\n");
  const CommandOutcome outcome = run_command(folder, bounds + "$MEMSPICE --safe --check -q deck.cir");
  CAPTURE(outcome.err.substr(0, 500));
  CHECK((outcome.code == 0 || outcome.code == 2));
  CHECK(outcome.err.find("internal error") == std::string::npos);
}

}  // namespace

TEST_CASE("with --safe no kind of card takes long beside a kind of element") {
  const TemporaryFolder folder;
  memspice::testing::Random random(77);
  constexpr int most_analyses = 12;
  for (const bool of_analyses : {false, true}) {
    const std::span<const std::string_view> kinds =
        of_analyses ? std::span<const std::string_view>(analyses) : std::span<const std::string_view>(cards);
    for (const std::string_view kind : kinds) {
      const auto drawn = static_cast<std::size_t>(random.uniform(0, std::size(elements)));
      CAPTURE(kind);
      CAPTURE(elements[drawn]);
      const std::string these = filled(kind, half, of_analyses ? most_analyses : 1'000'000);
      check_deck(folder, filled(elements[drawn], 2 * half - these.size(), 1'000'000) + these +
                             (of_analyses ? "" : ".tran 1 1\n"));
    }
  }
}
