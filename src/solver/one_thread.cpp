#include "solver/one_thread.hpp"

#include <dlfcn.h>

#include <utility>

namespace memspice {

void use_one_thread() {
  using Setter = void (*)(int);
  // CHOLMOD asks OpenMP for four threads whatever is set; no active level serialises its regions.
  for (const auto& [name, value] : {std::pair{"openblas_set_num_threads", 1},
                                    {"omp_set_num_threads", 1},
                                    {"omp_set_max_active_levels", 0}}) {
    if (auto* set = reinterpret_cast<Setter>(dlsym(RTLD_DEFAULT, name))) set(value);
  }
}

}  // namespace memspice
