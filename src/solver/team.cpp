#include "solver/team.hpp"

#include <exception>

namespace memspice {

Team::Team(std::size_t threads) {
  try {
    while (others_.size() + 1 < threads) others_.emplace_back([this] { wait_and_help(); });
  } catch (const std::exception&) {  // the machine gives no more threads, or no memory for them
  }
}

Team::~Team() {
  round_ |= 1;
  round_.notify_all();
  for (std::thread& other : others_) other.join();
}

void Team::share(std::size_t parts, Task task) {
  task_ = task;
  undone_ = static_cast<std::int64_t>(parts);
  left_ = static_cast<std::int64_t>(parts);  // from here on late comers of the last round help as well
  round_ += 2;
  round_.notify_all();
  help();
  for (std::int64_t undone = undone_; undone != 0; undone = undone_) undone_.wait(undone);
}

/// The task is read behind a part that has been taken: the one that shares waits for that part, and changes
/// nothing before.
void Team::help() {
  for (std::int64_t left = left_--; left > 0; left = left_--) {
    const Task task = task_;
    task.call(task.work, static_cast<std::size_t>(left - 1));
    if (--undone_ == 0) undone_.notify_all();
  }
}

void Team::wait_and_help() {
  for (std::uint32_t round = 0;;) {
    round_.wait(round);
    round = round_;
    if (round % 2 == 1) return;
    help();
  }
}

}  // namespace memspice
