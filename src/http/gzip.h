/* gzip.h - the body of a reply in fewer bytes (RFC 1952), where its client takes that. */
#pragma once
#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/error.h"

/* What Accept-Encoding says of gzip (RFC 9110, 12.5.3); NULL: the client says nothing, so no. */
bool gzip_is_accepted(const char *accept_encoding);

/* All of it at once, as small as can be: for what is made once, and sent often. */
struct bytes gzip_pack(struct bytes body, struct arena *arena);

/* Piece by piece, and fast. It takes 40 KB of the arena, however much comes. */
typedef bool gzip_write(void *context, const void *data, size_t size, struct error *error);
struct gzip *gzip_begin(gzip_write *write, void *context, struct arena *arena);
/* Both fail only when write does. */
bool gzip_add(struct gzip *gzip, struct bytes piece, struct error *error);
bool gzip_end(struct gzip *gzip, struct error *error);
