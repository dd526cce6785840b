#pragma once

#include <fmt/format.h>

#include <functional>
#include <string>
#include <string_view>
#include <utility>

namespace memspice::app {

/// The two standard streams, as everything in the program writes to them.
///
/// Standard output carries results: that it cannot be written is a FileError, or ReaderGone where its reader
/// has closed the pipe. Standard error carries remarks: that nobody can read them costs no result, and the
/// exit code says the same. Where both go to one file they stay in order.
///
/// What decks and files say may be hostile: control characters are spelled out (printable()).
void print_out(std::string_view text);
void print_error(std::string_view text);
/// What the program has drawn, bytes of a terminal's language: names in it are printable() already. Never in
/// the log.
void print_drawing(std::string_view bytes);

/// From here on what is written to standard output goes to this file instead, and what goes to standard error
/// there too. The file appears when the program ends, with whatever exit code. Throws FileError.
void write_log(const std::string& path);

/// On the line of standard error where the last one stood.
void print_progress(std::string_view line);

template <class First, class... Rest>
void print_out(fmt::format_string<First, Rest...> format, First&& first, Rest&&... rest) {
  print_out(fmt::format(format, std::forward<First>(first), std::forward<Rest>(rest)...));
}
template <class First, class... Rest>
void print_error(fmt::format_string<First, Rest...> format, First&& first, Rest&&... rest) {
  print_error(fmt::format(format, std::forward<First>(first), std::forward<Rest>(rest)...));
}

/// Runs the program and gives its exit code. Every error becomes a message; those about the computation begin
/// with `subject()`, the deck. `memory_code`: where memory is out.
int run_to_exit_code(const std::function<int()>& program, const std::function<std::string()>& subject,
                     int memory_code);

}  // namespace memspice::app
