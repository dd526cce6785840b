#pragma once

#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <string>

namespace memspice::testing {

/// A folder of decks that is removed at the end of the test.
class DeckFolder {
 public:
  DeckFolder()
      : path_(std::filesystem::temp_directory_path() / ("memspice-deck-" + std::to_string(::getpid()))) {
    std::filesystem::create_directories(path_);
  }
  ~DeckFolder() { std::filesystem::remove_all(path_); }
  DeckFolder(const DeckFolder&) = delete;
  DeckFolder& operator=(const DeckFolder&) = delete;

  /// Writes a file and returns its path.
  std::string write(const std::string& name, const std::string& text) const {
    const std::filesystem::path file = path_ / name;
    std::filesystem::create_directories(file.parent_path());
    std::ofstream(file) << text;
    return file.string();
  }

 private:
  std::filesystem::path path_;
};

}  // namespace memspice::testing
