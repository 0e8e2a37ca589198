#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

#include "cli/restore.h"

/* ret_is_moved false: one is there already, which stays. */
static bool move(const char *from, const char *to, bool *ret_is_moved, struct error *error)
{
    *ret_is_moved = renameat2(AT_FDCWD, from, AT_FDCWD, to, RENAME_NOREPLACE) == 0;
    return *ret_is_moved || errno == EEXIST || fail_errno(error, to);
}

static bool sync_folder(const char *path, struct error *error)
{
    int folder = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    bool synced = (folder >= 0 && fsync(folder) == 0) || fail_errno(error, path);
    if (folder >= 0)
        close(folder);
    return synced;
}

static bool move_key(const struct restore *restore, struct error *error)
{
    const char *from = restore->staging.paths.key, *to = restore->cli->paths.key;
    struct secret_key ours, theirs;
    bool is_moved;
    if (access(from, F_OK) != 0)
        return true;
    if (!move(from, to, &is_moved, error))
        return false;
    if (is_moved)
        return true;
    if (!secret_key_open(from, &ours, error) || !secret_key_open(to, &theirs, error))
        return false;
    return secret_key_equal(&ours, &theirs) ||
           fail(error, ERROR_CONFLICT, "", "%s is there already, and is another one; move it away",
                to);
}

static bool move_blobs(const struct restore *restore, struct error *error)
{
    struct blobs *blobs = blobs_open(restore->cli->paths.blobs, error);
    bool is_moved = blobs && blobs_take_over(blobs, restore->staging.blobs, error);
    blobs_close(blobs);
    return is_moved;
}

bool restore_move(struct restore *restore, struct error *error)
{
    const struct data_paths *to = &restore->cli->paths, *from = &restore->staging.paths;
    bool is_moved = true;
    if (!move_key(restore, error) || !move_blobs(restore, error) ||
        (access(from->config, F_OK) == 0 && !move(from->config, to->config, &is_moved, error)) ||
        !sync_folder(to->folder, error))
        return false;
    restore->told.keeps_config = !is_moved;
    return move(from->database, to->database, &is_moved, error) &&
           (is_moved || fail(error, ERROR_CONFLICT, "", "%s is there already", to->database)) &&
           sync_folder(to->folder, error);
}
