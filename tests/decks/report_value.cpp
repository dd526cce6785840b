#include "decks/report_value.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <stdexcept>

#include "base/wildcard.hpp"

namespace claims {

namespace {

using Json = nlohmann::json;

/// Cuts the first part off a path behind `report`: ".name", ".w(x1.y1)" or "[index]".
std::string_view cut_part(std::string_view& path) {
  std::size_t end = 1;
  int open = 0;
  for (; end < path.size(); ++end) {
    if (path[end] == '(') ++open;
    if (path[end] == ')') --open;
    if (open == 0 && (path[end] == '.' || path[end] == '[')) break;
  }
  const std::string_view part = path.substr(0, end);
  path.remove_prefix(end);
  return part;
}

std::string_view behind_root(std::string_view path) {
  return path.substr(std::min(path.size(), std::string_view("report").size()));
}

std::string names_in(const Json& json) {
  if (json.is_array()) return fmt::format("a list of {}", json.size());
  if (!json.is_object()) return json.dump();
  std::vector<std::string> names;
  for (const auto& [name, value] : json.items()) names.push_back(name);
  return fmt::format("{}", fmt::join(names, ", "));
}

/// Follows a path and its patterns to everything it means.
void follow(const Json& json, const std::string& done, std::string_view path,
            std::vector<std::string>& found) {
  if (path.empty()) {
    found.push_back(done);
    return;
  }
  const std::string_view part = cut_part(path);
  if (part[0] == '[') {
    for (std::size_t i = 0; json.is_array() && i < json.size(); ++i) {
      const std::string index = fmt::format("[{}]", i);
      if (part == "[*]" || part == index) follow(json[i], done + index, path, found);
    }
    return;
  }
  for (const auto& [name, value] : json.items())
    if (json.is_object() && memspice::matches(part.substr(1), name))
      follow(value, done + '.' + name, path, found);
}

}  // namespace

const Json& find_value(const Json& report, std::string_view path) {
  const Json* at = &report;
  for (std::string_view rest = behind_root(path); !rest.empty();) {
    const std::string_view part = cut_part(rest);
    const std::string name(part[0] == '[' ? part.substr(1, part.size() - 2) : part.substr(1));
    const bool item = part[0] == '[' && !name.empty() &&
                      std::ranges::all_of(name, [](char c) { return c >= '0' && c <= '9'; });
    if (item && at->is_array() && std::stoul(name) < at->size()) {
      at = &(*at)[std::stoul(name)];
    } else if (part[0] == '.' && at->is_object() && at->contains(name)) {
      at = &(*at)[name];
    } else {
      throw std::invalid_argument(fmt::format("the report has no '{}'; there is {}", path, names_in(*at)));
    }
  }
  return *at;
}

double number_at(const Json& report, std::string_view path) {
  const Json& value = find_value(report, path);
  if (value.is_boolean()) return value.get<bool>() ? 1 : 0;
  if (value.is_number()) return value.get<double>();
  throw std::invalid_argument(fmt::format("'{}' is no number but {}", path, value.dump()));
}

std::vector<std::string> matching_paths(const Json& report, std::string_view pattern) {
  std::vector<std::string> found;
  follow(report, "report", behind_root(pattern), found);
  if (found.empty()) throw std::invalid_argument(fmt::format("nothing in the report matches '{}'", pattern));
  return found;
}

std::size_t path_length(std::string_view text) {
  std::size_t at = 0;
  int open = 0;
  for (; at < text.size(); ++at) {
    const char c = text[at];
    if (c == '(' || c == '[') ++open;
    if ((c == ')' || c == ']') && --open < 0) break;
    const bool name = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
    if (!name && c != '.' && c != '(' && c != ')' && c != '[' && c != ']' && (c != '*' || open == 0)) break;
  }
  return at;
}

}  // namespace claims
