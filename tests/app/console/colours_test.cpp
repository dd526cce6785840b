#include "app/console/colours.hpp"

#include <doctest/doctest.h>

#include "support/program.hpp"

using memspice::app::coloured;

TEST_CASE("what one looks for in messages has colours, and nothing is lost") {
  CHECK(
      coloured(
          "a.cir:4:1: error: unknown card '.trna'\n  .trna 1m 1\n  ^~~~~\n  hint: did you mean '.tran'?\n") ==
      "a.cir:4:1: \033[1;31merror:\033[0m unknown card '.trna'\n  .trna 1m 1\n\033[1;32m  ^~~~~\033[0m\n"
      "  \033[36mhint:\033[0m did you mean '.tran'?\n");
  CHECK(coloured("memspice: warning: 'x' is left\n") == "memspice: \033[1;35mwarning:\033[0m 'x' is left\n");
  for (const char* text : {"", "\n", "no end", "a\n\nb", "  R1 a b ^2\n"}) CHECK(coloured(text) == text);
}

TEST_CASE("messages into a file or pipe have no colours; on a terminal NO_COLOR and TERM=dumb are heard") {
  const TemporaryFolder folder;
  write_bytes(folder.file("typo.cir"), "a typo\nV1 a 0 1\nR1 a 0 1k\n.trna 1m 1\n");
  const auto has_colours = [&](const std::string& command) {
    const CommandOutcome outcome = run_command(folder, command);
    CHECK((outcome.out + outcome.err).find("unknown card") != std::string::npos);
    return (outcome.out + outcome.err).find('\033') != std::string::npos;
  };
  CHECK_FALSE(has_colours("TERM=xterm $MEMSPICE typo.cir"));
  // `script` runs a command on a terminal of its own.
  if (run_command(folder, "command -v script").code != 0) return;
  const auto on_terminal = [](const std::string& variables) {
    return "export MEMSPICE; " + variables + " script -qec '$MEMSPICE typo.cir' /dev/null </dev/null";
  };
  CHECK(has_colours(on_terminal("TERM=xterm NO_COLOR=")));
  CHECK_FALSE(has_colours(on_terminal("TERM=dumb NO_COLOR=")));
  CHECK_FALSE(has_colours(on_terminal("TERM=xterm NO_COLOR=1")));
}
