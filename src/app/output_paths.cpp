#include "app/output_paths.hpp"

#include <fmt/format.h>

#include <filesystem>

#include "base/usage_error.hpp"
#include "waveform/output_file.hpp"

namespace memspice::app {

std::string file_identity(const std::string& path) {
  if (names_standard_output(path)) return "-";
  std::error_code error;
  const std::filesystem::path absolute = std::filesystem::absolute(path, error);
  const std::filesystem::path canonical = std::filesystem::weakly_canonical(absolute, error);
  return error ? path : canonical.string();
}

namespace {

UsageError overwriting(const std::string& path, std::string_view what) {
  return UsageError(fmt::format("writing '{}' would overwrite {}", path, what),
                    "choose another name, such as out.raw");
}

}  // namespace

void OutputPaths::check_data(const Circuit& circuit) const {
  for (const std::string& file : circuit.origin.data_files)
    if (outputs_.contains(file_identity(file))) throw overwriting(file, "points of a waveform");
}

void OutputPaths::refuse_to_overwrite(const std::string& path, const std::string& identity) const {
  for (std::uint32_t file = 0; file < deck_.sources->size(); ++file)
    if (identity == file_identity(deck_.sources->name(file))) throw overwriting(path, "the deck");
}

void OutputPaths::add(const std::string& path, const std::string& output, Location where) {
  if (path.empty()) return;
  const std::string identity = file_identity(path);
  refuse_to_overwrite(path, identity);
  std::error_code error;
  const std::filesystem::file_status status = std::filesystem::status(identity, error);
  if (identity != "-" && std::filesystem::exists(status) && !std::filesystem::is_regular_file(status)) return;
  const auto [entry, fresh] = outputs_.try_emplace(identity, output);
  if (fresh || entry->second == output) return;
  const std::string message = fmt::format("{} and {} would both write '{}'", entry->second, output, path);
  constexpr const char* hint = "give each a file of its own";
  if (where.known()) throw DeckError(diagnose(*deck_.sources, where, output.size(), message, hint));
  throw UsageError(message, hint);
}

}  // namespace memspice::app
