#pragma once

#include <string>

#include "app/plot/picture.hpp"

namespace memspice::app {

struct CharacterPage {
  int columns = 80;
  int rows = 24;
  bool colours = false;  // of a terminal with 256 of them
};

/// The picture in Unicode's braille characters, two dots wide and four high each, with axes and a legend, no
/// line longer than the page. The page grows where its rows do not do for all panels. Names are those of the
/// files: what could move a cursor is spelled out.
std::string draw_characters(const Picture& picture, const CharacterPage& page);

}  // namespace memspice::app
