#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "base/problem.hpp"
#include "memspice/error.hpp"
#include "netlist/elaboration/data_file.hpp"

namespace memspice {

/// The lines of an edge list, one after the other: words with blanks, tabs or commas between them. Comments
/// begin with `*` at the beginning of a line, with `#` or `;` at that of a word. Of the text no more is kept
/// than a piece around the line.
class EdgeFile {
 public:
  explicit EdgeFile(DataFile file);

  /// Goes to the next line that holds a word; false at the end. Throws Problem, in the line, for what is no
  /// text; the line counts as read then.
  bool next();
  /// Those of the line, valid until the next one.
  [[nodiscard]] const std::vector<std::string_view>& words() const { return words_; }
  [[nodiscard]] std::string_view line() const { return line_; }
  /// Of what is left of the file, judged by this line and a few behind it.
  [[nodiscard]] std::size_t lines_left() const;
  /// A message about the line: where the problem is, if it is in the line, or else about all of it.
  [[nodiscard]] Diagnostic describe(const Problem& problem, Severity severity = Severity::error) const;

 private:
  /// The next line without its end; false at the end of the file.
  bool next_line();
  void read_more();
  void split();

  DataFile file_;
  std::string piece_;
  std::string_view text_;        // what is read of the piece
  std::size_t at_ = 0;           // in the piece: behind the line
  std::size_t unread_ = 0;       // bytes of the file behind the piece
  std::size_t line_number_ = 0;  // from 1
  std::string_view line_;
  std::vector<std::string_view> words_;
};

}  // namespace memspice
