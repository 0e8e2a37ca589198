/* header.h - header lines: folded, encoded (RFC 2047, RFC 2231), pure ASCII but for addresses.
 *
 * Nothing here checks for line breaks; whoever calls has refused them. */
#pragma once
#include "base/address.h"
#include "mime/output.h"

struct header {
    struct output *output;
    struct arena *arena;
    size_t start; /* the size of the name, while on its line */
    size_t column;
};

struct header header_begin(struct output *output, struct arena *arena, const char *name);
void header_fold(struct header *header); /* the next word begins a line */
void header_end(struct header *header);

/* One word that is never broken; on a line of its own when it would not fit. */
void header_word(struct header *header, const char *word);

/* ASCII words as they are, broken at their spaces. */
void header_words(struct header *header, const char *text);

/* Any text: as words when that is possible, otherwise as encoded-words. */
void header_text(struct header *header, const char *text);

/* A name and an address; or several, with commas between. */
void header_address(struct header *header, const struct address *address, bool is_last);
void header_addresses(struct header *header, const struct list *addresses);

/* `; name="value"`: a value that is long or not ASCII as RFC 2231 has it, followed by a plain
 * one that old programs understand. Python's email takes the first of the two. */
void header_parameter(struct header *header, const char *name, const char *value);
