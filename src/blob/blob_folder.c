#include "blob/blob_folder.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

void *blob_must(void *memory)
{
    if (!memory)
        abort();
    return memory;
}

char *blob_join(const char *folder, const char *rest)
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

bool blob_sync_folder(int parent, const char *path)
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
    for (unsigned i = 0; i < BLOB_BRANCHES; i++) {
        snprintf(name, sizeof name, "%02x", i);
        if (!make_folder(root, name))
            return false;
    }
    return make_folder(root, "tmp") && fsync(root) == 0;
}

static bool open_folder(struct blobs *blobs, const char *folder, const char *path)
{
    if (!make_folder(AT_FDCWD, folder) || !make_folder(AT_FDCWD, path))
        return false;
    blobs->root = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (blobs->root < 0 || !blob_sync_folder(AT_FDCWD, folder) || !make_branches(blobs->root) ||
        !remove_leftovers(blobs->root))
        return false;
    blobs->keepers = openat(blobs->root, "tmp", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    return blobs->keepers >= 0;
}

struct blobs *blobs_open(const char *folder, struct error *error)
{
    char *path = blob_join(folder, "/blobs");
    struct blobs *blobs = blob_must(malloc(sizeof *blobs));
    *blobs = (struct blobs){.root = -1, .keepers = -1, .temporary = blob_join(path, "/tmp/XXXXXX")};
    pthread_mutex_init(&blobs->lock, NULL);
    if (!open_folder(blobs, folder, path)) {
        fail_errno(error, path);
        blobs_close(blobs);
        blobs = NULL;
    }
    free(path);
    return blobs;
}

void blobs_close(struct blobs *blobs)
{
    if (!blobs)
        return;
    if (blobs->root >= 0)
        close(blobs->root);
    if (blobs->keepers >= 0)
        close(blobs->keepers);
    pthread_mutex_destroy(&blobs->lock);
    free(blobs->temporary);
    free(blobs);
}

static bool lock_keepers(struct blobs *blobs, int how)
{
    int status;
    do
        status = flock(blobs->keepers, how);
    while (status != 0 && errno == EINTR);
    return status == 0;
}

bool blobs_keep(struct blobs *blobs, struct error *error)
{
    return lock_keepers(blobs, LOCK_SH) || fail_errno(error, "the attachments cannot be kept");
}

bool blobs_are_kept(struct blobs *blobs)
{
    return !lock_keepers(blobs, LOCK_EX | LOCK_NB);
}

void blobs_let_keep(struct blobs *blobs)
{
    flock(blobs->keepers, LOCK_UN);
}

/* The lock on the folder holds for other programs, and for threads the mutex: they share the open
 * folder, and so its lock. */
void blobs_lock(struct blobs *blobs)
{
    pthread_mutex_lock(&blobs->lock);
    while (flock(blobs->root, LOCK_EX) != 0 && errno == EINTR)
        ;
}

void blobs_unlock(struct blobs *blobs)
{
    flock(blobs->root, LOCK_UN);
    pthread_mutex_unlock(&blobs->lock);
}

const char *blob_name(const char *sha256, char name[static BLOB_NAME_SIZE])
{
    snprintf(name, BLOB_NAME_SIZE, "%.2s/%s", sha256, sha256);
    return name;
}

bool blob_is_name(const char *sha256)
{
    return strspn(sha256, "0123456789abcdef") == SHA256_HEX_SIZE &&
           strlen(sha256) == SHA256_HEX_SIZE;
}
