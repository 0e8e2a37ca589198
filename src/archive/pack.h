/* pack.h - writes many files into one, as they come: a POSIX tar that ends with the SHA-256 of each
 * (entry.h). Hides libarchive.
 *
 * A file that is being written has a name of its own, and gets the one that was asked for when it
 * is whole and durable: whoever finds it finds all of it. Memory does not grow with what is packed.
 */
#pragma once
#include "base/moment.h"

struct pack;

/* path: nothing may be there, now and at the end; "-": standard output. at: when the content was
 * so, the time of all entries. folder: where a list of many entries waits for the end. */
struct pack *pack_create(const char *path, moment at, const char *folder, struct error *error);

/* Names are as entry_check wants them; another one is our own bug and aborts. */
bool pack_bytes(struct pack *pack, const char *name, struct bytes content, struct error *error);
/* All of an open file, from its start; it stays open. ret_sha256 may be NULL. */
bool pack_file(struct pack *pack, const char *name, int file, struct arena *arena,
               const char **ret_sha256, struct error *error);

/* Frees it, whatever comes. When it fails, nothing is there under path. */
bool pack_finish(struct pack *pack, struct error *error);
void pack_abandon(struct pack *pack); /* NULL is fine */
