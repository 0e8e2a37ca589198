/* What is kept: the database, the key, the attachments, and mail that needs a person. */
#include <stdio.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/text.h"
#include "blob/blob.h"
#include "cli/credential.h"
#include "cli/doctor.h"
#include "store/document_store.h"
#include "store/overview_store.h"
#include "store/sealed_store.h"

enum {
    DAY_MS = 24 * 60 * 60 * 1000,
    LATE_MS = 15 * 60 * 1000,
    AHEAD_MS = 5000, /* two clocks of one machine never differ by that */
    CONTENTS_AT_ONCE = 1000,
};

/* Tables that an older program made are left to the next start of this one. */
bool doctor_database(struct doctor *doctor, struct error *error)
{
    struct cli *cli = doctor->cli;
    struct db_findings found;
    if (!db_examine(cli->paths.database, doctor->given->thorough, cli->arena, &found, error))
        return false;
    if (found.damage)
        return fail(error, ERROR_INTERNAL, "", "it is damaged: %s", found.damage);
    if (found.version > found.newest)
        return fail(error, ERROR_CONFLICT, "",
                    "a newer outtray has used it: its tables are number "
                    "%lld, and this program knows %lld",
                    (long long)found.version, (long long)found.newest);
    if (found.version < found.newest) {
        doctor_say(doctor, LEVEL_WARN,
                   "its tables are number %lld, and become %lld with the next "
                   "start of this program; make a backup before",
                   (long long)found.version, (long long)found.newest);
        return true;
    }
    cli->db = cli_open_database(cli->paths.database, error);
    doctor->has_database = cli->db;
    if (cli->db)
        doctor_say(doctor, LEVEL_OK, "whole, its tables are number %lld", (long long)found.version);
    return cli->db;
}

static bool load(struct doctor *doctor, struct troubles *ret_troubles, struct error *error)
{
    moment now = clock_now();
    AUTO_READING session = db_read(doctor->cli->db);
    return overview_store_troubles(session, now, (moment){now.ms - DAY_MS}, doctor->cli->arena,
                                   ret_troubles, error);
}

bool doctor_time(struct doctor *doctor, struct error *error)
{
    struct troubles troubles;
    if (!load(doctor, &troubles, error))
        return false;
    const char *newest = moment_text(troubles.newest_event_at, 0, doctor->cli->arena);
    if (troubles.newest_event_at.ms > clock_now().ms + AHEAD_MS)
        return fail(error, ERROR_CONFLICT, "", "it is earlier than the newest event, of %s",
                    newest);
    doctor_say(doctor, LEVEL_OK,
               *newest ? "behind the newest event, of %s"
                       : "nothing has happened "
                         "yet%s",
               newest);
    return true;
}

static bool count_former(struct db *db, const struct secret_key *key, int64_t *ret_count,
                         struct error *error)
{
    AUTO_READING session = db_read(db);
    struct sealed_walk walk = {0};
    while (!walk.is_over)
        if (!sealed_store_count(session, key, &walk, error))
            return false;
    *ret_count = walk.former;
    return true;
}

bool doctor_key(struct doctor *doctor, struct error *error)
{
    const char *path = doctor->cli->paths.key;
    struct secret_key key;
    int64_t count, former;
    if (access(path, F_OK) != 0) /* to open it would make it */
        return fail(error, ERROR_NOT_FOUND, "", "there is no %s", path);
    if (!secret_key_open(path, &key, error) ||
        !credential_count_sealed(doctor->cli->db, &key, &count, error))
        return false;
    if (!count_former(doctor->cli->db, &key, &former, error))
        return false;
    if (former)
        doctor_say(
            doctor, LEVEL_WARN,
            "%lld of %lld secrets are sealed with a former key; outtray key rotate seals all "
            "anew",
            (long long)former, (long long)count);
    else
        doctor_say(doctor, LEVEL_OK, "mode 0600, and opens what is sealed with it: %lld secrets",
                   (long long)count);
    return true;
}

struct attachments {
    struct blobs *blobs;
    int64_t count, missing;
    char last[SHA256_HEX_SIZE + 1]; /* "" again when that was all */
};

static bool look_at_some(struct db *db, struct attachments *found, struct error *error)
{
    AUTO_ARENA arena = arena_create();
    AUTO_READING session = db_read(db);
    struct list contents;
    if (!document_store_list_contents(session, found->last, CONTENTS_AT_ONCE, arena, &contents,
                                      error))
        return false;
    const char *const *sha256 = contents.items;
    for (size_t i = 0; i < contents.count; i++) {
        struct error ignored;
        int file = blob_open(found->blobs, sha256[i], &ignored);
        found->missing += file < 0;
        if (file >= 0)
            close(file);
    }
    found->count += (int64_t)contents.count;
    snprintf(found->last, sizeof found->last, "%s",
             contents.count ? sha256[contents.count - 1] : "");
    return true;
}

bool doctor_attachments(struct doctor *doctor, struct error *error)
{
    struct attachments found = {.blobs = blobs_open(doctor->cli->paths.blobs, error)};
    bool is_done = found.blobs;
    do
        is_done = is_done && look_at_some(doctor->cli->db, &found, error);
    while (is_done && *found.last);
    blobs_close(found.blobs);
    if (is_done && found.missing)
        return fail(error, ERROR_NOT_FOUND, "", "%lld of %lld that documents name are missing",
                    (long long)found.missing, (long long)found.count);
    if (is_done)
        doctor_say(doctor, LEVEL_OK, "all %lld that documents name are there",
                   (long long)found.count);
    return is_done;
}

static bool say_count(struct doctor *doctor, int64_t count, const char *what)
{
    if (count)
        doctor_say(doctor, LEVEL_WARN, "%lld %s", (long long)count, what);
    else
        doctor_say(doctor, LEVEL_OK, "none");
    return true;
}

bool doctor_undecided(struct doctor *doctor, struct error *error)
{
    struct troubles troubles;
    return load(doctor, &troubles, error) &&
           say_count(doctor, troubles.undecided,
                     "mails may have been sent or not, and nobody is left to ask");
}

bool doctor_held(struct doctor *doctor, struct error *error)
{
    struct troubles troubles;
    return load(doctor, &troubles, error) &&
           say_count(doctor, troubles.held, "mails are held until a person lets them go");
}

bool doctor_failed(struct doctor *doctor, struct error *error)
{
    struct troubles troubles;
    return load(doctor, &troubles, error) &&
           say_count(doctor, troubles.failed, "mails have failed within a day");
}

bool doctor_waiting(struct doctor *doctor, struct error *error)
{
    struct troubles troubles;
    if (!load(doctor, &troubles, error))
        return false;
    const char *since = moment_text(troubles.due_since, 0, doctor->cli->arena);
    if (troubles.due_since.ms && clock_now().ms - troubles.due_since.ms > LATE_MS)
        doctor_say(doctor, LEVEL_WARN, "mail that could leave waits since %s", since);
    else
        doctor_say(doctor, LEVEL_OK, "nothing is late");
    return true;
}
