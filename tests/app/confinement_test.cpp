#include <doctest/doctest.h>
#include <fcntl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>
#include <app/confinement/confinement.hpp>

#include <cerrno>
#include <functional>
#include <thread>
#include <vector>

#include "support/program.hpp"

// What the kernel holds of --safe, seen from inside: a process confines itself and tries.

namespace {

namespace fs = std::filesystem;
using memspice::app::Reach;

/// What `attempt` returns in a process of its own behind `confine`: 0 for success, else its errno; -1 where
/// this kernel has no such bounds.
int confined(const std::function<bool()>& confine, const std::function<int()>& attempt) {
  const pid_t child = ::fork();
  if (child == 0) {
    if (!confine()) ::_exit(255);
    ::_exit(attempt());
  }
  int status = 0;
  ::waitpid(child, &status, 0);
  REQUIRE(WIFEXITED(status));
  return WEXITSTATUS(status) == 255 ? -1 : WEXITSTATUS(status);
}

int outcome_of(long returned) {
  return returned < 0 ? errno : 0;
}

int opened(const std::string& path, int flags) {
  const int descriptor = ::open(path.c_str(), flags, 0600);
  if (descriptor >= 0) ::close(descriptor);
  return outcome_of(descriptor);
}

}  // namespace

TEST_CASE("a confined process opens what it was given to read and write, and nothing else") {
  const TemporaryFolder folder;
  for (const char* name : {"decks/sub", "results", "other"}) fs::create_directories(folder.file(name));
  for (const char* name : {"decks/a", "decks/sub/b", "results/old", "other/secret"})
    write_bytes(folder.file(name), "text\n");
  const auto tried = [&](const std::function<int()>& attempt) {
    return confined(
        [&] {
          return memspice::app::confine_files(
                     Reach{.reads = {folder.file("decks")}, .writes = {folder.file("results")}}) > 0;
        },
        attempt);
  };
  if (tried([] { return 0; }) < 0) {
    MESSAGE("this kernel has no Landlock");
    return;
  }
  const auto at = [&](const char* name) { return folder.file(name); };
  CHECK(tried([&] { return opened(at("decks/a"), O_RDONLY); }) == 0);
  CHECK(tried([&] { return opened(at("decks/sub/b"), O_RDONLY); }) == 0);
  CHECK(tried([&] { return opened(at("results/old"), O_RDWR | O_TRUNC); }) == 0);
  CHECK(tried([&] { return opened(at("results/new"), O_WRONLY | O_CREAT | O_EXCL); }) == 0);
  CHECK(tried([&] { return outcome_of(::rename(at("results/new").c_str(), at("results/newer").c_str())); }) ==
        0);
  CHECK(tried([&] { return outcome_of(::unlink(at("results/newer").c_str())); }) == 0);
  CHECK(tried([&] { return opened("/dev/null", O_WRONLY); }) == 0);
  CHECK(tried([&] { return opened("/proc/self/status", O_RDONLY); }) == 0);

  CHECK(tried([&] { return opened(at("decks/a"), O_WRONLY); }) == EACCES);
  CHECK(tried([&] { return opened(at("decks/new"), O_WRONLY | O_CREAT); }) == EACCES);
  CHECK(tried([&] { return outcome_of(::unlink(at("decks/a").c_str())); }) == EACCES);
  CHECK(tried([&] { return opened(at("other/secret"), O_RDONLY); }) == EACCES);
  CHECK(tried([&] { return opened(at("other"), O_RDONLY | O_DIRECTORY); }) == EACCES);
  CHECK(tried([&] { return opened("/etc/passwd", O_RDONLY); }) == EACCES);
  CHECK(tried([&] { return opened("/bin/sh", O_RDONLY); }) == EACCES);
  CHECK(tried([&] { return outcome_of(::mkdir(at("results/sub").c_str(), 0700)); }) == EACCES);
  CHECK(tried([&] { return outcome_of(::symlink("/etc/passwd", at("results/link").c_str())); }) == EACCES);
  CHECK(tried([&] {
          return outcome_of(::rename(at("results/old").c_str(), at("other/old").c_str())) != 0 ? 0 : 1;
        }) == 0);
  CHECK(read_bytes(at("other/secret")) == "text\n");
}

TEST_CASE("a confined process starts threads, but no program, no process and no connection") {
  const auto tried = [](const std::function<int()>& attempt) {
    return confined([] { return memspice::app::confine_calls(); }, attempt);
  };
  if (tried([] { return 0; }) < 0) {
    MESSAGE("this kernel filters no calls");
    return;
  }
  CHECK(tried([] {
          int done = 0;
          std::thread([&] { done = 1; }).join();
          return done - 1;
        }) == 0);
  CHECK(tried([] {
          const std::vector<double> large(1 << 22, 1.0);
          return large.back() == 1 ? 0 : 1;
        }) == 0);
  CHECK(tried([] { return outcome_of(::execl("/bin/true", "true", nullptr)); }) == EPERM);
  CHECK(tried([] { return outcome_of(::fork()); }) == EPERM);
  CHECK(tried([] { return outcome_of(::socket(AF_INET, SOCK_STREAM, 0)); }) == EPERM);
  CHECK(tried([] { return outcome_of(::socket(AF_UNIX, SOCK_STREAM, 0)); }) == EPERM);
  CHECK(tried([] { return outcome_of(::chmod("/tmp", 0777)); }) == EPERM);
  CHECK(tried([] { return outcome_of(::setpgid(0, 0)); }) == 0);
}

TEST_CASE("with --safe the program says what the kernel bounds, and all its outputs are written") {
  const TemporaryFolder folder;
  fs::create_directories(folder.file("decks"));
  fs::create_directories(folder.file("results"));
  write_bytes(folder.file("decks/part.inc"), "R1 a b 1k\n");
  write_bytes(folder.file("decks/deck.cir"),
              "title\n.include part.inc\nV1 a 0 sin(0 1 1)\nY1 b 0 m\n.model m memristor\n"
              ".print tran v(b) file=table.txt\n.mc 4 seed=1\n.tran 0.01 1\n");
  const CommandOutcome run =
      run_command(folder,
                  "$MEMSPICE decks/deck.cir --safe -v --threads 4 -r results/out.raw -o results/log.txt "
                  "--report results/report.json --print results/printed.txt "
                  "--checkpoint results/run.checkpoint,0.01");
  CAPTURE(run.err);
  CHECK(run.code == 0);
  for (const char* name :
       {"results/out.raw", "results/log.txt", "results/report.json", "results/printed.txt", "table.txt"}) {
    CAPTURE(name);
    CHECK(fs::exists(folder.file(name)));
  }
  CHECK(run_command(folder, "$MEMSPICE decks/deck.cir --safe --check < /dev/null").code == 0);
  CHECK(run_command(folder, "cd decks; $MEMSPICE - --safe -q --print /dev/null < deck.cir; rm -f table.txt")
            .code == 0);
  const CommandOutcome large =
      run_command(folder, "$MEMSPICE convert decks/deck.cir --to ngspice --safe --limit bytes=9");
  CHECK(large.code == 2);
  CHECK(large.err.find("the budget 'bytes' is used up") != std::string::npos);
  CHECK(run_command(folder, "$MEMSPICE convert decks/deck.cir --to ngspice --safe -q -o results/deck.cir")
            .code == 0);
  CHECK(run_command(folder, "cat decks/deck.cir | $MEMSPICE - --limit bytes=9 --check").code == 2);
}
