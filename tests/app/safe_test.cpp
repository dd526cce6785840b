#include <doctest/doctest.h>

#include "support/program.hpp"

// What a deck of unknown origin may read and write with --safe, and what messages show of what it names.

namespace {

namespace fs = std::filesystem;

// A folder `work` with a deck, beside it what it must not reach; links lead there.
struct Trap {
  TemporaryFolder folder;
  Trap() {
    fs::create_directories(folder.path() / "work/sub");
    fs::create_directories(folder.path() / "other");
    write_bytes(folder.file("other/part.inc"), "R7 a 0 1k\n");
    write_bytes(folder.file("other/points.txt"), "0 0\n1 1\n");
    write_bytes(folder.file("other/curve.txt"), "0 0\n1 1\n");
    write_bytes(folder.file("other/list.edges"), "from to\na 0\n");
    write_bytes(folder.file("other/victim"), "precious\n");
    write_bytes(folder.file("work/mine"), "precious\n");
    for (const char* name : {"part.inc", "points.txt", "curve.txt", "list.edges", "victim"}) {
      fs::create_symlink("../other/" + std::string(name), folder.file(std::string("work/link_") + name));
    }
    fs::create_symlink("../other", folder.file("work/link"));
    fs::create_symlink("sub", folder.file("work/inner"));
    fs::create_symlink(folder.file("other/new"), folder.file("work/dangling"));
  }
  [[nodiscard]] CommandOutcome run(const std::string& cards, const std::string& options = "--safe") const {
    write_bytes(folder.file("work/deck.cir"),
                "title\nV1 a 0 1\nR1 a 0 1k\nYown a 0 m\n.model m memristor\n" + cards + "\n.tran 0.1 1\n");
    return run_command(folder, "cd work; $MEMSPICE deck.cir -q " + options);
  }
};

}  // namespace

TEST_CASE("with --safe no card reads outside of the deck's folder, by links, dots or absolute names") {
  const Trap trap;
  const auto card = [](const std::string& kind, const std::string& name) {
    if (kind == "part.inc") return ".include '" + name + "'";
    if (kind == "points.txt") return "V2 b 0 PWL(file='" + name + "')\nR2 b 0 1";
    if (kind == "curve.txt")
      return ".measure tran e error v(a) file='" + name + "' indepvarcol=0 depvarcol=1";
    return ".edges '" + name + "' m";
  };
  for (const std::string kind : {"part.inc", "points.txt", "curve.txt", "list.edges"})
    for (const std::string& name :
         {"link_" + kind, "link/" + kind, "../other/" + kind, "sub/../../other/" + kind,
          "inner/../link/" + kind, trap.folder.file("other/" + kind)}) {
      CAPTURE(name);
      const CommandOutcome refused = trap.run(card(kind, name));
      CHECK(refused.code == 2);
      CHECK(refused.err.find("is outside the deck's folder") != std::string::npos);
      CHECK(trap.run(card(kind, name), "").code == 0);
      CHECK(trap.run(card(kind, "../other/none")).err.find("is outside") != std::string::npos);
    }
  fs::copy_file(trap.folder.file("other/part.inc"), trap.folder.file("work/sub/part.inc"));
  for (const std::string& name :
       {std::string("sub/part.inc"), std::string("inner/part.inc"), std::string("./sub/../inner/part.inc"),
        trap.folder.file("work/sub/part.inc")}) {
    CAPTURE(name);
    CHECK(trap.run(".include '" + name + "'").code == 0);
  }
}

TEST_CASE("with --safe cards write new files below the working directory, and nothing else") {
  const Trap trap;
  const std::string before = read_bytes(trap.folder.file("other/victim"));
  for (const std::string& name :
       {std::string("link_victim"), std::string("link/victim"), std::string("link/new"),
        std::string("../other/victim"), std::string("inner/../link/new"), std::string("dangling"),
        std::string("mine"), std::string("deck.cir"), trap.folder.file("other/new"), std::string("sub"),
        std::string("sub/"), std::string("/dev/null")}) {
    CAPTURE(name);
    const CommandOutcome outcome = trap.run(".print tran v(a) file='" + name + "'");
    CHECK((outcome.code == 2 || outcome.code == 3));
    CHECK(read_bytes(trap.folder.file("other/victim")) == before);
    CHECK(read_bytes(trap.folder.file("work/mine")) == "precious\n");
    CHECK_FALSE(fs::exists(trap.folder.file("other/new")));
  }
  CHECK(trap.run(".network file=link/net").code != 0);
  CHECK_FALSE(fs::exists(trap.folder.file("other/net.edges.csv")));
  CHECK(trap.run(".print tran v(a) file=new.txt").code == 0);
  CHECK(trap.run(".print tran v(a) file=new.txt").code == 3);
  CHECK(trap.run(".print tran v(a) file=new.txt", "").code == 0);
  CHECK(trap.run(".print tran v(a) file=inner/new.txt\n.network file=sub/net").code == 0);
  CHECK(fs::exists(trap.folder.file("work/sub/new.txt")));
  CHECK(fs::exists(trap.folder.file("work/sub/net.edges.csv")));
}

TEST_CASE(
    "messages show nothing of a file that does not look like a part of a deck, and no pipe is waited for") {
  const Trap trap;
  const std::string secrets[] = {
      "root:$6$hunter2$x:19000:0:99999:7:::\ndaemon:*:19000:0:99999:7:::\nroot:x:0:0:Charlie hunter2 "
      "User:/root:/bin/sh\n",
      "-----BEGIN OPENSSH PRIVATE KEY-----\nhunter2AAAA\n-----END OPENSSH PRIVATE KEY-----\n",
      "password = hunter2\n",
      "export TOKEN=hunter2\nSECRET=hunter2 more words\n",
      "{\n \"key\": \"hunter2\"\n}\n",
      std::string("HOME=/root\0TOKEN=hunter2 two three\0", 35),
      "machine: x\n  login: hunter2\n"};
  for (const std::string& secret : secrets) {
    write_bytes(trap.folder.file("other/secret"), secret);
    for (const std::string card : {".include ../other/secret", ".lib ../other/secret tt",
                                   "V2 b 0 PWL(file=../other/secret)", ".edges ../other/secret m"})
      for (const char* options : {"", "--safe"}) {
        CAPTURE(card);
        const CommandOutcome outcome = trap.run(card, options);
        CAPTURE(outcome.err);
        CHECK(outcome.code == 2);
        CHECK(outcome.err.find("hunter2") == std::string::npos);
      }
  }
  REQUIRE(run_command(trap.folder, "mkfifo work/pipe").code == 0);
  for (const std::string name : {"pipe", "/dev/zero"}) {
    CHECK(trap.run(".include " + name, "").err.find("it is no regular file") != std::string::npos);
    CHECK(trap.run("V2 b 0 PWL(file=" + name + ")", "").err.find("it is no regular file") !=
          std::string::npos);
  }
}

TEST_CASE("no control character of a deck or a file reaches standard output or standard error") {
  const Trap trap;
  write_bytes(trap.folder.file("work/deck.cir"),
              "t\x1b[31m\xc2\x9b"
              "2J\nV1 a 0 1\nR1 a 0 1k\n.op\n.include 'no\x1b[2J'\n");
  const auto clean = [](const std::string& text) {
    return text.find('\x1b') == std::string::npos && text.find("\xc2\x9b") == std::string::npos;
  };
  const CommandOutcome refused = run_command(trap.folder, "cd work; $MEMSPICE deck.cir");
  CHECK(refused.code == 2);
  CHECK(clean(refused.err));
  write_bytes(trap.folder.file("work/deck.cir"),
              "t\x1b[31m\xc2\x9b"
              "2J\nV1 a 0 1\nR1 a 0 1k\n.op\n");
  const CommandOutcome good = run_command(trap.folder, "cd work; $MEMSPICE deck.cir");
  CHECK(good.code == 0);
  CHECK(good.out.starts_with("t\\x1b[31m\\xc2\\x9b2J\n"));
  write_bytes(trap.folder.file("work/a.csv"), "time,\x1b]0;x\n0,1\n1,1\n");
  const CommandOutcome compared = run_command(trap.folder, "cd work; $MEMSPICE compare a.csv a.csv");
  CHECK(clean(compared.out + compared.err));
  CHECK(compared.code == 0);
}

TEST_CASE("a link to nothing is no place to write to") {
  const Trap trap;
  const CommandOutcome outcome = trap.run("", "-o dangling");
  CHECK(outcome.code == 3);
  CHECK(outcome.err == "memspice: error: cannot write 'dangling': it is a link to '" +
                           trap.folder.file("other/new") + "', which does not exist\n");
  CHECK(fs::is_symlink(trap.folder.file("work/dangling")));
}
