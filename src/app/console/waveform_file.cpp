#include "app/console/waveform_file.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <memspice/error.hpp>

#include "base/lines.hpp"
#include "base/usage_error.hpp"
#include "base/utf16.hpp"
#include "deck/deck_look.hpp"

namespace memspice::app {
namespace {

bool is_deck(const std::string& path) {
  constexpr std::size_t looked_at = 1 << 14;
  std::string text(looked_at, '\0');
  std::ifstream file(path, std::ios::binary);
  file.read(text.data(), looked_at);
  text.resize(static_cast<std::size_t>(file.gcount()));
  text = utf8_text(std::move(text));
  const std::string_view body = std::string_view(text).substr(std::min(text.find('\n'), text.size()));
  return body.find('\0') == std::string_view::npos && !trimmed(body).empty() && looks_like_deck(body);
}

}  // namespace

std::vector<Plot> waveforms_of(const std::string& path) try {
  return read_waveforms(path);
} catch (const FileError&) {
  if (!is_deck(path)) throw;
  throw FileError(
      fmt::format("cannot read '{0}': it is a deck, not a file of waveforms\n  hint: memspice {0} -o out.raw "
                  "runs it, and --plot or --view shows what comes out",
                  path),
      path);
}

void refuse_to_overwrite(const std::string& output, const std::string& input) {
  std::error_code ignored;
  if (output.empty() || !std::filesystem::equivalent(output, input, ignored)) return;
  throw UsageError(fmt::format("writing '{}' would overwrite '{}', which is read", output, input),
                   "-o gives another name");
}

}  // namespace memspice::app
