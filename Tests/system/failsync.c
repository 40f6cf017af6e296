// Lets the syncs of a program fail as a dying disk does, while a file that FAILSYNC_FILE names is there.
//
//   clang -shared -fPIC -O2 -o failsync.so failsync.c -ldl
//   LD_PRELOAD=./failsync.so FAILSYNC_FILE=now program
//
// The file is taken away with the first failure: one failed sync must be enough. With FAILSYNC_NAME only syncs of a file
// of that name fail.
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static int fails(int file) {
  const char *path = getenv("FAILSYNC_FILE"), *name = getenv("FAILSYNC_NAME");
  if (path && name) {
    char link[64], target[4096] = {0};
    snprintf(link, sizeof link, "/proc/self/fd/%d", file);
    if (readlink(link, target, sizeof target - 1) < 0) return 0;
    const char *slash = strrchr(target, '/');
    if (strcmp(slash ? slash + 1 : target, name)) return 0;
  }
  return path && unlink(path) == 0;
}

int fsync(int file) {
  static int (*real)(int);
  if (!real) real = (int (*)(int))dlsym(RTLD_NEXT, "fsync");
  if (!fails(file)) return real(file);
  errno = EIO;
  return -1;
}

int fdatasync(int file) {
  static int (*real)(int);
  if (!real) real = (int (*)(int))dlsym(RTLD_NEXT, "fdatasync");
  if (!fails(file)) return real(file);
  errno = EIO;
  return -1;
}
