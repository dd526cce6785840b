#include <doctest/doctest.h>

#include "memspice/deck.hpp"
#include "memspice/waveform.hpp"
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
  CHECK(refusal_of(folder.write("x.asc", "Version 4\r\nSHEET 1 880 680\r\nWIRE 0 0 1 1\r\n")) ==
        "this is a schematic of LTspice, not its netlist");
  CHECK(refusal_of(folder.write(
            "x.raw", std::string("Title: t\nDate: d\nPlotname: Transient Analysis\nBinary:\n\0", 55))) ==
        "this is a waveform file, not a deck");
  CHECK(refusal_of(folder.write("main.cir", "t\n.include x.asc\n")) ==
        "this is a schematic of LTspice, not its netlist");
  for (const char* table : {"time,v(a)\n0,0.5\n1e-3,-1\n", "time v(a)\r\n0\t0.5\r\n", "a;b\n1;2\n"})
    CHECK(refusal_of(folder.write("table.csv", table)) == "this is a table of numbers, not a deck");
  CHECK(refusal_of(folder.write("out.h5", std::string("\x89HDF\r\n\x1a\n\0\0", 10))) ==
        "this is an HDF5 file, not a deck");
  CHECK(refusal_of(folder.write("deck.cir.gz", "\x1f\x8b\x08 ...\n...")) == "this file is compressed");
  CHECK(parse_text("Title: of a deck\nR1 a 0 1\n").cards.size() == 1);
  CHECK(parse_text("Version 4\nR1 a 0 1\n").cards.size() == 1);
}

TEST_CASE("UTF-16 is read, whichever byte comes first, whatever its letters") {
  const std::string text = "Widerst\xc3\xa4nde \xf0\x9d\x84\x9e\nR1 a 0 4.7\xc2\xb5\n.op\n";
  const std::u16string units = u"Widerst\u00e4nde \U0001d11e\nR1 a 0 4.7\u00b5\n.op\n";
  for (const bool big : {false, true}) {
    std::string bytes = big ? "\xfe\xff" : "\xff\xfe";
    for (const char16_t unit : units) {
      const char low = static_cast<char>(unit & 0xff), high = static_cast<char>(unit >> 8);
      bytes += big ? high : low;
      bytes += big ? low : high;
    }
    for (const std::string& given : {bytes, bytes.substr(2)}) {  // with the mark of byte order, and without
      const Deck deck = parse_text(given);
      CHECK(deck.sources->text(0) == text);
      CHECK(deck.cards.size() == 2);
      CHECK(parse_text(given + "x").cards.size() == 2);  // half a letter
    }
  }
}

TEST_CASE("what is no part of a deck is not included and not shown, whatever its letters are made of") {
  const Folder folder;
  std::string wide = "\xff\xfe";
  for (const char letter : std::string("root:secret:0:0::/root:/bin/sh\nalice:hidden:1:1::/:/bin/sh\n")) {
    wide += letter;
    wide += '\0';
  }
  folder.write("plain", "root:secret:0:0::/root:/bin/sh\n");
  folder.write("wide", wide);
  for (const std::string name : {"plain", "wide"}) {
    const std::string refusal = refusal_of(folder.write("main.cir", "t\n.include " + name + "\nR1 a 0 1\n"));
    CHECK(refusal.find("does not look like a part of a deck") != std::string::npos);
    CHECK(refusal.find("secret") == std::string::npos);
  }
}

TEST_CASE("an element in the first line is named, which is the title") {
  const auto warnings = [](const std::string& title) { return parse_text(title + "\nR9 a 0 1\n").warnings; };
  for (const char* title : {"R1 a 0 1k", "V1 in 0 DC 5", "v2 in 0 SIN(0 1 1k)", "C12 out 0 4.7uF", "Y1 a b 3",
                            "I1 0 a PULSE(0 1 1n)"}) {
    CAPTURE(title);
    REQUIRE(warnings(title).size() == 1);
    CHECK(warnings(title)[0].message == "the first line is the title, this element is not read");
    CHECK(warnings(title)[0].hint == "put a title line above it");
  }
  for (const char* title :
       {"R1 and R2 in series", "A circuit 4 2", "RC lowpass 1k 1u", "V1.2 of the amplifier 3", "L2",
        "C 1 2 3", "74HC00 a 0 1k", "D1 is a 1N4148", "R1 a 0"}) {
    CAPTURE(title);
    CHECK(warnings(title).empty());
  }
}

TEST_CASE("a deck file that cannot be read is no deck error") {
  CHECK_THROWS_WITH_AS(parse_file("no/such/deck.cir"),
                       "cannot read 'no/such/deck.cir': No such file or directory", FileError);
  CHECK_THROWS_WITH_AS(parse_file("/"), "cannot read '/': it is a folder", FileError);
}

TEST_CASE("errors of files have the system's reason and the name as it was given") {
  const auto refused = [](auto&& call) {
    try {
      call();
    } catch (const FileError& error) {
      return std::pair(error.code(), error.path());
    }
    return std::pair(std::error_code(), std::string("nothing was refused"));
  };
  using Refused = std::pair<std::error_code, std::string>;
  const auto because = [](std::errc reason, const char* path) {
    return Refused(std::make_error_code(reason), path);
  };
  CHECK(refused([] { parse_file("no/such.cir"); }) ==
        because(std::errc::no_such_file_or_directory, "no/such.cir"));
  CHECK(refused([] { parse_file("/"); }) == because(std::errc::is_a_directory, "/"));
  CHECK(refused([] { read_waveforms("no/such.raw"); }) ==
        because(std::errc::no_such_file_or_directory, "no/such.raw"));
  CHECK(refused([] { read_waveforms("/"); }) == because(std::errc::is_a_directory, "/"));
  CHECK(refused([] { open_sink("no/such.raw", WaveformFormat::raw_binary); }) ==
        because(std::errc::no_such_file_or_directory, "no/such.raw"));
  CHECK(refused([] { open_sink("/dev/null/such.csv", WaveformFormat::csv); }) ==
        because(std::errc::not_a_directory, "/dev/null/such.csv"));
  CHECK(refused([] { read_waveforms("/dev/null"); }) ==
        Refused(std::error_code(0, std::generic_category()), "/dev/null"));
  CHECK(!FileError("of a message alone").code());
}
