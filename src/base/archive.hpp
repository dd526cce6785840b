#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>
#include <stdexcept>
#include <type_traits>
#include <utility>
#include <vector>

namespace memspice {

/// Bytes that hold values one behind the other, written or read by the same code: what a class has to tell
/// stands once, in its member `exchange(archive)`, and both directions agree. Numbers are stored as this
/// machine has them.
///
/// Reading throws std::invalid_argument where the bytes end early or lists have another length.
class Archive {
 public:
  /// Writes.
  Archive() = default;
  /// Reads these bytes, which must stay.
  explicit Archive(std::span<const std::byte> bytes) : from_(bytes), reading_(true) {}

  [[nodiscard]] bool reading() const { return reading_; }
  /// What was written.
  [[nodiscard]] std::vector<std::byte> take() { return std::move(written_); }
  [[nodiscard]] bool at_end() const { return from_.empty(); }

  template <class T>
  requires std::is_trivially_copyable_v<T>
  void operator()(T& value) { bytes(&value, sizeof(T)); }
  /// A list whose length the reader knows.
  template <class T>
  void operator()(std::vector<T>& values) {
    if (length(values) != values.size()) throw std::invalid_argument("a list has another length");
    bytes(values.data(), values.size() * sizeof(T));
  }
  /// A list of any length.
  template <class T>
  void list(std::vector<T>& values) {
    const std::uint64_t count = length(values);
    if (reading_ && count > from_.size() / sizeof(T)) throw std::invalid_argument("the bytes end early");
    values.resize(count);
    bytes(values.data(), values.size() * sizeof(T));
  }

 private:
  template <class T>
  std::uint64_t length(const std::vector<T>& values) {
    static_assert(std::is_trivially_copyable_v<T> && !std::is_same_v<T, bool>);
    std::uint64_t count = values.size();
    (*this)(count);
    return count;
  }
  void bytes(void* data, std::size_t count) {
    if (count == 0) return;
    if (!reading_) {
      const auto* begin = static_cast<const std::byte*>(data);
      written_.insert(written_.end(), begin, begin + count);
      return;
    }
    if (count > from_.size()) throw std::invalid_argument("the bytes end early");
    std::memcpy(data, from_.data(), count);
    from_ = from_.subspan(count);
  }

  std::vector<std::byte> written_;
  std::span<const std::byte> from_;
  bool reading_ = false;
};

}  // namespace memspice
