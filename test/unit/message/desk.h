/* desk.h - where the tests of message/ work: a folder with blobs, and mails to read and to write.
 */
#pragma once
#include "base/spool.h"
#include "blob/blob.h"
#include "model/email.h"

enum { DESK_MOST = 256 * 1024 * 1024 };

struct desk {
    char folder[64];
    struct arena *arena;
    struct blobs *blobs;
};
extern struct desk desk;

int desk_start(void **state); /* for cmocka, before and after a group */
int desk_stop(void **state);

struct spool *desk_spool(const void *data, size_t size);
struct bytes desk_read_file(const char *path, struct arena *arena); /* fails the test without it */

const char *desk_keep(const char *content);   /* in a blob; gives its SHA-256 */
const char *desk_content(const char *sha256); /* of a blob */
unsigned desk_leftovers(void);                /* files that no blob became */
const char *desk_repeat(const char *piece, size_t times, struct arena *arena);

/* People as `name <address>`, or an address alone, with commas between; "" for none. */
const char *desk_people(const struct list *addresses, struct arena *arena);
