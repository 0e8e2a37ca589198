#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "cli/credential.h"
#include "cli/restore.h"
#include "store/restoration.h"

static bool check_database(const struct restore *restore, struct error *error)
{
    struct db_findings findings;
    if (!db_examine(restore->staging.paths.database, false, restore->cli->arena, &findings, error))
        return false;
    if (findings.damage)
        return fail(error, ERROR_INVALID, "", "its database is damaged: %s", findings.damage);
    return (findings.version > 0 && findings.version <= findings.newest) ||
           fail(error, ERROR_INVALID, "",
                "its database is not one that this program knows; a "
                "newer outtray may have made it");
}

static bool copy_key(const char *from, const char *to, struct error *error)
{
    char text[4096];
    int file = open(from, O_RDONLY | O_CLOEXEC);
    ssize_t size = file < 0 ? -1 : read(file, text, sizeof text);
    if (size < 0)
        fail_errno(error, from);
    if (file >= 0)
        close(file);
    if (size < 0)
        return false;
    file = open(to, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    bool is_copied = file >= 0 && write(file, text, (size_t)size) == size && fsync(file) == 0;
    if (!is_copied)
        fail_errno(error, to);
    if (file >= 0)
        close(file);
    explicit_bzero(text, sizeof text);
    return is_copied;
}

/* The given one before the backup's, and that before one which is in the data folder already. */
static bool find_key(struct restore *restore, const char *given, const char **ret_path,
                     struct error *error)
{
    const struct data_paths *paths = &restore->cli->paths, *staged = &restore->staging.paths;
    if (given && !copy_key(given, staged->key, error))
        return false;
    *ret_path = given || restore->staging.head.has_key ? staged->key
                : access(paths->key, F_OK) == 0        ? paths->key
                                                       : NULL;
    restore->told.has_key = *ret_path;
    return true;
}

static bool check_key(struct restore *restore, struct db *db, const struct secret_key *key,
                      struct error *error)
{
    if (credential_count_sealed(db, key, &restore->told.sealed, error))
        return true;
    return fail(error, ERROR_CONFLICT, "",
                "the key file is another one than that of the backup: %s", error->message);
}

static bool settle_work(struct session *session, void *context, struct error *error)
{
    return restoration_run(session, context, error);
}

static bool settle_mail(struct restore *restore, struct db *db, struct error *error)
{
    struct restoration restoration = {
        .backup_at = restore->staging.head.made_at,
        .now = clock_now(),
    };
    if (!db_write(db, settle_work, &restoration, error))
        return false;
    restore->told.held = restoration.held;
    restore->told.in_doubt = restoration.in_doubt;
    restore->told.unplanned = restoration.unplanned;
    return true;
}

bool restore_prepare(struct restore *restore, const char *given_key, struct error *error)
{
    const char *key_path;
    struct secret_key key;
    if (!check_database(restore, error) || !find_key(restore, given_key, &key_path, error) ||
        (key_path && !secret_key_open(key_path, &key, error)))
        return false;
    struct db *db = cli_open_database(restore->staging.paths.database, error);
    bool is_ready = db && check_key(restore, db, key_path ? &key : NULL, error) &&
                    settle_mail(restore, db, error);
    db_close(db);
    return is_ready;
}
