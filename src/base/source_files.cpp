#include <algorithm>

#include "memspice/error.hpp"

namespace memspice {

std::uint32_t SourceFiles::add(std::string name, std::string text) {
  files_.push_back(std::make_unique<const File>(File{std::move(name), std::move(text)}));
  return static_cast<std::uint32_t>(files_.size() - 1);
}

SourceFiles::Position SourceFiles::position(Location where) const {
  const std::string_view text = this->text(where.file);
  const std::size_t offset = std::min<std::size_t>(where.offset, text.size());
  const std::size_t begin = offset == 0 ? 0 : text.rfind('\n', offset - 1) + 1;  // npos + 1 is 0
  std::size_t end = std::min(text.find('\n', offset), text.size());
  if (end > begin && text[end - 1] == '\r') --end;
  Position position;
  position.line = 1 + static_cast<std::size_t>(std::count(text.begin(), text.begin() + begin, '\n'));
  position.column = 1 + offset - begin;
  position.text = text.substr(begin, end - begin);
  return position;
}

}  // namespace memspice
