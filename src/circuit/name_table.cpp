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

std::uint32_t NameTable::intern(std::string_view name) {
  if (2 * (size() + 1) > slots_.size()) grow();
  const std::size_t mask = slots_.size() - 1;
  const std::uint32_t h = hash_of_name(name);
  std::size_t i = h & mask;
  for (; slots_[i].id != npos; i = (i + 1) & mask)
    if (slots_[i].hash == h && (*this)[slots_[i].id] == name) return slots_[i].id;
  if (characters_.size() + name.size() > npos) throw std::length_error("more than 4 GiB of names");
  const auto id = static_cast<std::uint32_t>(size());
  slots_[i] = {id, h};
  characters_ += name;
  begin_.push_back(static_cast<std::uint32_t>(characters_.size()));
  return id;
}

std::uint32_t NameTable::find(std::string_view name) const {
  if (slots_.empty()) return npos;
  const std::size_t mask = slots_.size() - 1;
  const std::uint32_t h = hash_of_name(name);
  for (std::size_t i = h & mask; slots_[i].id != npos; i = (i + 1) & mask)
    if (slots_[i].hash == h && (*this)[slots_[i].id] == name) return slots_[i].id;
  return npos;
}

void NameTable::grow() {
  std::vector<Slot> old(slots_.empty() ? 16 : 2 * slots_.size());
  old.swap(slots_);
  const std::size_t mask = slots_.size() - 1;
  for (const Slot& slot : old) {
    if (slot.id == npos) continue;
    std::size_t i = slot.hash & mask;
    while (slots_[i].id != npos) i = (i + 1) & mask;
    slots_[i] = slot;
  }
}

}  // namespace memspice
