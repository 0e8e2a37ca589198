/* sweeper.h - keeps the attachments' store from growing for ever: sweeps at the start and then
 * every hour, on a thread of its own. */
#pragma once
#include "base/bell.h"
#include "blob/blob.h"
#include "db/db.h"

struct sweeper_settings {
    int64_t grace_ms; /* how long what nothing needs is kept all the same */
};

struct sweeper;
struct sweeper *sweeper_start(const struct sweeper_settings *settings, struct db *db,
                              struct blobs *blobs, struct bell *bell);
void sweeper_stop(struct sweeper *sweeper); /* NULL is fine */
