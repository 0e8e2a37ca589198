#include "cli/backup_content.h"

#include <stdio.h>
#include <string.h>

#include "base/sha256.h"
#include "base/text.h"

static const char BLOB_FORMAT[] = "blobs/%.2s/%s";

#define HEAD(member, ...) FIELD(struct backup_head, member, .use = CREATE | SHOWN, __VA_ARGS__)
static const struct field HEAD_FIELDS[] = {
    HEAD(format, .min = 1, .max = BACKUP_FORMAT),
    HEAD(made_at),
    HEAD(version, .max = 40),
    HEAD(has_key),
    HEAD(attachments, .max = INT64_MAX),
    HEAD(attachment_bytes, .max = INT64_MAX),
    HEAD(missing_attachments, .max = INT64_MAX),
    {0},
};
const struct schema BACKUP_HEAD_SCHEMA = SCHEMA(struct backup_head, HEAD_FIELDS);

const char *backup_blob_entry(const char *sha256, struct arena *arena)
{
    return arena_format(arena, BLOB_FORMAT, sha256, sha256);
}

const char *backup_blob_of(const char *entry)
{
    char expected[SHA256_HEX_SIZE + sizeof "blobs/ab/"];
    const char *sha256 = strrchr(entry, '/');
    if (!sha256 || strspn(sha256 + 1, "0123456789abcdef") != SHA256_HEX_SIZE)
        return NULL;
    snprintf(expected, sizeof expected, BLOB_FORMAT, sha256 + 1, sha256 + 1);
    return text_equal(entry, expected) ? sha256 + 1 : NULL;
}
