#pragma once

#include <memspice/deck.hpp>

namespace memspice::fuzz {

/// So little of everything that an input takes milliseconds, under sanitizers too.
inline ParseOptions small_budgets() {
  ParseOptions options{.safe = true, .budgets = {}};
  for (const auto& [resource, limit] : {std::pair{Resource::bytes, 1e5},
                                        {Resource::files, 20.0},
                                        {Resource::elements, 200.0},
                                        {Resource::instances, 200.0},
                                        {Resource::expressions, 1e4},
                                        {Resource::corners, 2e4},
                                        {Resource::points, 50.0},
                                        {Resource::analyses, 20.0},
                                        {Resource::columns, 300.0},
                                        {Resource::rows, 2000.0}})
    options.budgets.set(resource, limit);
  return options;
}

}  // namespace memspice::fuzz
