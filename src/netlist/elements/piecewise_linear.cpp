// ngspice's and LTspice's ways to write the points of a PWL waveform.

#include "netlist/elements/piecewise_linear.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "base/characters.hpp"
#include "netlist/elaboration/number_file.hpp"
#include "netlist/elaboration/parameters.hpp"

namespace memspice {
namespace {

using Kind = Token::Kind;

constexpr std::size_t most_points = 10'000'000;  // that repetitions may make

using PointList = std::vector<std::pair<double, double>>;

struct PointReader {
  SourceFunction& function;
  double time_scale = 1;
  double value_scale = 1;
  int depth = 0;         // of parentheses
  int repeats = 0;       // of REPEAT … ENDREPEAT
  bool forever = false;  // the last points are repeated
};

void read_points(CardContext& card, PointReader& reader, PointList& list);

void refuse_points_behind_forever(const PointReader& reader, std::string_view at) {
  if (reader.forever) throw Problem{at, "nothing can follow what PWL repeats forever"};
}

void read_waveform_file(CardContext& card, const PointReader& reader, PointList& list) {
  constexpr std::string_view holds = "pairs of a time (s) and a value";
  const std::string_view at = card.reader.peek().text;
  const FileNumbers file = file_numbers(card, holds);
  bool has_time = false;
  double time = 0;
  for (const FileNumbers::Entry& entry : file.numbers) {
    double value = entry.value * (has_time ? reader.value_scale : reader.time_scale);
    if (!has_time && !list.empty()) {
      if (entry.plus) {  // LTspice: since the one before
        value += list.back().first;
        card.elaboration.dialect.name_difference(at, sign_of_time);
      }
      if (value < list.back().first)
        fail_in_file(at, file, entry.line,
                     fmt::format("the times must not decrease: {:g} follows {:g}", value, list.back().first),
                     holds);
    }
    if (has_time) list.emplace_back(time, value);
    time = value;
    has_time = !has_time;
  }
  if (has_time) fail_in_file(at, file, file.lines, fmt::format("the time {:g} has no value", time), holds);
}

// The block's times begin where the points before it end, in each of its repetitions.
void repeat_points(CardContext& card, PointReader& reader, PointList& list, std::string_view at) {
  const std::string_view how_often = card.reader.peek().text;
  double count = infinity;
  if (card.reader.accept_word("for")) {
    const std::string_view count_at = card.reader.peek().text;
    count = card.value(CardReader::Blanks::end_it);
    if (!(count >= 1) || count != std::floor(count))
      throw Problem{count_at, fmt::format("REPEAT FOR wants a whole number from 1 on, not {:g}", count)};
  } else if (!card.reader.accept_word("forever")) {
    throw Problem{how_often.empty() ? at : how_often,
                  "REPEAT must be followed by FOR and a number, or FOREVER"};
  } else if (reader.repeats > 0) {
    throw Problem{how_often, "what is repeated FOREVER cannot be a part of another repetition"};
  }
  PointList block;
  const int depth = reader.depth;
  ++reader.repeats;
  read_points(card, reader, block);
  --reader.repeats;
  const std::string_view end_at = card.reader.peek().text;
  if (!card.reader.accept_word("endrepeat")) throw Problem{at, "REPEAT without ENDREPEAT"};
  if (reader.depth != depth)
    throw Problem{end_at, "the parentheses between REPEAT and ENDREPEAT are not paired"};
  if (block.empty() || !(block.back().first > 0))
    throw Problem{at, "what REPEAT repeats must last longer than 0 s"};

  const auto append = [&] {
    const double begin = list.empty() ? 0 : list.back().first;
    for (const auto& [time, level] : block) list.emplace_back(begin + time, level);
  };
  if (count < infinity) {
    if (count * static_cast<double>(block.size()) + static_cast<double>(list.size()) >
        static_cast<double>(most_points))
      throw Problem{at, fmt::format("PWL would have more than {} points", most_points)};
    spend(card.elaboration, Resource::corners, count * static_cast<double>(block.size()), at);
    for (double k = 0; k < count; ++k) append();
  } else {
    append();  // may begin otherwise than the repetitions, which follow upon the block's end
    reader.function.repeat_from = list.back().first;
    append();
    reader.forever = true;
  }
}

bool point_option(CardContext& card, PointReader& reader, PointList& list) {
  const std::string_view word = card.reader.peek().text;
  static constexpr std::string_view names[] = {"r",    "td",     "time_scale_factor", "value_scale_factor",
                                               "file", "trigger"};
  const auto* const name =
      std::ranges::find_if(names, [word](std::string_view known) { return same_word(word, known); });
  if (name == std::end(names)) return false;
  card.reader.take();
  card.reader.take();  // =
  const std::string_view at = card.reader.peek().text;
  if (*name == "trigger") throw Problem{word, "memspice does not have triggered PWL sources"};
  if (*name == "file") {
    refuse_points_behind_forever(reader, word);
    read_waveform_file(card, reader, list);
    return true;
  }
  const double given = card.value(CardReader::Blanks::end_it);
  SourceFunction& function = reader.function;
  if (*name == "td") {
    function.delay = given;
  } else if (*name == "r") {
    if (given < 0) return true;  // ngspice: -1 is no repetition
    const bool known = std::ranges::any_of(list, [given](const auto& p) { return p.first == given; });
    if (reader.repeats > 0 || reader.forever) throw Problem{word, "r= and REPEAT cannot be combined"};
    if (!known || given == list.back().first)
      throw Problem{at, fmt::format("PWL cannot repeat from {:g} s", given),
                    "r= is one of its times, but not the last one"};
    function.repeat_from = given;
    reader.forever = true;
  } else {
    if (!(given > 0) && *name == "time_scale_factor")
      throw Problem{at, fmt::format("{} must be greater than 0, not {:g}", word, given)};
    if (!list.empty()) throw Problem{word, fmt::format("{} must stand before the points", word)};
    (*name == "time_scale_factor" ? reader.time_scale : reader.value_scale) = given;
  }
  return true;
}

// Reads points up to what does not belong to them.
void read_points(CardContext& card, PointReader& reader, PointList& list) {
  while (true) {
    card.reader.skip_commas();
    const Token& token = card.reader.peek();
    const std::string_view at = token.text;
    if (card.reader.accept(Kind::open)) {
      ++reader.depth;
    } else if (token.is(Kind::close) && reader.depth > 0) {
      card.reader.take();
      --reader.depth;
    } else if (token.is(Kind::word) && same_word(at, "endrepeat")) {
      if (reader.repeats == 0) throw Problem{at, "ENDREPEAT without REPEAT"};
      return;
    } else if (card.reader.at_assignment()) {
      if (point_option(card, reader, list)) continue;
      if (reader.depth > 0 || reader.repeats > 0)
        throw Problem{at, fmt::format("PWL has no option '{}'", at)};
      return;
    } else if (token.is(Kind::word) && (same_word(at, "repeat") || same_word(at, "file"))) {
      refuse_points_behind_forever(reader, at);
      card.reader.take();
      if (same_word(at, "file"))
        read_waveform_file(card, reader, list);
      else
        repeat_points(card, reader, list, at);
    } else if (token.is(Kind::end) || token.is(Kind::close) ||
               (reader.depth == 0 && !at_value(card.reader))) {
      return;
    } else {
      refuse_points_behind_forever(reader, at);
      double time = reader.time_scale * card.value(CardReader::Blanks::end_it);
      if (at.starts_with('+') && !list.empty()) {  // LTspice: since the one before
        time += list.back().first;
        card.elaboration.dialect.name_difference(at, sign_of_time);
      }
      if (!list.empty() && time < list.back().first)
        throw Problem{at, fmt::format("the times of PWL must not decrease: {:g} follows {:g}", time,
                                      list.back().first)};
      card.reader.skip_commas();
      if (reader.depth > 0 ? card.reader.peek().is(Kind::close) || card.reader.at_end()
                           : !at_value(card.reader))
        throw Problem{at, "this time of PWL has no value"};
      list.emplace_back(time, reader.value_scale * card.value(CardReader::Blanks::end_it));
    }
  }
}

}  // namespace

void piecewise_linear(CardContext& card, SourceFunction& function) {
  const std::string_view begin = card.reader.peek().text;
  PointReader points{function};
  read_points(card, points, function.points);
  if (points.depth > 0) card.reader.expect(Kind::close, "')'");
  if (function.points.empty()) throw Problem{begin, "PWL needs at least one time and value"};
}

}  // namespace memspice
