#include "deck/file_text.hpp"

#include <sys/stat.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <memory>
#include <utility>

namespace memspice {
namespace {

constexpr double longest_stream = 1 << 30;

// Reads to the end; `expected` is the likely size.
bool read_whole(std::FILE* file, std::size_t expected, double most, std::string& text) {
  std::size_t used = 0;
  text.resize(expected + 1);  // one more, so that the end is seen without growing
  while (true) {
    used += std::fread(text.data() + used, 1, text.size() - used, file);
    if (used < text.size()) break;
    if (static_cast<double>(used) > most) {
      errno = EFBIG;
      return false;
    }
    text.resize(2 * text.size());
  }
  text.resize(used);
  return std::ferror(file) == 0;
}

Unreadable unreadable(const Budgets& budgets) {
  if (errno == EFBIG) return {budgets.message(Resource::bytes), true};
  const int error = errno;
  return {std::strerror(error), false, error};
}

}  // namespace

std::string read_file(Descriptor descriptor, bool any_kind, const Budgets& budgets, Unreadable& why) {
  const double most = budgets.limit(Resource::bytes);
  struct stat status {};
  std::string text;
  if (!descriptor.open() || ::fstat(descriptor.number(), &status) != 0) {
    why = unreadable(budgets);
  } else if (S_ISDIR(status.st_mode)) {
    why = {"it is a folder", false, EISDIR};
  } else if (!any_kind && !S_ISREG(status.st_mode)) {
    why.reason = "it is no regular file";
  } else {
    const std::unique_ptr<std::FILE, int (*)(std::FILE*)> file(::fdopen(descriptor.release(), "rb"),
                                                               std::fclose);
    const bool regular = S_ISREG(status.st_mode);
    const auto size = static_cast<std::size_t>(regular ? status.st_size : 0);
    if (static_cast<double>(size) > most) errno = EFBIG;
    if (static_cast<double>(size) > most || !file ||
        !read_whole(file.get(), size, regular ? most : std::min(most, longest_stream), text))
      why = unreadable(budgets);
  }
  return text;
}

std::string read_standard_input(const Budgets& budgets, Unreadable& why) {
  std::string text;
  if (!read_whole(stdin, 0, std::min(budgets.limit(Resource::bytes), longest_stream), text))
    why = unreadable(budgets);
  return text;
}

}  // namespace memspice
