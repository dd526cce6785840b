#include "solver/cholmod.hpp"

#include <dlfcn.h>
#include <fmt/format.h>

#include <cstddef>
#include <cstdlib>
#include <new>
#include <string_view>

#include "memspice/error.hpp"

namespace memspice {

namespace {

constexpr const char* install_cholmod =
    "try: install CHOLMOD of SuiteSparse (on Debian: apt-get install libsuitesparse-dev)";

const CholmodFunctions& cholmod_functions() {
  if (!has_cholmod())
    throw SimulationError(
        "this memspice was built without CHOLMOD\n  try: leave out .options solver=cholmod, or build it with "
        "MEMSPICE_CHOLMOD=ON");
  static const CholmodFunctions functions = load_cholmod(MEMSPICE_CHOLMOD_LIBRARY);
  return functions;
}

/// OpenBLAS starts its threads while it is loaded, and they wait for work by spinning: a tenth of a second of
/// CPU that nobody gets anything for. What the user has set stands.
void* load_with_one_thread(const char* library) {
  constexpr const char* threads = "OPENBLAS_NUM_THREADS";
  const bool is_set = std::getenv(threads) != nullptr;
  // libgfortran, which comes along, calls itself without end where its start finds no memory.
  constexpr std::size_t room = 1 << 20;
  ::operator delete(::operator new(room));
  if (!is_set) setenv(threads, "1", 0);
  void* const handle = dlopen(library, RTLD_NOW | RTLD_LOCAL);
  if (!is_set) unsetenv(threads);
  return handle;
}

}  // namespace

bool has_cholmod() {
  return std::string_view(MEMSPICE_CHOLMOD_LIBRARY) != "";
}

CholmodFunctions load_cholmod(const char* library) {
  void* const handle = load_with_one_thread(library);
  if (handle == nullptr)
    throw SimulationError(fmt::format("CHOLMOD, which factorises large matrices, cannot be loaded: {}\n  {}",
                                      dlerror(), install_cholmod));
  // Searches the libraries that came with it, too.
  const auto find = [&]<class Function>(const char* name, Function*& function) {
    function = reinterpret_cast<Function*>(dlsym(handle, name));
    return function != nullptr;
  };
  const auto need = [&](const char* name, auto& function) {
    if (!find(name, function))
      throw SimulationError(fmt::format("{}, which factorises large matrices, has no {}\n  {}", library, name,
                                        install_cholmod));
  };
  CholmodFunctions found{};
  need("cholmod_start", found.start);
  need("cholmod_finish", found.finish);
  need("cholmod_analyze", found.analyze);
  need("cholmod_factorize", found.factorize);
  need("cholmod_solve2", found.solve2);
  need("cholmod_change_factor", found.change_factor);
  need("cholmod_allocate_sparse", found.allocate_sparse);
  need("cholmod_free_sparse", found.free_sparse);
  need("cholmod_free_dense", found.free_dense);
  need("cholmod_free_factor", found.free_factor);
  find("openblas_set_num_threads", found.openblas_set_num_threads);
  find("omp_set_num_threads", found.omp_set_num_threads);
  find("omp_set_max_active_levels", found.omp_set_max_active_levels);
  return found;
}

Cholmod::Cholmod() : call(cholmod_functions()) {
  call.start(&common);
  common.print = 0;
  if (call.openblas_set_num_threads != nullptr) call.openblas_set_num_threads(1);
  if (call.omp_set_num_threads != nullptr) call.omp_set_num_threads(1);
  // CHOLMOD asks OpenMP for four threads whatever is set; no active level serialises its regions.
  if (call.omp_set_max_active_levels != nullptr) call.omp_set_max_active_levels(0);
}

Cholmod::~Cholmod() {
  call.finish(&common);
}

}  // namespace memspice
