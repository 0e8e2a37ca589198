#include "cli/intake.h"

#include <stdio.h>
#include <string.h>

enum { PIECE = 64 * 1024 };

bool intake_start(struct intake *intake, const char *folder, uint64_t limit, struct arena *arena,
                  struct error *error)
{
    *intake = (struct intake){.arena = arena, .limit = limit};
    intake->blobs = blobs_open(folder, error);
    return intake->blobs;
}

void intake_end(struct intake *intake)
{
    blob_abandon(intake->writer);
    if (intake->blobs)
        blobs_close(intake->blobs);
}

bool intake_begin(void *context, struct error *error)
{
    struct intake *intake = context;
    intake->writer = blob_begin(intake->blobs, error);
    return intake->writer;
}

bool intake_write(void *context, const void *data, size_t size, struct error *error)
{
    struct intake *intake = context;
    intake->taken += size;
    if (intake->taken > intake->limit)
        return fail(error, ERROR_TOO_LARGE, "",
                    "the attachments are larger than %llu bytes together",
                    (unsigned long long)intake->limit);
    return blob_write(intake->writer, data, size, error);
}

bool intake_finish(void *context, struct error *error)
{
    struct intake *intake = context;
    struct content content = {.size_bytes = (int64_t)blob_size(intake->writer)};
    struct blob_writer *writer = intake->writer;
    intake->writer = NULL;
    if (!blob_finish(writer, intake->arena, &content.sha256, error))
        return false;
    size_t count = intake->contents.count;
    struct content *contents = arena_new(intake->arena, struct content, count + 1);
    if (count)
        memcpy(contents, intake->contents.items, count * sizeof *contents);
    contents[count] = content;
    intake->contents = (struct list){contents, count + 1};
    return true;
}

static bool copy(struct intake *intake, FILE *file, const char *path, struct error *error)
{
    char piece[PIECE];
    size_t size;
    while ((size = fread(piece, 1, sizeof piece, file)) > 0)
        if (!intake_write(intake, piece, size, error))
            return false;
    return !ferror(file) || fail_errno(error, path);
}

bool intake_file(struct intake *intake, const char *path, struct error *error)
{
    FILE *file = fopen(path, "re");
    if (!file)
        return fail_errno(error, path);
    bool is_taken = intake_begin(intake, error) && copy(intake, file, path, error) &&
                    intake_finish(intake, error);
    fclose(file);
    return is_taken;
}
