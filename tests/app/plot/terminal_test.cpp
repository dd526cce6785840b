// A terminal that answers memspice's question for sixel graphics, or does not.
#include <doctest/doctest.h>
#include <fcntl.h>
#include <poll.h>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>

#include <cstdlib>
#include <string>

#include "base/descriptor.hpp"
#include "support/program.hpp"

namespace {

/// What the program writes to a terminal of 80 columns that says `attributes` when it is asked what it is;
/// empty: it says nothing.
std::string shown_by_terminal(const TemporaryFolder& folder, const std::string& kind,
                              const std::string& attributes) {
  const memspice::Descriptor ours(::posix_openpt(O_RDWR | O_NOCTTY));
  REQUIRE(ours.open());
  REQUIRE(::grantpt(ours.number()) == 0);
  REQUIRE(::unlockpt(ours.number()) == 0);
  const std::string name = ::ptsname(ours.number());
  const std::string program = memspice::testing::program_path();
  const std::string place = folder.path().string();
  const pid_t child = ::fork();
  REQUIRE(child >= 0);
  if (child == 0) {
    ::setsid();
    const int terminal = ::open(name.c_str(), O_RDWR);
    ::ioctl(terminal, TIOCSCTTY, 0);
    const winsize size{.ws_row = 24, .ws_col = 80, .ws_xpixel = 0, .ws_ypixel = 0};
    ::ioctl(terminal, TIOCSWINSZ, &size);
    for (const int stream : {0, 1, 2}) ::dup2(terminal, stream);
    const bool there = ::chdir(place.c_str()) == 0;
    ::setenv("TERM", kind.c_str(), 1);
    if (there) ::execl(program.c_str(), program.c_str(), "plot", "rc.raw", "v(b)", nullptr);
    ::_exit(127);
  }
  std::string shown;
  pollfd wanted{.fd = ours.number(), .events = POLLIN, .revents = 0};
  constexpr int patience_ms = 60'000;
  bool asked = false;
  while (::poll(&wanted, 1, patience_ms) > 0) {
    char buffer[4096];
    const ssize_t got = ::read(ours.number(), buffer, sizeof buffer);
    if (got <= 0) break;
    shown.append(buffer, static_cast<std::size_t>(got));
    if (asked || shown.find("\033[c") == std::string::npos) continue;
    asked = true;
    REQUIRE(::write(ours.number(), attributes.data(), attributes.size()) ==
            static_cast<ssize_t>(attributes.size()));
  }
  int status = -1;
  REQUIRE(::waitpid(child, &status, 0) == child);
  CHECK(status == 0);
  return shown;
}

}  // namespace

TEST_CASE("a terminal that says it shows sixel graphics gets them, any other one letters") {
  const TemporaryFolder folder;
  write_bytes(folder.file("rc.cir"), "low pass\nV1 a 0 sin(0 1 1k)\nR1 a b 1k\nC1 b 0 1u\n.tran 10u 3m\n");
  REQUIRE(run_command(folder, "$MEMSPICE rc.cir -q -o rc.raw").code == 0);
  const auto shows = [&](const char* kind, const char* attributes, const char* what) {
    return shown_by_terminal(folder, kind, attributes).find(what) != std::string::npos;
  };
  const char* const sixel = "\033P";
  const char* const letters = "┤";
  const bool has_gnuplot = run_command(folder, "command -v gnuplot").code == 0;
  CHECK(shows("xterm", "\033[?62;4;22c", has_gnuplot ? sixel : letters));
  CHECK(shows("xterm", "\033[?62;22c", letters));
  CHECK(shows("xterm", "\033[?62;22;44c", letters));
  CHECK(shows("xterm", "", letters));
  CHECK(shows("dumb", "\033[?62;4c", letters));
}
