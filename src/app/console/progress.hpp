#pragma once

#include <memspice/error.hpp>
#include <string>

#include "app/console/pace.hpp"
#include "base/stopwatch.hpp"

namespace memspice::app {

/// Says how far a run is, how long it still takes and what memory it has: on a line of a terminal that
/// changes, in a log on a line of its own every now and then. One thread at a time.
class Progress {
 public:
  /// `subject`: what lines of a log begin with. Unwanted ones still look at the pace.
  Progress(std::string subject, bool wanted, Patience patience);
  ~Progress() { clear(); }
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;

  void show(double time, double stop);
  void show(std::size_t done, std::size_t points);
  /// Leaves room for a message.
  void clear();
  /// The run has been warned of already.
  void note(const Diagnostic& warning);
  /// Whether the run takes longer than anybody wants to wait; stays true. To be asked often.
  [[nodiscard]] bool gives_up();
  /// "at this pace it takes 3 days more, and --give-up allows 10 hours".
  [[nodiscard]] const std::string& reason() const { return reason_; }

 private:
  /// Whether it is time to look again.
  bool is_due();
  /// Notes what is done. Whether it is time to look again.
  bool begin(double part);
  void look(double part);
  void show(const std::string& text);
  void warn(double left);

  std::string subject_;
  bool wanted_;
  bool terminal_;
  bool shown_ = false;
  bool warned_ = false;
  Patience patience_;
  Pace pace_;
  double part_ = -1;  // done; negative: not known yet
  std::string reason_;
  Stopwatch running_;
  double looked_ = 0;  // s
  double logged_ = 0;  // s
};

}  // namespace memspice::app
