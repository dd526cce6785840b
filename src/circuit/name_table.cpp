#include <algorithm>
#include <charconv>
#include <functional>
#include <stdexcept>

#include "base/characters.hpp"
#include "memspice/circuit.hpp"

namespace memspice {
namespace {

constexpr std::size_t longest_count = 9;  // digits: fits into 32 bits
// So many names must begin alike before those that follow are counted: x1.r1 x2.r1 … are no series each.
constexpr std::uint32_t fewest_of_series = 16;

// A loop: most beginnings are a letter or two.
bool is_same(std::string_view a, std::string_view b) {
  if (a.size() != b.size()) return false;
  std::size_t i = 0;
  while (i < a.size() && a[i] == b[i]) ++i;
  return i == a.size();
}

// Of a series the blocks that are there must not be lost among those that are not.
bool is_too_far(std::uint32_t count, std::uint32_t names) {
  return count / 8 > names + 128;
}

}  // namespace

// The count is the longest tail of digits that is written as numbers are: of n007 it is 7, behind n00. So a
// name has one count, and beginning and count make one name.
NameTable::Parts NameTable::parts_of(std::string_view name) {
  if (name.empty() || !is_digit(name.back())) return {name};
  std::size_t begin = name.size() - 1;  // of the count, zeros in front of it left out
  auto count = static_cast<std::uint32_t>(name.back() - '0');
  const std::size_t first = name.size() - std::min(name.size(), longest_count);
  std::uint32_t unit = 10;
  for (std::size_t i = begin; i-- > first && is_digit(name[i]); unit *= 10)
    if (name[i] != '0') {
      begin = i;
      count += unit * static_cast<std::uint32_t>(name[i] - '0');
    }
  return {name.substr(0, begin), count};
}

std::uint32_t NameTable::find_counted(const Parts& parts, std::uint32_t series) const {
  const std::vector<std::uint32_t>& blocks = series_[series].blocks;
  const std::uint32_t number = parts.count / block;
  if (number >= blocks.size() || blocks[number] == npos) return npos;
  return blocks[number] * block + parts.count % block;
}

std::uint32_t NameTable::make_counted(const Parts& parts, std::uint32_t series) {
  Series& of = series_[series];
  const std::uint32_t number = parts.count / block;
  if (is_too_far(parts.count, of.size)) return npos;
  if (number >= of.blocks.size()) of.blocks.resize(number + 1, npos);
  if (of.blocks[number] == npos) {
    if (numbers_.size() + block > counted) throw std::length_error("more than 2^31 names");
    of.blocks[number] = static_cast<std::uint32_t>(blocks_.size());
    blocks_.push_back({series, number * block});
    if (numbers_.size() + block > numbers_.capacity())  // at once where the names are known to be many
      numbers_.reserve(std::max({places_.capacity(), 2 * numbers_.capacity(), std::size_t{block}}));
    numbers_.resize(numbers_.size() + block, npos);
  }
  ++of.size;
  return of.blocks[number] * block + parts.count % block;
}

std::uint32_t NameTable::find_series(std::string_view before) {
  const auto look = before.empty() ? 0u
                                   : static_cast<std::uint32_t>(before.size()) +
                                         static_cast<unsigned char>(before.front()) +
                                         static_cast<unsigned char>(before[before.size() / 2]);
  std::uint32_t& recent = recent_[look % recent_.size()];
  if (recent < series_.size() && is_same(beginnings_[recent], before)) return recent;
  const std::uint32_t series = beginnings_.find(before);
  if (series != npos) recent = series;
  return series;
}

std::uint32_t NameTable::series_of(std::string_view before) {
  const auto hash = static_cast<std::uint32_t>(std::hash<std::string_view>{}(before));
  Seen& seen = seen_[hash % seen_.size()];
  if (seen.hash != hash) seen = {hash, 0};
  if (++seen.names < fewest_of_series) return npos;
  const std::uint32_t series = beginnings_.intern(before);
  if (series == series_.size()) series_.emplace_back();
  return series;
}

std::uint32_t NameTable::find(std::string_view name) const {
  if (const Parts parts = parts_of(name); parts.count != npos)
    if (const std::uint32_t series = beginnings_.find(parts.before); series != npos)
      if (const std::uint32_t place = find_counted(parts, series); place != npos && numbers_[place] != npos)
        return numbers_[place];
  const std::uint32_t text = texts_.find(name);
  return text == npos ? npos : of_texts_[text];
}

std::uint32_t NameTable::intern(std::string_view name) {
  const auto id = static_cast<std::uint32_t>(size());
  const Parts parts = parts_of(name);
  std::uint32_t series = npos;
  if (parts.count != npos) {
    series = find_series(parts.before);
    if (series != npos)
      if (const std::uint32_t place = find_counted(parts, series); place != npos && numbers_[place] != npos)
        return numbers_[place];
    if (text_counts_[parts.count % text_counts_.size()])
      if (const std::uint32_t text = texts_.find(name); text != npos) return of_texts_[text];
    if (series == npos) series = series_of(parts.before);
  }
  if (series != npos)
    if (const std::uint32_t place = make_counted(parts, series); place != npos) {
      numbers_[place] = id;
      places_.push_back(place | counted);
      return id;
    }
  const std::uint32_t text = texts_.intern(name);
  if (text < of_texts_.size()) return of_texts_[text];
  if (parts.count != npos) text_counts_.set(parts.count % text_counts_.size());
  of_texts_.push_back(id);
  places_.push_back(text);
  return id;
}

std::string NameTable::operator[](std::uint32_t id) const {
  const std::uint32_t place = places_[id];
  if ((place & counted) == 0) return std::string(texts_[place]);
  const std::uint32_t number = place & ~counted;
  const Block& in = blocks_[number / block];
  std::string name(beginnings_[in.series]);
  char digits[longest_count];
  return name.append(digits,
                     std::to_chars(digits, digits + longest_count, in.first + number % block).ptr - digits);
}

}  // namespace memspice
