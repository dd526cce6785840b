#pragma once

#include <string>

#include "base/descriptor.hpp"
#include "memspice/budgets.hpp"

namespace memspice {

/// Why a text is not there.
struct Unreadable {
  std::string reason;     // empty: it is there
  bool too_long = false;  // beyond the budget of bytes
  int error = 0;          // errno's value; 0: the system did not refuse
};

/// The text of an open file. A device or a pipe, which might never end, is read for `any_kind` only: where
/// the user names it, not a deck; and even then no more than decks have.
std::string read_file(Descriptor descriptor, bool any_kind, const Budgets& budgets, Unreadable& why);
std::string read_standard_input(const Budgets& budgets, Unreadable& why);

}  // namespace memspice
