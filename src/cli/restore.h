/* restore.h - a backup on its way back; inside the command. */
#pragma once
#include "cli/restore_staging.h"

struct restored { /* what is told in the end */
    moment made_at;
    int64_t attachments, missing_attachments, damaged_attachments;
    int64_t held, in_doubt, unplanned;
    bool has_key;
    bool keeps_config; /* another outtray.conf was there */
    int64_t sealed;    /* mailboxes whose passwords or grants need the key */
};

struct restore {
    struct cli *cli;
    struct staging staging;
    struct restored told;
};

/* All that may fail for a reason of its own, while nothing counts yet: the database is whole and
 * becomes what this program knows, its mail is settled (store/restoration.h), the key fits. */
bool restore_prepare(struct restore *restore, const char *given_key, struct error *error);

/* Into the data folder; the database last: it is no data folder without it, and everything before
 * can be done again. */
bool restore_move(struct restore *restore, struct error *error);
