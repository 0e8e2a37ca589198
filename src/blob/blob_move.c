#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

#include "blob/blob_folder.h"

static bool move_files(DIR *listing, struct blobs *blobs)
{
    char name[BLOB_NAME_SIZE];
    bool moved = true;
    errno = 0;
    for (struct dirent *entry; moved && (entry = readdir(listing));)
        if (blob_is_name(entry->d_name))
            moved = renameat(dirfd(listing), entry->d_name, blobs->root,
                             blob_name(entry->d_name, name)) == 0;
    return moved && !errno;
}

static bool move_branch(struct blobs *blobs, const struct blobs *from, const char *branch)
{
    int folder = openat(from->root, branch, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    DIR *listing = folder < 0 ? NULL : fdopendir(folder);
    if (!listing) {
        if (folder >= 0)
            close(folder);
        return false;
    }
    bool moved = move_files(listing, blobs);
    int number = errno;
    closedir(listing);
    errno = number;
    return moved && blob_sync_folder(blobs->root, branch);
}

bool blobs_take_over(struct blobs *blobs, struct blobs *from, struct error *error)
{
    bool moved = true;
    blobs_lock(blobs);
    for (unsigned i = 0; i < BLOB_BRANCHES && moved; i++) {
        char branch[3];
        snprintf(branch, sizeof branch, "%02x", i);
        moved = move_branch(blobs, from, branch);
    }
    int number = errno;
    blobs_unlock(blobs);
    errno = number;
    return moved || fail_errno(error, "the attachments could not be moved");
}
