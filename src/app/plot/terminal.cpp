#include "app/plot/terminal.hpp"

#include <fcntl.h>
#include <poll.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <string>
#include <string_view>

#include "base/descriptor.hpp"

namespace memspice::app {

namespace {

int number_in(const char* variable, int otherwise) {
  const char* text = std::getenv(variable);
  const int number = text ? std::atoi(text) : 0;
  return number > 0 ? number : otherwise;
}

/// A terminal whose answers are read at once and not shown, until the end of its life.
class SilentTerminal {
 public:
  explicit SilentTerminal(int descriptor) : descriptor_(descriptor) {
    silent_ = ::tcgetattr(descriptor_, &before_) == 0;
    if (!silent_) return;
    termios quiet = before_;
    quiet.c_lflag &= ~static_cast<tcflag_t>(ICANON | ECHO);
    quiet.c_cc[VMIN] = 0;
    quiet.c_cc[VTIME] = 0;
    silent_ = ::tcsetattr(descriptor_, TCSANOW, &quiet) == 0;
  }
  ~SilentTerminal() {
    if (silent_) ::tcsetattr(descriptor_, TCSANOW, &before_);
  }
  SilentTerminal(const SilentTerminal&) = delete;
  SilentTerminal& operator=(const SilentTerminal&) = delete;
  [[nodiscard]] bool silent() const { return silent_; }

 private:
  int descriptor_;
  termios before_{};
  bool silent_ = false;
};

/// Whether "\e[?62;4;22c", the primary device attributes, has the attribute 4.
bool has_attribute_4(std::string_view answer) {
  const std::size_t begin = answer.find("\x1b[?");
  const std::size_t end = answer.find('c', begin == std::string_view::npos ? 0 : begin);
  if (begin == std::string_view::npos || end == std::string_view::npos) return false;
  const std::string attributes = ";" + std::string(answer.substr(begin + 3, end - begin - 3)) + ";";
  return attributes.find(";4;") != std::string::npos;
}

}  // namespace

Terminal standard_terminal() {
  Terminal terminal;
  terminal.there = ::isatty(STDOUT_FILENO) == 1;
  winsize size{};
  const bool known = terminal.there && ::ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0;
  terminal.columns = std::clamp(known ? size.ws_col : number_in("COLUMNS", 80), 20, 400);
  terminal.rows = std::clamp(known && size.ws_row > 0 ? size.ws_row : number_in("LINES", 24), 12, 200);
  const char* const kind = std::getenv("TERM");
  const char* const refused = std::getenv("NO_COLOR");
  terminal.colours =
      terminal.there && (!refused || *refused == '\0') && kind && std::string_view(kind) != "dumb";
  return terminal;
}

bool shows_sixel() {
  constexpr int patience_ms = 200;
  if (::isatty(STDOUT_FILENO) != 1) return false;
  const char* const kind = std::getenv("TERM");
  if (!kind || std::string_view(kind) == "dumb") return false;
  const Descriptor terminal(::open("/dev/tty", O_RDWR | O_CLOEXEC | O_NOCTTY));
  if (!terminal.open()) return false;
  const SilentTerminal silent(terminal.number());
  constexpr std::string_view question = "\x1b[c";
  if (!silent.silent() ||
      ::write(terminal.number(), question.data(), question.size()) != static_cast<ssize_t>(question.size()))
    return false;
  std::string answer;
  pollfd wanted{.fd = terminal.number(), .events = POLLIN, .revents = 0};
  while (answer.find('c') == std::string::npos && answer.size() < 256 &&
         ::poll(&wanted, 1, patience_ms) > 0) {
    char buffer[64];
    const ssize_t got = ::read(terminal.number(), buffer, sizeof buffer);
    if (got <= 0) break;
    answer.append(buffer, static_cast<std::size_t>(got));
  }
  return has_attribute_4(answer);
}

}  // namespace memspice::app
