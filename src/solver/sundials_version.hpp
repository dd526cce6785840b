#pragma once

// The places where SUNDIALS 6 (Debian 12) and 7 (Debian 13) differ, and nothing else.

#include <sundials/sundials_config.h>
#include <sundials/sundials_context.h>
#include <sundials/sundials_types.h>

#include <new>

namespace memspice::sundials {

/// A context without MPI whose errors print nothing: every return code is looked at where it is returned.
inline SUNContext create_context() {
  SUNContext context = nullptr;
#if SUNDIALS_VERSION_MAJOR >= 7
  if (SUNContext_Create(SUN_COMM_NULL, &context) != 0) throw std::bad_alloc();
  SUNContext_ClearErrHandlers(context);
#else
  if (SUNContext_Create(nullptr, &context) != 0) throw std::bad_alloc();
#endif
  return context;
}

/// What a convergence test says: 6 calls it SUN_NLS_SUCCESS, 7 SUN_SUCCESS.
inline constexpr int newton_has_converged = 0;

/// SUNDIALS 6 keeps an error handler per solver: MEMSPICE_SUNDIALS_SILENCE(CVodeSetErrHandlerFn, memory) does
/// there what the context does in 7, which has no such setter; a macro, because the name itself is gone.
#if SUNDIALS_VERSION_MAJOR >= 7
#define MEMSPICE_SUNDIALS_SILENCE(setter, memory) static_cast<void>(memory)
#else
inline void ignore_message(int, const char*, const char*, char*, void*) {}
#define MEMSPICE_SUNDIALS_SILENCE(setter, memory) \
  setter(memory, ::memspice::sundials::ignore_message, nullptr)
#endif

}  // namespace memspice::sundials
