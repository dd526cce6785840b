#include <doctest/doctest.h>

#include <cmath>
#include <string>

#include "base/number.hpp"

using namespace memspice;

namespace {

double number(std::string_view text) {
  const auto number = read_number(text);
  REQUIRE(number.has_value());
  REQUIRE(number->length == text.size());
  return number->value;
}

}  // namespace

TEST_CASE("numbers are read to the last bit") {
  CHECK(number("0") == 0);
  CHECK(number("1.5e-3") == 1.5e-3);
  CHECK(number(".25") == 0.25);
  CHECK(number("5.") == 5);
  CHECK(number("0.463389") == 0.463389);
  CHECK(number("17.000000000000004") == 17.000000000000004);
  CHECK(number("123456789012345678901234567890") == 123456789012345678901234567890.0);
  CHECK(number("0.1234567890123456789") == 0.1234567890123456789);
  CHECK(number("2E+3") == 2000);
  CHECK(number("1e-400") == 0);
  CHECK(std::isinf(number("1e400")));
}

TEST_CASE("scale factors are SPICE's, in any case, and letters behind them mean nothing") {
  CHECK(number("1T") == 1e12);
  CHECK(number("2g") == 2e9);
  CHECK(number("3Meg") == 3e6);
  CHECK(number("3MEGOhm") == 3e6);
  CHECK(number("10k") == 1e4);
  CHECK(number("10kOhm") == 1e4);
  CHECK(number("1mil") == 25.4e-6);
  CHECK(number("3m") == 3e-3);
  CHECK(number("3M") == 3e-3);
  CHECK(number("4.7uF") == 4.7e-6);
  CHECK(number("4.7\xc2\xb5"
               "F") == 4.7e-6);
  CHECK(number("4.7\xce\xbc") == 4.7e-6);
  CHECK(number("100n") == 100e-9);
  CHECK(number("3p") == 3e-12);
  CHECK(number("3f") == 3e-15);
  CHECK(number("3a") == 3);  // ampere
  CHECK(number("5V") == 5);
  CHECK(number("1e3k") == 1e6);
  CHECK(number("7\xce\xa9") == 7);
}

TEST_CASE("Fortran's exponents are read, and a d without digits is a unit") {
  const auto value = [](std::string_view text) { return read_number(text).value().value; };
  CHECK(value("1d3") == 1e3);
  CHECK(value("2.5D-7") == 2.5e-7);
  CHECK(value("12345678901234567d+2") == 12345678901234567e2);
  CHECK(value("7d") == 7);
  CHECK(read_number("7d+")->length == 2);
}

TEST_CASE("what is not a number is left alone") {
  for (const char* text : {"", "k", "-1", ".", ".k", "e5", "nan", "inf"})
    CHECK_FALSE(read_number(text).has_value());
  CHECK(read_number("1k5")->length == 2);
  CHECK(read_number("2*3")->length == 1);
  CHECK(read_number("1e")->length == 2);
  CHECK(read_number("1.2.3")->length == 3);
}

TEST_CASE("a word with a sign is read to the bits of the number behind it, or not at all") {
  for (const char* text : {"0", "5.", ".5", "0.463389", "123456789012345.", "1234567890.123456", "1e3", "1d3",
                           "2.5e-1", "3k", "4.7MEG", "1e-400"}) {
    CHECK(signed_number(text) == number(text));
    CHECK(signed_number(std::string("-") + text) == -number(text));
    CHECK(signed_number(std::string("+") + text) == number(text));
  }
  for (const char* text : {"", "-", "+", ".", "-.", "--1", "+-1", "1 ", "1e400", "1x", "1.2.3", "0x10"})
    CHECK_MESSAGE(!signed_number(text), text);
  CHECK(!signed_number({}));
}
