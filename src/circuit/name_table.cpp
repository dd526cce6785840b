#include <algorithm>
#include <bit>
#include <cstring>
#include <stdexcept>

#include "memspice/circuit.hpp"

namespace memspice {
namespace {

// Names of large decks are numbered, n1 n2 n3 …, and neighbours in the deck have neighbouring numbers. So the
// last character is added at the end: such names get neighbouring slots, and a lookup seldom misses the
// cache.
std::uint32_t hash_of_name(std::string_view name) {
  constexpr std::uint64_t multiplier = 0x9e3779b97f4a7c15u;
  std::uint64_t h = name.size() * multiplier;
  const auto mix = [&h](std::uint64_t word) {
    h = (h ^ word) * multiplier;
    h ^= h >> 32;
  };
  if (name.empty()) return 0;
  const auto last = static_cast<unsigned char>(name.back());
  name.remove_suffix(1);
  std::uint64_t word = 0;
  for (; name.size() >= 8; name.remove_prefix(8)) {
    std::memcpy(&word, name.data(), 8);
    mix(word);
  }
  word = 0;
  for (const char c : name) word = word << 8 | static_cast<unsigned char>(c);
  mix(word);
  return static_cast<std::uint32_t>(h ^ h >> 29) + last;
}

}  // namespace

std::size_t NameTable::slot_of(std::string_view name, std::uint32_t hash) const {
  const auto mask = static_cast<std::uint32_t>(slots_.size() - 1);
  std::size_t i = hash & mask;
  for (; slots_[i] != npos; i = (i + 1) & mask)
    if (((slots_[i] ^ hash) & ~mask) == 0 && (*this)[slots_[i] & mask] == name) break;
  return i;
}

std::uint32_t NameTable::intern(std::string_view name) {
  if (2 * (size() + 1) > slots_.size()) make_slots(std::max<std::size_t>(16, 2 * slots_.size()));
  const auto mask = static_cast<std::uint32_t>(slots_.size() - 1);
  const std::uint32_t hash = hash_of_name(name);
  std::uint32_t& slot = slots_[slot_of(name, hash)];
  if (slot != npos) return slot & mask;
  if (characters_.size() + name.size() > npos) throw std::length_error("more than 4 GiB of names");
  const auto id = static_cast<std::uint32_t>(size());
  slot = (hash & ~mask) | id;
  characters_ += name;
  begin_.push_back(static_cast<std::uint32_t>(characters_.size()));
  return id;
}

std::uint32_t NameTable::find(std::string_view name) const {
  if (slots_.empty()) return npos;
  const std::uint32_t slot = slots_[slot_of(name, hash_of_name(name))];
  return slot == npos ? npos : slot & static_cast<std::uint32_t>(slots_.size() - 1);
}

void NameTable::reserve(std::size_t names) {
  constexpr std::size_t length_of_most = 12;
  begin_.reserve(names + 1);
  characters_.reserve(length_of_most * names);
  const std::size_t count = std::bit_ceil(std::max<std::size_t>(16, 2 * names));
  if (count > slots_.size()) make_slots(count);
}

void NameTable::make_slots(std::size_t count) {
  slots_ = {};  // first: old and new ones together would be the most that there is
  slots_.assign(count, npos);
  const auto mask = static_cast<std::uint32_t>(count - 1);
  for (std::uint32_t id = 0; id < size(); ++id) {
    const std::uint32_t hash = hash_of_name((*this)[id]);
    std::size_t i = hash & mask;
    while (slots_[i] != npos) i = (i + 1) & mask;
    slots_[i] = (hash & ~mask) | id;
  }
}

}  // namespace memspice
