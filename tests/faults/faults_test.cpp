#include <doctest/doctest.h>
#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <initializer_list>
#include <limits>
#include <map>
#include <mutex>
#include <sstream>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "faults/jobs.hpp"
#include "support/places.hpp"
#include "support/program.hpp"

extern char** environ;

// As SQLite does it: of every job the n-th call that may fail does, or that and all later ones.
// MEMSPICE_FAULTS=N tries up to N of each kind and job, MEMSPICE_FAULTS=all every one;
// MEMSPICE_FAULT_JOB=NAME that job alone.

namespace {

namespace fs = std::filesystem;
using memspice::testing::FaultJob;

constexpr int hangs = -1;

std::vector<std::string> words_of(const std::string& text) {
  std::istringstream words(text);
  std::vector<std::string> result;
  for (std::string word; words >> word;) result.push_back(word);
  return result;
}

std::vector<char*> pointers(std::vector<std::string>& words) {
  std::vector<char*> result;
  for (std::string& word : words) result.push_back(word.data());
  result.push_back(nullptr);
  return result;
}

int wait_for(pid_t process) {
  const auto start = std::chrono::steady_clock::now();
  for (int status = 0;;) {
    if (::waitpid(process, &status, WNOHANG) == process)
      return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
    if (std::chrono::steady_clock::now() - start > std::chrono::seconds(60)) {
      ::kill(process, SIGKILL);
      ::waitpid(process, &status, 0);
      return hangs;
    }
    ::usleep(500);
  }
}

/// Leaks are looked for where somebody asks for more than a sample.
std::string sanitizer_options() {
  return std::string(
             "ASAN_OPTIONS=verify_asan_link_order=0:allocator_may_return_null=1:fast_unwind_on_malloc=0:"
             "exitcode=99:detect_leaks=") +
         (std::getenv("MEMSPICE_FAULTS") ? "1" : "0");
}

/// What other libraries lose where they have no memory, or cannot close a file.
constexpr const char* leaks_of_others =
    "leak:SUNNonlinSol_Newton\nleak:IDASetLinearSolver\nleak:nlohmann::\nleak:libhdf5\n";

/// Runs the program in the folder, its streams to files there.
int run_failing(const std::string& folder, const FaultJob& job, const std::string& failing) {
  std::vector<std::string> words = words_of(job.arguments);
  words.insert(words.begin(), memspice::testing::program_path());
  // Of AddressSanitizer's own wrappers ours come first.
  std::vector<std::string> environment{"LD_PRELOAD=" + memspice::testing::fail_nth_path(),
                                       "MEMSPICE_FAIL=" + failing,
                                       "MEMSPICE_CALLS=" + folder + ".calls",
                                       "LC_ALL=C",
                                       "OPENBLAS_NUM_THREADS=1",
                                       "UBSAN_OPTIONS=exitcode=99",
                                       "LSAN_OPTIONS=print_suppressions=0:suppressions=" + folder + ".leaks",
                                       sanitizer_options()};
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_addopen(&actions, 1, (folder + ".out").c_str(), O_WRONLY | O_CREAT | O_TRUNC,
                                   0666);
  posix_spawn_file_actions_addopen(&actions, 2, (folder + ".err").c_str(), O_WRONLY | O_CREAT | O_TRUNC,
                                   0666);
  posix_spawn_file_actions_addchdir_np(&actions, folder.c_str());
  pid_t process = 0;
  const int error = ::posix_spawn(&process, words[0].c_str(), &actions, nullptr, pointers(words).data(),
                                  pointers(environment).data());
  posix_spawn_file_actions_destroy(&actions);
  return error == 0 ? wait_for(process) : hangs;
}

/// What does not change from run to run.
std::string lasting_part(const std::string& name, std::string bytes) {
  if (name.ends_with(".json") || name.ends_with(".log")) return {};
  for (std::size_t date = 0; (date = bytes.find("Date:", date)) != std::string::npos;)
    bytes.erase(date, bytes.find('\n', date) - date);
  return bytes;
}

constexpr const char* old_content = "what was there before\n";

/// One job with its folder, and what it does when nothing fails.
class Trial {
 public:
  Trial(const FaultJob& job, std::string folder) : job_(job), folder_(std::move(folder)) {}

  /// How many calls of a kind there are.
  long count(const std::string& kind) {
    begin();
    const int code = run_failing(folder_, job_, kind + ":0");
    if (code != job_.code) complain(kind + " does not fail", "exit code " + std::to_string(code));
    std::string names;
    for (const auto& entry : fs::directory_iterator(folder_)) {
      const std::string name = entry.path().filename().string();
      if (std::ranges::find(job_.results, name) == job_.results.end()) names += " " + name;
    }
    if (!names.empty()) complain("nothing fails", "unexpected files" + names);
    for (const std::string& name : job_.results) whole_[name] = lasting_part(name, read_bytes(path(name)));
    return std::atol(read_bytes(folder_ + ".calls").c_str());
  }

  void run(const std::string& kind, long number, bool all_later) {
    const std::string failing = kind + ':' + std::to_string(number) + (all_later ? "+" : "");
    begin();
    const int code = run_failing(folder_, job_, failing);
    // It has no memory itself, or does not find where the stack ends.
    if (sanitizer_says(
            {"Sanitizer: CHECK failed", "Sanitizer failed to allocate", "ERROR: Failed to mmap"})) {
      ++library_crashes_["the sanitizer"];
      return;
    }
    const bool dead = code == 128 + SIGABRT || code == 128 + SIGSEGV || code == 127 || code == 255 ||
                      sanitizer_says({"Sanitizer: stack-overflow", "Sanitizer: SEGV"});
    if (dead && kind == "memory" && !failed_library().empty()) {
      ++library_crashes_[failed_library()];
      return;
    }
    check_code(failing, kind, code);
    check_files(failing, code);
  }

  [[nodiscard]] const std::map<std::string, long>& library_crashes() const { return library_crashes_; }
  [[nodiscard]] const std::vector<std::string>& complaints() const { return complaints_; }

 private:
  /// The library within which a call failed, where it is one that can end the process then; else empty.
  [[nodiscard]] std::string failed_library() const {
    const std::string calls = read_bytes(folder_ + ".calls");
    const std::size_t name = calls.find("lib");
    return name == std::string::npos ? "" : calls.substr(name, calls.find('\n', name) - name);
  }

  /// Whether AddressSanitizer has said one of these.
  [[nodiscard]] bool sanitizer_says(std::initializer_list<const char*> phrases) const {
    const std::string messages = read_bytes(folder_ + ".err");
    return std::ranges::any_of(
        phrases, [&](const char* phrase) { return messages.find(phrase) != std::string::npos; });
  }

  [[nodiscard]] std::string path(const std::string& name) const { return folder_ + '/' + name; }

  void begin() {
    fs::remove_all(folder_);
    fs::remove(folder_ + ".calls");
    fs::create_directories(folder_);
    write_bytes(folder_ + ".leaks", leaks_of_others);
    for (const std::string& name : job_.results)
      if (!job_.new_files) write_bytes(path(name), old_content);
  }

  void complain(const std::string& failing, const std::string& what) {
    complaints_.push_back(job_.name + ", " + failing + ": " + what + "\n" +
                          read_bytes(folder_ + ".err").substr(0, 600));
  }

  /// What the documentation says (docs/reliability.md).
  void check_code(const std::string& failing, const std::string& kind, int code) {
    std::vector<int> allowed{job_.code};
    const bool compares = job_.name.starts_with("compare");
    if (kind == "memory") {
      allowed.push_back(compares ? 3 : 1);
      // A function of the system that has none left is a file that cannot be read or written; libhdf5 does
      // not always say why it cannot.
      if (read_bytes(folder_ + ".err").find(": Cannot allocate memory\n") != std::string::npos ||
          failed_library() == "libhdf5")
        allowed.push_back(3);
    } else if (kind != "short" && kind != "thread") {
      allowed.push_back(3);
      if (kind == "open" || kind == "read") allowed.push_back(2);  // a file that the deck names
    }
    if (std::ranges::find(allowed, code) == allowed.end())
      complain(failing, code == hangs ? "hangs" : "exit code " + std::to_string(code));
    if (code != job_.code && kind != "write" && read_bytes(folder_ + ".err").empty())
      complain(failing, "no message");
  }

  /// Each file is the old one or a whole new one; a complete run leaves new ones.
  void check_files(const std::string& failing, int code) {
    for (const std::string& name : job_.results) {
      const std::string bytes = read_bytes(path(name));
      const bool is_old = job_.new_files ? !fs::exists(path(name)) : bytes == old_content;
      const bool is_new = !bytes.empty() && lasting_part(name, bytes) == whole_[name];
      const bool refusal = name.ends_with(".json") || name.ends_with(".log");  // says what went wrong, too
      if (!is_new && !(is_old && code != 0) && !refusal)
        complain(failing, "'" + name + "' is neither old nor new");
    }
    for (const auto& entry : fs::directory_iterator(folder_)) {
      const std::string name = entry.path().filename().string();
      const bool named = std::ranges::find(job_.results, name) != job_.results.end();
      if (!named && name.find(".partial.") == std::string::npos) complain(failing, "leaves '" + name + "'");
    }
  }

  const FaultJob& job_;
  std::string folder_;
  std::map<std::string, std::string> whole_;
  std::vector<std::string> complaints_;
  std::map<std::string, long> library_crashes_;
};

struct Totals {
  std::mutex mutex;
  std::map<std::string, long> runs;
  std::vector<std::string> complaints;
  std::map<std::string, long> library_crashes;
};

/// Of the calls 1 … count every one, or some spread over them.
std::vector<long> chosen(long count, long sample) {
  std::vector<long> numbers;
  const long step = count <= sample ? 1 : (count + sample - 1) / sample;
  for (long number = step > 1 ? 1 + count % step : 1; number <= count; number += step)
    numbers.push_back(number);
  return numbers;
}

void try_job(const FaultJob& job, const std::string& folder, long wish, Totals& totals) {
  Trial trial(job, folder);
  std::map<std::string, long> runs;
  for (const char* kind :
       {"memory", "write", "short", "rename", "fsync", "thread", "open", "read", "close"}) {
    const long count = trial.count(kind);
    const bool memory = std::string_view(kind) == "memory";
    for (const bool all_later : {false, true}) {
      // Where all later ones fail too, it matters little which is the first.
      const long most = wish == 0 ? (memory ? 6 : 2) : memory && all_later ? std::min(wish, 200L) : wish;
      for (const long number : chosen(count, most)) {
        trial.run(kind, number, all_later);
        ++runs[kind];
      }
    }
  }
  const std::lock_guard lock(totals.mutex);
  for (const auto& [kind, number] : runs) totals.runs[kind] += number;
  for (const auto& [library, number] : trial.library_crashes()) totals.library_crashes[library] += number;
  totals.complaints.insert(totals.complaints.end(), trial.complaints().begin(), trial.complaints().end());
}

}  // namespace

TEST_CASE("whichever call to the system fails: no crash, the right exit code, files old or new") {
#ifdef MEMSPICE_SANITIZE
  // AddressSanitizer ends a program whose memory or whose reading of /proc fails, before the program could.
  if (std::getenv("MEMSPICE_FAULTS") == nullptr) return;
#endif
  const TemporaryFolder folder;
  fs::create_directories(folder.file("in"));
  memspice::testing::write_fault_inputs(folder.file("in"));
  const CommandOutcome inputs = run_command(folder,
                                            "cd in && $MEMSPICE rc.cir -q -o rc.raw && $MEMSPICE rc.cir -q "
                                            "-o rc.csv && $MEMSPICE rc.cir --set R1=2k -q -o other.csv && "
                                            "cp rc.raw rc.raw.2147483647-0.part");
  REQUIRE(inputs.code == 0);
  const char* asked = std::getenv("MEMSPICE_FAULTS");
  const long wish = !asked                             ? 0
                    : std::string_view(asked) == "all" ? std::numeric_limits<long>::max()
                                                       : std::atol(asked);
  std::vector<FaultJob> jobs = memspice::testing::fault_jobs();
  if (const char* name = std::getenv("MEMSPICE_FAULT_JOB"))
    std::erase_if(jobs, [name](const FaultJob& job) { return job.name != name; });
  Totals totals;
  std::atomic<std::size_t> next = 0;
  const auto work = [&] {
    for (std::size_t i = next++; i < jobs.size(); i = next++)
      try_job(jobs[i], folder.file(std::to_string(i)), wish, totals);
  };
  std::vector<std::thread> others;
  for (unsigned i = 1; i < std::thread::hardware_concurrency(); ++i) others.emplace_back(work);
  work();
  for (std::thread& other : others) other.join();
  for (const std::string& complaint : totals.complaints) FAIL_CHECK(complaint);
  for (const auto& [library, number] : totals.library_crashes)
    MESSAGE("died in " << library << ": " << number << " times");
  for (const auto& [kind, number] : totals.runs) {
    if (wish > 0) MESSAGE(kind << ": " << number << " runs");
    CHECK(number > 0);
  }
}
