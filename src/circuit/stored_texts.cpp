#include <algorithm>
#include <bit>
#include <cstring>
#include <stdexcept>

#include "memspice/circuit.hpp"

namespace memspice {
namespace {

// Texts that differ in their last character get neighbouring slots: where many do, x1.a x1.b …, they were
// added one after the other, and a lookup seldom misses the cache.
std::uint32_t hash_of_text(std::string_view text) {
  constexpr std::uint64_t multiplier = 0x9e3779b97f4a7c15u;
  std::uint64_t h = text.size() * multiplier;
  const auto mix = [&h](std::uint64_t word) {
    h = (h ^ word) * multiplier;
    h ^= h >> 32;
  };
  if (text.empty()) return 0;
  const auto last = static_cast<unsigned char>(text.back());
  text.remove_suffix(1);
  std::uint64_t word = 0;
  for (; text.size() >= 8; text.remove_prefix(8)) {
    std::memcpy(&word, text.data(), 8);
    mix(word);
  }
  word = 0;
  for (const char c : text) word = word << 8 | static_cast<unsigned char>(c);
  mix(word);
  return static_cast<std::uint32_t>(h ^ h >> 29) + last;
}

}  // namespace

std::size_t StoredTexts::slot_of(std::string_view text, std::uint32_t hash) const {
  const auto mask = static_cast<std::uint32_t>(slots_.size() - 1);
  std::size_t i = hash & mask;
  for (; slots_[i] != npos; i = (i + 1) & mask)
    if (((slots_[i] ^ hash) & ~mask) == 0) {
      const std::uint32_t number = slots_[i] & mask, begin = begin_[number];
      if (begin_[number + 1] - begin == text.size() &&
          std::memcmp(characters_.data() + begin, text.data(), text.size()) == 0)
        break;
    }
  return i;
}

std::uint32_t StoredTexts::intern(std::string_view text) {
  if (2 * (size() + 1) > slots_.size()) make_slots(std::max<std::size_t>(16, 2 * slots_.size()));
  const auto mask = static_cast<std::uint32_t>(slots_.size() - 1);
  const std::uint32_t hash = hash_of_text(text);
  std::uint32_t& slot = slots_[slot_of(text, hash)];
  if (slot != npos) return slot & mask;
  if (characters_.size() + text.size() > npos) throw std::length_error("more than 4 GiB of names");
  const auto id = static_cast<std::uint32_t>(size());
  slot = (hash & ~mask) | id;
  characters_ += text;
  begin_.push_back(static_cast<std::uint32_t>(characters_.size()));
  return id;
}

std::uint32_t StoredTexts::find(std::string_view text) const {
  if (slots_.empty()) return npos;
  const std::uint32_t slot = slots_[slot_of(text, hash_of_text(text))];
  return slot == npos ? npos : slot & static_cast<std::uint32_t>(slots_.size() - 1);
}

void StoredTexts::make_slots(std::size_t count) {
  slots_ = {};  // first: old and new ones together would be the most that there is
  slots_.assign(count, npos);
  const auto mask = static_cast<std::uint32_t>(count - 1);
  for (std::uint32_t id = 0; id < size(); ++id) {
    const std::uint32_t hash = hash_of_text((*this)[id]);
    std::size_t i = hash & mask;
    while (slots_[i] != npos) i = (i + 1) & mask;
    slots_[i] = (hash & ~mask) | id;
  }
}

}  // namespace memspice
