/* spool.h - bytes that pass through: in memory while they are few, in an unlinked file beyond.
 *
 * Used for request bodies and composed mail, so that memory stays bounded however
 * large they are. Written once from front to back, then read from any place. */
#pragma once
#include <stdint.h>

#include "base/arena.h"
#include "base/error.h"

enum { SPOOL_MEMORY_SIZE = 128 * 1024 };

struct spool;

/* folder: where the file goes, on the disk that has the room. limit: bytes, over it spool_write
 * fails with ERROR_TOO_LARGE. */
struct spool *spool_create(const char *folder, uint64_t limit);
void spool_destroy(struct spool *spool); /* NULL is fine */
void spool_cleanup(struct spool **spool);
#define AUTO_SPOOL __attribute__((cleanup(spool_cleanup))) struct spool *

bool spool_write(struct spool *spool, const void *data, size_t size, struct error *error);
/* From now on it takes no memory, however short it is. */
bool spool_leave_memory(struct spool *spool, struct error *error);
uint64_t spool_size(const struct spool *spool);

/* Reads at most size bytes from offset on; 0 at the end, -1 when the disk failed. */
int64_t spool_read(const struct spool *spool, uint64_t offset, void *data, size_t size);

/* Gives all of it to take, piece by piece, from front to back. False when take is, with
 * its error, or when the disk failed. */
typedef bool spool_take(void *context, const void *data, size_t size, struct error *error);
bool spool_each(const struct spool *spool, spool_take *take, void *context, struct error *error);

/* All of it, with a NUL behind, when it fits into limit bytes. The data is the spool's own while
 * it is in memory, and the arena's otherwise. */
bool spool_bytes(struct spool *spool, size_t limit, struct arena *arena, struct bytes *ret_bytes,
                 struct error *error);

/* What an open file holds, of which size bytes count; the file becomes the spool's. */
struct spool *spool_adopt(int file, uint64_t size);

/* The content of one that has at most SPOOL_MEMORY_SIZE bytes: its own. */
struct bytes spool_memory(const struct spool *spool);

/* A file descriptor of its own for the whole content; the caller closes it. */
int spool_open(const struct spool *spool, struct error *error);
