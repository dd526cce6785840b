#include "waveform/separate_sink.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <stdexcept>

#include "waveform/ascii.hpp"
#include "waveform/text_fields.hpp"

namespace memspice {

std::string SeparateSink::path_of(const PlotInfo& plot) const {
  std::string analysis = lower_case(to_ascii(plot.name));
  if (const std::size_t end = analysis.rfind(" analysis"); end != std::string::npos) analysis.resize(end);
  for (char& c : analysis)
    if ((c < 'a' || c > 'z') && (c < '0' || c > '9')) c = '-';
  const std::filesystem::path whole(path_);
  const std::string stem = whole.stem().string(), suffix = whole.extension().string();
  for (int number = 1;; ++number) {
    const std::string ordinal = number == 1 ? "" : fmt::format("-{}", number);
    const std::string name = fmt::format("{}.{}{}{}", stem, analysis, ordinal, suffix);
    std::string path = (whole.parent_path() / name).string();
    if (std::ranges::find(paths_, path) == paths_.end()) return path;
  }
}

/// Whether path_of() may have made it.
bool SeparateSink::is_ours(const std::filesystem::path& path) const {
  const std::filesystem::path whole(path_);
  const std::string name = path.filename().string();
  return path.parent_path() == whole.parent_path() && name.starts_with(whole.stem().string() + '.') &&
         name.ends_with(whole.extension().string());
}

void SeparateSink::begin_plot(const PlotInfo& plot) {
  const std::string path = path_of(plot);
  files_.push_back(open_file_sink(path, format_, options_));
  paths_.push_back(path);
  files_.back()->begin_plot(plot);
}

std::vector<std::string> SeparateSink::paths() const {
  std::vector<std::string> paths;
  for (const auto& file : files_) paths.push_back(file->path());
  return paths;
}

void SeparateSink::row(std::span<const double> values) {
  if (files_.empty()) throw std::logic_error("a row outside any plot (please report)");
  files_.back()->row(values);
}

void SeparateSink::end_plot() {
  if (!files_.empty()) files_.back()->end_plot();
}

void SeparateSink::flush() {
  if (!files_.empty()) files_.back()->flush();
}

void SeparateSink::exchange(Archive& archive) {
  archive.each(paths_, [&](std::string& path) { archive.text(path); });
  for (const std::string& path : paths_) archive.require(is_ours(path));
  while (files_.size() < paths_.size())
    files_.push_back(open_file_sink(paths_[files_.size()], format_, options_));
  for (const auto& file : files_) file->exchange(archive);
}

void SeparateSink::commit(std::string_view mark) {
  for (const auto& file : files_) file->commit(file == files_.back() ? mark : std::string_view());
}

}  // namespace memspice
