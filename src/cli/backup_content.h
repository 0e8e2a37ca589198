/* backup_content.h - what is in a backup: for the command that makes one and for the one that
 * brings it back. */
#pragma once
#include "base/schema.h"

/* Its entries, in this order; between the first two, blobs/ab/abcdef... */
#define BACKUP_HEAD "backup.json"
#define BACKUP_CONFIG "outtray.conf"
#define BACKUP_DATABASE "outtray.db"
#define BACKUP_KEY "secret.key"

enum { BACKUP_FORMAT = 1 };

struct backup_head { /* the first entry, as JSON */
    int64_t format;
    moment made_at;      /* when everything was so */
    const char *version; /* of the program that made it */
    bool has_key;
    int64_t attachments, attachment_bytes; /* that are in it */
    int64_t missing_attachments;           /* that its database names, and that were gone then */
};
extern const struct schema BACKUP_HEAD_SCHEMA;

/* The entry of a blob; and back: NULL when it is not such a name. */
const char *backup_blob_entry(const char *sha256, struct arena *arena);
const char *backup_blob_of(const char *entry);
