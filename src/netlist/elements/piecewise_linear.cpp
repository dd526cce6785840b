// The points of a PWL waveform: ngspice's and LTspice's ways to write them.

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "base/characters.hpp"
#include "netlist/elaborator.hpp"

namespace memspice {
namespace {

using Kind = Token::Kind;

constexpr std::size_t most_points = 10'000'000;  // that repetitions may make

}  // namespace

void Elaborator::piecewise_linear(SourceFunction& function, Scope& scope) {
  const std::string_view begin = reader_.peek().text;
  PointReader points{function};
  read_points(points, function.points, scope);
  if (points.depth > 0) reader_.expect(Kind::close, "')'");
  if (function.points.empty()) throw Problem{begin, "PWL needs at least one time and value"};
}

void Elaborator::read_points(PointReader& reader, PointList& list, Scope& scope) {
  while (true) {
    reader_.skip_commas();
    const Token& token = reader_.peek();
    const std::string_view at = token.text;
    if (reader_.accept(Kind::open)) {
      ++reader.depth;
    } else if (token.is(Kind::close) && reader.depth > 0) {
      reader_.take();
      --reader.depth;
    } else if (token.is(Kind::word) && same_word(at, "endrepeat")) {
      if (reader.repeats == 0) throw Problem{at, "ENDREPEAT without REPEAT"};
      return;
    } else if (reader_.at_assignment()) {
      if (point_option(reader, list, scope)) continue;
      if (reader.depth > 0 || reader.repeats > 0)
        throw Problem{at, fmt::format("PWL has no option '{}'", at)};
      return;
    } else if (token.is(Kind::word) && (same_word(at, "repeat") || same_word(at, "file"))) {
      refuse_points_behind_forever(reader, at);
      reader_.take();
      if (same_word(at, "file"))
        read_waveform_file(reader, list);
      else
        repeat_points(reader, list, scope, at);
    } else if (token.is(Kind::end) || token.is(Kind::close) || (reader.depth == 0 && !at_value())) {
      return;
    } else {
      refuse_points_behind_forever(reader, at);
      double time = reader.time_scale * value(scope, CardReader::Blanks::end_it);
      if (at.starts_with('+') && !list.empty()) {  // LTspice: since the one before
        time += list.back().first;
        name_difference(at, sign_of_time);
      }
      if (!list.empty() && time < list.back().first)
        throw Problem{at, fmt::format("the times of PWL must not decrease: {:g} follows {:g}", time,
                                      list.back().first)};
      reader_.skip_commas();
      if (reader.depth > 0 ? reader_.peek().is(Kind::close) || reader_.at_end() : !at_value())
        throw Problem{at, "this time of PWL has no value"};
      list.emplace_back(time, reader.value_scale * value(scope, CardReader::Blanks::end_it));
    }
  }
}

void Elaborator::refuse_points_behind_forever(const PointReader& reader, std::string_view at) {
  if (reader.forever) throw Problem{at, "nothing can follow what PWL repeats forever"};
}

// The block's times begin where the points before it end, in each of its repetitions.
void Elaborator::repeat_points(PointReader& reader, PointList& list, Scope& scope, std::string_view at) {
  const std::string_view how_often = reader_.peek().text;
  double count = infinity;
  if (reader_.accept_word("for")) {
    const std::string_view count_at = reader_.peek().text;
    count = value(scope, CardReader::Blanks::end_it);
    if (!(count >= 1) || count != std::floor(count))
      throw Problem{count_at, fmt::format("REPEAT FOR wants a whole number from 1 on, not {:g}", count)};
  } else if (!reader_.accept_word("forever")) {
    throw Problem{how_often.empty() ? at : how_often,
                  "REPEAT must be followed by FOR and a number, or FOREVER"};
  } else if (reader.repeats > 0) {
    throw Problem{how_often, "what is repeated FOREVER cannot be a part of another repetition"};
  }
  PointList block;
  const int depth = reader.depth;
  ++reader.repeats;
  read_points(reader, block, scope);
  --reader.repeats;
  const std::string_view end_at = reader_.peek().text;
  if (!reader_.accept_word("endrepeat")) throw Problem{at, "REPEAT without ENDREPEAT"};
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
    for (double k = 0; k < count; ++k) append();
  } else {
    append();  // may begin otherwise than the repetitions, which follow upon the block's end
    reader.function.repeat_from = list.back().first;
    append();
    reader.forever = true;
  }
}

bool Elaborator::point_option(PointReader& reader, PointList& list, Scope& scope) {
  const std::string_view word = reader_.peek().text;
  static constexpr std::string_view names[] = {"r",    "td",     "time_scale_factor", "value_scale_factor",
                                               "file", "trigger"};
  const auto* const name =
      std::ranges::find_if(names, [word](std::string_view known) { return same_word(word, known); });
  if (name == std::end(names)) return false;
  reader_.take();
  reader_.take();  // =
  const std::string_view at = reader_.peek().text;
  if (*name == "trigger") throw Problem{word, "memspice does not have triggered PWL sources"};
  if (*name == "file") {
    refuse_points_behind_forever(reader, word);
    read_waveform_file(reader, list);
    return true;
  }
  const double given = value(scope, CardReader::Blanks::end_it);
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

}  // namespace memspice
