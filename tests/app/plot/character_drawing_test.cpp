#include "app/plot/character_drawing.hpp"

#include <doctest/doctest.h>

using namespace memspice::app;

namespace {

Picture diagonal() {
  Picture picture{.title = "a line", .panels = {}};
  Panel panel;
  panel.x = {.name = "time", .unit = "s"};
  panel.y = {.name = "v(out)", .unit = "V"};
  panel.curves.push_back({.label = "v(out)", .x = {0, 1e-3}, .y = {-1, 1}, .colour = 0xff0000});
  picture.panels.push_back(panel);
  fit_ranges(picture);
  return picture;
}

}  // namespace

TEST_CASE("a line in characters") {
  const std::string expected = R"(a line
v(out) / V
 1 ┤                        ⢀⣀⠤⠒
   │                   ⣀⡠⠤⠒⠉⠁
 0 ┤              ⣀⡠⠔⠒⠉
   │         ⣀⠤⠔⠊⠉
   │   ⢀⣀⠤⠒⠊⠉
-1 ┤⠤⠒⠉⠁
   └┬─────────────┬────────────┬
    0            0.5           1
             time / ms
)";
  const std::string text = draw_characters(diagonal(), {.columns = 32, .rows = 12, .colours = false});
  CHECK(text == expected);
}

TEST_CASE("no line is longer than the page, and colours are asked for") {
  for (const int columns : {20, 33, 80, 200}) {
    const std::string text = draw_characters(diagonal(), {.columns = columns, .rows = 24, .colours = false});
    CHECK(text.find('\x1b') == std::string::npos);
    for (std::size_t begin = 0, end = 0; (end = text.find('\n', begin)) != std::string::npos;
         begin = end + 1) {
      int width = 0;
      for (std::size_t i = begin; i < end; ++i) width += (static_cast<unsigned char>(text[i]) & 0xc0) != 0x80;
      CHECK(width <= columns + 1);
    }
  }
  CHECK(draw_characters(diagonal(), {.columns = 32, .rows = 12, .colours = true}).find("\x1b[38;5;") !=
        std::string::npos);
}

TEST_CASE("names of files move no cursor") {
  Picture picture = diagonal();
  picture.title = "\x1b[2Jtitle";
  picture.panels[0].y.name = "v(\x1b]0;x\x07)";
  CHECK(draw_characters(picture, {}).find('\x1b') == std::string::npos);
}
