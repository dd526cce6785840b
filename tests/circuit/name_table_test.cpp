#include <doctest/doctest.h>

#include <string>

#include "memspice/circuit.hpp"

using namespace memspice;

TEST_CASE("a name keeps its number however many names follow") {
  NameTable table;
  CHECK(table.find("n0") == NameTable::npos);
  for (std::uint32_t i = 0; i < 10000; ++i) REQUIRE(table.intern("n" + std::to_string(i)) == i);
  for (std::uint32_t i = 0; i < 10000; ++i) {
    const std::string name = "n" + std::to_string(i);
    REQUIRE(table.intern(name) == i);
    REQUIRE(table.find(name) == i);
    REQUIRE(table[i] == name);
  }
  CHECK(table.size() == 10000);
  CHECK(table.find("n10000") == NameTable::npos);
}

TEST_CASE("a table with room made keeps what it has and takes more than was expected") {
  NameTable table;
  table.intern("first");
  for (const std::size_t names : {100u, 10u}) {
    table.reserve(names);
    CHECK(table.find("first") == 0);
    for (std::uint32_t i = 0; i < 1000; ++i) REQUIRE(table.intern("n" + std::to_string(i)) == i + 1);
  }
  CHECK(table.size() == 1001);
}

TEST_CASE("names that differ in one character, length or a zero byte stay apart") {
  NameTable table;
  const std::string zero("a\0", 2);
  for (const std::string& name :
       {std::string(), std::string("a"), zero, std::string("abcdefgh"), std::string("abcdefghi"),
        std::string("abcdefgi"), std::string("a rather long name")})
    table.intern(name);
  CHECK(table.size() == 7);
  CHECK(table[table.find(zero)] == zero);
}
