#include "analysis/types/run_keeper.hpp"

#include <stdexcept>
#include <utility>

#include "analysis/types/report_archive.hpp"

namespace memspice {

void exchange(Archive& archive, CircuitPoint& point) {
  archive.text(point.name);
  archive(point.dc_values);
  for (double* number : {&point.t, &point.step, &point.stop}) archive(*number);
  archive.list(point.at.y);
  archive.list(point.at.derivative);
}

void RunKeeper::exchange(Archive& archive, std::vector<std::byte>& of_analysis) {
  archive(analysis_);
  memspice::exchange(archive, static_cast<Findings&>(report_));
  memspice::exchange(archive, report_.warnings);
  memspice::exchange(archive, warnings_);
  memspice::exchange(archive, end_);
  archive.list(of_analysis);
}

void RunKeeper::restore(std::size_t analyses) {
  Archive archive(checkpoints_->kept());
  exchange(archive, kept_);
  archive.require(analysis_ < analyses);
  if (!archive.at_end()) throw std::invalid_argument("there are more bytes than the run has");
}

void RunKeeper::begin_analysis(std::size_t number) {
  if (number != analysis_) kept_.clear();
  analysis_ = number;
  if (number > 0 && kept_.empty() && is_due(0, false)) keep(0, {}, false);
}

void RunKeeper::keep(double at, std::vector<std::byte> of_analysis, bool restarts) {
  if (around_.exchange) {
    Archive whole;
    around_.exchange(whole);
    whole.list(of_analysis);
    of_analysis = whole.take();
  }
  Archive archive;
  exchange(archive, of_analysis);
  checkpoints_->keep({analysis_, around_.begin + at, restarts, false}, archive.take());
}

void RunKeeper::surround(Around around, std::vector<std::byte> of_run) {
  around_ = std::move(around);
  kept_ = std::move(of_run);
}

std::optional<std::vector<std::byte>> RunKeeper::take() {
  if (kept_.empty()) return std::nullopt;
  return std::exchange(kept_, {});
}

}  // namespace memspice
