#include "waveform/part_file.hpp"

#include <dirent.h>
#include <fmt/format.h>

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <csignal>
#include <memory>

namespace memspice {
namespace {

constexpr std::size_t longest_stem = 200;  // a name near the system's limit leaves no room for the rest
constexpr std::string_view ending = ".part";

// Takes a number from the end of a text.
bool take_number(std::string_view& text, int& number) {
  const std::size_t digits = text.size() - (text.find_last_not_of("0123456789") + 1);
  const std::string_view last = text.substr(text.size() - digits);
  text.remove_suffix(digits);
  return digits > 0 && std::from_chars(last.data(), last.data() + digits, number).ec == std::errc();
}

bool take(std::string_view& text, std::string_view end) {
  const bool there = text.ends_with(end);
  if (there) text.remove_suffix(end.size());
  return there;
}

}  // namespace

std::string part_name(std::string_view target, pid_t process, int number) {
  return fmt::format("{}.{}-{}{}", target.substr(0, longest_stem), process, number, ending);
}

std::optional<PartName> read_part_name(std::string_view name) {
  int number = 0, process = 0;
  const bool is_one = take(name, ending) && take_number(name, number) && take(name, "-") &&
                      take_number(name, process) && take(name, ".") && !name.empty();
  if (!is_one || process <= 0) return std::nullopt;
  return PartName{std::string(name), process};
}

bool is_being_written(const PartName& name) {
  return ::kill(name.process, 0) == 0 || errno != ESRCH;
}

std::vector<std::filesystem::path> leftovers(const std::filesystem::path& folder,
                                             const std::function<bool(const std::string&)>& asks_for) {
  std::vector<std::filesystem::path> found;
  // libstdc++'s iterator ends the program where memory is out.
  const std::unique_ptr<DIR, void (*)(DIR*)> open(::opendir(folder.empty() ? "." : folder.c_str()),
                                                  [](DIR* it) { ::closedir(it); });
  for (const dirent* entry = nullptr; open && (entry = ::readdir(open.get()));) {
    const std::string file = entry->d_name;
    const auto name = read_part_name(file);
    if (name && asks_for(name->target) && !is_being_written(*name)) found.push_back(folder / file);
  }
  std::ranges::sort(found);
  return found;
}

}  // namespace memspice
