#include "app/plot/character_drawing.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "app/console/text_table.hpp"
#include "base/printable.hpp"

namespace memspice::app {

namespace {

std::string cut_to(std::string_view text, std::size_t width) {
  std::string shown;
  std::size_t taken = 0;
  for (const char c : text) {
    if ((static_cast<unsigned char>(c) & 0xc0) != 0x80 && ++taken > width) break;
    shown += c;
  }
  return shown;
}

std::string blanks(std::size_t count) {
  return std::string(count, ' ');
}

/// The nearest of a terminal's 216 colours, bright enough for a dark one.
int terminal_colour(std::uint32_t colour) {
  const auto level = [&](int shift) {
    const double value = static_cast<double>(colour >> shift & 0xff) / 255;
    return static_cast<int>(std::lround(5 * (0.25 + 0.75 * value)));
  };
  return 16 + 36 * level(16) + 6 * level(8) + level(0);
}

std::string painted(const std::string& text, std::uint32_t colour, bool colours) {
  return colours ? fmt::format("\x1b[38;5;{}m{}\x1b[0m", terminal_colour(colour), text) : text;
}

/// Dots on a field of characters.
class DotField {
 public:
  DotField(int columns, int rows)
      : columns_(columns),
        rows_(rows),
        masks_(static_cast<std::size_t>(columns) * static_cast<std::size_t>(rows)),
        colours_(masks_.size()) {}

  [[nodiscard]] int across() const { return 2 * columns_; }
  [[nodiscard]] int down() const { return 4 * rows_; }

  void dot(int x, int y, std::uint32_t colour) {
    if (x < 0 || y < 0 || x >= across() || y >= down()) return;
    static constexpr std::uint8_t bits[4][2] = {{0x01, 0x08}, {0x02, 0x10}, {0x04, 0x20}, {0x40, 0x80}};
    const auto cell = static_cast<std::size_t>(y / 4) * static_cast<std::size_t>(columns_) +
                      static_cast<std::size_t>(x / 2);
    masks_[cell] |= bits[y % 4][x % 2];
    colours_[cell] = colour;
  }
  void line(int x0, int y0, int x1, int y1, std::uint32_t colour) {
    const int steps = std::max({std::abs(x1 - x0), std::abs(y1 - y0), 1});
    for (int i = 0; i <= steps; ++i)
      dot(x0 + static_cast<int>(std::lround(static_cast<double>(x1 - x0) * i / steps)),
          y0 + static_cast<int>(std::lround(static_cast<double>(y1 - y0) * i / steps)), colour);
  }
  [[nodiscard]] std::string row(int number, bool colours) const {
    std::string text;
    std::size_t blank = 0;
    for (int column = 0; column < columns_; ++column) {
      const auto cell = static_cast<std::size_t>(number) * static_cast<std::size_t>(columns_) +
                        static_cast<std::size_t>(column);
      if (masks_[cell] == 0) {
        ++blank;
        continue;
      }
      text += blanks(blank);
      blank = 0;
      // U+2800 and the dots' bits, in UTF-8.
      const std::string character{'\xe2', static_cast<char>(0xa0 | masks_[cell] >> 6),
                                  static_cast<char>(0x80 | (masks_[cell] & 0x3f))};
      text += painted(character, colours_[cell], colours);
    }
    return text;
  }

 private:
  int columns_;
  int rows_;
  std::vector<std::uint8_t> masks_;
  std::vector<std::uint32_t> colours_;
};

/// From the beginning of an axis, 0 to dots - 1; NaN where there is no place.
double dot_place(const PictureAxis& axis, double value, int dots) {
  const double part = axis.log ? std::log(value / axis.low) / std::log(axis.high / axis.low)
                               : (value - axis.low) / (axis.high - axis.low);
  return part * (dots - 1);
}

void draw_curve(DotField& field, const Panel& panel, const DrawnCurve& curve) {
  bool down = false;
  int before_x = 0, before_y = 0;
  for (std::size_t i = 0; i < curve.x.size(); ++i) {
    const double across = dot_place(panel.x, curve.x[i], field.across()),
                 up = dot_place(panel.y, curve.y[i], field.down());
    if (!std::isfinite(across) || !std::isfinite(up)) {
      down = false;
      continue;
    }
    const int x = static_cast<int>(std::lround(across)),
              y = field.down() - 1 - static_cast<int>(std::lround(up));
    if (down) {
      field.line(before_x, before_y, x, y, curve.colour);
    } else {
      field.dot(x, y, curve.colour);
    }
    down = true;
    before_x = x;
    before_y = y;
  }
}

void draw_bars(DotField& field, const Panel& panel, const DrawnCurve& curve) {
  const double half =
      curve.x.size() > 1 ? 0.5 * (curve.x[1] - curve.x[0]) : 0.4 * (panel.x.high - panel.x.low);
  for (std::size_t i = 0; i < curve.x.size(); ++i) {
    if (!(curve.y[i] > 0)) continue;
    const int from = static_cast<int>(std::lround(dot_place(panel.x, curve.x[i] - half, field.across())));
    const int to = static_cast<int>(std::lround(dot_place(panel.x, curve.x[i] + half, field.across())));
    const int top =
        field.down() - 1 - static_cast<int>(std::lround(dot_place(panel.y, curve.y[i], field.down())));
    for (int x = from; x < std::max(to - 1, from + 1); ++x)
      field.line(x, field.down() - 1, x, top, curve.colour);
  }
}

std::string legend_of(const Panel& panel, const CharacterPage& page) {
  if (panel.curves.size() < 2 && !panel.bars) return {};
  const std::size_t width = static_cast<std::size_t>(page.columns);
  if (panel.curves.front().of_many) {
    const DrawnCurve &first = panel.curves.front(), &last = panel.curves.back();
    return cut_to(
               printable(fmt::format("  {} … {}, {} curves", first.label, last.label, panel.curves.size())),
               width) +
           "\n";
  }
  std::string text, line;
  std::size_t used = 0;
  for (const DrawnCurve& curve : panel.curves) {
    const std::string label = cut_to(printable(curve.label), width > 8 ? width - 8 : width);
    const std::size_t needed = 5 + width_of(label);
    if (used > 0 && used + needed > width) {
      text += line + "\n";
      line.clear();
      used = 0;
    }
    line += "  " + painted("━━", curve.colour, page.colours) + " " + label;
    used += needed;
  }
  return text + line + "\n";
}

/// Labels beneath the field, each under its place and none over another.
std::string labels_across(const Panel& panel, int columns, std::string& marks) {
  std::string line;
  std::size_t used = 0;
  std::vector<std::string> cells(static_cast<std::size_t>(columns), "─");
  for (const Tick& tick : ticks_of(panel.x, std::max(2, columns / 12))) {
    const auto at =
        static_cast<std::size_t>(std::lround(dot_place(panel.x, tick.value, 2 * columns) / 2 - 0.25));
    if (at >= cells.size()) continue;
    const std::size_t width = width_of(tick.label);
    const std::size_t begin = at >= width / 2 ? at - width / 2 : 0;
    if (begin < used + (used > 0 ? 1 : 0) || begin + width > static_cast<std::size_t>(columns) + 1) continue;
    cells[at] = "┬";
    line += blanks(begin - used) + tick.label;
    used = begin + width_of(tick.label);
  }
  for (const std::string& cell : cells) marks += cell;
  return line;
}

std::string draw_panel(const Panel& panel, const CharacterPage& page, int rows) {
  std::vector<Tick> ticks = ticks_of(panel.y, std::max(3, rows / 3));
  std::size_t margin = 1;
  for (const Tick& tick : ticks) margin = std::max(margin, width_of(tick.label));
  const int columns = std::max(10, page.columns - static_cast<int>(margin) - 2);
  DotField field(columns, rows);
  for (const DrawnCurve& curve : panel.curves)
    panel.bars ? draw_bars(field, panel, curve) : draw_curve(field, panel, curve);
  std::string text = cut_to(printable(title_of(panel.y)), static_cast<std::size_t>(page.columns)) + "\n";
  for (int row = 0; row < rows; ++row) {
    std::string label;
    for (const Tick& tick : ticks) {
      const int up = static_cast<int>(std::lround(dot_place(panel.y, tick.value, field.down())));
      if ((field.down() - 1 - up) / 4 == row) label = tick.label;
    }
    text += blanks(margin - width_of(label)) + label + (label.empty() ? " │" : " ┤") +
            field.row(row, page.colours) + "\n";
  }
  std::string marks;
  const std::string labels = labels_across(panel, columns, marks);
  text += blanks(margin + 1) + "└" + marks + "\n" + blanks(margin + 2) + labels + "\n";
  const std::string name = cut_to(printable(title_of(panel.x)), static_cast<std::size_t>(columns));
  text += blanks(margin + 2 + (static_cast<std::size_t>(columns) - width_of(name)) / 2) + name + "\n";
  return text + legend_of(panel, page);
}

}  // namespace

std::string draw_characters(const Picture& picture, const CharacterPage& page) {
  constexpr int around = 5;  // rows of a panel beside its field
  constexpr int fewest = 6, most = 20;
  const int panels = static_cast<int>(picture.panels.size());
  const int rows = std::clamp((page.rows - 2) / std::max(1, panels) - around, fewest, most);
  std::string text;
  if (!picture.title.empty())
    text = cut_to(printable(picture.title), static_cast<std::size_t>(page.columns)) + "\n";
  for (const Panel& panel : picture.panels) text += draw_panel(panel, page, rows);
  return text;
}

}  // namespace memspice::app
