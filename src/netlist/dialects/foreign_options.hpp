#pragma once

#include <span>
#include <string_view>

namespace memspice {

/// Options of other simulators that mean nothing here. They are named, never passed over in silence.
struct ForeignOptions {
  std::string_view names;  // separated by blanks
  std::string_view why;
};
std::span<const ForeignOptions> foreign_options();
/// Why the option does nothing; nullptr when it is not known.
const ForeignOptions* find_foreign_option(std::string_view name);

/// A package of Xyce's: `.options timeint name=value …`.
struct OptionGroup {
  std::string_view name;
  std::string_view aliases;
  std::string_view options;  // pairs `name:memspice's` or names that are the same here, separated by blanks
  std::string_view why;      // the others do nothing
};
std::span<const OptionGroup> option_groups();
const OptionGroup* find_option_group(std::string_view name);
/// What an option of the group is called here; empty when it does nothing here.
std::string_view name_in_group(const OptionGroup& group, std::string_view name);

}  // namespace memspice
