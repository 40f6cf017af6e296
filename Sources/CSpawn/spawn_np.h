// What glibc has beyond POSIX to start a program (2.34 and later), which Swift's module of it leaves out;
// and how a program is started that can open no socket.
#pragma once
#include <errno.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <pthread.h>
#include <spawn.h>
#include <stddef.h>
#include <sys/prctl.h>
#include <sys/syscall.h>

int posix_spawn_file_actions_addchdir_np(posix_spawn_file_actions_t *actions, const char *path);
int posix_spawn_file_actions_addclosefrom_np(posix_spawn_file_actions_t *actions, int from);
int pipe2(int ends[2], int flags);
int memfd_create(const char *name, unsigned int flags);

// Closed in a program that is started.
static const unsigned int memfd_cloexec = 1;

struct spawn_order {
  pid_t *process;
  const char *path;
  const posix_spawn_file_actions_t *actions;
  const posix_spawnattr_t *attributes;
  char *const *arguments;
  char *const *environment;
  int code;
};

#if defined(__x86_64__)
#define OUR_ARCHITECTURE AUDIT_ARCH_X86_64
#elif defined(__aarch64__)
#define OUR_ARCHITECTURE AUDIT_ARCH_AARCH64
#endif

// The calling thread, and whatever it starts from now on, gets EACCES instead of a socket. It may not ask
// for one by the calls of another architecture (socketcall of i386, the numbers of x32) nor by io_uring.
static int forbid_sockets(void) {
#ifdef OUR_ARCHITECTURE
  struct sock_filter rules[] = {
      BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, arch)),
      BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, OUR_ARCHITECTURE, 0, 4),
      BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
      BPF_JUMP(BPF_JMP | BPF_JGE | BPF_K, 0x40000000, 2, 0),
      BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, __NR_socket, 1, 0),
      BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, __NR_io_uring_setup, 0, 1),
      BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | EACCES),
      BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
  };
  struct sock_fprog filter = {sizeof(rules) / sizeof(rules[0]), rules};
  if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0) return errno;
  return prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &filter) == 0 ? 0 : errno;
#else
  return ENOSYS;
#endif
}

static void *carry_out(void *data) {
  struct spawn_order *order = (struct spawn_order *)data;
  order->code = forbid_sockets();
  if (order->code == 0)
    order->code = posix_spawn(order->process, order->path, order->actions, order->attributes,
                              order->arguments, order->environment);
  return NULL;
}

// posix_spawn of a program that can open no socket, by a thread that ends at once.
// Returns 0, or why it was not started: also where the kernel cannot forbid sockets.
static inline int spawn_without_sockets(
    pid_t *process, const char *path, const posix_spawn_file_actions_t *actions,
    const posix_spawnattr_t *attributes, char *const arguments[], char *const environment[]) {
  struct spawn_order order = {process, path, actions, attributes, arguments, environment, 0};
  pthread_t thread;
  int code = pthread_create(&thread, NULL, carry_out, &order);
  if (code != 0) return code;
  pthread_join(thread, NULL);
  return order.code;
}
