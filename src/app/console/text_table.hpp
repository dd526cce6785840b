#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace memspice {

/// How many characters of a terminal the UTF-8 text takes.
std::size_t width_of(std::string_view text);

enum class Align { left, right };

struct TextColumn {
  std::string title;
  Align align = Align::right;
};

/// A table for people: columns as wide as their longest entry, two blanks between them, no blanks at line
/// ends. Widths count characters, not bytes, of UTF-8.
class TextTable {
 public:
  explicit TextTable(std::vector<TextColumn> columns) : columns_(std::move(columns)) {}

  /// One entry per column.
  void add(std::vector<std::string> row) { rows_.push_back(std::move(row)); }
  /// Titles and rows, each line ended and begun with `indent`.
  [[nodiscard]] std::string text(std::string_view indent = "") const;

 private:
  std::vector<TextColumn> columns_;
  std::vector<std::vector<std::string>> rows_;
};

/// A value with three significant digits and its unit: `1.25e-05 A`, `0.5`.
std::string with_unit(double value, std::string_view unit);

}  // namespace memspice
