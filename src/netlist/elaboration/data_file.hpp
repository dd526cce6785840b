#pragma once

#include <fstream>
#include <string>
#include <string_view>

#include "netlist/elaboration/card_context.hpp"

namespace memspice {

/// A file beside the deck that a card names: points of a waveform, an edge list.
struct DataFile {
  std::string_view at;  // its name on the card
  std::string path;     // as messages call it
  std::ifstream stream;

  /// How many of so many bytes are left and now there. Throws Problem where the system cannot read them.
  std::size_t read(char* bytes, std::size_t most);
};

/// Opens the file whose name comes next, relative to the deck that names it. Throws Problem when there is
/// none, or when it lies outside of where --safe allows.
DataFile open_data_file(CardContext& card);

}  // namespace memspice
