#pragma once

#include <sundials/sundials_linearsolver.h>
#include <sundials/sundials_matrix.h>
#include <sundials/sundials_nonlinearsolver.h>
#include <sundials/sundials_nvector.h>

#include <memory>
#include <new>
#include <type_traits>

#include "solver/sundials_version.hpp"

namespace memspice::sundials {

// Owning handles: the C library's objects are destroyed in reverse order of declaration, like any other
// member.

template <class Handle, auto destroy>
struct Destroyer {
  using pointer = Handle;
  void operator()(Handle handle) const { static_cast<void>(destroy(handle)); }
};

inline void destroy_context(SUNContext context) {
  SUNContext_Free(&context);
}

using Context = std::unique_ptr<std::remove_pointer_t<SUNContext>, Destroyer<SUNContext, destroy_context>>;
using Vector = std::unique_ptr<std::remove_pointer_t<N_Vector>, Destroyer<N_Vector, N_VDestroy>>;
using Matrix = std::unique_ptr<std::remove_pointer_t<SUNMatrix>, Destroyer<SUNMatrix, SUNMatDestroy>>;
using LinearSolver =
    std::unique_ptr<std::remove_pointer_t<SUNLinearSolver>, Destroyer<SUNLinearSolver, SUNLinSolFree>>;
using NonlinearSolver = std::unique_ptr<std::remove_pointer_t<SUNNonlinearSolver>,
                                        Destroyer<SUNNonlinearSolver, SUNNonlinSolFree>>;

/// The pointer itself; SUNDIALS' constructors return null only when memory is short.
template <class Pointer>
Pointer allocated(Pointer pointer) {
  if (pointer == nullptr) throw std::bad_alloc();
  return pointer;
}

}  // namespace memspice::sundials
