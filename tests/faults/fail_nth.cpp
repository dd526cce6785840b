// Preloaded into the program, makes one of its calls to the system fail: MEMSPICE_FAIL=write:3 the third that
// writes, `write:3+` that and all later ones. Counting begins with main(); MEMSPICE_CALLS=file receives how
// many there were and the name of a library that may end the process for a call of its own that failed; of a
// process that does not come to its end the name alone.
#include <dlfcn.h>
#include <execinfo.h>
#include <fcntl.h>
#include <pthread.h>
#include <sys/syscall.h>
#include <sys/types.h>
#include <sys/uio.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <cstdarg>
#include <cstddef>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <iterator>
#include <new>

extern "C" {
void __lsan_disable() __attribute__((weak));  // of a program with AddressSanitizer
void __lsan_enable() __attribute__((weak));
}

namespace {

constexpr const char* kinds[] = {"memory", "write", "short", "rename", "fsync",
                                 "thread", "open",  "read",  "close"};
enum Kind {
  memory,
  write_call,
  short_write,
  rename_call,
  fsync_call,
  thread,
  open_call,
  read_call,
  close_call
};
static_assert(std::size(kinds) == close_call + 1);

std::atomic<bool> counting = false;
std::atomic<long> calls = 0;
int failing = -1;
long number = 0;
bool all_later = false;
// The model: AddressSanitizer replaces what finds other thread-local variables, and needs malloc() before it
// is there.
#define EARLY_THREAD_LOCAL __attribute__((tls_model("initial-exec"))) thread_local
EARLY_THREAD_LOCAL bool inside = false;  // a call that another one makes is no call of the program's
EARLY_THREAD_LOCAL bool looking = false;

bool fails(Kind kind) {
  if (!counting || inside || failing != kind) return false;
  const long call = ++calls;
  return call == number || (all_later && call > number);
}

class Inside {
 public:
  Inside() : before_(inside) { inside = true; }
  ~Inside() { inside = before_; }
  Inside(const Inside&) = delete;
  Inside& operator=(const Inside&) = delete;

 private:
  bool before_;
};

template <class Function>
Function next(Function& known, const char* name) {
  if (known || looking) return known;
  looking = true;  // dlsym() may allocate and free
  known = reinterpret_cast<Function>(dlsym(RTLD_NEXT, name));
  looking = false;
  return known;
}

void tell(const char* text, std::size_t size) {
  const char* path = std::getenv("MEMSPICE_CALLS");
  if (!path) return;
  const long file = syscall(SYS_openat, AT_FDCWD, path, O_WRONLY | O_CREAT | O_TRUNC, 0666);
  static_cast<void>(syscall(SYS_write, file, text, size));
  static_cast<void>(syscall(SYS_close, file));
}

/// The library within which a call failed, where it is one of those that end the process then: libgfortran's
/// start by exit() or by calling itself without end, libhdf5 by exit() or by using what it has not.
std::atomic<const char*> failed_library = nullptr;

void note_callers() {
  if (failed_library != nullptr) return;
  const Inside guard;
  void* from[64];
  const int depth = backtrace(from, std::size(from));
  for (int i = 0; i < depth; ++i) {
    Dl_info info{};
    if (dladdr(from[i], &info) == 0) continue;
    for (const char* library : {"libgfortran", "libhdf5"}) {
      if (std::strstr(info.dli_fname, library) == nullptr) continue;
      failed_library = library;
      tell(library, std::strlen(library));
      return;
    }
  }
}

void tell_calls() {
  const char* library = failed_library;
  char text[64];
  const int size = std::snprintf(text, sizeof text, "%ld %s\n", calls.load(), library ? library : "");
  tell(text, static_cast<std::size_t>(size));
}

// What AddressSanitizer's own start asks for before there is a malloc(): never given back.
alignas(16) char early[1 << 16];
std::size_t early_used = 0;

void* early_block(std::size_t size) {
  void* block = early + early_used;
  early_used += (size + 15) / 16 * 16;
  return early_used <= sizeof early ? block : nullptr;
}

bool is_early(const void* block) {
  return block >= early && block < early + sizeof early;
}

/// It loads a library, for which the loader keeps memory that LeakSanitizer does not find again.
void load_backtrace() {
  if (__lsan_disable) __lsan_disable();
  void* from[1];
  backtrace(from, 1);
  if (__lsan_enable) __lsan_enable();
}

int (*program)(int, char**, char**) = nullptr;

int counted_main(int argc, char** argv, char** environment) {
  if (const char* wish = std::getenv("MEMSPICE_FAIL")) {
    for (int kind = 0; kind <= close_call; ++kind) {
      const std::size_t length = std::strlen(kinds[kind]);
      if (std::strncmp(wish, kinds[kind], length) != 0 || wish[length] != ':') continue;
      failing = kind;
      char* end = nullptr;
      number = std::strtol(wish + length + 1, &end, 10);
      all_later = *end == '+';
    }
  }
  unsetenv("LD_PRELOAD");  // what the program starts is not tried
  load_backtrace();
  counting = true;
  const int code = program(argc, argv, environment);
  counting = false;
  tell_calls();
  return code;
}

}  // namespace

// The names are the system's.
#define FAIL_NTH_CALL(result, name, parameters, arguments, kind, error, failure) \
  result name parameters {                                                       \
    static result(*real) parameters = nullptr;                                   \
    if (fails(kind)) {                                                           \
      errno = error;                                                             \
      return failure;                                                            \
    }                                                                            \
    const Inside guard;                                                          \
    return next(real, #name) arguments;                                          \
  }

extern "C" {

int __libc_start_main(int (*main)(int, char**, char**), int argc, char** argv, void (*init)(), void (*fini)(),
                      void (*rtld_fini)(), void* stack_end) {
  static int (*real)(int (*)(int, char**, char**), int, char**, void (*)(), void (*)(), void (*)(), void*) =
      nullptr;
  program = main;
  return next(real, "__libc_start_main")(counted_main, argc, argv, init, fini, rtld_fini, stack_end);
}

void* malloc(std::size_t size) {
  static void* (*real)(std::size_t) = nullptr;
  if (fails(memory)) {
    note_callers();
    errno = ENOMEM;
    return nullptr;
  }
  const Inside guard;
  return next(real, "malloc") ? real(size) : early_block(size);
}

void* calloc(std::size_t count, std::size_t size) {
  static void* (*real)(std::size_t, std::size_t) = nullptr;
  if (fails(memory)) {
    note_callers();
    errno = ENOMEM;
    return nullptr;
  }
  const Inside guard;
  return next(real, "calloc") ? real(count, size) : early_block(count * size);
}

void free(void* block) {
  static void (*real)(void*) = nullptr;
  if (!is_early(block) && next(real, "free")) real(block);
}

void* realloc(void* block, std::size_t size) {
  static void* (*real)(void*, std::size_t) = nullptr;
  if (fails(memory)) {
    note_callers();
    errno = ENOMEM;
    return nullptr;
  }
  const Inside guard;
  return next(real, "realloc")(block, size);
}

FAIL_NTH_CALL(void*, aligned_alloc, (std::size_t alignment, std::size_t size), (alignment, size), memory,
              ENOMEM, nullptr)
FAIL_NTH_CALL(int, posix_memalign, (void** block, std::size_t alignment, std::size_t size),
              (block, alignment, size), memory, ENOMEM, ENOMEM)

FAIL_NTH_CALL(ssize_t, pwrite, (int file, const void* data, std::size_t size, off_t at),
              (file, data, size, at), write_call, ENOSPC, -1)
FAIL_NTH_CALL(ssize_t, pwrite64, (int file, const void* data, std::size_t size, off64_t at),
              (file, data, size, at), write_call, ENOSPC, -1)
FAIL_NTH_CALL(ssize_t, writev, (int file, const iovec* parts, int count), (file, parts, count), write_call,
              ENOSPC, -1)
FAIL_NTH_CALL(std::size_t, fwrite, (const void* data, std::size_t size, std::size_t count, FILE* file),
              (data, size, count, file), write_call, ENOSPC, 0)
FAIL_NTH_CALL(int, fflush, (FILE * file), (file), write_call, ENOSPC, EOF)

ssize_t write(int file, const void* data, std::size_t size) {
  static ssize_t (*real)(int, const void*, std::size_t) = nullptr;
  if (fails(write_call)) {
    errno = ENOSPC;
    return -1;
  }
  if (size > 1 && fails(short_write)) size /= 2;
  const Inside guard;
  return next(real, "write")(file, data, size);
}

FAIL_NTH_CALL(int, rename, (const char* from, const char* to), (from, to), rename_call, EIO, -1)
FAIL_NTH_CALL(int, renameat, (int a, const char* from, int b, const char* to), (a, from, b, to), rename_call,
              EIO, -1)
FAIL_NTH_CALL(int, renameat2, (int a, const char* from, int b, const char* to, unsigned flags),
              (a, from, b, to, flags), rename_call, EIO, -1)
FAIL_NTH_CALL(int, link, (const char* from, const char* to), (from, to), rename_call, EIO, -1)
FAIL_NTH_CALL(int, linkat, (int a, const char* from, int b, const char* to, int flags),
              (a, from, b, to, flags), rename_call, EIO, -1)
FAIL_NTH_CALL(int, fsync, (int file), (file), fsync_call, EIO, -1)
FAIL_NTH_CALL(int, fdatasync, (int file), (file), fsync_call, EIO, -1)
FAIL_NTH_CALL(int, pthread_create,
              (pthread_t * thread_id, const pthread_attr_t* attributes, void* (*start)(void*),
               void* argument),
              (thread_id, attributes, start, argument), thread, EAGAIN, EAGAIN)
FAIL_NTH_CALL(FILE*, fopen, (const char* path, const char* mode), (path, mode), open_call, EMFILE, nullptr)
FAIL_NTH_CALL(FILE*, fopen64, (const char* path, const char* mode), (path, mode), open_call, EMFILE, nullptr)
FAIL_NTH_CALL(FILE*, tmpfile, (), (), open_call, EMFILE, nullptr)
FAIL_NTH_CALL(FILE*, tmpfile64, (), (), open_call, EMFILE, nullptr)
FAIL_NTH_CALL(ssize_t, read, (int file, void* data, std::size_t size), (file, data, size), read_call, EIO, -1)
FAIL_NTH_CALL(ssize_t, pread, (int file, void* data, std::size_t size, off_t at), (file, data, size, at),
              read_call, EIO, -1)
FAIL_NTH_CALL(ssize_t, pread64, (int file, void* data, std::size_t size, off64_t at), (file, data, size, at),
              read_call, EIO, -1)
std::size_t fread(void* data, std::size_t size, std::size_t count, FILE* file) {
  static std::size_t (*real)(void*, std::size_t, std::size_t, FILE*) = nullptr;
  if (fails(read_call)) {
    file->_flags |= 0x20;  // what ferror() looks at
    errno = EIO;
    return 0;
  }
  const Inside guard;
  return next(real, "fread")(data, size, count, file);
}

#define FAIL_NTH_OPEN(name, before, before_arguments)                                    \
  int name before {                                                                      \
    static int (*real)(int, const char*, int, mode_t) = nullptr;                         \
    va_list rest;                                                                        \
    va_start(rest, flags);                                                               \
    const mode_t mode = (flags & (O_CREAT | O_TMPFILE)) != 0 ? va_arg(rest, mode_t) : 0; \
    va_end(rest);                                                                        \
    if (fails(open_call)) {                                                              \
      errno = EMFILE;                                                                    \
      return -1;                                                                         \
    }                                                                                    \
    const Inside guard;                                                                  \
    return next(real, "openat64") before_arguments;                                      \
  }
FAIL_NTH_OPEN(open, (const char* path, int flags, ...), (AT_FDCWD, path, flags, mode))
FAIL_NTH_OPEN(open64, (const char* path, int flags, ...), (AT_FDCWD, path, flags, mode))
FAIL_NTH_OPEN(openat, (int folder, const char* path, int flags, ...), (folder, path, flags, mode))
FAIL_NTH_OPEN(openat64, (int folder, const char* path, int flags, ...), (folder, path, flags, mode))

/// openat2() has no function of its own.
long syscall(long call, ...) {
  static long (*real)(long, long, long, long, long, long, long) = nullptr;
  va_list rest;
  va_start(rest, call);
  long words[6];
  for (long& word : words) word = va_arg(rest, long);
  va_end(rest);
  if (call == SYS_openat2 && fails(open_call)) {
    errno = EMFILE;
    return -1;
  }
  return next(real, "syscall")(call, words[0], words[1], words[2], words[3], words[4], words[5]);
}

int close(int file) {
  static int (*real)(int) = nullptr;
  const bool fail = fails(close_call);
  const int result = next(real, "close")(file);
  if (!fail) return result;
  errno = EIO;
  return -1;
}

}  // extern "C"

// Under AddressSanitizer these do not come to malloc().
namespace {

[[noreturn]] void throw_no_memory() {
  if (const std::new_handler handler = std::get_new_handler()) handler();  // the program's throws
  throw std::bad_alloc();
}

void* allocate(std::size_t size, const char* name) {
  if (fails(memory)) throw_no_memory();
  const Inside guard;
  return reinterpret_cast<void* (*)(std::size_t)>(dlsym(RTLD_NEXT, name))(size);
}

void* allocate(std::size_t size, std::align_val_t alignment, const char* name) {
  if (fails(memory)) throw_no_memory();
  const Inside guard;
  return reinterpret_cast<void* (*)(std::size_t, std::align_val_t)>(dlsym(RTLD_NEXT, name))(size, alignment);
}

}  // namespace

void* operator new(std::size_t size) {
  return allocate(size, "_Znwm");
}
void* operator new[](std::size_t size) {
  return allocate(size, "_Znam");
}
void* operator new(std::size_t size, std::align_val_t alignment) {
  return allocate(size, alignment, "_ZnwmSt11align_val_t");
}
void* operator new[](std::size_t size, std::align_val_t alignment) {
  return allocate(size, alignment, "_ZnamSt11align_val_t");
}
