/* blob.h - attachments, each kept once under the SHA-256 of its content.
 *
 * A folder of files: DIR/blobs/ab/abcdef... A blob is written beside, synced, then renamed, so a
 * name always stands for the whole content, also after a power cut. What writers of a program that
 * died have left is removed when the folder is opened. */
#pragma once
#include <stdint.h>

#include "base/arena.h"
#include "base/error.h"
#include "base/moment.h"

struct blobs;
struct blobs *blobs_open(const char *folder, struct error *error); /* made when not there */
void blobs_close(struct blobs *blobs);

/* From now on, until blobs_close, nobody else removes a blob, in whichever program. */
bool blobs_keep(struct blobs *blobs, struct error *error);

/* Moves every blob of another folder, on the same disk, into this one, durably; those of that name
 * are the same. Where it failed, or was interrupted, it can be done again. */
bool blobs_take_over(struct blobs *blobs, struct blobs *from, struct error *error);

struct blob_writer;
struct blob_writer *blob_begin(struct blobs *blobs, struct error *error);
bool blob_write(struct blob_writer *writer, const void *data, size_t size, struct error *error);
/* The same for spool_each(); writer is a struct blob_writer. */
bool blob_take(void *writer, const void *data, size_t size, struct error *error);
uint64_t blob_size(const struct blob_writer *writer);
/* The name that it will have. Nothing may be written after that. */
const char *blob_sha256(struct blob_writer *writer, struct arena *arena);
/* Durable when it returns, and as young as if it had not been there before. Frees the writer,
 * whatever comes. */
bool blob_finish(struct blob_writer *writer, struct arena *arena, const char **ret_sha256,
                 struct error *error);
void blob_abandon(struct blob_writer *writer); /* NULL is fine */

/* A file descriptor, the caller's; -1 with ERROR_NOT_FOUND ("attachment") or ERROR_INTERNAL. */
int blob_open(const struct blobs *blobs, const char *sha256, struct error *error);

/* Blobs that nobody finished since `before`, to be thrown away if nothing needs them. The store is
 * gone through branch by branch; in one of them it calls visit for each, until visit says no. */
enum { BLOB_BRANCHES = 256 };
typedef bool blob_visitor(void *context, const char *sha256);
bool blobs_visit_old(const struct blobs *blobs, unsigned branch, moment before, blob_visitor *visit,
                     void *context, struct error *error);
/* Looks at its age once more: one that was finished again meanwhile stays. ret_is_removed is also
 * false when it is not there, and while somebody keeps all blobs (blobs_keep). */
bool blob_remove_old(struct blobs *blobs, const char *sha256, moment before, bool *ret_is_removed,
                     struct error *error);
