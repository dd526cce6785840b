#include "base/printable.hpp"

#include <doctest/doctest.h>

using memspice::printable;

TEST_CASE("control characters are spelled out, letters of all languages, line feeds and tabs stay") {
  CHECK(printable("µ 10 Ω\n\tü€😀") == "µ 10 Ω\n\tü€😀");
  CHECK(printable("\x1b[2Jx\r\b\x7f") == "\\x1b[2Jx\\x0d\\x08\\x7f");
  CHECK(printable(std::string("a\0b", 3)) == "a\\x00b");
  CHECK(printable("\xc2\x9b"
                  "31m") == "\\xc2\\x9b31m");
  CHECK(printable("\x9b"
                  "31m") == "\\x9b31m");
  CHECK(printable("\xe2\x82") == "\xe2\\x82");
  CHECK(printable("") == "");
}

TEST_CASE("no byte of any text reaches a terminal as a control") {
  for (int first = 0; first < 256; ++first)
    for (int second = 0; second < 256; ++second) {
      const std::string text{static_cast<char>(first), static_cast<char>(second), 'x'};
      for (const char c : printable(text)) {
        const auto byte = static_cast<unsigned char>(c);
        REQUIRE((byte >= 0x20 || c == '\n' || c == '\t'));
        REQUIRE(byte != 0x7f);
      }
      REQUIRE(printable(printable(text)) == printable(text));
    }
}
