#pragma once

#include <cholmod.h>

namespace memspice {

/// The functions of CHOLMOD that are used, and those that set threads (null where there are none).
struct CholmodFunctions {
  decltype(&cholmod_start) start;
  decltype(&cholmod_finish) finish;
  decltype(&cholmod_analyze) analyze;
  decltype(&cholmod_factorize) factorize;
  decltype(&cholmod_solve2) solve2;
  decltype(&cholmod_change_factor) change_factor;
  decltype(&cholmod_allocate_sparse) allocate_sparse;
  decltype(&cholmod_free_sparse) free_sparse;
  decltype(&cholmod_free_dense) free_dense;
  decltype(&cholmod_free_factor) free_factor;
  void (*openblas_set_num_threads)(int);
  void (*omp_set_num_threads)(int);
  void (*omp_set_max_active_levels)(int);
};

/// False: memspice was built without CHOLMOD, a part of which is under the GPL (MEMSPICE_CHOLMOD=OFF).
[[nodiscard]] bool has_cholmod();

/// Loads CHOLMOD's shared library, which stays loaded. Throws SimulationError when it is not there or lacks a
/// function.
CholmodFunctions load_cholmod(const char* library);

/// CHOLMOD's workspace. The first one loads the library (SimulationError when that fails), which brings BLAS,
/// LAPACK, METIS and OpenMP along: to load them takes longer than to simulate a small circuit.
///
/// BLAS and CHOLMOD compute on the thread that made the workspace: their blocks are small, threads would
/// spend more time meeting than computing.
class Cholmod {
 public:
  Cholmod();
  ~Cholmod();
  Cholmod(const Cholmod&) = delete;
  Cholmod& operator=(const Cholmod&) = delete;

  const CholmodFunctions& call;
  cholmod_common common{};
};

}  // namespace memspice
