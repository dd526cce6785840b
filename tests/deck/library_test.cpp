#include <doctest/doctest.h>

#include <algorithm>

#include "deck/library.hpp"
#include "memspice/circuit.hpp"
#include "support/deck_folder.hpp"
#include "support/random.hpp"

using namespace memspice;
using memspice::testing::DeckFolder;

namespace {

using Texts = std::vector<std::string>;

Texts cards(const Deck& deck) {
  Texts texts;
  for (const Card& card : deck.cards) texts.emplace_back(deck.text(card));
  return texts;
}

std::string message(const std::string& path, const ParseOptions& options = {}) {
  try {
    parse_file(path, options);
  } catch (const DeckError& error) {
    return error.diagnostics().front().message;
  }
  return {};
}

const char* const models =
    "* models\n.LIB slow\nR1 a 0 1\n.endl slow\n.lib fast\nR1 a 0 2\n.lib 'models.lib' common\n.endl\n.lib "
    "Common\nR2 a 0 3\n.ENDL common\n";

}  // namespace

TEST_CASE(".lib reads one section, in any case of letters, and what it asks for in turn") {
  const DeckFolder folder;
  folder.write("models.lib", models);
  const auto deck = [&](const std::string& text) {
    return cards(parse_file(folder.write("main.cir", "t\n" + text)));
  };
  CHECK(deck(".lib models.lib SLOW\nR9 a 0 1\n") == Texts{"R1 a 0 1", "R9 a 0 1"});
  CHECK(deck(".lib \"models.lib\" fast ; comment\n") == Texts{"R1 a 0 2", "R2 a 0 3"});
  CHECK(deck(".lib 'models.lib' 'common' $ comment\n.lib models.lib slow\n") ==
        Texts{"R2 a 0 3", "R1 a 0 1"});
}

TEST_CASE("a path with blanks needs no quotes where a slash or a suffix shows that it goes on") {
  testing::Random random(5);
  const auto words = [&](bool may_have_blanks) {
    static constexpr const char* some[] = {"my", "Program", "models", "of", "2N", "x"};
    std::string text = some[random.below(std::size(some))];
    while (may_have_blanks && random.uniform(0, 1) < 0.4)
      text += std::string(" ") + some[random.below(std::size(some))];
    return text;
  };
  for (int i = 0; i < 200; ++i) {
    const DeckFolder folder;
    const bool windows = random.coin();
    std::string path = words(true);
    for (std::uint32_t depth = random.below(3); depth > 0; --depth) path += '/' + words(true);
    path += '/' + words(windows) + ".lib";
    folder.write(path, models);
    std::string spelled = path;
    if (windows) std::ranges::replace(spelled, '/', '\\');
    CAPTURE(spelled);
    if (random.uniform(0, 1) < 0.3) spelled = '"' + spelled + '"';
    const auto deck = [&](const std::string& card) {
      return cards(parse_file(folder.write("main.cir", "t\n" + card + "\nR9 a 0 1\n")));
    };
    CHECK(deck(".lib " + spelled + " slow") == Texts{"R1 a 0 1", "R9 a 0 1"});
    CHECK(deck(".include " + spelled + " ; comment") == deck(".lib '" + path + "'"));
  }
}

TEST_CASE(".lib with a file alone reads all of it but its sections") {
  const DeckFolder folder;
  folder.write("models.lib", std::string("R5 a 0 5\n") + models);
  const Deck deck = parse_file(folder.write("main.cir", "t\n.lib models.lib\n.lib models.lib slow\n"));
  CHECK(cards(deck) == Texts{"R5 a 0 5", "R1 a 0 1"});
  REQUIRE(deck.warnings.size() == 2);
  CHECK(deck.warnings[0].message == "the library section 'fast' is not read");
}

TEST_CASE(
    "sections may stand in included files and in the deck itself, and are found from the file that asks") {
  const DeckFolder folder;
  folder.write("lib/models.lib", models);
  folder.write("lib/top.inc", ".lib models.lib fast\n");
  CHECK(cards(parse_file(folder.write("main.cir", "t\n.include lib/top.inc\n"))) ==
        Texts{"R1 a 0 2", "R2 a 0 3"});
  const Deck own =
      parse_file(folder.write("own.cir", "t\n.lib one\nR1 a 0 1\n.endl one\n.lib own.cir one\nR2 a 0 1\n"));
  CHECK(cards(own) == Texts{"R1 a 0 1", "R2 a 0 1"});
  CHECK(own.warnings.empty());
}

TEST_CASE("cards of a section keep their line in the library") {
  const DeckFolder folder;
  folder.write("models.lib", models);
  const Deck deck = parse_file(folder.write("main.cir", "t\n.lib models.lib common\n"));
  CHECK(deck.sources->position(deck.cards.at(0).where).line == 10);
  CHECK(deck.sources->name(deck.cards.at(0).where.file).ends_with("models.lib"));
}

TEST_CASE("a library is read once for all of its sections") {
  const DeckFolder folder;
  folder.write("models.lib", models);
  const Deck deck =
      parse_file(folder.write("main.cir", "t\n.lib models.lib slow\n.lib ./models.lib common\n"));
  CHECK(deck.sources->size() == 2);
}

TEST_CASE("a chain of sections is limited in depth and safe decks read no library outside of their folder") {
  const DeckFolder folder;
  std::string library;
  for (int i = 1; i <= 33; ++i)
    library += ".lib s" + std::to_string(i) + "\n.lib chain.lib s" + std::to_string(i + 1) + "\n.endl\n";
  folder.write("deck/chain.lib", library + ".lib s34\nR1 a 0 1\n.endl\n");
  CHECK(message(folder.write("deck/deep.cir", "t\n.lib chain.lib s1\n")) ==
        "includes are nested more than 32 deep");
  CHECK(message(folder.write("deck/good.cir", "t\n.lib chain.lib s3\n")).empty());
  folder.write("models.lib", models);
  const std::string outside = folder.write("deck/outside.cir", "t\n.lib ../models.lib slow\n");
  CHECK(message(outside).empty());
  CHECK(message(outside, {.safe = true}) == "'../models.lib' is outside the deck's folder");
}

TEST_CASE("a file's name may stand behind ~ for the home folder, or with backslashes") {
  const DeckFolder folder;
  folder.write("parts/a.inc", "R1 a 0 1\n");
  CHECK(cards(parse_file(folder.write("main.cir", "t\n.incl parts\\a.inc\n"))) == Texts{"R1 a 0 1"});
  CHECK(message(folder.write("home.cir", "t\n.include ~/no-such-file.inc\n")).find("~") == std::string::npos);
}

TEST_CASE("a .lib with one word begins a section only when an .endl follows before the next one") {
  const auto sections = find_library_sections(
      ".lib file\n.lib a\nx\n  .lib other b\n.endl\n.LIB c\n.lib 'd' ; comment\ny\n.endl d\n.endl\n.lib e");
  REQUIRE(sections.size() == 2);
  CHECK(sections[0].name == "a");
  CHECK(sections[0].body == "x\n  .lib other b\n");
  CHECK(sections[1].name == "d");
  CHECK(sections[1].end_name == "d");
}

TEST_CASE("LTspice's own libraries are passed over where they are not there") {
  const DeckFolder folder;
  const auto deck = [&](const std::string& card) {
    return parse_file(folder.write("main.cir", "t\n" + card + "\nR1 a 0 1\n"));
  };
  for (const char* kind : {"dio", "BJT", "mos", "jft", "cap", "ind", "res", "bead"}) {
    const Deck read = deck(std::string(".lib C:\\Users\\me\\LTspice XVII\\lib\\cmp\\standard.") + kind);
    CHECK(cards(read) == Texts{"R1 a 0 1"});
    REQUIRE(read.warnings.size() == 1);
    CHECK(read.warnings[0].message == std::string("'standard.") + kind + "' of LTspice is not here");
  }
  folder.write("standard.dio", "D1 a 0 d\n");
  CHECK(cards(deck(".lib standard.dio")) == Texts{"D1 a 0 d", "R1 a 0 1"});
  CHECK(message(folder.write("main.cir", "t\n.lib standard.xyz\n")).starts_with("cannot read"));
  CHECK(message(folder.write("main.cir", "t\n.include standard.bjt\n")).starts_with("cannot read"));
}
