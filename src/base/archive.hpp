#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <optional>
#include <span>
#include <stdexcept>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

namespace memspice {

/// Bytes that hold values one behind the other, written or read by the same code: what a class has to tell
/// stands once, in its member `exchange(archive)`, and both directions agree. Numbers are stored as this
/// machine has them.
///
/// Reading throws std::invalid_argument where the bytes end early, lists have another length, or a number is
/// none that has been written: what comes out can be used whatever the bytes are.
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
  /// Bytes that have not been read.
  [[nodiscard]] std::size_t left() const { return from_.size(); }

  template <class T>
  requires std::is_trivially_copyable_v<T>
  void operator()(T& value) {
    if constexpr (std::is_same_v<T, bool>) {
      std::uint8_t byte = value ? 1 : 0;
      bytes(&byte, 1);
      require(byte <= 1);
      value = byte != 0;
    } else {
      static_assert(!is_optional<T>::value);  // maybe(): its bool is as any other one
      bytes(&value, sizeof(T));
    }
  }
  /// One of an enumeration's, whose last is `last`.
  template <class T>
  requires std::is_enum_v<T>
  void choice(T& value, T last) {
    (*this)(value);
    const auto number = static_cast<std::underlying_type_t<T>>(value);
    require(number >= 0 && number <= static_cast<std::underlying_type_t<T>>(last));
  }
  /// What holds of all that is written: read, it may be anything.
  void require(bool holds) const {
    if (reading_ && !holds) throw std::invalid_argument("a number is out of its range");
  }
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
  void text(std::string& value) {
    std::uint64_t count = value.size();
    (*this)(count);
    value.resize(room_for(count));
    bytes(value.data(), value.size());
  }
  /// A list of any length whose elements `one(element)` exchanges; each takes a byte at least.
  template <class T, class One>
  void each(std::vector<T>& values, One&& one) {
    std::uint64_t count = values.size();
    (*this)(count);
    values.resize(room_for(count));
    for (T& value : values) one(value);
  }
  /// What may be missing.
  template <class T, class One>
  void maybe(std::optional<T>& value, One&& one) {
    bool there = value.has_value();
    (*this)(there);
    if (reading_) value = there ? std::optional<T>(T{}) : std::nullopt;
    if (there) one(*value);
  }
  template <class T>
  requires std::is_trivially_copyable_v<T>
  void maybe(std::optional<T>& value) {
    maybe(value, [this](T& there) { (*this)(there); });
  }

 private:
  template <class T>
  struct is_optional : std::false_type {};
  template <class T>
  struct is_optional<std::optional<T>> : std::true_type {};
  /// Checked before memory is asked for.
  std::uint64_t room_for(std::uint64_t count) const {
    if (reading_ && count > from_.size()) throw std::invalid_argument("the bytes end early");
    return count;
  }
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
