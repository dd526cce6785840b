#pragma once

#include <string_view>
#include <vector>

namespace memspice {

/// What a card that reads another file says: `.include file`, `.lib file [section]`.
struct FileReference {
  std::string_view card;     // its first word
  std::string_view file;     // without quotes
  std::string_view section;  // empty: none
};

/// Reads such a line. Throws Problem.
FileReference read_file_reference(std::string_view line);

/// Whether a card names one of LTspice's own libraries of parts, standard.dio and the like, as every netlist
/// of it does that has a part of the kind.
bool names_ltspice_library(const FileReference& reference, std::string_view file_name);

/// `.lib name` … `.endl [name]` in a file.
struct LibrarySection {
  std::string_view name;
  std::string_view body;        // the lines between
  std::string_view end_name;    // behind .endl; may be empty
  const char* after = nullptr;  // the line that follows
};

/// The sections of a text in order. A `.lib` with one word begins a section when an `.endl` follows before
/// the next such line; otherwise the word is a file (LTspice).
std::vector<LibrarySection> find_library_sections(std::string_view text);

}  // namespace memspice
