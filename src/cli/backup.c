#include <errno.h>
#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/text.h"
#include "cli/backup.h"
#include "cli/print.h"
#include "store/document_store.h"

enum { CONTENTS_AT_ONCE = 1000 };
static const uint64_t MOST_NAMES = UINT64_C(1) << 32;

struct backup_options {
    bool with_key;
};
static const struct field OPTION_FIELDS[] = {
    FIELD(struct backup_options, with_key,
          .about = "put the key file in too: whoever has the backup has the mailboxes then"),
    {0},
};
const struct schema BACKUP_OPTIONS = SCHEMA(struct backup_options, OPTION_FIELDS);

static void remove_copy(const struct backup *backup)
{
    static const char *const ENDINGS[] = {"", "-wal", "-shm"};
    for (size_t i = 0; i < sizeof ENDINGS / sizeof *ENDINGS; i++)
        unlink(arena_format(backup->cli->arena, "%s%s", backup->copy, ENDINGS[i]));
}

/* One at a time, so that what is left of one that was interrupted can be told from another that is
 * under way. */
static bool start(struct backup *backup, struct error *error)
{
    const struct data_paths *paths = &backup->cli->paths;
    const char *lock = arena_format(backup->cli->arena, "%s/backup.lock", paths->temporary);
    backup->copy = arena_format(backup->cli->arena, "%s/backup.db", paths->temporary);
    backup->names = spool_create(paths->temporary, MOST_NAMES);
    backup->lock = open(lock, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (backup->lock < 0)
        return fail_errno(error, lock);
    if (flock(backup->lock, LOCK_EX | LOCK_NB) != 0)
        return errno == EWOULDBLOCK ? fail(error, ERROR_CONFLICT, "",
                                           "another backup of %s is under way", paths->folder)
                                    : fail_errno(error, lock);
    remove_copy(backup);
    backup->blobs = blobs_open(paths->blobs, error);
    if (!backup->blobs || !blobs_keep(backup->blobs, error))
        return false;
    backup->head.made_at = clock_now();
    backup->pack = pack_create(backup->file, backup->head.made_at, paths->temporary, error);
    return backup->pack;
}

static void finish(struct backup *backup)
{
    pack_abandon(backup->pack);
    if (backup->blobs) /* then the lock is ours */
        remove_copy(backup);
    if (backup->database >= 0)
        close(backup->database);
    blobs_close(backup->blobs);
    spool_destroy(backup->names);
    if (backup->lock >= 0)
        close(backup->lock);
}

static bool copy_database(struct backup *backup, struct error *error)
{
    struct db_findings findings;
    if (!db_backup(backup->cli->db, backup->copy, error) ||
        !db_examine(backup->copy, false, backup->cli->arena, &findings, error))
        return false;
    return !findings.damage ||
           fail(error, ERROR_INTERNAL, "",
                "the database is damaged, and so would be the backup: %s; outtray doctor says more",
                findings.damage);
}

static bool note_blob(struct backup *backup, const char *sha256, struct error *error)
{
    struct stat status;
    int file = blob_open(backup->blobs, sha256, error);
    if (file < 0) {
        backup->head.missing_attachments++;
        return error->code == ERROR_NOT_FOUND;
    }
    bool is_known = fstat(file, &status) == 0 || fail_errno(error, sha256);
    close(file);
    if (!is_known)
        return false;
    backup->head.attachments++;
    backup->head.attachment_bytes += status.st_size;
    return spool_write(backup->names, sha256, SHA256_HEX_SIZE, error);
}

/* last: the content behind which to go on; "" at first and, again, when that was all. */
static bool note_some(struct backup *backup, struct db *copied, char last[SHA256_HEX_SIZE + 1],
                      struct error *error)
{
    AUTO_ARENA arena = arena_create();
    AUTO_READING session = db_read(copied);
    struct list contents;
    if (!document_store_list_contents(session, last, CONTENTS_AT_ONCE, arena, &contents, error))
        return false;
    const char *const *sha256 = contents.items;
    for (size_t i = 0; i < contents.count; i++)
        if (!note_blob(backup, sha256[i], error))
            return false;
    snprintf(last, SHA256_HEX_SIZE + 1, "%s", contents.count ? sha256[contents.count - 1] : "");
    return true;
}

/* Of the copy, not of the database, which has gone on since. */
static bool note_blobs(struct backup *backup, struct error *error)
{
    char last[SHA256_HEX_SIZE + 1] = "";
    struct db *copied = cli_open_database(backup->copy, error);
    bool is_done = copied;
    do
        is_done = is_done && note_some(backup, copied, last, error);
    while (is_done && *last);
    db_close(copied);
    return is_done;
}

static bool open_copy(struct backup *backup, struct error *error)
{
    backup->database = open(backup->copy, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
    return backup->database >= 0 || fail_errno(error, backup->copy);
}

static void tell(const struct backup *backup)
{
    const struct backup_head *head = &backup->head;
    FILE *out = text_equal(backup->file, "-") ? stderr : stdout;
    if (head->missing_attachments)
        fprintf(stderr,
                "outtray: %lld attachments that mails name are missing, here and in the "
                "backup\n",
                (long long)head->missing_attachments);
    if (backup->damaged)
        fprintf(stderr, "outtray: %lld attachments are damaged, here and in the backup\n",
                (long long)backup->damaged);
    if (backup->cli->json && out == stdout) {
        print_object(backup->cli, &BACKUP_HEAD_SCHEMA, head);
        return;
    }
    fprintf(out, "%s is a backup of %s, with %lld attachments\n", backup->file,
            moment_text(head->made_at, 0, backup->cli->arena), (long long)head->attachments);
    if (!head->has_key)
        fprintf(out, "the key file is not in it: keep a copy of %s apart from it\n",
                backup->cli->paths.key);
}

bool backup_run(struct cli *cli, void *options, struct error *error)
{
    const struct backup_options *given = options;
    struct backup backup = {
        .cli = cli,
        .file = cli_word(cli, 0),
        .head = {BACKUP_FORMAT, .version = OUTTRAY_VERSION, .has_key = given->with_key},
        .database = -1,
        .lock = -1,
    };
    bool is_done = start(&backup, error) && copy_database(&backup, error) &&
                   note_blobs(&backup, error) && open_copy(&backup, error) &&
                   backup_pack(&backup, error);
    finish(&backup);
    if (is_done)
        tell(&backup);
    return is_done;
}
