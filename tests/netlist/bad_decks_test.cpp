#include <doctest/doctest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "memspice/circuit.hpp"
#include "support/places.hpp"

using namespace memspice;
namespace fs = std::filesystem;

namespace {

std::string read(const fs::path& path) {
  std::ostringstream text;
  text << std::ifstream(path, std::ios::binary).rdbuf();
  return text.str();
}

// Everything the user would see, warnings of a good deck included, with the folder left out.
std::string messages(const fs::path& deck) {
  std::string text;
  try {
    for (const Diagnostic& warning : elaborate(parse_file(deck.string())).warnings)
      text += warning.format() + '\n';
  } catch (const DeckError& error) {
    text = std::string(error.what()) + '\n';
  }
  const std::string folder = deck.parent_path().string() + '/';
  for (std::size_t at = text.find(folder); at != std::string::npos; at = text.find(folder, at))
    text.erase(at, folder.size());
  return text;
}

}  // namespace

// Each tests/decks/bad/*.cir has its messages beside it in an .err file. To accept new messages, run this
// test with MEMSPICE_WRITE_EXPECTED=1 in the environment and read the difference before committing it.
TEST_CASE("every bad deck gives exactly its message") {
  const bool write = std::getenv("MEMSPICE_WRITE_EXPECTED") != nullptr;
  int decks = 0;
  for (const auto& entry :
       fs::directory_iterator(fs::path(memspice::testing::project_folder()) / "tests/decks/bad")) {
    if (entry.path().extension() != ".cir") continue;
    ++decks;
    const fs::path expected = fs::path(entry.path()).replace_extension(".err");
    CAPTURE(entry.path().filename().string());
    const std::string text = messages(entry.path());
    CHECK_FALSE(text.empty());
    if (write)
      std::ofstream(expected, std::ios::binary) << text;
    else
      CHECK(text == read(expected));
  }
  CHECK(decks >= 170);
}
