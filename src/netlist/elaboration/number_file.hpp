#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "netlist/elaboration/card_context.hpp"

namespace memspice {

/// Numbers from a file: points of a PWL waveform, values of a sweep.
struct FileNumbers {
  struct Entry {
    double value = 0;
    bool plus = false;  // written with this sign
    std::size_t line = 0;
  };
  std::string path;
  std::size_t lines = 1;
  std::vector<Entry> numbers = {};
};

/// Reads the file whose name comes next; `holds` says in messages what should be in it. Throws Problem.
FileNumbers file_numbers(CardContext& card, std::string_view holds);
[[noreturn]] void fail_in_file(std::string_view at, const FileNumbers& file, std::size_t line,
                               const std::string& what, std::string_view holds);

}  // namespace memspice
