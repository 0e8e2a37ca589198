/* restore_staging.h - a folder beside the data, where a backup is taken apart and looked at before
 * anything of it counts. */
#pragma once
#include "blob/blob.h"
#include "cli/backup_content.h"
#include "cli/cli.h"

struct staging {
    struct arena *arena;
    struct data_paths paths; /* of the folder: DIR/restoring */
    struct backup_head head;
    struct blobs *blobs;
    int64_t damaged; /* attachments that were so when the backup was made; they are left out */
};

/* Reads all of the file, or of standard input ("-"). What an interrupted one has left is thrown
 * away. ERROR_INVALID: it is no backup, not whole, or not what we would have written. */
bool staging_fill(struct staging *ret_staging, const char *file, const char *folder,
                  struct arena *arena, struct error *error);
/* Throws away what is still there. One that was never filled is fine. */
void staging_remove(struct staging *staging);
