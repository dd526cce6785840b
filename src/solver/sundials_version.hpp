#pragma once

// The places where SUNDIALS 6 (Debian 12) and 7 (Debian 13) differ, and nothing else.

#include <sundials/sundials_config.h>
#include <sundials/sundials_context.h>
#include <sundials/sundials_types.h>

namespace memspice::sundials {

/// Nothing is written into a context of SUNDIALS 6 that neither measures nor logs; one of SUNDIALS 7 keeps
/// the last error.
#if SUNDIALS_VERSION_MAJOR >= 7 || defined(SUNDIALS_BUILD_WITH_PROFILING) || SUNDIALS_LOGGING_LEVEL > 0
inline constexpr bool contexts_are_written = true;
#else
inline constexpr bool contexts_are_written = false;
#endif

/// A context without MPI whose errors print nothing: every return code is looked at where it is returned.
/// Null where memory is short.
inline SUNContext create_context() noexcept {
  SUNContext context = nullptr;
#if SUNDIALS_VERSION_MAJOR >= 7
  if (SUNContext_Create(SUN_COMM_NULL, &context) != 0) return nullptr;
  SUNContext_ClearErrHandlers(context);
#else
  if (SUNContext_Create(nullptr, &context) != 0) return nullptr;
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
