#include "convert/file_names.hpp"

#include <algorithm>

namespace memspice::convert {

namespace {

bool is_plain_in_path(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '-';
}

}  // namespace

std::string shell_word(const std::string& name, const std::string& otherwise) {
  const auto control = [](char c) { return static_cast<unsigned char>(c) < ' '; };
  if (name.empty() || std::ranges::any_of(name, control)) return otherwise;
  if (std::ranges::all_of(name, [](char c) { return is_plain_in_path(c) || c == '.' || c == '/'; }))
    return name;
  std::string quoted = "'";
  for (const char c : name) quoted += c == '\'' ? std::string("'\\''") : std::string(1, c);
  return quoted + "'";
}

std::string plain_stem(std::string_view path, std::string_view otherwise) {
  std::string_view name = path.substr(path.find_last_of('/') + 1);
  if (const std::size_t dot = name.find_last_of('.'); dot != 0 && dot != std::string_view::npos)
    name = name.substr(0, dot);
  if (name.empty()) name = otherwise;
  std::string stem(name);
  std::ranges::replace_if(
      stem, [](char c) { return !is_plain_in_path(c) && c != '.'; }, '_');
  return stem;
}

}  // namespace memspice::convert
