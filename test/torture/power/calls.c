// The calls of the C library that change files or send bytes, each with its record. What they are for: shim.c.
#include "shim.h"
#include <netinet/in.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>

static bool there(const char *path) {
  struct stat status;
  return lstat(path, &status) == 0;
}

typedef int (*openat_type)(int, const char *, int, ...);

static int open_at(int dir, const char *path, int flags, mode_t mode) {
  REAL_AS("openat", openat_type);
  if (is_mark(path)) return -1;
  char buffer[4096];
  const char *name = below(dir, path, buffer, sizeof buffer);
  if (!name) {
    int fd = real(dir, path, flags, mode);
    struct descriptor *d = fd >= 0 ? descriptor_of(fd) : NULL;
    if (d) d->what = NOTHING;
    return fd;
  }
  take();
  bool made = (flags & O_CREAT) && !there(name);
  int fd = real(dir, path, flags & ~(O_SYNC | O_DSYNC), mode);
  struct descriptor *d = fd >= 0 ? descriptor_of(fd) : NULL;
  if (d) {
    struct stat status;
    fstat(fd, &status);
    free(d->path);
    *d = (struct descriptor){
      .what = S_ISDIR(status.st_mode) ? A_DIRECTORY : A_FILE,
      .syncs = (flags & O_DSYNC) != 0,
      .is_log = ends_in_log(name),
      .inode = status.st_ino,
      .path = strdup(name),
    };
    bool cut = (flags & O_TRUNC) && !made && (flags & O_ACCMODE) != O_RDONLY;
    if (made || cut) {
      uint8_t how = (made ? CREATED : 0) | (cut ? TRUNCATED : 0);
      add((struct head){.kind = OPEN, .flags = how, .fd = fd, .inode = d->inode}, name, NULL, 0, 0);
      if (made && d->is_log && ++log_files == die_create) die();
    }
  }
  release();
  return fd;
}

#define MODE(flags) \
  mode_t mode = 0; \
  if (flags & (O_CREAT | O_TMPFILE)) { va_list list; va_start(list, flags); mode = va_arg(list, mode_t); va_end(list); }

int open(const char *path, int flags, ...) { MODE(flags) return open_at(AT_FDCWD, path, flags, mode); }
int open64(const char *path, int flags, ...) { MODE(flags) return open_at(AT_FDCWD, path, flags, mode); }
int openat(int dir, const char *path, int flags, ...) { MODE(flags) return open_at(dir, path, flags, mode); }
int openat64(int dir, const char *path, int flags, ...) { MODE(flags) return open_at(dir, path, flags, mode); }
int creat(const char *path, mode_t mode) { return open_at(AT_FDCWD, path, O_WRONLY | O_CREAT | O_TRUNC, mode); }
int creat64(const char *path, mode_t mode) { return creat(path, mode); }

int close(int fd) {
  REAL(close);
  struct descriptor *d = descriptor_of(fd);
  if (!d || d->what == NOTHING) return real(fd);
  take();
  if (d->what != A_DIRECTORY) {
    uint64_t id = d->what == A_SOCKET ? d->port : d->inode;
    add((struct head){.kind = CLOSE, .fd = fd, .inode = id}, NULL, NULL, 0, 0);
  }
  d->what = NOTHING;
  int result = real(fd);
  release();
  return result;
}

static int same_as(int fd, int copy) {
  struct descriptor *from = descriptor_of(fd), *to = copy >= 0 ? descriptor_of(copy) : NULL;
  if (!from || !to || fd == copy) return copy;
  take();
  free(to->path);
  *to = *from;
  if (from->path) to->path = strdup(from->path);
  release();
  return copy;
}

int dup(int fd) { REAL(dup); return same_as(fd, real(fd)); }
int dup2(int fd, int copy) { REAL(dup2); return same_as(fd, real(fd, copy)); }
int dup3(int fd, int copy, int flags) { REAL(dup3); return same_as(fd, real(fd, copy, flags)); }

int fsync(int fd) { REAL(fsync); return sync_file(fd, real, false, 0, 0); }
int fdatasync(int fd) { REAL(fdatasync); return sync_file(fd, real, false, 0, 0); }

// Writes.

// Whether the file holds these bytes there already.
static bool holds(int fd, const struct iovec *parts, int count, off_t at) {
  for (int i = 0; i < count; i++) {
    char *found = malloc(parts[i].iov_len);
    bool same = pread(fd, found, parts[i].iov_len, at) == (ssize_t)parts[i].iov_len && memcmp(found, parts[i].iov_base, parts[i].iov_len) == 0;
    free(found);
    if (!same) return false;
    at += parts[i].iov_len;
  }
  return true;
}

static ssize_t sum(const struct iovec *parts, int count) {
  ssize_t length = 0;
  for (int i = 0; i < count; i++) length += parts[i].iov_len;
  return length;
}

// A write of the parts at `at`, or where the file's own position is (-1).
static ssize_t write_file(int fd, const struct iovec *parts, int count, off_t at) {
  REAL_AS("pwritev64", ssize_t (*)(int, const struct iovec *, int, off_t));
  take();
  struct descriptor *d = descriptor_of(fd);
  bool moves = at < 0;
  if (moves) at = lseek(fd, 0, fcntl(fd, F_GETFL) & O_APPEND ? SEEK_END : SEEK_CUR);
  bool skip = no_rewrite && d->is_log && holds(fd, parts, count, at);
  ssize_t written = skip ? sum(parts, count) : real(fd, parts, count, at);
  if (written > 0 && !skip) add((struct head){.kind = WRITE, .fd = fd, .inode = d->inode, .at = at}, NULL, parts, count, written);
  if (written > 0 && !skip && !all_zeros(parts, count)) d->dirty += written;
  if (written > 0 && moves) lseek(fd, at + written, SEEK_SET);
  bool syncs = d->syncs;
  release();
  if (written > 0 && syncs) {
    static __typeof__(&fdatasync) sync;
    if (!sync) sync = dlsym(RTLD_NEXT, "fdatasync");
    if (sync_file(fd, sync, true, at, written) != 0) return -1;
  }
  return written;
}

static void sent(int fd, const struct iovec *parts, int count, ssize_t length) {
  if (length <= 0) return;
  struct descriptor *d = descriptor_of(fd);
  add((struct head){.kind = SEND, .fd = fd, .inode = d->port}, NULL, parts, count, length);
}

// A call that sends on a socket, and its record.
#define SENDING(fd, parts, count, call) \
  do { \
    take(); \
    ssize_t result = call; \
    sent(fd, parts, count, result); \
    release(); \
    return result; \
  } while (0)

ssize_t write(int fd, const void *bytes, size_t length) {
  REAL(write);
  struct iovec part = {(void *)bytes, length};
  if (is_socket(fd)) SENDING(fd, &part, 1, real(fd, bytes, length));
  return is_file(fd) ? write_file(fd, &part, 1, -1) : real(fd, bytes, length);
}

ssize_t writev(int fd, const struct iovec *parts, int count) {
  REAL(writev);
  if (is_socket(fd)) SENDING(fd, parts, count, real(fd, parts, count));
  return is_file(fd) ? write_file(fd, parts, count, -1) : real(fd, parts, count);
}

ssize_t pwrite(int fd, const void *bytes, size_t length, off_t at) {
  REAL(pwrite);
  struct iovec part = {(void *)bytes, length};
  return is_file(fd) ? write_file(fd, &part, 1, at) : real(fd, bytes, length, at);
}

ssize_t pwritev(int fd, const struct iovec *parts, int count, off_t at) {
  REAL(pwritev);
  return is_file(fd) ? write_file(fd, parts, count, at) : real(fd, parts, count, at);
}

ssize_t pwritev2(int fd, const struct iovec *parts, int count, off_t at, int flags) {
  REAL(pwritev2);
  return is_file(fd) ? write_file(fd, parts, count, at) : real(fd, parts, count, at, flags);
}

ssize_t pwrite64(int fd, const void *bytes, size_t length, off64_t at) { return pwrite(fd, bytes, length, at); }
ssize_t pwritev64(int fd, const struct iovec *parts, int count, off64_t at) { return pwritev(fd, parts, count, at); }
ssize_t pwritev64v2(int fd, const struct iovec *parts, int count, off64_t at, int flags) { return pwritev2(fd, parts, count, at, flags); }

ssize_t send(int fd, const void *bytes, size_t length, int flags) {
  REAL(send);
  struct iovec part = {(void *)bytes, length};
  if (is_socket(fd)) SENDING(fd, &part, 1, real(fd, bytes, length, flags));
  return real(fd, bytes, length, flags);
}

ssize_t sendto(int fd, const void *bytes, size_t length, int flags, const struct sockaddr *to, socklen_t size) {
  REAL(sendto);
  struct iovec part = {(void *)bytes, length};
  if (is_socket(fd)) SENDING(fd, &part, 1, real(fd, bytes, length, flags, to, size));
  return real(fd, bytes, length, flags, to, size);
}

ssize_t sendmsg(int fd, const struct msghdr *message, int flags) {
  REAL(sendmsg);
  if (is_socket(fd)) SENDING(fd, message->msg_iov, message->msg_iovlen, real(fd, message, flags));
  return real(fd, message, flags);
}

// Sockets.

static int accepted(int fd) {
  struct descriptor *d = fd >= 0 ? descriptor_of(fd) : NULL;
  if (!d) return fd;
  take();
  struct sockaddr_storage peer = {0};
  socklen_t size = sizeof peer;
  getpeername(fd, (struct sockaddr *)&peer, &size);
  uint16_t port = ntohs(peer.ss_family == AF_INET6 ? ((struct sockaddr_in6 *)&peer)->sin6_port : ((struct sockaddr_in *)&peer)->sin_port);
  free(d->path);
  *d = (struct descriptor){.what = A_SOCKET, .port = port};
  add((struct head){.kind = ACCEPT, .fd = fd, .inode = port}, NULL, NULL, 0, 0);
  release();
  return fd;
}

int accept(int fd, struct sockaddr *peer, socklen_t *size) { REAL(accept); return accepted(real(fd, peer, size)); }
int accept4(int fd, struct sockaddr *peer, socklen_t *size, int flags) { REAL(accept4); return accepted(real(fd, peer, size, flags)); }

// Sizes.

static int truncated(int fd, int result, off_t length) {
  if (result == 0) add((struct head){.kind = TRUNCATE, .fd = fd, .inode = table[fd].inode, .at = length}, NULL, NULL, 0, 0);
  return result;
}

int ftruncate(int fd, off_t length) {
  REAL(ftruncate);
  if (!is_file(fd)) return real(fd, length);
  take();
  int result = truncated(fd, real(fd, length), length);
  release();
  return result;
}

int ftruncate64(int fd, off64_t length) { return ftruncate(fd, length); }

// Calls that the model knows nothing of: on a file that counts they are named in the record, and the harness refuses it.
static void unknown(int fd, const char *call) {
  if (!is_file(fd)) return;
  take();
  add((struct head){.kind = UNKNOWN, .fd = fd, .inode = table[fd].inode}, call, NULL, 0, 0);
  release();
}

int fallocate(int fd, int mode, off_t at, off_t length) { REAL(fallocate); unknown(fd, "fallocate"); return real(fd, mode, at, length); }
int fallocate64(int fd, int mode, off64_t at, off64_t length) { return fallocate(fd, mode, at, length); }
int posix_fallocate(int fd, off_t at, off_t length) { REAL(posix_fallocate); unknown(fd, "posix_fallocate"); return real(fd, at, length); }
int posix_fallocate64(int fd, off64_t at, off64_t length) { return posix_fallocate(fd, at, length); }

ssize_t copy_file_range(int in, off64_t *from, int out, off64_t *to, size_t length, unsigned flags) {
  REAL(copy_file_range);
  unknown(out, "copy_file_range");
  return real(in, from, out, to, length, flags);
}

ssize_t sendfile64(int out, int in, off64_t *at, size_t count) {
  REAL_AS("sendfile64", ssize_t (*)(int, int, off64_t *, size_t));
  unknown(out, "sendfile");
  return real(out, in, at, count);
}

ssize_t sendfile(int out, int in, off_t *at, size_t count) { return sendfile64(out, in, at, count); }

// Maps that can be written: the file's contents are no longer known from the record.

void *mmap(void *address, size_t length, int protection, int flags, int fd, off_t at) {
  REAL_AS("mmap64", void *(*)(void *, size_t, int, int, int, off_t));
  void *result = real(address, length, protection, flags, fd, at);
  if (is_file(fd) && (flags & MAP_SHARED) && (protection & PROT_WRITE)) {
    take();
    add((struct head){.kind = MAPPED, .fd = fd, .inode = table[fd].inode}, table[fd].path, NULL, 0, 0);
    release();
  }
  return result;
}

void *mmap64(void *address, size_t length, int protection, int flags, int fd, off64_t at) {
  return mmap(address, length, protection, flags, fd, at);
}

// Names.

#define NAMED(dir, path, call, which, data, length) \
  do { \
    char buffer[4096]; \
    const char *name = below(dir, path, buffer, sizeof buffer); \
    if (!name) return call; \
    take(); \
    int result = call; \
    struct iovec part = {(void *)(data), length}; \
    if (result == 0) add((struct head){.kind = which}, name, &part, 1, length); \
    release(); \
    return result; \
  } while (0)

int unlink(const char *path) { REAL(unlink); NAMED(AT_FDCWD, path, real(path), UNLINK, "", 0); }
int unlinkat(int dir, const char *path, int flags) { REAL(unlinkat); NAMED(dir, path, real(dir, path, flags), UNLINK, "", 0); }
int rmdir(const char *path) { REAL(rmdir); NAMED(AT_FDCWD, path, real(path), UNLINK, "", 0); }
int remove(const char *path) { REAL(remove); NAMED(AT_FDCWD, path, real(path), UNLINK, "", 0); }
int mkdir(const char *path, mode_t mode) { REAL(mkdir); NAMED(AT_FDCWD, path, real(path, mode), MKDIR, "", 0); }
int mkdirat(int dir, const char *path, mode_t mode) { REAL(mkdirat); NAMED(dir, path, real(dir, path, mode), MKDIR, "", 0); }
int symlink(const char *target, const char *path) { REAL(symlink); NAMED(AT_FDCWD, path, real(target, path), SYMLINK, target, strlen(target)); }
int symlinkat(const char *target, int dir, const char *path) { REAL(symlinkat); NAMED(dir, path, real(target, dir, path), SYMLINK, target, strlen(target)); }
int link(const char *from, const char *path) { REAL(link); NAMED(AT_FDCWD, path, real(from, path), UNKNOWN, "", 0); }
int linkat(int fromdir, const char *from, int dir, const char *path, int flags) { REAL(linkat); NAMED(dir, path, real(fromdir, from, dir, path, flags), UNKNOWN, "", 0); }
int truncate(const char *path, off_t length) { REAL(truncate); NAMED(AT_FDCWD, path, real(path, length), UNKNOWN, "", 0); }
int truncate64(const char *path, off64_t length) { return truncate(path, length); }

// The record names the old path, its data the new one.
int renameat2(int fromdir, const char *from, int todir, const char *to, unsigned flags) {
  REAL(renameat2);
  char other[4096];
  const char *target = below(todir, to, other, sizeof other);
  if (!target) return real(fromdir, from, todir, to, flags);
  NAMED(fromdir, from, real(fromdir, from, todir, to, flags), RENAME, target, strlen(target));
}

int rename(const char *from, const char *to) { return renameat2(AT_FDCWD, from, AT_FDCWD, to, 0); }
int renameat(int fromdir, const char *from, int todir, const char *to) { return renameat2(fromdir, from, todir, to, 0); }
