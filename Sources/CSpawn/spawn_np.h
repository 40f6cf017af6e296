// What glibc has beyond POSIX to start a program (2.34 and later), which Swift's module of it leaves out.
#pragma once
#include <spawn.h>

int posix_spawn_file_actions_addchdir_np(posix_spawn_file_actions_t *actions, const char *path);
int posix_spawn_file_actions_addclosefrom_np(posix_spawn_file_actions_t *actions, int from);
int pipe2(int ends[2], int flags);
int memfd_create(const char *name, unsigned int flags);

// Closed in a program that is started.
static const unsigned int memfd_cloexec = 1;
