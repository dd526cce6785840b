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

// Of a series the blocks that are there must not be lost among those that are not.
bool is_too_far(std::uint32_t count, std::uint32_t names) {
  return count / 8 > names + 128;
}

}  // namespace

// The count is the longest tail of digits that is written as numbers are: of n007 it is 7, behind n00. So a
// name has one count, and beginning and count make one name.
NameTable::Parts NameTable::parts_of(std::string_view name) {
  std::size_t begin = name.size();
  while (begin > 0 && is_digit(name[begin - 1]) && name.size() - begin < longest_count) --begin;
  while (begin + 1 < name.size() && name[begin] == '0') ++begin;
  if (begin == name.size()) return {name};
  Parts parts{name.substr(0, begin), 0};
  for (; begin < name.size(); ++begin)
    parts.count = 10 * parts.count + static_cast<std::uint32_t>(name[begin] - '0');
  return parts;
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
    numbers_.resize(numbers_.size() + block, npos);
  }
  ++of.size;
  return of.blocks[number] * block + parts.count % block;
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
    series = beginnings_.find(parts.before);
    if (series != npos)
      if (const std::uint32_t place = find_counted(parts, series); place != npos && numbers_[place] != npos)
        return numbers_[place];
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
