#include "analysis/output/measure_points.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <tuple>

namespace memspice {

namespace {

/// A straight piece of a curve between two neighbouring points, upwards on the scale.
struct Piece {
  double x0, x1;
  double y0, y1;

  [[nodiscard]] double at(double x) const { return x1 == x0 ? y1 : y0 + (y1 - y0) * ((x - x0) / (x1 - x0)); }
};

/// Calls visit(piece) with the pieces of a curve between two places.
template <class Visit>
void walk(const std::vector<ScaleBlock>& blocks, const std::vector<double>& values, double from, double to,
          Visit visit) {
  for (const ScaleBlock& block : blocks) {
    for (std::size_t i = 0; i + 1 < block.size() || (i == 0 && block.size() == 1); ++i) {
      const std::size_t j = std::min(i + 1, block.size() - 1);
      Piece piece{block.at(i), block.at(j), values[block.row(i)], values[block.row(j)]};
      if (piece.x1 < from || piece.x0 > to) continue;
      const Piece whole = piece;
      if (piece.x0 < from) {
        piece.x0 = from;
        piece.y0 = whole.at(from);
      }
      if (piece.x1 > to) {
        piece.x1 = to;
        piece.y1 = whole.at(to);
      }
      visit(piece);
    }
  }
}

/// Why there is no such crossing.
std::string too_few(const MeasureEvent& event, std::size_t count) {
  static constexpr std::string_view words[] = {"crosses", "rises to", "falls to"};
  static constexpr std::string_view infinitives[] = {"cross", "rise to", "fall to"};
  const auto edge = static_cast<std::size_t>(event.edge);
  return count == 0 ? fmt::format("{} does not {} {}", event.left.text, infinitives[edge], event.right.text)
                    : fmt::format("{} {} {} only {} time{}", event.left.text, words[edge], event.right.text,
                                  count, count == 1 ? "" : "s");
}

}  // namespace

MeasurePoints::MeasurePoints(const Samples& samples, const MeasureValues& earlier, double reltol)
    : samples_(samples), earlier_(earlier), reltol_(reltol), blocks_(samples.blocks()) {
  const auto [low, high] = std::ranges::minmax_element(samples.scale());
  low_ = *low;
  high_ = *high;
}

void MeasurePoints::check_earlier(const MeasureCard& card) const {
  for (const VectorExpression* expression :
       {&card.value, &card.from.at, &card.from.left, &card.from.right, &card.from.delay, &card.to.at,
        &card.to.left, &card.to.right, &card.to.delay, &card.lower, &card.upper})
    for (const VectorExpression::Node& node : expression->nodes)
      if (node.kind == VectorExpression::Node::Kind::measure && !earlier_.contains(node.name))
        throw MeasureFailure{fmt::format("it uses the measure '{}', which failed", node.name)};
}

double MeasurePoints::constant(const VectorExpression& expression, double otherwise) const {
  return expression.empty() ? otherwise : samples_.constant(expression, earlier_);
}

double MeasurePoints::first_value(const MeasureCard& card) const {
  return samples_.values(card.value, earlier_).front();
}

std::pair<double, double> MeasurePoints::ends(const MeasureCard& card) const {
  double from = card.from.given() ? place(card.from, card, true) : low_;
  double to = card.to.given() ? place(card.to, card, true) : high_;
  if (from > to && from <= high_ && to >= low_ && card.from.given() && card.to.given() &&
      blocks_.front().decreasing)
    std::swap(from, to);
  if (from > to || from > high_ || to < low_)
    throw MeasureFailure{fmt::format(
        "between {:g} and {:g} there is nothing, the points go from {:g} to {:g}", from, to, low_, high_)};
  return {std::max(from, low_), std::min(to, high_)};
}

MeasuredLogic MeasurePoints::logic(const MeasureCard& card) const {
  MeasuredLogic logic;
  std::tie(logic.from, logic.to) = ends(card);
  const double high = constant(card.lower, constant(card.upper, 0)), low = constant(card.upper, high);
  if (low > high) throw MeasureFailure{fmt::format("off={:g} lies above on={:g}", low, high)};
  std::optional<bool> on;
  walk(blocks_, samples_.values(card.value, earlier_), logic.from, logic.to, [&](const Piece& piece) {
    const double width = piece.x1 - piece.x0, rise = piece.y1 - piece.y0;
    // How much of the piece lies behind the place where it passes a level.
    const auto behind = [&](double level) { return width * (rise == 0 ? 1 : (piece.y1 - level) / rise); };
    const auto share = [&](double level, bool begins, bool ends) {
      return begins && ends ? width : begins ? width - behind(level) : ends ? behind(level) : 0;
    };
    logic.length += width;
    logic.above += share(high, piece.y0 >= high, piece.y1 >= high);
    logic.below += share(low, piece.y0 <= low, piece.y1 <= low);
    logic.rises += piece.y0 < high && piece.y1 >= high ? 1 : 0;
    logic.falls += piece.y0 > low && piece.y1 <= low ? 1 : 0;
    if (!on) on = piece.y0 >= high;
    const bool before = *on;
    on = before ? piece.y1 > low || piece.y1 >= high : piece.y1 >= high;
    logic.on += share(before ? low : high, before, *on);
  });
  return logic;
}

MeasuredRange MeasurePoints::range(const MeasureCard& card) const {
  MeasuredRange range;
  std::tie(range.from, range.to) = ends(card);
  range.smallest_at = range.largest_at = range.from;
  const std::vector<double> values = samples_.values(card.value, earlier_);
  walk(blocks_, values, range.from, range.to, [&](const Piece& piece) {
    const double width = piece.x1 - piece.x0;
    range.length += width;
    range.integral += 0.5 * width * (piece.y0 + piece.y1);
    range.squares += width * (piece.y0 * piece.y0 + piece.y0 * piece.y1 + piece.y1 * piece.y1) / 3;
    for (const auto& [x, y] : {std::pair(piece.x0, piece.y0), std::pair(piece.x1, piece.y1)}) {
      if (y < range.smallest) {
        range.smallest = y;
        range.smallest_at = x;
      }
      if (y > range.largest) {
        range.largest = y;
        range.largest_at = x;
      }
    }
  });
  return range;
}

double MeasurePoints::place(const MeasureEvent& event, const MeasureCard& card, bool beyond) const {
  if (event.at.empty()) return crossing(event, card);
  const double at = samples_.constant(event.at, earlier_);
  // Rounding of at=stop must not put it behind the last point.
  const double slack = 1e-9 * (high_ - low_);
  if (!beyond && !(at >= low_ - slack && at <= high_ + slack))
    throw MeasureFailure{fmt::format("the points go from {:g} to {:g}, not to {:g}", low_, high_, at)};
  return beyond ? at : std::clamp(at, low_, high_);
}

double MeasurePoints::noise(const std::vector<double>& values) const {
  double largest = 0;
  for (const double value : values)
    if (std::isfinite(value)) largest = std::max(largest, std::abs(value));
  return 0.1 * reltol_ * largest;
}

double MeasurePoints::crossing(const MeasureEvent& event, const MeasureCard& card) const {
  std::vector<double> values = samples_.values(event.left, earlier_);
  const std::vector<double> right = samples_.values(event.right, earlier_);
  for (std::size_t k = 0; k < values.size(); ++k) values[k] -= right[k];
  const double delay = constant(event.delay, -infinity);
  const double lower = std::max(delay, constant(card.lower, -infinity));
  const double upper = constant(card.upper, infinity);
  const double least = noise(values), rounding = 1e-8 * least;
  std::size_t count = 0;
  std::optional<double> found;
  for (const ScaleBlock& block : blocks_) {
    // On which side the curve was last, by more than noise. One that begins at its level and rises at once
    // crosses it there; as in ngspice, where one that falls or rests first does not.
    const double at_once = block.at(0) + 1e-3 * (block.at(block.size() - 1) - block.at(0));
    const auto side_of = [&](std::size_t k) { return values[k] > least ? 1 : values[k] < -least ? -1 : 0; };
    int side = side_of(block.begin);
    bool crossed = false;  // and is within noise since
    for (std::size_t k = block.begin + 1; k < block.end; ++k) {
      const double before = values[k - 1], behind = values[k];
      const int now = side_of(k);
      if (crossed) {
        side = now;
        crossed = now == 0;
        continue;
      }
      if (!(side == 0 ? now != 0 : side < 0 ? behind >= -rounding : behind <= rounding)) continue;
      const bool begins = side == 0, rise = begins ? now > 0 : side < 0;
      side = now;
      crossed = now == 0;
      if (begins && (now < 0 || samples_.scale()[k] > at_once)) continue;
      if (event.edge != MeasureEvent::Edge::cross && rise != (event.edge == MeasureEvent::Edge::rise))
        continue;
      const double x0 = samples_.scale()[k - 1], x1 = samples_.scale()[k];
      const double x = begins ? block.at(0) : x0 + (x1 - x0) * (before / (before - behind));
      if (x < lower || x > upper) continue;
      found = x;
      if (++count == event.count) return x;
    }
  }
  if (event.count == MeasureEvent::last && found) return *found;
  throw MeasureFailure{too_few(event, count)};
}

std::pair<const ScaleBlock*, std::size_t> MeasurePoints::find(double x) const {
  for (const ScaleBlock& block : blocks_) {
    if (x < block.at(0) || x > block.at(block.size() - 1)) continue;
    std::size_t low = 0, high = block.size() - 1;  // at(low) <= x <= at(high)
    while (high - low > 1) {
      const std::size_t middle = (low + high) / 2;
      (block.at(middle) <= x ? low : high) = middle;
    }
    return {&block, low};
  }
  throw MeasureFailure{fmt::format("there is no point at {:g}", x)};
}

double MeasurePoints::value_at(const MeasureCard& card, double x) const {
  const std::vector<double> values = samples_.values(card.value, earlier_);
  const auto [block, i] = find(x);
  const std::size_t j = std::min(i + 1, block->size() - 1);
  return Piece{block->at(i), block->at(j), values[block->row(i)], values[block->row(j)]}.at(x);
}

std::vector<double> MeasurePoints::differences(const MeasureCard& card) const {
  const auto& reference = card.reference->points;
  const double first = reference.front().first, last = reference.back().first;
  const auto [from, to] = ends(card);
  if ((!card.from.given() && first < low_) || (!card.to.given() && last > high_))
    throw MeasureFailure{fmt::format("the file goes from {:g} to {:g}, and the points from {:g} to {:g}",
                                     first, last, low_, high_)};
  const std::vector<double> values = samples_.values(card.value, earlier_);
  std::vector<double> differences;
  for (const auto& [x, expected] : reference) {
    if (x < from || x > to) continue;
    const auto [block, i] = find(x);
    const std::size_t j = std::min(i + 1, block->size() - 1);
    const Piece piece{block->at(i), block->at(j), values[block->row(i)], values[block->row(j)]};
    differences.push_back(piece.at(x) - expected);
  }
  if (differences.empty())
    throw MeasureFailure{fmt::format("the file has no place between {:g} and {:g}", from, to)};
  return differences;
}

double MeasurePoints::slope_at(const MeasureCard& card, double x) const {
  const std::vector<double> values = samples_.values(card.value, earlier_);
  const auto [block, i] = find(x);
  if (block->size() < 2) throw MeasureFailure{"one point has no derivative"};
  if (block->size() == 2) {
    return (values[block->row(1)] - values[block->row(0)]) / (block->at(1) - block->at(0));
  }
  std::size_t first = i;
  if (i > 0 && (i + 2 >= block->size() || x - block->at(i) < block->at(i + 1) - x)) first = i - 1;
  const double x0 = block->at(first), x1 = block->at(first + 1), x2 = block->at(first + 2);
  const double y0 = values[block->row(first)], y1 = values[block->row(first + 1)],
               y2 = values[block->row(first + 2)];
  const double left = (y1 - y0) / (x1 - x0), right = (y2 - y1) / (x2 - x1);
  return left + (2 * x - x0 - x1) * ((right - left) / (x2 - x0));
}

}  // namespace memspice
