/* blob_folder.h - the folder that blobs lie in, as the files of this room see it. */
#pragma once
#include <pthread.h>

#include "base/secret.h"
#include "blob/blob.h"

enum { BLOB_NAME_SIZE = sizeof "ab/" + SHA256_HEX_SIZE };

struct blobs {
    int root;        /* DIR/blobs; it holds ab/... and tmp/... */
    int keepers;     /* DIR/blobs/tmp, locked by all who want none removed */
    char *temporary; /* the template of a temporary file's path */
    pthread_mutex_t lock;
};

void *blob_must(void *memory);
char *blob_join(const char *folder, const char *rest); /* the caller's */
bool blob_sync_folder(int parent, const char *path);   /* errno says why not */

/* Held for moments only, by whoever gives a file its name, renews its time or removes it; against
 * other programs too. */
void blobs_lock(struct blobs *blobs);
void blobs_unlock(struct blobs *blobs);

/* Whether none may be removed just now; if not, then not until blobs_let_keep either. */
bool blobs_are_kept(struct blobs *blobs);
void blobs_let_keep(struct blobs *blobs);

/* ab/abcdef... */
const char *blob_name(const char *sha256, char name[static BLOB_NAME_SIZE]);
/* It may come from outside: 64 characters of lower-case hex and nothing else. */
bool blob_is_name(const char *sha256);
