#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#include "base/text.h"
#include "cli/backup.h"
#include "json/json.h"

static bool pack_blob(struct backup *backup, const char *sha256, struct error *error)
{
    AUTO_ARENA arena = arena_create();
    const char *found;
    int file = blob_open(backup->blobs, sha256, error);
    if (file < 0)
        return false;
    bool is_packed = pack_file(backup->pack, backup_blob_entry(sha256, arena), file, arena, &found,
                               error);
    close(file);
    backup->damaged += is_packed && !text_equal(found, sha256);
    return is_packed;
}

static bool pack_blobs(struct backup *backup, struct error *error)
{
    char sha256[SHA256_HEX_SIZE + 1] = "";
    for (uint64_t at = 0; at < spool_size(backup->names); at += SHA256_HEX_SIZE) {
        if (spool_read(backup->names, at, sha256, SHA256_HEX_SIZE) != SHA256_HEX_SIZE)
            return fail_errno(error, "the names of the attachments");
        if (!pack_blob(backup, sha256, error))
            return false;
    }
    return true;
}

static bool pack_path(struct backup *backup, const char *name, const char *path, bool is_needed,
                      struct error *error)
{
    int file = open(path, O_RDONLY | O_CLOEXEC);
    if (file < 0)
        return (errno == ENOENT && !is_needed) || fail_errno(error, path);
    bool is_packed = pack_file(backup->pack, name, file, backup->cli->arena, NULL, error);
    close(file);
    return is_packed;
}

bool backup_pack(struct backup *backup, struct error *error)
{
    struct arena *arena = backup->cli->arena;
    const struct data_paths *paths = &backup->cli->paths;
    struct bytes head = json_write(&BACKUP_HEAD_SCHEMA, &backup->head, arena);
    if (!pack_bytes(backup->pack, BACKUP_HEAD, head, error) || !pack_blobs(backup, error) ||
        !pack_path(backup, BACKUP_CONFIG, paths->config, false, error) ||
        !pack_file(backup->pack, BACKUP_DATABASE, backup->database, arena, NULL, error) ||
        (backup->head.has_key && !pack_path(backup, BACKUP_KEY, paths->key, true, error)))
        return false;
    struct pack *pack = backup->pack;
    backup->pack = NULL; /* it is freed, whatever comes */
    return pack_finish(pack, error);
}
