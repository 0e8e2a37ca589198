/* backup.h - a backup while it is made; for backup.c, which gathers what belongs to it, and
 * backup_pack.c, which writes it out. */
#pragma once
#include "archive/pack.h"
#include "base/spool.h"
#include "blob/blob.h"
#include "cli/backup_content.h"
#include "cli/cli.h"

struct backup {
    struct cli *cli;
    const char *file;
    struct backup_head head;
    struct blobs *blobs;
    struct spool *names; /* of the blobs that are there, one behind the other */
    const char *copy;    /* of the database, while it has a name */
    int database;        /* the same, without one; -1: not there yet */
    int lock;
    struct pack *pack;
    int64_t damaged; /* blobs whose content is not what their name says */
};

bool backup_pack(struct backup *backup, struct error *error);
