#include "db/sqlite_backup.h"

#include <fcntl.h>
#include <unistd.h>

#include "db/sqlite_session.h"

/* In one step, which is one reading transaction: in several, each commit in between would begin
 * the copy anew. */
static bool copy_pages(sqlite3 *from, sqlite3 *to, struct error *error)
{
    sqlite3_backup *backup = sqlite3_backup_init(to, "main", from, "main");
    if (!backup)
        return sqlite_fail(to, "backup", error);
    sqlite3_backup_step(backup, -1);
    return sqlite3_backup_finish(backup) == SQLITE_OK || sqlite_fail(to, "backup", error);
}

static bool copy(struct sqlite_file *file, struct sqlite_file *target, struct error *error)
{
    sqlite3 *from = sqlite_connect(file, ROLE_READER, error);
    sqlite3 *to = from ? sqlite_connect(target, ROLE_COPIER, error) : NULL;
    bool is_copied = to && copy_pages(from, to, error);
    sqlite_disconnect(target, to);
    sqlite_disconnect(file, from);
    return is_copied;
}

bool sqlite_backup(struct sqlite_file *file, const char *target, struct error *error)
{
    int made = open(target, O_CREAT | O_EXCL | O_WRONLY | O_CLOEXEC, S_IRUSR | S_IWUSR);
    if (made < 0)
        return fail_errno(error, target);
    close(made);
    struct sqlite_file copied;
    bool is_copied = sqlite_file_open(&copied, target, error);
    sqlite_take_turn(file);
    is_copied = is_copied && copy(file, &copied, error);
    sqlite_end_turn(file);
    sqlite_file_close(&copied);
    if (!is_copied)
        unlink(target);
    return is_copied;
}
