#include "analysis/types/run_keeper.hpp"

#include <stdexcept>
#include <utility>

#include "analysis/types/report_archive.hpp"

namespace memspice {

void RunKeeper::exchange(Archive& archive, std::vector<std::byte>& of_analysis) {
  archive(analysis_);
  memspice::exchange(archive, static_cast<Findings&>(report_));
  memspice::exchange(archive, report_.warnings);
  memspice::exchange(archive, warnings_);
  archive.text(end_.name);
  archive(end_.dc_values);
  for (double* number : {&end_.t, &end_.step, &end_.stop}) archive(*number);
  archive.list(end_.at.y);
  archive.list(end_.at.derivative);
  archive.list(of_analysis);
}

void RunKeeper::restore() {
  Archive archive(checkpoints_->kept());
  exchange(archive, kept_);
  if (!archive.at_end()) throw std::invalid_argument("there are more bytes than the run has");
}

void RunKeeper::begin_analysis(std::size_t number) {
  if (number != analysis_) kept_.clear();
  analysis_ = number;
  if (number > 0 && kept_.empty() && is_due(0, false)) keep(0, {}, false);
}

void RunKeeper::keep(double at, std::vector<std::byte> of_analysis, bool restarts) {
  Archive archive;
  exchange(archive, of_analysis);
  checkpoints_->keep({analysis_, at, restarts}, archive.take());
}

std::optional<std::vector<std::byte>> RunKeeper::take() {
  if (kept_.empty()) return std::nullopt;
  return std::exchange(kept_, {});
}

}  // namespace memspice
