// Loaded into a gateway by LD_PRELOAD: writes down, in one total order, every call that changes a file below a folder
// and every byte that leaves on an accepted socket. Read back by record.ts, which says what a record looks like.
//
//   POWER_ROOT    the folder, an absolute path
//   POWER_RECORD  the file that records are added to
//   POWER_FAULT   faults to plant, separated by commas:
//     no-datasync       syncs of files are not done, and not recorded
//     no-dirsync        syncs of directories are not done, and not recorded
//     late-sync         a sync of a file returns at once and is done some milliseconds later
//     no-rewrite        a write of the bytes that are there already is not done, and not recorded
//     fail-sync=N       the Nth sync of a file *.log that has pages to write fails with EIO
//     die-at=N          the process is killed with the Nth record
//     die-create=N      the process is killed when it has made its Nth file *.log
//
// A call is made and recorded under one lock, so the order of the records is the order of the calls. Only a sync takes
// long and is made outside of it: it has a record where it begins, which says what it covers, and one where it ends.
// O_DSYNC is taken off a file that is opened with it, and its writes are followed by a sync, which comes to the same.
#include "shim.h"
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

struct descriptor table[descriptors];
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static char root[4096];
static size_t root_length;
int record = -1;
uint64_t log_files, die_create;
static uint64_t records, syncs, log_syncs;
bool no_rewrite;
static bool no_datasync, no_dirsync, late_sync;
static uint64_t fail_sync, die_at;
static const char mark[] = "/power-mark/";

static uint64_t number_after(const char *text, const char *name) {
  const char *found = text ? strstr(text, name) : NULL;
  return found ? strtoull(found + strlen(name), NULL, 10) : 0;
}

__attribute__((constructor)) static void begin(void) {
  const char *folder = getenv("POWER_ROOT"), *file = getenv("POWER_RECORD"), *fault = getenv("POWER_FAULT");
  if (!folder || !file || strlen(folder) >= sizeof root) return;
  strcpy(root, folder);
  root_length = strlen(root);
  if (fault) {
    no_datasync = strstr(fault, "no-datasync");
    no_dirsync = strstr(fault, "no-dirsync");
    late_sync = strstr(fault, "late-sync");
    no_rewrite = strstr(fault, "no-rewrite");
  }
  fail_sync = number_after(fault, "fail-sync=");
  die_at = number_after(fault, "die-at=");
  die_create = number_after(fault, "die-create=");
  int (*real)(const char *, int, ...) = dlsym(RTLD_NEXT, "open");
  record = real(file, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
  if (record < 0) {
    perror("the power-loss harness cannot open its record");
    abort();
  }
}

bool all_zeros(const struct iovec *parts, int count) {
  for (int i = 0; i < count; i++) {
    const char *bytes = parts[i].iov_base;
    size_t length = parts[i].iov_len;
    if (length > 0 && (bytes[0] != 0 || memcmp(bytes, bytes + 1, length - 1) != 0)) return false;
  }
  return true;
}

void die(void) {
  kill(getpid(), SIGKILL);
  for (;;) pause();
}

// Adds a record; the lock is held. `length` bytes of the parts count, which may be fewer than they have.
void add(struct head head, const char *path, const struct iovec *parts, int count, size_t length) {
  struct iovec pieces[1026] = {{&head, sizeof head}, {(void *)path, path ? strlen(path) : 0}};
  int used = 2;
  size_t left = length;
  for (int i = 0; i < count && left > 0 && used < 1026; i++, used++) {
    pieces[used] = parts[i];
    if (pieces[used].iov_len > left) pieces[used].iov_len = left;
    left -= pieces[used].iov_len;
  }
  if (length > 0 && all_zeros(pieces + 2, used - 2)) {
    head.flags |= ZEROS;
    used = 2;
  }
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  head.nanoseconds = (uint64_t)now.tv_sec * 1000000000u + now.tv_nsec;
  head.pid = getpid();
  head.length = length;
  head.path_length = pieces[1].iov_len;
  head.total = sizeof head + head.path_length + (head.flags & ZEROS ? 0 : length);
  REAL(writev);
  ssize_t written = real(record, pieces, used);
  if (written != (ssize_t)head.total) {
    perror("the power-loss harness cannot write its record");
    abort();
  }
  if (++records == die_at) die();
}

void take(void) { pthread_mutex_lock(&lock); }

void release(void) {
  int saved = errno;
  pthread_mutex_unlock(&lock);
  errno = saved;
}

struct descriptor *descriptor_of(int fd) {
  return record >= 0 && fd >= 0 && fd < descriptors ? &table[fd] : NULL;
}

bool is_file(int fd) {
  struct descriptor *d = descriptor_of(fd);
  return d && d->what == A_FILE;
}

bool is_socket(int fd) {
  struct descriptor *d = descriptor_of(fd);
  return d && d->what == A_SOCKET;
}

// The path as the record names it, or NULL where it is not below the folder.
const char *below(int dir, const char *path, char *into, size_t size) {
  if (record < 0 || !path) return NULL;
  if (path[0] != '/') {
    struct descriptor *d = dir == AT_FDCWD ? NULL : descriptor_of(dir);
    if (!d || d->what != A_DIRECTORY) return NULL;
    if ((size_t)snprintf(into, size, "%s/%s", d->path, path) >= size) return NULL;
    path = into;
  }
  // The folder itself too, for a sync of it.
  return strncmp(path, root, root_length) == 0 && (path[root_length] == '/' || path[root_length] == 0) ? path : NULL;
}

bool ends_in_log(const char *path) {
  size_t length = strlen(path);
  return length > 4 && strcmp(path + length - 4, ".log") == 0;
}

bool is_mark(const char *path) {
  if (record < 0 || !path || strncmp(path, mark, sizeof mark - 1) != 0) return false;
  take();
  add((struct head){.kind = MARK}, path + sizeof mark - 1, NULL, 0, 0);
  release();
  errno = ENOENT;
  return true;
}

// Syncs.

static bool swallowed(const struct descriptor *d) {
  return d->what == A_DIRECTORY ? no_dirsync : no_datasync;
}

struct later {
  uint64_t inode, number;
};

static void *sync_later(void *argument) {
  struct later later = *(struct later *)argument;
  free(argument);
  nanosleep(&(struct timespec){.tv_nsec = 8000000}, NULL);
  take();
  add((struct head){.kind = SYNC_BEGIN, .inode = later.inode, .at = later.number}, NULL, NULL, 0, 0);
  add((struct head){.kind = SYNC_END, .inode = later.inode, .at = later.number}, NULL, NULL, 0, 0);
  release();
  return NULL;
}

static int put_off(const struct descriptor *d, uint64_t number) {
  struct later *later = malloc(sizeof *later);
  *later = (struct later){d->inode, number};
  pthread_t thread;
  if (pthread_create(&thread, NULL, sync_later, later) != 0) abort();
  pthread_detach(thread);
  return 0;
}

// Does `real` on the file and records where it begins and ends. A sync of a range of `length` bytes at `at`, or of all.
int sync_file(int fd, int (*real)(int), bool range, uint64_t at, uint64_t length) {
  struct descriptor *d = descriptor_of(fd);
  if (!d || (d->what != A_FILE && d->what != A_DIRECTORY)) return real(fd);
  if (swallowed(d)) return 0;
  take();
  uint64_t number = ++syncs, inode = d->inode;
  // Enough that one page of it at least has nothing else in it.
  bool fails = d->is_log && !range && d->dirty >= 3 * 4096 && ++log_syncs == fail_sync;
  d->dirty = 0;
  if (late_sync && d->what == A_FILE && !range) {
    int result = put_off(d, number);
    release();
    return result;
  }
  struct iovec bounds[] = {{&at, sizeof at}, {&length, sizeof length}};
  struct head head = {.kind = SYNC_BEGIN, .flags = range ? RANGE : 0, .fd = fd, .inode = inode, .at = number};
  add(head, d->what == A_DIRECTORY ? d->path : NULL, bounds, 2, range ? sizeof at + sizeof length : 0);
  release();
  int result = fails ? -1 : real(fd), error = fails ? EIO : errno;
  take();
  head.kind = SYNC_END;
  if (result != 0) head.flags |= FAILED;
  add(head, NULL, NULL, 0, 0);
  release();
  errno = error;
  return result;
}
