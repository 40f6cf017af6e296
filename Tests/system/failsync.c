// Lets the syncs of a program fail as a dying disk does, while a file that FAILSYNC_FILE names is there.
//
//   clang -shared -fPIC -O2 -o failsync.so failsync.c -ldl
//   LD_PRELOAD=./failsync.so FAILSYNC_FILE=now program
//
// The file is taken away with the first failure: one failed sync must be enough.
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

static int fails(void) {
  const char *path = getenv("FAILSYNC_FILE");
  return path && unlink(path) == 0;
}

int fsync(int file) {
  static int (*real)(int);
  if (!real) real = (int (*)(int))dlsym(RTLD_NEXT, "fsync");
  if (!fails()) return real(file);
  errno = EIO;
  return -1;
}

int fdatasync(int file) {
  static int (*real)(int);
  if (!real) real = (int (*)(int))dlsym(RTLD_NEXT, "fdatasync");
  if (!fails()) return real(file);
  errno = EIO;
  return -1;
}
