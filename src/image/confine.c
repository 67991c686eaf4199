/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "image/confine.h"

#include <errno.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stddef.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>

#include "base/error.h"

/* The largest picture that is taken, decoded four bytes to a pixel, and a copy of it, come to less than half of it. */
#define MEMORY_BYTES (1024ul * 1024 * 1024)
#define FILE_BYTES (32ul * 1024 * 1024)
#define CPU_SECONDS 10
#define DESCRIPTORS 64

/* Behind sound and video in the queue for a core. */
#define NICENESS 10

#if defined(__x86_64__)
#define ARCHITECTURE AUDIT_ARCH_X86_64
#elif defined(__aarch64__)
#define ARCHITECTURE AUDIT_ARCH_AARCH64
#elif defined(__riscv) && __riscv_xlen == 64
#define ARCHITECTURE AUDIT_ARCH_RISCV64
#else
#error "say here which architecture's numbers the calls below have"
#endif

/* Memory, threads, time, and what one does with an open descriptor. */
/* clang-format off */
static const int allowed[] = {
  /* descriptors */
  SYS_read, SYS_write, SYS_readv, SYS_writev, SYS_pread64, SYS_pwrite64, SYS_lseek, SYS_close, SYS_fstat,
  SYS_newfstatat, SYS_ftruncate, SYS_fcntl, SYS_dup, SYS_ppoll, SYS_eventfd2, SYS_pipe2, SYS_recvmsg, SYS_sendmsg,
  SYS_recvfrom, SYS_sendto, SYS_getsockopt, SYS_setsockopt, SYS_getsockname, SYS_getpeername, SYS_shutdown,
  /* memory */
  SYS_mmap, SYS_munmap, SYS_mremap, SYS_mprotect, SYS_madvise, SYS_brk,
  /* threads and signals; clone3 hides its flags behind a pointer, and without it glibc falls back to clone */
  SYS_clone, SYS_futex, SYS_set_robust_list, SYS_rseq, SYS_exit, SYS_exit_group, SYS_sched_yield,
  SYS_sched_getaffinity, SYS_gettid, SYS_getpid, SYS_tgkill, SYS_rt_sigaction, SYS_rt_sigprocmask, SYS_rt_sigreturn,
  SYS_sigaltstack, SYS_restart_syscall, SYS_prctl,
  /* time and facts */
  SYS_clock_gettime, SYS_clock_nanosleep, SYS_nanosleep, SYS_gettimeofday, SYS_getrandom, SYS_getuid, SYS_geteuid,
  SYS_getgid, SYS_getegid, SYS_uname, SYS_sysinfo, SYS_prlimit64, SYS_getrusage,
#ifdef SYS_poll
  SYS_poll,
#endif
};
/* clang-format on */

static gboolean
fail (const char *what, GError **error)
{
  gr_set_error (error, GR_ERROR_INTERNAL, NULL, "Cannot confine the process (%s): %s", what, g_strerror (errno));
  return FALSE;
}

static gboolean
limit (__rlimit_resource_t resource, rlim_t most)
{
  struct rlimit limits = { most, most };
  struct rlimit now;

  if (getrlimit (resource, &now) == 0 && now.rlim_max < most)
    limits = (struct rlimit){ now.rlim_max, now.rlim_max };

  return setrlimit (resource, &limits) == 0;
}

static gboolean
limit_all (void)
{
#ifndef __SANITIZE_ADDRESS__
  /* AddressSanitizer's shadow alone is larger. */
  if (!limit (RLIMIT_AS, MEMORY_BYTES))
    return FALSE;
#endif

  return limit (RLIMIT_CPU, CPU_SECONDS) && limit (RLIMIT_FSIZE, FILE_BYTES) && limit (RLIMIT_NOFILE, DESCRIPTORS)
         && limit (RLIMIT_CORE, 0);
}

/* The list as a program for the kernel: each call is compared in turn, and all that are left do not exist. */
static gboolean
filter_calls (void)
{
  struct sock_filter program[G_N_ELEMENTS (allowed) * 2 + 5] = {
    BPF_STMT (BPF_LD | BPF_W | BPF_ABS, offsetof (struct seccomp_data, arch)),
    BPF_JUMP (BPF_JMP | BPF_JEQ | BPF_K, ARCHITECTURE, 1, 0),
    BPF_STMT (BPF_RET | BPF_K, SECCOMP_RET_KILL_PROCESS),
    BPF_STMT (BPF_LD | BPF_W | BPF_ABS, offsetof (struct seccomp_data, nr)),
  };
  struct sock_fprog wrapped = { .filter = program };
  guint n = 4;

  for (guint i = 0; i < G_N_ELEMENTS (allowed); i++)
    {
      program[n++] = (struct sock_filter) BPF_JUMP (BPF_JMP | BPF_JEQ | BPF_K, allowed[i], 0, 1);
      program[n++] = (struct sock_filter) BPF_STMT (BPF_RET | BPF_K, SECCOMP_RET_ALLOW);
    }

  program[n++] = (struct sock_filter) BPF_STMT (BPF_RET | BPF_K, SECCOMP_RET_ERRNO | ENOSYS);
  wrapped.len = n;

  return prctl (PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &wrapped, 0, 0) == 0;
}

gboolean
gr_confine (GError **error)
{
  if (setpriority (PRIO_PROCESS, 0, NICENESS) < 0 || !limit_all ())
    return fail ("limits", error);

  if (prctl (PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0 || prctl (PR_SET_DUMPABLE, 0, 0, 0, 0) < 0)
    return fail ("privileges", error);

  return filter_calls () || fail ("seccomp", error);
}
