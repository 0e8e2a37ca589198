/* blob.h - attachments, each kept once under the SHA-256 of its content.
 *
 * A folder of files: DIR/blobs/ab/abcdef... A blob is written beside, synced, then renamed, so a
 * name always stands for the whole content, also after a power cut. */
#pragma once
#include <stdint.h>

#include "base/arena.h"
#include "base/error.h"

struct blobs;
struct blobs *blobs_open(const char *folder, struct error *error); /* made when not there */
void blobs_close(struct blobs *blobs);

struct blob_writer;
struct blob_writer *blob_begin(struct blobs *blobs, struct error *error);
bool blob_write(struct blob_writer *writer, const void *data, size_t size, struct error *error);
uint64_t blob_size(const struct blob_writer *writer);
/* Durable when it returns. Frees the writer, whatever comes. */
bool blob_finish(struct blob_writer *writer, struct arena *arena, const char **ret_sha256,
                 struct error *error);
void blob_abandon(struct blob_writer *writer); /* NULL is fine */

/* A file descriptor, the caller's; -1 with ERROR_NOT_FOUND ("attachment") or ERROR_INTERNAL. */
int blob_open(const struct blobs *blobs, const char *sha256, struct error *error);
