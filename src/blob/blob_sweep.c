#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "blob/blob_folder.h"

static bool is_old(int folder, const char *name, moment before)
{
    struct stat status;
    return fstatat(folder, name, &status, AT_SYMLINK_NOFOLLOW) == 0 && S_ISREG(status.st_mode) &&
           status.st_mtim.tv_sec * 1000 + status.st_mtim.tv_nsec / 1000000 < before.ms;
}

static void visit_all(DIR *listing, moment before, blob_visitor *visit, void *context)
{
    for (struct dirent *entry; (entry = readdir(listing));)
        if (blob_is_name(entry->d_name) && is_old(dirfd(listing), entry->d_name, before) &&
            !visit(context, entry->d_name))
            return;
}

bool blobs_visit_old(const struct blobs *blobs, unsigned branch, moment before, blob_visitor *visit,
                     void *context, struct error *error)
{
    char name[3];
    snprintf(name, sizeof name, "%02x", branch % BLOB_BRANCHES);
    int folder = openat(blobs->root, name, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    DIR *listing = folder < 0 ? NULL : fdopendir(folder);
    if (!listing) {
        fail_errno(error, "a folder of attachments could not be read");
        if (folder >= 0)
            close(folder);
        return false;
    }
    visit_all(listing, before, visit, context);
    closedir(listing);
    return true;
}

/* A crash may bring it back, since the folder is not synced: then it goes the next time. */
bool blob_remove_old(struct blobs *blobs, const char *sha256, moment before, bool *ret_is_removed,
                     struct error *error)
{
    char name[BLOB_NAME_SIZE];
    int number = 0;
    bool is_removed = false;
    if (!blob_is_name(sha256))
        return fail(error, ERROR_INTERNAL, "", "what is to be removed is no attachment");
    blobs_lock(blobs);
    if (!blobs_are_kept(blobs)) {
        if (is_old(blobs->root, blob_name(sha256, name), before)) {
            is_removed = unlinkat(blobs->root, name, 0) == 0;
            number = is_removed ? 0 : errno;
        }
        blobs_let_keep(blobs);
    }
    blobs_unlock(blobs);
    errno = number;
    if (number && number != ENOENT)
        return fail_errno(error, "an attachment could not be removed");
    *ret_is_removed = is_removed;
    return true;
}
