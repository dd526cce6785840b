#pragma once

#include <sundials/sundials_context.h>
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

inline SUNContext context_of_the_process() {
  static const SUNContext made = create_context();
  return made;
}
// Made before main(): SUNDIALS 6 does not look at one allocation of a context's logger, and would crash
// without it when the context is freed.
[[maybe_unused]] inline const SUNContext early_context =
    contexts_are_written ? nullptr : context_of_the_process();

/// What SUNDIALS' objects are made in: a context of its own, or where nothing is written into it that of the
/// process.
class Context {
 public:
  Context() : context_(allocated(contexts_are_written ? create_context() : context_of_the_process())) {}
  ~Context() {
    if (contexts_are_written) SUNContext_Free(&context_);
  }
  Context(const Context&) = delete;
  Context& operator=(const Context&) = delete;
  [[nodiscard]] SUNContext get() const { return context_; }

 private:
  SUNContext context_;
};

}  // namespace memspice::sundials
