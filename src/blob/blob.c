#include "blob/blob.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/secret.h"

enum { NAME_SIZE = sizeof "ab/" + SHA256_HEX_SIZE, BRANCHES = 256 };

struct blobs {
    int root;        /* DIR/blobs; it holds ab/... and tmp/... */
    char *temporary; /* the template of a temporary file's path */
};

struct blob_writer {
    struct blobs *blobs;
    char *path; /* "" once the file has its name */
    int file;
    int failure; /* errno of the first write that failed, or 0 */
    uint64_t size;
    struct sha256 sha;
};

static void *must(void *memory)
{
    if (!memory)
        abort();
    return memory;
}

static char *join(const char *folder, const char *rest)
{
    char *path;
    if (asprintf(&path, "%s%s", folder, rest) < 0)
        abort();
    return path;
}

static bool make_folder(int parent, const char *path)
{
    return mkdirat(parent, path, 0700) == 0 || errno == EEXIST;
}

static bool sync_folder(int parent, const char *path)
{
    int folder = openat(parent, path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    bool synced = folder >= 0 && fsync(folder) == 0;
    int number = errno;
    if (folder >= 0)
        close(folder);
    errno = number;
    return synced;
}

/* A writer holds a lock on its file as long as it lives; what nobody holds is of a crash. */
static void remove_leftover(int folder, const char *name)
{
    int file = openat(folder, name, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
    if (file < 0)
        return;
    if (flock(file, LOCK_EX | LOCK_NB) == 0)
        unlinkat(folder, name, 0);
    close(file);
}

static bool remove_leftovers(int root)
{
    int folder = openat(root, "tmp", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    DIR *listing = folder < 0 ? NULL : fdopendir(folder);
    if (!listing)
        return false;
    for (struct dirent *entry; (entry = readdir(listing));)
        if (entry->d_name[0] != '.')
            remove_leftover(folder, entry->d_name);
    closedir(listing);
    return true;
}

/* All branches are made and synced at once, so that no writer need care for its branch. */
static bool make_branches(int root)
{
    char name[3];
    for (unsigned i = 0; i < BRANCHES; i++) {
        snprintf(name, sizeof name, "%02x", i);
        if (!make_folder(root, name))
            return false;
    }
    return make_folder(root, "tmp") && fsync(root) == 0;
}

struct blobs *blobs_open(const char *folder, struct error *error)
{
    char *path = join(folder, "/blobs");
    int root = -1;
    if (make_folder(AT_FDCWD, folder) && make_folder(AT_FDCWD, path))
        root = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    struct blobs *blobs = NULL;
    if (root >= 0 && sync_folder(AT_FDCWD, folder) && make_branches(root) &&
        remove_leftovers(root)) {
        blobs = must(malloc(sizeof *blobs));
        *blobs = (struct blobs){.root = root, .temporary = join(path, "/tmp/XXXXXX")};
    } else {
        fail_errno(error, path);
        if (root >= 0)
            close(root);
    }
    free(path);
    return blobs;
}

void blobs_close(struct blobs *blobs)
{
    if (!blobs)
        return;
    close(blobs->root);
    free(blobs->temporary);
    free(blobs);
}

struct blob_writer *blob_begin(struct blobs *blobs, struct error *error)
{
    char *path = join(blobs->temporary, "");
    int file = mkostemp(path, O_CLOEXEC);
    if (file < 0) {
        fail_errno(error, path);
        free(path);
        return NULL;
    }
    flock(file, LOCK_EX | LOCK_NB);
    struct blob_writer *writer = must(malloc(sizeof *writer));
    *writer = (struct blob_writer){.blobs = blobs, .path = path, .file = file};
    sha256_start(&writer->sha);
    return writer;
}

bool blob_write(struct blob_writer *writer, const void *data, size_t size, struct error *error)
{
    const char *at = data;
    sha256_add(&writer->sha, data, size);
    while (size && !writer->failure) {
        ssize_t wrote = write(writer->file, at, size);
        if (wrote < 0 && errno != EINTR)
            writer->failure = errno;
        if (wrote <= 0)
            continue;
        at += wrote;
        size -= (size_t)wrote;
        writer->size += (uint64_t)wrote;
    }
    errno = writer->failure;
    return !writer->failure || fail_errno(error, "the attachment could not be written");
}

uint64_t blob_size(const struct blob_writer *writer)
{
    return writer->size;
}

static const char *name_of(const char *sha256, char name[static NAME_SIZE])
{
    snprintf(name, NAME_SIZE, "%.2s/%s", sha256, sha256);
    return name;
}

static bool move_to(struct blob_writer *writer, const char *name)
{
    if (fsync(writer->file) != 0 ||
        renameat(AT_FDCWD, writer->path, writer->blobs->root, name) != 0)
        return false;
    *writer->path = '\0';
    return true;
}

/* The folder is synced also when the file is there already: whoever renamed it may not have come
 * to that yet. */
static bool publish(struct blob_writer *writer, const char *sha256)
{
    char name[NAME_SIZE], branch[] = {sha256[0], sha256[1], '\0'};
    int root = writer->blobs->root;
    errno = writer->failure;
    if (writer->failure)
        return false;
    if (faccessat(root, name_of(sha256, name), F_OK, 0) != 0 && !move_to(writer, name))
        return false;
    return sync_folder(root, branch);
}

bool blob_finish(struct blob_writer *writer, struct arena *arena, const char **ret_sha256,
                 struct error *error)
{
    const char *sha256 = sha256_finish(&writer->sha, arena);
    bool published = publish(writer, sha256) ||
                     fail_errno(error, "the attachment could not be kept");
    if (published)
        *ret_sha256 = sha256;
    blob_abandon(writer);
    return published;
}

void blob_abandon(struct blob_writer *writer)
{
    if (!writer)
        return;
    if (*writer->path)
        unlink(writer->path);
    close(writer->file);
    free(writer->path);
    free(writer);
}

/* The name may come from outside: 64 characters of lower-case hex and nothing else. */
static bool is_sha256(const char *sha256)
{
    return strspn(sha256, "0123456789abcdef") == SHA256_HEX_SIZE &&
           strlen(sha256) == SHA256_HEX_SIZE;
}

int blob_open(const struct blobs *blobs, const char *sha256, struct error *error)
{
    char name[NAME_SIZE];
    int file = -1;
    errno = ENOENT;
    if (sha256 && is_sha256(sha256))
        file = openat(blobs->root, name_of(sha256, name), O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
    if (file < 0 && errno == ENOENT)
        fail(error, ERROR_NOT_FOUND, "attachment", "there is no such attachment");
    else if (file < 0)
        fail_errno(error, "the attachment could not be opened");
    return file;
}
