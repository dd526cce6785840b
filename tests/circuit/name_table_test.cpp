#include <doctest/doctest.h>

#include <string>
#include <vector>

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

TEST_CASE("counted names, and those that only look like it, keep their numbers and come back as they were") {
  // In an order that leaves gaps and comes back to them, with counts too far away, too long or with zeros.
  std::vector<std::string> names{"0", "00", "a", "a0", "a00", "a007", "a7", "a1234567890", "a999999999"};
  for (const int i : {0, 2, 1, 40, 39, 5000, 100000, 3})
    for (const char* before : {"y", "x1.n", "n3_", "", "a", "17."})
      for (int k = 0; k < 50; ++k) names.push_back(before + std::to_string(41 * i + k + 8));
  NameTable table;
  std::vector<std::uint32_t> numbers;
  std::size_t repeated = 0;
  for (const std::string& name : names) {
    const std::size_t before = table.size();
    const std::uint32_t known = table.find(name);
    numbers.push_back(table.intern(name));
    CHECK((known == NameTable::npos ? before : known) == numbers.back());
    if (table.size() == before) ++repeated;
  }
  CHECK(table.size() + repeated == names.size());
  CHECK(repeated > 0);
  const NameTable copy = table;
  for (std::size_t i = 0; i < names.size(); ++i) {
    REQUIRE(copy.find(names[i]) == numbers[i]);
    REQUIRE(copy[numbers[i]] == names[i]);
  }
  for (const char* missing : {"y7", "y07", "y999999", "x1.n7", "n3_", "000", "a9999999990", "7", "b0"})
    CHECK_MESSAGE(table.find(missing) == NameTable::npos, missing);
}
