// What shim.c, which keeps the record, offers to calls.c, which has the calls that are recorded.
#define _GNU_SOURCE
#pragma once
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>
#include <sys/uio.h>
#include <unistd.h>

// Nothing of it may stand in the place of a function of the process.
#pragma GCC visibility push(hidden)

enum kind { OPEN = 1, WRITE, TRUNCATE, SYNC_BEGIN, SYNC_END, RENAME, UNLINK, MKDIR, SYMLINK, CLOSE, ACCEPT, SEND, MAPPED, MARK, UNKNOWN };
enum flag { ZEROS = 1, CREATED = 2, TRUNCATED = 4, FAILED = 8, RANGE = 16 };

struct head {
  uint32_t total; // with path and data
  uint8_t kind;
  uint8_t flags;
  uint16_t path_length;
  uint32_t pid;
  int32_t fd;
  uint64_t inode; // of a socket the port of its peer
  uint64_t at; // an offset; of a sync its number
  uint64_t length; // of the data, which is left out where it is all zeros
  uint64_t nanoseconds;
};

enum what { NOTHING, A_FILE, A_DIRECTORY, A_SOCKET };
struct descriptor {
  uint8_t what;
  bool syncs; // each write is followed by a sync
  bool is_log;
  uint16_t port;
  uint64_t inode;
  uint64_t dirty; // bytes written since the last sync, but for zeros
  char *path;
};

#define descriptors 65536
extern struct descriptor table[descriptors];
extern int record;
// Files *.log that were made, and after how many the process is killed.
extern uint64_t log_files, die_create;
extern bool no_rewrite;

#define REAL(name) static __typeof__(&name) real; if (!real) real = (__typeof__(&name))dlsym(RTLD_NEXT, #name)
// Variants with 64 in their name are not declared by every libc.
#define REAL_AS(name, type) static __typeof__(type) real; if (!real) real = (__typeof__(type))dlsym(RTLD_NEXT, name)

void add(struct head head, const char *path, const struct iovec *parts, int count, size_t length);
void take(void);
void release(void);
void die(void);
bool all_zeros(const struct iovec *parts, int count);
struct descriptor *descriptor_of(int fd);
bool is_file(int fd);
bool is_socket(int fd);
const char *below(int dir, const char *path, char *into, size_t size);
bool ends_in_log(const char *path);
bool is_mark(const char *path);
int sync_file(int fd, int (*real)(int), bool range, uint64_t at, uint64_t length);

#pragma GCC visibility pop
