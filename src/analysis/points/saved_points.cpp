#include "analysis/points/saved_points.hpp"

#include <span>
#include <stdexcept>

#include "analysis/types/report_archive.hpp"

namespace memspice {

void SavedPoints::exchange_point(Archive& archive, PointReport& report, std::vector<Diagnostic>& warnings) {
  const std::vector<double> values = report.values;
  memspice::exchange(archive, report);
  archive.require(report.values == values);
  memspice::exchange(archive, warnings);
}

void SavedPoints::exchange(Archive& archive, std::size_t done) {
  archive(pass_);
  std::uint64_t points = reports_.size();
  archive(points);
  if (points != reports_.size()) throw std::invalid_argument("there are other points");
  for (std::size_t point = 0; point < reports_.size(); ++point) {
    if (archive.reading() || point < done)
      exchange_point(archive, reports_[point], warnings_[point]);
    else
      exchange_point(archive, before_.reports[point], before_.warnings[point]);
  }
}

std::size_t SavedPoints::restore() {
  kept_ = keeper_.take();
  if (!kept_) return 0;
  Archive archive(*kept_);
  exchange(archive, 0);
  kept_from_ = kept_->size() - archive.left();
  return pass_;
}

std::size_t SavedPoints::begin_pass(std::size_t pass, OrderedBlocks& blocks) {
  pass_ = pass;
  std::size_t first = 0;
  if (kept_) {
    const std::span<const std::byte> kept = *kept_;
    Archive archive(kept.subspan(kept_from_));
    first = blocks.exchange(archive);
    archive.require(first < reports_.size());
    if (!archive.at_end()) throw std::invalid_argument("there are more bytes than the points have");
    kept_.reset();
  }
  if (keeper_.watches()) before_ = {reports_, warnings_};
  return first;
}

void SavedPoints::note_done(std::size_t points, OrderedBlocks& blocks) {
  if (points < reports_.size() && keeper_.is_due(static_cast<double>(points), false)) save(points, blocks);
}

void SavedPoints::note_end(std::size_t points, OrderedBlocks& blocks) {
  if (points < reports_.size() && keeper_.is_due_at_end(static_cast<double>(points), false))
    save(points, blocks);
}

void SavedPoints::save(std::size_t points, OrderedBlocks& blocks) {
  Archive archive;
  exchange(archive, points);
  blocks.exchange(archive);
  keeper_.keep(static_cast<double>(points), archive.take(), false);
}

}  // namespace memspice
