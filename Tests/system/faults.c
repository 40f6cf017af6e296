// Stands under a program and sees every call by which it changes files or sends to a network: it counts them, kills the
// program at one of them or lets it fail, and writes them down with all that they bring.
//
//   clang -shared -fPIC -O2 -o faults.so faults.c -ldl
//   LD_PRELOAD=./faults.so FAULTS_UNDER=/folder:/other FAULTS_LOG=calls program
//
// FAULTS_UNDER   folders; only what lies below them counts. Sockets of IP count too, unless FAULTS_SOCKETS=0.
// FAULTS_LOG     a line for each call that counts: its number, its name, the path or "socket", how many bytes.
// FAULTS_ARM     counting begins when this file is there; left out, it begins at once.
// FAULTS_AT      the number of the call, from 1, at which it happens, before the call does anything.
// FAULTS_HOW     what happens: kill, eio, enospc. With FAULTS_FOREVER=1 also at each call after it.
// FAULTS_SHORT=1 a write that is killed or fails has brought the first half of its bytes before.
// FAULTS_READS=1 reads count, and nothing else.
// FAULTS_RECORD  what was done, in the order in which it was done, as powerloss.py reads it.
//
// strace's own injection counts the calls of each thread apart, so that "the seventh" would be another one in every
// run of a program with threads; points.py holds what is seen here against what strace sees.
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <netinet/in.h>
#include <pthread.h>
#include <signal.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

enum how { NOTHING, KILL, FAIL };

static const char *under, *arm;
static int log_file = -1, record_file = -1, error_number, reads_only, with_sockets = 1, is_forever, is_short;
static enum how how;
static long at;
static atomic_long count;
static atomic_int is_armed;
static pthread_mutex_t recording = PTHREAD_MUTEX_INITIALIZER;

static int own_file(const char *name) {
  const char *path = getenv(name);
  if (!path || !*path) return -1;
  int file = (int)syscall(SYS_openat, AT_FDCWD, path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
  if (file < 0) abort();
  // Out of the way of what the program counts.
  int high = fcntl(file, F_DUPFD_CLOEXEC, 900);
  if (high < 0) return file;
  syscall(SYS_close, file);
  return high;
}

static int is_set(const char *name) {
  const char *value = getenv(name);
  return value && *value == '1';
}

__attribute__((constructor)) static void begin(void) {
  under = getenv("FAULTS_UNDER");
  arm = getenv("FAULTS_ARM");
  log_file = own_file("FAULTS_LOG");
  record_file = own_file("FAULTS_RECORD");
  reads_only = is_set("FAULTS_READS");
  is_forever = is_set("FAULTS_FOREVER");
  is_short = is_set("FAULTS_SHORT");
  if (getenv("FAULTS_SOCKETS")) with_sockets = is_set("FAULTS_SOCKETS");
  const char *number = getenv("FAULTS_AT"), *kind = getenv("FAULTS_HOW");
  at = number ? atol(number) : 0;
  if (at > 0 && kind) {
    how = strcmp(kind, "kill") ? FAIL : KILL;
    error_number = strcmp(kind, "enospc") ? EIO : ENOSPC;
  }
  if (!arm || !*arm) atomic_store(&is_armed, 1);
  // What this program starts is not looked at.
  unsetenv("LD_PRELOAD");
}

static int lies_under(const char *path) {
  if (!under || path[0] != '/') return 0;
  for (const char *start = under; *start;) {
    const char *end = strchrnul(start, ':');
    size_t length = (size_t)(end - start);
    if (length && !strncmp(path, start, length) && (path[length] == '/' || path[length] == 0)) return 1;
    start = *end ? end + 1 : end;
  }
  return 0;
}

// The path that an open file has now; 0 where it is none of ours.
static int path_of(int file, char *path) {
  char link[64];
  snprintf(link, sizeof link, "/proc/self/fd/%d", file);
  ssize_t length = readlink(link, path, PATH_MAX - 1);
  if (length <= 0) return 0;
  path[length] = 0;
  if (!strncmp(path, "socket:", 7)) {
    struct sockaddr_storage address;
    socklen_t size = sizeof address;
    if (!with_sockets || getsockname(file, (struct sockaddr *)&address, &size)) return 0;
    if (address.ss_family != AF_INET && address.ss_family != AF_INET6) return 0;
    strcpy(path, "socket");
    return 1;
  }
  return lies_under(path);
}

// A path as a call was given it, made whole; 0 where it is none of ours.
static int whole_path(int folder, const char *given, char *path) {
  if (!given) return 0;
  if (given[0] == '/') {
    snprintf(path, PATH_MAX, "%s", given);
  } else if (folder == AT_FDCWD) {
    if (!getcwd(path, PATH_MAX)) return 0;
    size_t length = strlen(path);
    snprintf(path + length, PATH_MAX - length, "/%s", given);
  } else {
    char link[64];
    snprintf(link, sizeof link, "/proc/self/fd/%d", folder);
    ssize_t length = readlink(link, path, PATH_MAX - 1);
    if (length <= 0) return 0;
    snprintf(path + length, PATH_MAX - (size_t)length, "/%s", given);
  }
  return lies_under(path);
}

static int armed(void) {
  if (atomic_load(&is_armed)) return 1;
  if (syscall(SYS_access, arm, F_OK) != 0) return 0;
  atomic_store(&is_armed, 1);
  return 1;
}

static void note(const char *mark, long number, const char *name, const char *path, long bytes) {
  if (log_file < 0) return;
  char line[PATH_MAX + 128];
  int length = snprintf(line, sizeof line, "%s%ld %s %s %ld\n", mark, number, name, path, bytes);
  syscall(SYS_write, log_file, line, (size_t)length);
}

static void die(void) {
  syscall(SYS_kill, getpid(), SIGKILL);
  for (;;) pause();
}

// Counts a call. Answers whether it is to fail, with errno set; may not come back.
static int fails(const char *name, const char *path, long bytes, int is_read) {
  if (is_read != reads_only || !armed()) return 0;
  long number = atomic_fetch_add(&count, 1) + 1;
  int is_hit = how != NOTHING && (number == at || (number > at && is_forever));
  note(is_hit ? "!" : "", number, name, path, bytes);
  if (!is_hit) return 0;
  if (how == KILL && !is_short) die();
  errno = error_number;
  // A network card does not fail so.
  if (how == FAIL && !strcmp(path, "socket")) return 0;
  return 1;
}

// Half of what was to be written is there, and then it ended.
static int ended_half(int file, const void *bytes, size_t length, off_t offset, int is_positioned) {
  if (is_short && length > 1) {
    if (is_positioned)
      syscall(SYS_pwrite64, file, bytes, length / 2, offset);
    else
      syscall(SYS_write, file, bytes, length / 2);
  }
  if (how == KILL) die();
  errno = error_number;
  return -1;
}

// MARK: what was done, written down

enum kind { WRITE = 1, CUT, SYNC, SYNC_FOLDER, CREATE, RENAME, REMOVE, MAKE_FOLDER, LINK };

struct entry {
  uint32_t magic, kind;
  uint64_t inode, offset;
  uint32_t path, other, data, unused;
};

static int is_recorded(const char *path) { return record_file >= 0 && strcmp(path, "socket"); }

static void hold(const char *path) {
  if (is_recorded(path)) pthread_mutex_lock(&recording);
}

static void let_go(const char *path) {
  if (is_recorded(path)) pthread_mutex_unlock(&recording);
}

static void record(
    enum kind kind, uint64_t inode, uint64_t offset, const char *path, const char *other, const void *data,
    size_t length) {
  struct entry entry = {
      0x4c544146, kind, inode, offset, (uint32_t)strlen(path), (uint32_t)strlen(other), (uint32_t)length, 0};
  struct iovec parts[4] = {
      {&entry, sizeof entry}, {(void *)path, entry.path}, {(void *)other, entry.other}, {(void *)data, length}};
  size_t whole = sizeof entry + entry.path + entry.other + length;
  if (syscall(SYS_writev, record_file, parts, 4) != (ssize_t)whole) abort();
}

static uint64_t inode_of(int file) {
  struct stat status;
  return fstat(file, &status) ? 0 : status.st_ino;
}

static uint64_t inode_at(const char *path) {
  struct stat status;
  return lstat(path, &status) ? 0 : status.st_ino;
}

// MARK: the calls

#define REAL(result, name, ...)                                  \
  static result (*real)(__VA_ARGS__);                            \
  if (!real) real = (result(*)(__VA_ARGS__))dlsym(RTLD_NEXT, name)

static ssize_t write_bytes(
    const char *name, int file, const void *bytes, size_t length, off_t offset, int is_positioned) {
  char path[PATH_MAX];
  int is_ours = path_of(file, path);
  if (is_ours && fails(name, path, (long)length, 0)) return ended_half(file, bytes, length, offset, is_positioned);
  if (!is_ours || !is_recorded(path))
    return is_positioned ? syscall(SYS_pwrite64, file, bytes, length, offset) : syscall(SYS_write, file, bytes, length);
  hold(path);
  if (!is_positioned) {
    int flags = fcntl(file, F_GETFL);
    offset = lseek(file, 0, flags >= 0 && flags & O_APPEND ? SEEK_END : SEEK_CUR);
    ssize_t done = syscall(SYS_write, file, bytes, length);
    if (done > 0) record(WRITE, inode_of(file), (uint64_t)offset, path, "", bytes, (size_t)done);
    let_go(path);
    return done;
  }
  ssize_t done = syscall(SYS_pwrite64, file, bytes, length, offset);
  if (done > 0) record(WRITE, inode_of(file), (uint64_t)offset, path, "", bytes, (size_t)done);
  let_go(path);
  return done;
}

ssize_t write(int file, const void *bytes, size_t length) { return write_bytes("write", file, bytes, length, 0, 0); }

ssize_t pwrite64(int file, const void *bytes, size_t length, off64_t offset) {
  return write_bytes("pwrite64", file, bytes, length, offset, 1);
}

ssize_t pwrite(int file, const void *bytes, size_t length, off_t offset) {
  return write_bytes("pwrite64", file, bytes, length, offset, 1);
}

// In parts: a file may take fewer than it was given, and goes on from there.
static ssize_t write_parts(
    const char *name, int file, const struct iovec *parts, int number, off_t offset, int is_positioned) {
  char path[PATH_MAX];
  if (!path_of(file, path))
    return is_positioned ? syscall(SYS_pwritev, file, parts, number, offset, 0)
                         : syscall(SYS_writev, file, parts, number);
  if (!strcmp(path, "socket")) {
    long bytes = 0;
    for (int each = 0; each < number; each++) bytes += (long)parts[each].iov_len;
    if (fails(name, path, bytes, 0)) {
      if (how == KILL) die();
      return -1;
    }
    return syscall(SYS_writev, file, parts, number);
  }
  for (int each = 0; each < number; each++)
    if (parts[each].iov_len)
      return write_bytes(name, file, parts[each].iov_base, parts[each].iov_len, offset, is_positioned);
  return 0;
}

ssize_t writev(int file, const struct iovec *parts, int number) {
  return write_parts("writev", file, parts, number, 0, 0);
}

ssize_t pwritev(int file, const struct iovec *parts, int number, off_t offset) {
  return write_parts("pwritev", file, parts, number, offset, 1);
}

ssize_t pwritev64(int file, const struct iovec *parts, int number, off64_t offset) {
  return write_parts("pwritev", file, parts, number, offset, 1);
}

static int sends(const char *name, int file, long bytes) {
  char path[PATH_MAX];
  if (path_of(file, path) && fails(name, path, bytes, 0) && how == KILL) die();
  return 0;
}

ssize_t send(int file, const void *bytes, size_t length, int flags) {
  REAL(ssize_t, "send", int, const void *, size_t, int);
  sends("send", file, (long)length);
  return real(file, bytes, length, flags);
}

ssize_t sendto(
    int file, const void *bytes, size_t length, int flags, const struct sockaddr *to, socklen_t size) {
  REAL(ssize_t, "sendto", int, const void *, size_t, int, const struct sockaddr *, socklen_t);
  sends("sendto", file, (long)length);
  return real(file, bytes, length, flags, to, size);
}

ssize_t sendmsg(int file, const struct msghdr *message, int flags) {
  REAL(ssize_t, "sendmsg", int, const struct msghdr *, int);
  sends("sendmsg", file, 0);
  return real(file, message, flags);
}

static int synced(const char *name, long number, int file) {
  char path[PATH_MAX];
  int is_ours = path_of(file, path);
  if (is_ours && fails(name, path, 0, 0)) {
    if (how == KILL) die();
    return -1;
  }
  if (!is_ours || !is_recorded(path)) return (int)syscall(number, file);
  hold(path);
  int done = (int)syscall(number, file);
  struct stat status;
  if (!done && !fstat(file, &status))
    record(S_ISDIR(status.st_mode) ? SYNC_FOLDER : SYNC, status.st_ino, 0, path, "", "", 0);
  let_go(path);
  return done;
}

int fsync(int file) { return synced("fsync", SYS_fsync, file); }

int fdatasync(int file) { return synced("fdatasync", SYS_fdatasync, file); }

static int cut(int file, off_t length) {
  char path[PATH_MAX];
  int is_ours = path_of(file, path);
  if (is_ours && fails("ftruncate", path, length, 0)) {
    if (how == KILL) die();
    return -1;
  }
  if (!is_ours || !is_recorded(path)) return (int)syscall(SYS_ftruncate, file, length);
  hold(path);
  int done = (int)syscall(SYS_ftruncate, file, length);
  if (!done) record(CUT, inode_of(file), (uint64_t)length, path, "", "", 0);
  let_go(path);
  return done;
}

int ftruncate(int file, off_t length) { return cut(file, length); }
int ftruncate64(int file, off64_t length) { return cut(file, length); }

static int open_file(int folder, const char *given, int flags, mode_t mode) {
  char path[PATH_MAX];
  int changes = (flags & (O_CREAT | O_TRUNC)) && whole_path(folder, given, path);
  if (!changes) return (int)syscall(SYS_openat, folder, given, flags, mode);
  uint64_t before = inode_at(path);
  int is_new = !before && flags & O_CREAT;
  if ((is_new || flags & O_TRUNC) && fails("open", path, 0, 0)) {
    if (how == KILL) die();
    return -1;
  }
  if (!is_recorded(path)) return (int)syscall(SYS_openat, folder, given, flags, mode);
  hold(path);
  int file = (int)syscall(SYS_openat, folder, given, flags, mode);
  if (file >= 0 && is_new) record(CREATE, inode_of(file), 0, path, "", "", 0);
  if (file >= 0 && !is_new && flags & O_TRUNC) record(CUT, inode_of(file), 0, path, "", "", 0);
  let_go(path);
  return file;
}

static mode_t mode_of(int flags, va_list more) { return flags & (O_CREAT | __O_TMPFILE) ? va_arg(more, mode_t) : 0; }

#define OPEN(name, extra)                       \
  int name(const char *path, int flags, ...) {  \
    va_list more;                               \
    va_start(more, flags);                      \
    mode_t mode = mode_of(flags, more);         \
    va_end(more);                               \
    return open_file(AT_FDCWD, path, flags | extra, mode); \
  }
OPEN(open, 0)
OPEN(open64, 0)

#define OPEN_AT(name)                                      \
  int name(int folder, const char *path, int flags, ...) { \
    va_list more;                                          \
    va_start(more, flags);                                 \
    mode_t mode = mode_of(flags, more);                    \
    va_end(more);                                          \
    return open_file(folder, path, flags, mode);           \
  }
OPEN_AT(openat)
OPEN_AT(openat64)

int creat(const char *path, mode_t mode) { return open_file(AT_FDCWD, path, O_CREAT | O_WRONLY | O_TRUNC, mode); }

int renameat2(int from_folder, const char *from, int to_folder, const char *to, unsigned flags) {
  char path[PATH_MAX], other[PATH_MAX];
  int is_ours = whole_path(from_folder, from, path);
  is_ours = whole_path(to_folder, to, other) || is_ours;
  if (is_ours && fails("rename", path, 0, 0)) {
    if (how == KILL) die();
    return -1;
  }
  if (!is_ours || record_file < 0) return (int)syscall(SYS_renameat2, from_folder, from, to_folder, to, flags);
  pthread_mutex_lock(&recording);
  int done = (int)syscall(SYS_renameat2, from_folder, from, to_folder, to, flags);
  if (!done) record(RENAME, 0, 0, path, other, "", 0);
  pthread_mutex_unlock(&recording);
  return done;
}

int rename(const char *from, const char *to) { return renameat2(AT_FDCWD, from, AT_FDCWD, to, 0); }

int renameat(int from_folder, const char *from, int to_folder, const char *to) {
  return renameat2(from_folder, from, to_folder, to, 0);
}

int unlinkat(int folder, const char *given, int flags) {
  char path[PATH_MAX];
  int is_ours = whole_path(folder, given, path) && inode_at(path);
  if (is_ours && fails("unlink", path, 0, 0)) {
    if (how == KILL) die();
    return -1;
  }
  if (!is_ours || record_file < 0) return (int)syscall(SYS_unlinkat, folder, given, flags);
  pthread_mutex_lock(&recording);
  int done = (int)syscall(SYS_unlinkat, folder, given, flags);
  if (!done) record(REMOVE, 0, 0, path, "", "", 0);
  pthread_mutex_unlock(&recording);
  return done;
}

int unlink(const char *path) { return unlinkat(AT_FDCWD, path, 0); }
int rmdir(const char *path) { return unlinkat(AT_FDCWD, path, AT_REMOVEDIR); }

int remove(const char *path) {
  struct stat status;
  if (lstat(path, &status)) return -1;
  return S_ISDIR(status.st_mode) ? rmdir(path) : unlink(path);
}

int mkdirat(int folder, const char *given, mode_t mode) {
  char path[PATH_MAX];
  int is_ours = whole_path(folder, given, path) && !inode_at(path);
  if (is_ours && fails("mkdir", path, 0, 0)) {
    if (how == KILL) die();
    return -1;
  }
  if (!is_ours || record_file < 0) return (int)syscall(SYS_mkdirat, folder, given, mode);
  pthread_mutex_lock(&recording);
  int done = (int)syscall(SYS_mkdirat, folder, given, mode);
  if (!done) record(MAKE_FOLDER, inode_at(path), 0, path, "", "", 0);
  pthread_mutex_unlock(&recording);
  return done;
}

int mkdir(const char *path, mode_t mode) { return mkdirat(AT_FDCWD, path, mode); }

int linkat(int from_folder, const char *from, int to_folder, const char *to, int flags) {
  char path[PATH_MAX], other[PATH_MAX];
  int is_ours = whole_path(to_folder, to, other);
  whole_path(from_folder, from, path);
  if (is_ours && fails("link", other, 0, 0)) {
    if (how == KILL) die();
    return -1;
  }
  if (!is_ours || record_file < 0) return (int)syscall(SYS_linkat, from_folder, from, to_folder, to, flags);
  pthread_mutex_lock(&recording);
  int done = (int)syscall(SYS_linkat, from_folder, from, to_folder, to, flags);
  if (!done) record(LINK, inode_at(other), 0, path, other, "", 0);
  pthread_mutex_unlock(&recording);
  return done;
}

int link(const char *from, const char *to) { return linkat(AT_FDCWD, from, AT_FDCWD, to, 0); }

// MARK: reads

static int read_fails(const char *name, int file, size_t length) {
  char path[PATH_MAX];
  if (!reads_only || !path_of(file, path) || !strcmp(path, "socket")) return 0;
  return fails(name, path, (long)length, 1);
}

ssize_t read(int file, void *bytes, size_t length) {
  if (read_fails("read", file, length)) return -1;
  return syscall(SYS_read, file, bytes, length);
}

static ssize_t read_at(int file, void *bytes, size_t length, off_t offset) {
  if (read_fails("pread64", file, length)) return -1;
  return syscall(SYS_pread64, file, bytes, length, offset);
}

ssize_t pread(int file, void *bytes, size_t length, off_t offset) { return read_at(file, bytes, length, offset); }
ssize_t pread64(int file, void *bytes, size_t length, off64_t offset) { return read_at(file, bytes, length, offset); }
