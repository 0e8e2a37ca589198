#include "archive/pack.h"

#include <archive.h>
#include <archive_entry.h>
#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "archive/entry.h"
#include "base/spool.h"
#include "base/text.h"

enum { MS = 1000 };
static const uint64_t MOST_SUMS = UINT64_C(1) << 32;

struct pack {
    char *path;   /* NULL: standard output */
    char *begun;  /* its name until then; "" when it has none any more */
    char *folder; /* that both are in */
    int file;
    moment at;
    struct archive *archive;
    struct spool *sums;
    char last[ENTRY_NAME_SIZE];
};

static void *must(void *memory)
{
    if (!memory)
        abort();
    return memory;
}

static bool fail_archive(const struct pack *pack, struct error *error)
{
    const char *name = pack->path ? pack->path : "standard output";
    errno = archive_errno(pack->archive);
    return errno > 0 ? fail_errno(error, name)
                     : fail(error, ERROR_INTERNAL, "", "%s: %s", name,
                            text_or(archive_error_string(pack->archive), "it cannot be written"));
}

static bool make_file(struct pack *pack, const char *path, struct error *error)
{
    struct stat status;
    if (lstat(path, &status) == 0)
        return fail(error, ERROR_CONFLICT, "", "%s is there already", path);
    const char *slash = strrchr(path, '/');
    pack->path = must(strdup(path));
    pack->folder = must(slash ? strndup(path, (size_t)(slash - path) + 1) : strdup("."));
    if (asprintf(&pack->begun, "%s.XXXXXX", path) < 0)
        abort();
    pack->file = mkostemp(pack->begun, O_CLOEXEC); /* with mode 0600 */
    if (pack->file >= 0)
        return true;
    *pack->begun = '\0';
    return fail_errno(error, path);
}

struct pack *pack_create(const char *path, moment at, const char *folder, struct error *error)
{
    struct pack *pack = must(calloc(1, sizeof *pack));
    pack->at = at;
    pack->file = STDOUT_FILENO;
    pack->sums = spool_create(folder, MOST_SUMS);
    pack->archive = must(archive_write_new());
    if (!text_equal(path, "-") && !make_file(pack, path, error)) {
        pack_abandon(pack);
        return NULL;
    }
    if (archive_write_set_format_pax_restricted(pack->archive) != ARCHIVE_OK ||
        archive_write_open_fd(pack->archive, pack->file) != ARCHIVE_OK) {
        fail_archive(pack, error);
        pack_abandon(pack);
        return NULL;
    }
    return pack;
}

static bool begin(struct pack *pack, const char *name, uint64_t size, struct error *error)
{
    struct archive_entry *entry = must(archive_entry_new());
    archive_entry_set_pathname(entry, name);
    archive_entry_set_filetype(entry, AE_IFREG);
    archive_entry_set_perm(entry, S_IRUSR | S_IWUSR);
    archive_entry_set_size(entry, (la_int64_t)size);
    archive_entry_set_mtime(entry, pack->at.ms / MS, 0);
    bool begun = archive_write_header(pack->archive, entry) == ARCHIVE_OK;
    archive_entry_free(entry);
    return begun || fail_archive(pack, error);
}

static bool write_piece(struct pack *pack, const void *data, size_t size, struct error *error)
{
    return archive_write_data(pack->archive, data, size) == (la_ssize_t)size ||
           fail_archive(pack, error);
}

/* The content is in; its name and its sum are kept for the end. */
static bool note(struct pack *pack, const char *name, const char *sha256, struct error *error)
{
    char line[ENTRY_LINE_SIZE];
    struct error wrong;
    assert(entry_check(name, pack->last, &wrong));
    snprintf(pack->last, sizeof pack->last, "%s", name);
    return spool_write(pack->sums, line, entry_line(sha256, name, line), error);
}

bool pack_bytes(struct pack *pack, const char *name, struct bytes content, struct error *error)
{
    AUTO_ARENA arena = arena_create();
    struct sha256 sha;
    sha256_start(&sha);
    sha256_add(&sha, content.data, content.size);
    return begin(pack, name, content.size, error) &&
           write_piece(pack, content.data, content.size, error) &&
           note(pack, name, sha256_finish(&sha, arena), error);
}

/* Exactly as much as its entry says: a file that became shorter cannot be packed any more, and what
 * it grew by is not of the moment that it is a copy of. */
static bool copy(struct pack *pack, const char *name, int file, uint64_t size, struct sha256 *sha,
                 struct error *error)
{
    char piece[ENTRY_PIECE_SIZE];
    for (uint64_t at = 0; at < size;) {
        size_t wanted = size - at < sizeof piece ? (size_t)(size - at) : sizeof piece;
        ssize_t got = pread(file, piece, wanted, (off_t)at);
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0)
            return fail_errno(error, name);
        if (!got)
            return fail(error, ERROR_INTERNAL, "", "%s became shorter while it was read", name);
        sha256_add(sha, piece, (size_t)got);
        if (!write_piece(pack, piece, (size_t)got, error))
            return false;
        at += (uint64_t)got;
    }
    return true;
}

bool pack_file(struct pack *pack, const char *name, int file, struct arena *arena,
               const char **ret_sha256, struct error *error)
{
    struct stat status;
    struct sha256 sha;
    sha256_start(&sha);
    if (fstat(file, &status) != 0)
        return fail_errno(error, name);
    uint64_t size = (uint64_t)status.st_size;
    if (!begin(pack, name, size, error) || !copy(pack, name, file, size, &sha, error))
        return false;
    const char *sha256 = sha256_finish(&sha, arena);
    if (ret_sha256)
        *ret_sha256 = sha256;
    return note(pack, name, sha256, error);
}

static bool pack_sums(struct pack *pack, struct error *error)
{
    char piece[ENTRY_PIECE_SIZE];
    uint64_t size = spool_size(pack->sums), at = 0;
    if (!begin(pack, ENTRY_SUMS, size, error))
        return false;
    while (at < size) {
        int64_t got = spool_read(pack->sums, at, piece, sizeof piece);
        if (got <= 0)
            return fail(error, ERROR_INTERNAL, "", "the sums could not be read back");
        if (!write_piece(pack, piece, (size_t)got, error))
            return false;
        at += (uint64_t)got;
    }
    return archive_write_close(pack->archive) == ARCHIVE_OK || fail_archive(pack, error);
}

/* Never over somebody else's file. Some file systems cannot promise that in one step. */
static bool give_name(const char *from, const char *to)
{
    if (renameat2(AT_FDCWD, from, AT_FDCWD, to, RENAME_NOREPLACE) == 0)
        return true;
    if (errno != EINVAL)
        return false;
    return link(from, to) == 0 && unlink(from) == 0;
}

static bool publish(struct pack *pack, struct error *error)
{
    if (!pack->path)
        return true;
    if (fsync(pack->file) != 0)
        return fail_errno(error, pack->path);
    if (!give_name(pack->begun, pack->path))
        return errno == EEXIST ? fail(error, ERROR_CONFLICT, "", "%s is there already", pack->path)
                               : fail_errno(error, pack->path);
    *pack->begun = '\0';
    int folder = open(pack->folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    bool synced = folder >= 0 && fsync(folder) == 0;
    if (!synced)
        fail_errno(error, pack->folder);
    if (folder >= 0)
        close(folder);
    return synced;
}

bool pack_finish(struct pack *pack, struct error *error)
{
    bool is_done = pack_sums(pack, error) && publish(pack, error);
    pack_abandon(pack);
    return is_done;
}

void pack_abandon(struct pack *pack)
{
    if (!pack)
        return;
    if (pack->begun && *pack->begun)
        unlink(pack->begun);
    archive_write_free(pack->archive);
    if (pack->path && pack->file >= 0)
        close(pack->file);
    spool_destroy(pack->sums);
    free(pack->path);
    free(pack->begun);
    free(pack->folder);
    free(pack);
}
