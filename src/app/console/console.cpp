#include "app/console/console.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <memory>
#include <memspice/error.hpp>
#include <new>
#include <system_error>
#include <utility>

#include "app/console/colours.hpp"
#include "app/console/exit_code.hpp"
#include "base/printable.hpp"
#include "base/usage_error.hpp"
#include "waveform/output_file.hpp"

namespace memspice::app {

namespace {

int output_error = 0;  // errno of the first write to standard output that failed
std::unique_ptr<OutputFile> log_file;

void note_failure(bool failed) {
  if (failed && output_error == 0) output_error = errno;
}

void check_output() {
  if (output_error == EPIPE) throw ReaderGone();
  if (output_error != 0)
    throw FileError(
        fmt::format("cannot write to standard output: {}", std::generic_category().message(output_error)), {},
        output_error);
}

/// A file must not take the place of a standard stream that is closed. Writing to these fails as before.
void occupy_standard_descriptors() {
  for (int descriptor = STDIN_FILENO; descriptor <= STDERR_FILENO; ++descriptor)
    if (::fcntl(descriptor, F_GETFD) < 0)
      static_cast<void>(::open("/dev/null", descriptor == STDIN_FILENO ? O_WRONLY : O_RDONLY));
}

}  // namespace

void write_log(const std::string& path) {
  log_file = std::make_unique<OutputFile>(path, OutputOptions{.lasting = false});
}

void print_out(std::string_view text) {
  const std::string shown = printable(std::string(text));
  if (log_file) {
    log_file->write(shown);
    return;
  }
  note_failure(std::fwrite(shown.data(), 1, shown.size(), stdout) != shown.size());
  check_output();
}

void print_drawing(std::string_view bytes) {
  note_failure(std::fwrite(bytes.data(), 1, bytes.size(), stdout) != bytes.size());
  check_output();
}

namespace {

void log_error(std::string_view text) try {
  if (log_file) log_file->write(text);
} catch (const FileError&) {  // which commit() says again
}

}  // namespace

void print_error(std::string_view text) {
  const std::string shown = printable(std::string(text));
  note_failure(std::fflush(stdout) != 0);
  log_error(shown);
  static const bool colours = wants_colours();
  const std::string seen = colours ? coloured(shown) : shown;
  std::fwrite(seen.data(), 1, seen.size(), stderr);
}

void print_progress(std::string_view line) {
  const std::string shown = '\r' + printable(std::string(line));
  std::fwrite(shown.data(), 1, shown.size(), stderr);
}

namespace {

/// Takes the log out of its place first: what cannot be written to it must not be written there.
void commit_log() {
  if (const auto log = std::move(log_file)) log->commit();
}

constexpr std::string_view memory_is_out = "memspice: error: out of memory\n";

void say_without_memory(std::string_view text) {
  static_cast<void>(::write(STDERR_FILENO, text.data(), text.size()) < 0);
}

int code_without_memory = simulation_failed;

std::atomic<bool> memory_was_out = false;

void note_memory() {
  memory_was_out = true;
  throw std::bad_alloc();
}

/// There are destructors that ask for memory, nlohmann::json's, and functions of CLI11 that throw nothing.
/// What was thrown there is not always the current exception by now.
[[noreturn]] void end_without_destructors() {
  OutputTarget::abandon_all();
  bool memory = memory_was_out && std::uncaught_exceptions() > 0;
  try {
    if (std::current_exception()) std::rethrow_exception(std::current_exception());
  } catch (const std::bad_alloc&) {
    memory = true;
  } catch (...) {
    memory = false;
  }
  if (memory) {
    say_without_memory(memory_is_out);
    ::_exit(code_without_memory);
  }
  say_without_memory("memspice: internal error, please report it with the deck\n");
  std::abort();
}

/// There may be none for the message either.
int out_of_memory(const std::function<std::string()>& subject, int code) {
  try {
    print_error("{}: error: out of memory\n", subject());
  } catch (const std::bad_alloc&) {
    say_without_memory(memory_is_out);
  }
  return code;
}

int exit_code_of(const std::function<int()>& program, const std::function<std::string()>& subject,
                 int memory_code) {
  try {
    const int code = program();
    note_failure(std::fflush(stdout) != 0);
    check_output();
    return code;
  } catch (const DeckError& error) {
    print_error("{}\n", error.what());
    return bad_input;
  } catch (const UsageError& error) {
    log_file.reset();  // its name may be what is wrong
    print_error("memspice: error: {}\n", error.what());
    return bad_input;
  } catch (const ReaderGone&) {
    return 128 + SIGPIPE;  // as of any program that stands in front of `head`
  } catch (const FileError& error) {
    print_error("memspice: error: {}\n", error.what());
    return file_trouble;
  } catch (const SimulationError& error) {
    print_error("{}: error: {}\n", subject(), error.what());
    return simulation_failed;
  } catch (const std::bad_alloc&) {
    return out_of_memory(subject, memory_code);
  } catch (const std::exception& error) {
    print_error("{}: internal error, please report it with the deck: {}\n", subject(), error.what());
    return simulation_failed;
  }
}

}  // namespace

int run_to_exit_code(const std::function<int()>& program, const std::function<std::string()>& subject,
                     int memory_code) {
  occupy_standard_descriptors();
  std::signal(SIGPIPE, SIG_IGN);  // a closed pipe is a write error like any other
  std::signal(SIGXFSZ, SIG_IGN);  // so is a file beyond `ulimit -f`
  code_without_memory = memory_code;
  const std::terminate_handler before = std::set_terminate(end_without_destructors);
  const std::new_handler before_new = std::set_new_handler(note_memory);
  int code = memory_code;
  try {
    code = exit_code_of(program, subject, memory_code);
    commit_log();
  } catch (const FileError& error) {
    print_error("memspice: error: {}\n", error.what());
    if (code == success) code = file_trouble;
  } catch (const std::bad_alloc&) {  // while a message was made, or the log written
    code = out_of_memory(subject, code == success ? memory_code : code);
  }
  std::set_new_handler(before_new);
  std::set_terminate(before);
  return code;
}

}  // namespace memspice::app
