#include "cli/restore_staging.h"

#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "archive/unpack.h"
#include "base/text.h"
#include "json/json.h"

enum { KIB = 1024, MIB = 1024 * KIB, OPEN_FOLDERS = 16 };
#define GIB ((uint64_t)1024 * MIB)

struct filling { /* one entry after the other */
    struct staging *staging;
    char head[64 * KIB];
    size_t head_size;
    bool is_head, has_head;
    int file;                   /* of the entry at hand; -1: it is none of these */
    const char *path;           /* of that file */
    struct blob_writer *writer; /* likewise */
    const char *sha256;         /* what that blob is called */
    int64_t attachments;
};

static const struct kept {
    const char *name;
    size_t path; /* where struct data_paths has it */
    uint64_t most_bytes;
} KEPT[] = {
    {BACKUP_CONFIG, offsetof(struct data_paths, config), MIB},
    {BACKUP_DATABASE, offsetof(struct data_paths, database), GIB * 64 * 1024},
    {BACKUP_KEY, offsetof(struct data_paths, key), (uint64_t)4 * KIB},
};
static const uint64_t MOST_BLOB = 2 * GIB;

static bool check_size(const char *name, uint64_t size, uint64_t most, struct error *error)
{
    return size <= most ||
           fail(error, ERROR_INVALID, "", "%s is larger than any backup has it", name);
}

static bool begin_head(struct filling *filling, const char *name, uint64_t size,
                       struct error *error)
{
    if (!text_equal(name, BACKUP_HEAD))
        return fail(error, ERROR_INVALID, "", "it is no backup of outtray");
    filling->is_head = true;
    return check_size(name, size, sizeof filling->head, error);
}

static bool begin_blob(struct filling *filling, const char *name, uint64_t size,
                       struct error *error)
{
    filling->sha256 = arena_copy(filling->staging->arena, backup_blob_of(name));
    if (!check_size(name, size, MOST_BLOB, error))
        return false;
    filling->writer = blob_begin(filling->staging->blobs, error);
    return filling->writer;
}

static bool begin_file(struct filling *filling, const struct kept *kept, uint64_t size,
                       struct error *error)
{
    const struct data_paths *paths = &filling->staging->paths;
    filling->path = *(const char *const *)((const char *)paths + kept->path);
    if (!check_size(kept->name, size, kept->most_bytes, error))
        return false;
    filling->file = open(filling->path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    return filling->file >= 0 || fail_errno(error, filling->path);
}

static bool begin(void *context, const char *name, uint64_t size, struct error *error)
{
    struct filling *filling = context;
    if (!filling->has_head)
        return begin_head(filling, name, size, error);
    if (backup_blob_of(name))
        return begin_blob(filling, name, size, error);
    for (size_t i = 0; i < sizeof KEPT / sizeof *KEPT; i++)
        if (text_equal(name, KEPT[i].name))
            return begin_file(filling, &KEPT[i], size, error);
    return fail(error, ERROR_INVALID, "", "there is something in it that no backup has: %s", name);
}

static bool write_file(const struct filling *filling, const char *data, size_t size,
                       struct error *error)
{
    while (size) {
        ssize_t wrote = write(filling->file, data, size);
        if (wrote < 0 && errno == EINTR)
            continue;
        if (wrote <= 0)
            return fail_errno(error, filling->path);
        data += wrote;
        size -= (size_t)wrote;
    }
    return true;
}

static bool take(void *context, const void *data, size_t size, struct error *error)
{
    struct filling *filling = context;
    if (filling->writer)
        return blob_write(filling->writer, data, size, error);
    if (filling->file >= 0)
        return write_file(filling, data, size, error);
    memcpy(filling->head + filling->head_size, data, size);
    filling->head_size += size;
    return true;
}

static bool end_head(struct filling *filling, struct error *error)
{
    struct bytes text = {filling->head, filling->head_size};
    struct error why;
    filling->is_head = false;
    filling->has_head = true;
    if (json_read(text, &BACKUP_HEAD_SCHEMA, CREATE, filling->staging->arena,
                  &filling->staging->head, NULL, &why) &&
        filling->staging->head.format && filling->staging->head.made_at.ms)
        return true;
    return fail(error, ERROR_INVALID, "",
                "it is no backup that this program knows; a newer "
                "outtray may have made it");
}

/* One that was damaged before has been packed as it was, under the name of what it should be. */
static bool end_blob(struct filling *filling, const char *sha256, struct error *error)
{
    AUTO_ARENA arena = arena_create();
    const char *kept;
    struct blob_writer *writer = filling->writer;
    filling->writer = NULL;
    filling->attachments++;
    if (text_equal(sha256, filling->sha256))
        return blob_finish(writer, arena, &kept, error);
    blob_abandon(writer);
    filling->staging->damaged++;
    return true;
}

static bool end_file(struct filling *filling, struct error *error)
{
    bool is_synced = fsync(filling->file) == 0 || fail_errno(error, filling->path);
    close(filling->file);
    filling->file = -1;
    return is_synced;
}

static bool end(void *context, const char *sha256, struct error *error)
{
    struct filling *filling = context;
    if (filling->is_head)
        return end_head(filling, error);
    return filling->writer ? end_blob(filling, sha256, error) : end_file(filling, error);
}

static bool check_whole(const struct filling *filling, struct error *error)
{
    const struct backup_head *head = &filling->staging->head;
    const struct data_paths *paths = &filling->staging->paths;
    bool has_key = access(paths->key, F_OK) == 0;
    return (access(paths->database, F_OK) == 0 && has_key == head->has_key &&
            filling->attachments == head->attachments) ||
           fail(error, ERROR_INVALID, "", "what is in it is not what its head says");
}

static bool fill(struct staging *staging, int file, struct error *error)
{
    struct filling filling = {.staging = staging, .file = -1};
    const struct unpack_sink sink = {&filling, begin, take, end};
    bool is_filled = unpack_run(file, &sink, error) && check_whole(&filling, error);
    blob_abandon(filling.writer);
    if (filling.file >= 0)
        close(filling.file);
    return is_filled;
}

static int remove_one(const char *path, const struct stat *status, int kind, struct FTW *where)
{
    (void)status;
    (void)kind;
    (void)where;
    return remove(path);
}

static void remove_folder(const char *folder)
{
    nftw(folder, remove_one, OPEN_FOLDERS, FTW_DEPTH | FTW_PHYS);
}

static bool make(struct staging *staging, struct error *error)
{
    remove_folder(staging->paths.folder);
    if (mkdir(staging->paths.folder, 0700) != 0)
        return fail_errno(error, staging->paths.folder);
    staging->blobs = blobs_open(staging->paths.blobs, error);
    return staging->blobs;
}

bool staging_fill(struct staging *ret_staging, const char *path, const char *folder,
                  struct arena *arena, struct error *error)
{
    bool is_input = text_equal(path, "-");
    int file = is_input ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC);
    *ret_staging = (struct staging){
        .arena = arena,
        .paths = data_folder_paths(arena_format(arena, "%s/restoring", folder), arena),
    };
    if (file < 0)
        return fail_errno(error, path);
    bool is_filled = make(ret_staging, error) && fill(ret_staging, file, error);
    if (!is_filled && error->code == ERROR_INVALID)
        fail(error, ERROR_INVALID, "", "%s: %s", path, error->message);
    if (!is_input)
        close(file);
    return is_filled;
}

void staging_remove(struct staging *staging)
{
    blobs_close(staging->blobs);
    staging->blobs = NULL;
    if (staging->paths.folder)
        remove_folder(staging->paths.folder);
}
