#include "netlist/elements/edge_file.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <functional>

#include "base/characters.hpp"
#include "base/lines.hpp"

namespace memspice {
namespace {

constexpr std::size_t piece_size = 1u << 20;  // bytes, and the longest line
constexpr std::string_view utf8_mark = "\xef\xbb\xbf";

// A hostile deck may name a file of passwords as its list: of a line that could not be one of a list nothing
// is shown.
bool quotable(std::string_view line) {
  const bool several_words = trimmed(line).find_first_of(" \t,") != std::string_view::npos;
  return several_words && line.find_first_of(":$/@=\\") == std::string_view::npos;
}

}  // namespace

EdgeFile::EdgeFile(DataFile file) : file_(std::move(file)) {
  std::error_code error;
  const std::uintmax_t size = std::filesystem::file_size(file_.path, error);
  unread_ = error ? 0 : size;
  read_more();
  if (text_.starts_with(utf8_mark)) at_ = utf8_mark.size();
}

void EdgeFile::read_more() {
  const std::size_t kept = text_.size() - at_;
  std::copy(text_.begin() + static_cast<std::ptrdiff_t>(at_), text_.end(), piece_.begin());
  at_ = 0;
  if (piece_.size() < kept + piece_size) piece_.resize(kept + piece_size);
  const std::size_t count = file_.read(piece_.data() + kept, piece_size);
  text_ = std::string_view(piece_).substr(0, kept + count);
  unread_ -= std::min(unread_, count);
}

bool EdgeFile::next_line() {
  std::size_t end = text_.find('\n', at_);
  if (end == std::string::npos && !file_.stream.eof()) {
    read_more();
    end = text_.find('\n', at_);
  }
  if (at_ == text_.size()) return false;
  ++line_number_;
  line_ = text_.substr(at_, end == std::string::npos ? end : end - at_);
  at_ = end == std::string::npos ? text_.size() : end + 1;
  if (line_.ends_with('\r')) line_.remove_suffix(1);
  if (line_.size() > piece_size)
    throw Problem{line_.substr(0, 1), "this line is longer than 1 MiB", "an edge is a line of its own"};
  return true;
}

bool EdgeFile::next() {
  words_.clear();
  while (words_.empty()) {
    if (!next_line()) return false;
    if (!line_.starts_with('*')) split();
  }
  return true;
}

void EdgeFile::split() {
  const char* const end = line_.data() + line_.size();
  for (const char* at = line_.data(); at != end;) {
    if (is_blank(*at) || *at == ',') {
      ++at;
      continue;
    }
    if (*at == '#' || *at == ';') return;
    const char* const begin = at;
    while (at != end && character_class(*at) == CharacterClass::word) ++at;
    if (at != end && !is_blank(*at) && *at != ',' && *at != ';') {
      const bool text = character_class(*at) == CharacterClass::mark;
      throw Problem{{at, 1},
                    text ? fmt::format("unexpected '{}'", *at)
                         : fmt::format("unexpected character {:#04x}", static_cast<unsigned char>(*at)),
                    text ? "an edge list holds words and numbers, with blanks or commas between them"
                         : "an edge list is text in UTF-8; is this another file?"};
    }
    words_.emplace_back(begin, static_cast<std::size_t>(at - begin));
  }
}

std::size_t EdgeFile::lines_left() const {
  const std::size_t known = text_.size() - at_;
  const auto lines = static_cast<std::size_t>(
      std::count(text_.begin() + static_cast<std::ptrdiff_t>(at_), text_.end(), '\n'));
  if (lines == 0) return unread_ == 0 ? 1 : unread_ / (line_.size() + 1);
  return lines + 1 +
         static_cast<std::size_t>(1.02 * static_cast<double>(unread_) * static_cast<double>(lines) /
                                  static_cast<double>(known));
}

Diagnostic EdgeFile::describe(const Problem& problem, Severity severity) const {
  const std::less_equal<const char*> not_after;  // a total order, also between different texts
  const char* const begin = line_.data();
  const bool inside = problem.at.data() && not_after(begin, problem.at.data()) &&
                      not_after(problem.at.data(), begin + line_.size());
  const std::string_view all = trimmed(line_);
  const std::string_view at = inside ? problem.at : all;
  Diagnostic diagnostic;
  diagnostic.severity = severity;
  const bool shown = quotable(line_);
  diagnostic.message = shown ? problem.message : "this does not look like a line of an edge list";
  diagnostic.hint = shown ? problem.hint : "an edge list holds words and numbers; this line is not shown";
  diagnostic.file = file_.path;
  diagnostic.line = line_number_;
  diagnostic.column = shown ? 1 + static_cast<std::size_t>(at.data() - begin) : 1;
  diagnostic.text = shown ? line_ : "…";
  diagnostic.length = shown ? std::max<std::size_t>(1, at.size()) : 1;
  return diagnostic;
}

}  // namespace memspice
