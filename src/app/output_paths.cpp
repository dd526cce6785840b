#include "app/output_paths.hpp"

#include <fmt/format.h>

#include <filesystem>

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

DeckError overwriting(const std::string& path, std::string_view what) {
  return DeckError(Diagnostic{.message = fmt::format("writing '{}' would overwrite {}", path, what),
                              .hint = "choose another name, such as out.raw",
                              .file = "memspice",
                              .text = {}});
}

}  // namespace

void OutputPaths::check_data(const Circuit& circuit) const {
  for (const std::string& file : circuit.data_files)
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
  Diagnostic refusal{.message = fmt::format("{} and {} would both write '{}'", entry->second, output, path),
                     .hint = "give each a file of its own",
                     .file = "memspice",
                     .text = {}};
  if (where.known())
    refusal =
        diagnose(*deck_.sources, where, output.size(), std::move(refusal.message), std::move(refusal.hint));
  throw DeckError(std::move(refusal));
}

}  // namespace memspice::app
