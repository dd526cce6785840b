#include <doctest/doctest.h>

#include "memspice/error.hpp"

using namespace memspice;

TEST_CASE("a message shows its place, the line, a caret under the token and the hint") {
  SourceFiles sources;
  const std::uint32_t file = sources.add("bad.cir", "title\r\nR1 a 0 1kx7\r\n.end\n");
  const Diagnostic d = diagnose(sources, {file, 14}, 4, "cannot read the number '1kx7'", "write 1k");
  CHECK(d.format() ==
        "bad.cir:2:8: error: cannot read the number '1kx7'\n"
        "  R1 a 0 1kx7\n"
        "         ^~~~\n"
        "  hint: write 1k");
}

TEST_CASE("a message without a place is one line") {
  CHECK(diagnose(SourceFiles{}, {}, 1, "nothing to do", {}, Severity::warning).format() ==
        "warning: nothing to do");
}

TEST_CASE(
    "the caret stays under its token behind tabs and UTF-8 and the terminal gets no control characters") {
  SourceFiles sources;
  const std::uint32_t file = sources.add("t.cir", "\tR\xc3\xb6\x01 x y");
  CHECK(diagnose(sources, {file, 6}, 1, "m").format() ==
        "t.cir:1:7: error: m\n"
        "  \tR\xc3\xb6? x y\n"
        "  \t    ^");
}

TEST_CASE("of a very long line only the part around the caret is shown") {
  SourceFiles sources;
  const std::uint32_t file = sources.add("t.cir", std::string(1000, 'a') + "b" + std::string(1000, 'a'));
  const std::string text = diagnose(sources, {file, 1000}, 1, "m").format();
  CHECK(text.size() < 400);
  CHECK(text.find(std::string(80, 'a') + "b" + std::string(79, 'a') + "\n  " + std::string(80, ' ') + "^") !=
        std::string::npos);
}

TEST_CASE("an error with several messages prints them all") {
  Diagnostic first, second;
  first.message = "one";
  second.message = "two";
  CHECK(std::string(DeckError({first, second}).what()) == "error: one\nerror: two");
}
