#include "app/confinement/confinement.hpp"

#if defined(__linux__) && __has_include(<linux/seccomp.h>)
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/sched.h>
#include <linux/seccomp.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>
#include <cstddef>
#endif

#if defined(__x86_64__) && defined(AUDIT_ARCH_X86_64)
#define MEMSPICE_AUDIT_ARCH AUDIT_ARCH_X86_64
#elif defined(__aarch64__) && defined(AUDIT_ARCH_AARCH64)
#define MEMSPICE_AUDIT_ARCH AUDIT_ARCH_AARCH64
#endif

namespace memspice::app {

#if defined(MEMSPICE_AUDIT_ARCH) && defined(SECCOMP_SET_MODE_FILTER) && defined(SECCOMP_FILTER_FLAG_TSYNC)

namespace {

// What a simulation never does. The others stay allowed: which of them the C library takes for a thread or
// for memory differs from one to the next.
constexpr long refused[] = {
    // Programs and processes.
    SYS_execve,
    SYS_execveat,
#ifdef SYS_fork
    SYS_fork,
    SYS_vfork,
#endif
    SYS_ptrace,
    SYS_process_vm_readv,
    SYS_process_vm_writev,
#ifdef SYS_pidfd_getfd
    SYS_pidfd_getfd,
#endif
    // The network.
    SYS_socket,
    SYS_socketpair,
    SYS_connect,
    SYS_bind,
    SYS_listen,
    SYS_accept,
    SYS_accept4,
    // Rights and attributes of files that Landlock leaves open.
    SYS_fchmodat,
    SYS_fchownat,
    SYS_fchown,
    SYS_setxattr,
    SYS_lsetxattr,
    SYS_fsetxattr,
    SYS_removexattr,
    SYS_lremovexattr,
    SYS_fremovexattr,
    SYS_mknodat,
    SYS_symlinkat,
    SYS_mkdirat,
#ifdef SYS_chmod
    SYS_chmod,
    SYS_chown,
    SYS_lchown,
    SYS_mknod,
    SYS_symlink,
    SYS_mkdir,
#endif
#ifdef SYS_fchmodat2
    SYS_fchmodat2,
#endif
    // The system.
    SYS_mount,
    SYS_umount2,
    SYS_pivot_root,
    SYS_chroot,
    SYS_unshare,
    SYS_setns,
    SYS_swapon,
    SYS_swapoff,
    SYS_reboot,
    SYS_sethostname,
    SYS_setdomainname,
    SYS_init_module,
    SYS_finit_module,
    SYS_delete_module,
    SYS_kexec_load,
    SYS_acct,
    SYS_quotactl,
    SYS_settimeofday,
    SYS_clock_settime,
    SYS_adjtimex,
    SYS_add_key,
    SYS_request_key,
    SYS_keyctl,
    SYS_bpf,
    SYS_perf_event_open,
    SYS_userfaultfd,
    SYS_open_by_handle_at,
#ifdef SYS_io_uring_setup
    SYS_io_uring_setup,
    SYS_io_uring_enter,
    SYS_io_uring_register,
#endif
#ifdef SYS_open_tree
    SYS_open_tree,
    SYS_move_mount,
    SYS_fsopen,
    SYS_fsmount,
#endif
};

constexpr sock_filter load(std::size_t offset) {
  return BPF_STMT(BPF_LD | BPF_W | BPF_ABS, static_cast<__u32>(offset));
}
constexpr sock_filter end(__u32 outcome) {
  return BPF_STMT(BPF_RET | BPF_K, outcome);
}
/// The next statement is run where the number is this, else the one behind it.
constexpr sock_filter where_equal(long number) {
  return BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, static_cast<__u32>(number), 0, 1);
}

constexpr __u32 no_permission = SECCOMP_RET_ERRNO | EPERM;

std::vector<sock_filter> filter() {
  std::vector<sock_filter> program{
      load(offsetof(seccomp_data, arch)),
      BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, MEMSPICE_AUDIT_ARCH, 1, 0),
      end(no_permission),
      load(offsetof(seccomp_data, nr)),
#ifdef __x86_64__
      // The calls of the interface x32 have this bit.
      BPF_JUMP(BPF_JMP | BPF_JGE | BPF_K, 0x40000000, 0, 1),
      end(no_permission),
#endif
  };
  for (const long number : refused) program.insert(program.end(), {where_equal(number), end(no_permission)});
#ifdef SYS_clone3
  // Its flags are in memory, where no filter sees them: the C library takes clone() where there is no
  // clone3().
  program.insert(program.end(), {where_equal(SYS_clone3), end(SECCOMP_RET_ERRNO | ENOSYS)});
#endif
  // Threads are allowed, processes are not.
  program.insert(
      program.end(),
      {BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_clone, 0, 3), load(offsetof(seccomp_data, args)),
       BPF_JUMP(BPF_JMP | BPF_JSET | BPF_K, CLONE_THREAD, 1, 0), end(no_permission), end(SECCOMP_RET_ALLOW)});
  return program;
}

}  // namespace

bool confine_calls() {
  std::vector<sock_filter> statements = filter();
  const sock_fprog program{.len = static_cast<unsigned short>(statements.size()),
                           .filter = statements.data()};
  return ::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 &&
         ::syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, SECCOMP_FILTER_FLAG_TSYNC, &program) == 0;
}

#else

bool confine_calls() {
  return false;
}

#endif

}  // namespace memspice::app
