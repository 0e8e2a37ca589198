#include "blob/blob.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/fault.h"
#include "blob/blob_folder.h"

struct blob_writer {
    struct blobs *blobs;
    char *path; /* "" once the file has its name */
    int file;
    int failure; /* errno of the first write that failed, or 0 */
    uint64_t size;
    struct sha256 sha;
    char sha256[SHA256_HEX_SIZE + 1]; /* "" while it may be written to */
};

/* Locked, so that nobody takes it for a leftover; another program that opens the folder between the
 * two steps does, and then it has no name any more. -1: errno says why. */
static int make_temporary(char *path)
{
    struct stat status;
    size_t rest = strlen(path) - strlen("XXXXXX");
    for (;;) {
        memcpy(path + rest, "XXXXXX", strlen("XXXXXX"));
        int file = mkostemp(path, O_CLOEXEC);
        if (file < 0)
            return -1;
        while (flock(file, LOCK_EX) != 0 && errno == EINTR)
            ;
        if (fstat(file, &status) == 0 && status.st_nlink)
            return file;
        close(file);
    }
}

struct blob_writer *blob_begin(struct blobs *blobs, struct error *error)
{
    char *path = blob_join(blobs->temporary, "");
    int file = make_temporary(path);
    if (file < 0) {
        fail_errno(error, "the attachment could not be written");
        free(path);
        return NULL;
    }
    struct blob_writer *writer = blob_must(malloc(sizeof *writer));
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

bool blob_take(void *writer, const void *data, size_t size, struct error *error)
{
    return blob_write(writer, data, size, error);
}

uint64_t blob_size(const struct blob_writer *writer)
{
    return writer->size;
}

const char *blob_sha256(struct blob_writer *writer, struct arena *arena)
{
    if (!*writer->sha256)
        memcpy(writer->sha256, sha256_finish(&writer->sha, arena), sizeof writer->sha256);
    return arena_copy(arena, writer->sha256);
}

/* Whether it is there already. Then it is young again, and stays until it is used. */
static bool renew(struct blobs *blobs, const char *name)
{
    blobs_lock(blobs);
    bool is_there = utimensat(blobs->root, name, NULL, AT_SYMLINK_NOFOLLOW) == 0;
    blobs_unlock(blobs);
    return is_there;
}

static bool move_to(struct blob_writer *writer, const char *name)
{
    struct blobs *blobs = writer->blobs;
    if (futimens(writer->file, NULL) != 0 || fsync(writer->file) != 0)
        return false;
    blobs_lock(blobs);
    bool moved = renameat(AT_FDCWD, writer->path, blobs->root, name) == 0;
    int number = errno;
    blobs_unlock(blobs);
    errno = number;
    if (moved)
        *writer->path = '\0';
    return moved;
}

/* The folder is synced also when the file is there already: whoever renamed it may not have come
 * to that yet. */
static bool publish(struct blob_writer *writer, const char *sha256)
{
    char name[BLOB_NAME_SIZE], branch[] = {sha256[0], sha256[1], '\0'};
    errno = writer->failure;
    if (writer->failure)
        return false;
    if (!renew(writer->blobs, blob_name(sha256, name)) && !move_to(writer, name))
        return false;
    FAULT(BLOB_NAMED);
    return blob_sync_folder(writer->blobs->root, branch);
}

bool blob_finish(struct blob_writer *writer, struct arena *arena, const char **ret_sha256,
                 struct error *error)
{
    const char *sha256 = blob_sha256(writer, arena);
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

int blob_open(const struct blobs *blobs, const char *sha256, struct error *error)
{
    char name[BLOB_NAME_SIZE];
    int file = -1;
    errno = ENOENT;
    if (sha256 && blob_is_name(sha256))
        file = openat(blobs->root, blob_name(sha256, name), O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
    if (file < 0 && errno == ENOENT)
        fail(error, ERROR_NOT_FOUND, "attachment", "there is no such attachment");
    else if (file < 0)
        fail_errno(error, "the attachment could not be opened");
    return file;
}
