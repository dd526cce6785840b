#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

namespace memspice {

/// A number that tells bytes from others: FNV-1a. Changing one of them always changes it.
class Fingerprint {
 public:
  void add(std::span<const std::byte> bytes) {
    for (const std::byte byte : bytes) value_ = (value_ ^ static_cast<std::uint64_t>(byte)) * 0x100000001b3;
  }
  void add(std::uint64_t number) { add(std::as_bytes(std::span(&number, 1))); }
  /// With its length: "ab", "c" are not "a", "bc".
  void add_text(std::string_view text) {
    add(std::as_bytes(std::span(text)));
    add(text.size());
  }
  [[nodiscard]] std::uint64_t value() const { return value_; }

 private:
  std::uint64_t value_ = 0xcbf29ce484222325;
};

inline std::uint64_t fingerprint_of(std::span<const std::byte> bytes) {
  Fingerprint fingerprint;
  fingerprint.add(bytes);
  return fingerprint.value();
}

}  // namespace memspice
