#include "base/beneath.hpp"

#include <doctest/doctest.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <cerrno>
#include <random>
#include <thread>

#include "waveform/temporary_folder.hpp"

using namespace memspice;

namespace {

namespace fs = std::filesystem;

using Open = Descriptor (*)(const Descriptor&, const fs::path&, int, unsigned);
constexpr std::array<Open, 2> both_ways{open_beneath, open_beneath_stepwise};

std::string text_of(const Descriptor& file) {
  std::array<char, 100> bytes{};
  const ssize_t count = ::read(file.number(), bytes.data(), bytes.size());
  return count < 0 ? "" : std::string(bytes.data(), static_cast<std::size_t>(count));
}

// What a path below `inner` opens: its text, or the number of the error.
std::string opened(Open open, const TemporaryFolder& folder, const fs::path& path) {
  const Descriptor file = open(open_folder(folder.path() / "inner"), path, O_RDONLY, 0);
  return file.open() ? text_of(file) : errno == EXDEV ? "outside" : errno == ELOOP ? "endless" : "no file";
}

struct Places {
  TemporaryFolder folder;
  Places() {
    fs::create_directories(folder.path() / "inner/sub/deep");
    fs::create_directories(folder.path() / "outer");
    write_bytes(folder.file("secret"), "secret");
    write_bytes(folder.file("outer/secret"), "secret");
    write_bytes(folder.file("inner/a"), "a");
    write_bytes(folder.file("inner/sub/b"), "b");
    link("a", "inner/to_a");
    link("../a", "inner/sub/up_to_a");
    link("sub", "inner/to_sub");
    link("../secret", "inner/to_secret");
    link("../../secret", "inner/sub/to_secret");
    link("../outer", "inner/to_outer");
    link(folder.file("secret"), "inner/absolute_out");
    link(folder.file("inner/a"), "inner/absolute_in");
    link("loop", "inner/loop");
    link("..", "inner/sub/up");
    link("to_sub/up/to_secret", "inner/chain");
    link("/proc/self/root", "inner/magic");
  }
  void link(const std::string& target, const std::string& name) const {
    fs::create_symlink(target, folder.file(name));
  }
};

}  // namespace

TEST_CASE("below a folder paths and links lead about, and none leads out") {
  const Places places;
  for (const Open open : both_ways) {
    const auto from = [&](const fs::path& path) { return opened(open, places.folder, path); };
    for (const char* path : {"a", "./a", "sub/../a", "to_a", "sub/up_to_a", "to_sub/up_to_a",
                             "sub/deep/../../a", "sub/up/a", "to_sub/up/sub/up/a", ".//a", "./sub/./../a"}) {
      CAPTURE(path);
      CHECK(from(path) == "a");
    }
    CHECK(from("to_sub/b") == "b");
    for (const char* path :
         {"..", "../secret", "../inner/a", "sub/../../secret", "to_secret", "sub/to_secret",
          "to_outer/secret", "absolute_out", "absolute_in", "chain", "/etc/passwd", "magic/etc/passwd",
          "sub/up/../secret", "to_sub/up/../secret", "./../secret"}) {
      CAPTURE(path);
      CHECK(from(path) == "outside");
    }
    CHECK(from("loop") == "endless");
    CHECK(from("none") == "no file");
    CHECK(from("a/b") == "no file");
    CHECK(from("") == "no file");
  }
}

TEST_CASE("a new file below a folder replaces none and goes through no link") {
  for (const Open open : both_ways) {
    const Places places;
    const Descriptor inner = open_folder(places.folder.path() / "inner");
    const auto create = [&](const fs::path& path) {
      const Descriptor file = open(inner, path, O_WRONLY | O_CREAT | O_EXCL, 0644);
      return file.open() ? 0 : errno;
    };
    CHECK(create("sub/new") == 0);
    CHECK(fs::exists(places.folder.file("inner/sub/new")));
    CHECK(create("a") == EEXIST);
    CHECK(create("to_secret") == EEXIST);
    CHECK(create("to_outer/new") == EXDEV);
    CHECK(create("../new") == EXDEV);
    CHECK_FALSE(fs::exists(places.folder.file("outer/new")));
    CHECK_FALSE(fs::exists(places.folder.file("new")));
  }
}

TEST_CASE("random paths through random links: both ways open the same, and never a secret") {
  std::mt19937 random(1);
  const Places places;
  const std::array<const char*, 13> words{"a",       "sub",    "deep",       "..",       ".",
                                          "to_a",    "to_sub", "up",         "to_outer", "to_secret",
                                          "up_to_a", "secret", "absolute_in"};
  for (int i = 0; i < 5000; ++i) {
    fs::path path;
    for (std::size_t n = 1 + random() % 6; n > 0; --n) path /= words[random() % words.size()];
    CAPTURE(path.string());
    const std::string first = opened(open_beneath, places.folder, path);
    CHECK(first == opened(open_beneath_stepwise, places.folder, path));
    CHECK(first != "secret");
  }
}

TEST_CASE("a folder that somebody exchanges for a link while it is opened leads out at no time") {
  const Places places;
  const fs::path inner = places.folder.path() / "inner";
  for (const Open open : both_ways) {
    std::atomic<bool> done = false;
    std::thread other([&] {
      for (int i = 0; !done; ++i) {
        std::error_code error;
        fs::rename(inner / "sub", inner / "kept", error);
        fs::rename(inner / "to_outer", inner / "sub", error);
        fs::rename(inner / "sub", inner / "to_outer", error);
        fs::rename(inner / "kept", inner / "sub", error);
      }
    });
    int leaks = 0;
    for (int i = 0; i < 3000; ++i) leaks += opened(open, places.folder, "sub/secret") == "secret" ? 1 : 0;
    done = true;
    other.join();
    CHECK(leaks == 0);
  }
}
