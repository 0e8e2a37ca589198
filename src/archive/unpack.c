#include "archive/unpack.h"

#include <archive.h>
#include <archive_entry.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "archive/entry.h"
#include "base/text.h"

/* What the head of an entry may take, with all that stands before it to describe it. */
enum { MOST_HEAD_BYTES = 4 * 1024 * 1024 };

struct unpack {
    int file;
    const struct unpack_sink *sink;
    struct archive *archive;
    struct arena *arena; /* of the entry at hand */
    size_t head_bytes;   /* read since the content of the last entry ended */
    bool is_in_head;
    struct sha256 sums; /* of the lines of all entries so far */
    uint64_t sums_size;
    char last[ENTRY_NAME_SIZE];
    char piece[ENTRY_PIECE_SIZE];
    char content[ENTRY_PIECE_SIZE];
};

/* The library keeps what describes an entry in memory, some of it without an end of its own. */
static la_ssize_t read_file(struct archive *archive, void *context, const void **ret_data)
{
    struct unpack *unpack = context;
    ssize_t got;
    do
        got = read(unpack->file, unpack->piece, sizeof unpack->piece);
    while (got < 0 && errno == EINTR);
    *ret_data = unpack->piece;
    if (got < 0)
        archive_set_error(archive, errno, "%s", strerror(errno));
    unpack->head_bytes += unpack->is_in_head && got > 0 ? (size_t)got : 0;
    if (unpack->head_bytes <= MOST_HEAD_BYTES)
        return got;
    archive_set_error(archive, EILSEQ, "the head of an entry has no end");
    return -1;
}

static bool fail_reading(const struct unpack *unpack, struct error *error)
{
    return fail(error, ERROR_INVALID, "", "it is damaged or no backup (%s)",
                text_or(archive_error_string(unpack->archive), "it cannot be read"));
}

static bool next_entry(struct unpack *unpack, struct archive_entry **ret_entry, struct error *error)
{
    unpack->head_bytes = 0;
    unpack->is_in_head = true;
    int status = archive_read_next_header(unpack->archive, ret_entry);
    unpack->is_in_head = false;
    if (status == ARCHIVE_OK)
        return true;
    return status == ARCHIVE_EOF
               ? fail(error, ERROR_INVALID, "", "it is not whole: its end is missing")
               : fail_reading(unpack, error);
}

static bool check_kind(struct archive_entry *entry, struct error *error)
{
    bool is_plain = archive_entry_pathname(entry) && archive_entry_filetype(entry) == AE_IFREG &&
                    !archive_entry_hardlink(entry) && !archive_entry_symlink(entry) &&
                    !archive_entry_sparse_count(entry) && archive_entry_size_is_set(entry) &&
                    archive_entry_size(entry) >= 0;
    return is_plain ||
           fail(error, ERROR_INVALID, "", "there is something in it that is no plain file");
}

static bool read_content(struct unpack *unpack, const struct unpack_sink *sink, uint64_t size,
                         const char **ret_sha256, struct error *error)
{
    struct sha256 sha;
    uint64_t total = 0;
    la_ssize_t got;
    sha256_start(&sha);
    while ((got = archive_read_data(unpack->archive, unpack->content, sizeof unpack->content)) >
           0) {
        total += (uint64_t)got;
        sha256_add(&sha, unpack->content, (size_t)got);
        if (sink && !sink->write(sink->context, unpack->content, (size_t)got, error))
            return false;
    }
    if (got < 0 || total != size)
        return fail_reading(unpack, error);
    *ret_sha256 = sha256_finish(&sha, unpack->arena);
    return true;
}

static bool take_entry(struct unpack *unpack, const char *name, uint64_t size, struct error *error)
{
    const struct unpack_sink *sink = unpack->sink;
    const char *sha256 = NULL;
    char line[ENTRY_LINE_SIZE];
    if (!entry_check(name, unpack->last, error) || !sink->begin(sink->context, name, size, error) ||
        !read_content(unpack, sink, size, &sha256, error) ||
        !sink->end(sink->context, sha256, error))
        return false;
    snprintf(unpack->last, sizeof unpack->last, "%s", name);
    size_t line_size = entry_line(sha256, name, line);
    sha256_add(&unpack->sums, line, line_size);
    unpack->sums_size += line_size;
    return true;
}

/* The sums are as they must be when they are what we would have written: of all there was, in
 * order, and of nothing else. */
static bool check_sums(struct unpack *unpack, uint64_t size, struct error *error)
{
    const char *sha256 = NULL;
    if (size == unpack->sums_size && !read_content(unpack, NULL, size, &sha256, error))
        return false;
    return (size == unpack->sums_size &&
            text_equal(sha256, sha256_finish(&unpack->sums, unpack->arena))) ||
           fail(error, ERROR_INVALID, "", "it is damaged: its content is not what its sums say");
}

static bool read_all(struct unpack *unpack, struct error *error)
{
    for (;;) {
        AUTO_ARENA arena = arena_create();
        struct archive_entry *entry;
        unpack->arena = arena;
        if (!next_entry(unpack, &entry, error) || !check_kind(entry, error))
            return false;
        const char *name = arena_copy(arena, archive_entry_pathname(entry));
        uint64_t size = (uint64_t)archive_entry_size(entry);
        if (text_equal(name, ENTRY_SUMS))
            return check_sums(unpack, size, error);
        if (!take_entry(unpack, name, size, error))
            return false;
    }
}

bool unpack_run(int file, const struct unpack_sink *sink, struct error *error)
{
    struct unpack unpack = {.file = file, .sink = sink, .archive = archive_read_new()};
    sha256_start(&unpack.sums);
    bool is_read = archive_read_support_format_tar(unpack.archive) == ARCHIVE_OK &&
                   archive_read_set_options(unpack.archive, "tar:!mac-ext") == ARCHIVE_OK &&
                   archive_read_open(unpack.archive, &unpack, NULL, read_file, NULL) == ARCHIVE_OK;
    is_read = is_read ? read_all(&unpack, error) : fail_reading(&unpack, error);
    archive_read_free(unpack.archive);
    return is_read;
}
