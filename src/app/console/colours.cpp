#include "app/console/colours.hpp"

#include <unistd.h>

#include <cstdlib>
#include <utility>

namespace memspice::app {

namespace {

constexpr std::string_view red = "\033[1;31m", magenta = "\033[1;35m", green = "\033[1;32m",
                           cyan = "\033[36m", plain = "\033[0m";

std::string in(std::string_view colour, std::string_view text) {
  std::string result(colour);
  return result.append(text).append(plain);
}

bool is_caret_line(std::string_view line) {
  return line.find('^') != std::string_view::npos && line.find_first_not_of(" ^~") == std::string_view::npos;
}

/// The line with `word`, which stands at `at`, in colour.
std::string with_word(std::string_view line, std::string_view word, std::string_view colour, std::size_t at) {
  std::string result(line.substr(0, at));
  return result.append(in(colour, word)).append(line.substr(at + word.size()));
}

std::string coloured_line(std::string_view line) {
  if (is_caret_line(line)) return in(green, line);
  for (const std::string_view word : {"hint:", "try:"})
    if (line.starts_with("  ") && line.substr(2).starts_with(word)) return with_word(line, word, cyan, 2);
  // Behind the place or the program's name.
  for (const auto& [word, colour] : {std::pair{std::string_view(": error:"), red}, {": warning:", magenta}})
    if (const std::size_t at = line.find(word); at != std::string_view::npos)
      return with_word(line, word.substr(2), colour, at + 2);
  return std::string(line);
}

}  // namespace

bool wants_colours() {
  const char* refused = std::getenv("NO_COLOR");
  const char* terminal = std::getenv("TERM");
  return (!refused || *refused == '\0') && terminal && std::string_view(terminal) != "dumb" &&
         ::isatty(STDERR_FILENO) == 1;
}

std::string coloured(std::string_view messages) {
  std::string result;
  while (!messages.empty()) {
    const std::size_t end = messages.find('\n');
    result += coloured_line(messages.substr(0, end));
    if (end == std::string_view::npos) break;
    result += '\n';
    messages.remove_prefix(end + 1);
  }
  return result;
}

}  // namespace memspice::app
