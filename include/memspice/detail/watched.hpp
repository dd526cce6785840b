#pragma once

#include <cmath>
#include <cstdint>

namespace memspice {

/// A number that remembers how comparisons come out: equations evaluated with it tell which of their smooth
/// pieces a point lies in. Where comparisons come out alike there is no kink between.
struct Watched {
  double value = 0;

  Watched() = default;
  Watched(double constant) : value(constant) {}  // NOLINT(google-explicit-constructor): constants mix freely

  /// Of the comparisons since begin(), in their order: a 1 and behind it a digit each.
  static std::uint64_t& outcomes() {
    static thread_local std::uint64_t digits = 1;
    return digits;
  }
  static void begin() { outcomes() = 1; }

  Watched& operator+=(const Watched& b) { return *this = *this + b; }
  Watched& operator-=(const Watched& b) { return *this = *this - b; }
  Watched& operator*=(const Watched& b) { return *this = *this * b; }
  Watched& operator/=(const Watched& b) { return *this = *this / b; }
  friend Watched operator-(const Watched& a) { return -a.value; }
  friend Watched operator+(const Watched& a, const Watched& b) { return a.value + b.value; }
  friend Watched operator-(const Watched& a, const Watched& b) { return a.value - b.value; }
  friend Watched operator*(const Watched& a, const Watched& b) { return a.value * b.value; }
  friend Watched operator/(const Watched& a, const Watched& b) { return a.value / b.value; }
  friend Watched exp(const Watched& a) { return std::exp(a.value); }
  friend Watched log(const Watched& a) { return std::log(a.value); }
  friend Watched sqrt(const Watched& a) { return std::sqrt(a.value); }
  friend Watched tan(const Watched& a) { return std::tan(a.value); }
  friend bool operator<(const Watched& a, const Watched& b) { return note(a.value < b.value); }
  friend bool operator>(const Watched& a, const Watched& b) { return note(a.value > b.value); }

 private:
  static bool note(bool outcome) {
    std::uint64_t& digits = outcomes();
    digits = 2 * digits + (outcome ? 1 : 0);
    return outcome;
  }
};

}  // namespace memspice
