#pragma once

#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace memspice {

struct StringHash {
  using is_transparent = void;
  std::size_t operator()(std::string_view text) const { return std::hash<std::string_view>{}(text); }
};

/// A map by name that is searched without making a std::string.
template <class T>
using StringMap = std::unordered_map<std::string, T, StringHash, std::equal_to<>>;

template <class T>
void append_names(const StringMap<T>& map, std::vector<std::string_view>& names) {
  for (const auto& [name, value] : map) names.push_back(name);
}

}  // namespace memspice
