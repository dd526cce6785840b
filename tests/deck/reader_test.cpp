#include <doctest/doctest.h>

#include "memspice/deck.hpp"
#include "support/deck_folder.hpp"

using namespace memspice;
using Folder = memspice::testing::DeckFolder;

namespace {

std::vector<std::string> card_texts(const Deck& deck) {
  std::vector<std::string> texts;
  for (const Card& card : deck.cards) texts.emplace_back(deck.text(card));
  return texts;
}

using Texts = std::vector<std::string>;

std::string refusal_of(const std::string& path, const ParseOptions& options = {}) {
  try {
    parse_file(path, options);
  } catch (const DeckError& error) {
    return error.diagnostics().front().message;
  }
  return {};
}

}  // namespace

TEST_CASE("the first line is the title, whatever it looks like") {
  CHECK(parse_text("R1 a 0 1k \r\nR2 a 0 1k\n").title == "R1 a 0 1k");
  CHECK(parse_text("\nR2 a 0 1k\n").title.empty());
  CHECK(parse_text("\xef\xbb\xbfTitle \xc3\xa4\nR2 a 0 1k").title == "Title \xc3\xa4");
}

TEST_CASE("comment lines and blank lines are no cards and .end ends the deck") {
  const Deck deck = parse_text(
      "t\n* comment\n  * too\n; semicolon\n// slashes\n$ dollar\n\n   \nR1 a 0 1\n  R2 a 0 2\n.END\nR3 a 0 "
      "3\n");
  CHECK(card_texts(deck) == Texts{"R1 a 0 1", "R2 a 0 2"});
  REQUIRE(deck.warnings.size() == 1);
  CHECK(deck.warnings[0].message == "what follows .end is not read");
}

TEST_CASE("a plus continues a card, after comments and blank lines too") {
  const Deck deck = parse_text("t\r\nR1 a\r\n* between\r\n\r\n+ 0\r\n  + 1k\r\nR2 a 0 1\r\n* behind\r\n");
  CHECK(card_texts(deck) == Texts{"R1 a\r\n* between\r\n\r\n+ 0\r\n  + 1k\r", "R2 a 0 1\r"});
}

TEST_CASE("a card keeps its file, line and column") {
  const Folder folder;
  folder.write("parts/r.inc", "* parts\n  R2 a 0 1k\n");
  const Deck deck = parse_file(folder.write("main.cir", "t\nR1 a 0 1\n.include parts/r.inc\nR3 a 0 1\n"));
  REQUIRE(deck.cards.size() == 3);
  const auto position = deck.sources->position(deck.cards[1].where);
  CHECK(deck.sources->name(deck.cards[1].where.file).ends_with("parts/r.inc"));
  CHECK(position.line == 2);
  CHECK(position.column == 3);
  CHECK(deck.sources->position(deck.cards[2].where).line == 4);
}

TEST_CASE("includes are found from the file that names them, quoted or not, and may be read twice") {
  const Folder folder;
  folder.write("lib/a.inc", ".inc 'b c.inc'\n");
  folder.write("lib/b c.inc", "R1 a 0 1\n.end\nignored\n");
  const Deck deck = parse_file(folder.write(
      "main.cir", "t\n.include \"lib/a.inc\" ; comment\n.INCLUDE lib/a.inc $ comment\nR2 a 0 1\n"));
  CHECK(card_texts(deck) == Texts{"R1 a 0 1", "R1 a 0 1", "R2 a 0 1"});
}

TEST_CASE("a continuation line does not reach across the end of an included file") {
  const Folder folder;
  folder.write("a.inc", "R1 a 0\n");
  CHECK(refusal_of(folder.write("main.cir", "t\n.include a.inc\n+ 1k\n")) == "this line continues nothing");
}

TEST_CASE("includes nested too deeply are an error and the limit itself is not") {
  const Folder folder;
  for (int i = 1; i <= 33; ++i)
    folder.write("f" + std::to_string(i),
                 "R" + std::to_string(i) + " a 0 1\n.include f" + std::to_string(i + 1) + "\n");
  folder.write("f33", "R33 a 0 1\n");
  CHECK(refusal_of(folder.write("deep.cir", "t\n.include f1\n")) == "includes are nested more than 32 deep");
  CHECK(parse_file(folder.write("good.cir", "t\n.include f2\n")).cards.size() == 32);
}

TEST_CASE("a safe deck includes only what lies below its folder") {
  const Folder folder;
  folder.write("outside.inc", "R1 a 0 1\n");
  folder.write("deck/inside.inc", "R1 a 0 1\n");
  const std::string good = folder.write("deck/good.cir", "t\n.include inside.inc\n.include ./inside.inc\n");
  const std::string bad = folder.write("deck/bad.cir", "t\n.include ../outside.inc\n");
  CHECK(refusal_of(good, {.safe = true}).empty());
  CHECK(refusal_of(bad, {.safe = true}) == "'../outside.inc' is outside the deck's folder");
  CHECK(refusal_of(bad).empty());
}

TEST_CASE("what is no text is refused before anything is read from it") {
  const Folder folder;
  CHECK(refusal_of(folder.write("empty.cir", "")) == "the deck is empty");
  CHECK(refusal_of(folder.write("mac.cir", "t\rR1 a 0 1\r")) ==
        "the lines end with CR only, as on old Macintoshes");
  CHECK(refusal_of(folder.write("title.cir", "only a title\r")) == "the deck has no cards");
  CHECK(refusal_of(folder.write("zero.cir", std::string("t\nR1 \0 0 1\n", 11))) ==
        "this is not a text file: it holds a zero byte");
  CHECK(refusal_of(folder.write("utf16.cir", std::string("\xff\xfet\0\n\0", 6))) == "this file is UTF-16");
}

TEST_CASE("a deck file that cannot be read is no deck error") {
  CHECK_THROWS_WITH_AS(parse_file("no/such/deck.cir"),
                       "cannot read 'no/such/deck.cir': No such file or directory", FileError);
  CHECK_THROWS_WITH_AS(parse_file("/"), "cannot read '/': it is a folder", FileError);
}
