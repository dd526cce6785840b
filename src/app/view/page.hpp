#pragma once

#include <memspice/waveform.hpp>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

namespace memspice::app {

/// What a page shows.
struct Page {
  std::string source;  // the file or the deck
  std::vector<Plot> plots;
  nlohmann::ordered_json network;  // null: none
};

/// Where the page without data lies: beside the program as it was built or installed, or in $MEMSPICE_SHARE.
/// Throws FileError where it is not, with how to get it.
std::string read_page_template();

/// Writes the page, all of its data in it, and returns its size in bytes. Numbers are double; where there are
/// more than two million in a plot all but its scale are single, as in LTspice's files. Throws FileError, and
/// UsageError where a browser could not open it.
void write_page(const Page& page, const std::string& path);

}  // namespace memspice::app
