/* typed.h - what a person typed (in a file, a variable, on a command line) into a member of a
 * struct, as the field's row says. */
#pragma once
#include "base/arena.h"
#include "base/error.h"
#include "base/schema.h"

/* Numbers with units: 90, 90s, 5m, 72h, 3d are seconds; 4096, 64K, 50M, 1G are bytes. */
extern const struct spelling SECONDS_SPELLING, BYTES_SPELLING;
extern const struct spelling LISTEN_SPELLING; /* 127.0.0.1:8025, [::1]:8025, localhost:0 */
extern const struct spelling URL_SPELLING;    /* http or https, without a slash at the end */
extern const struct spelling LINE_SPELLING;   /* text without line breaks and other controls */

/* Gives every member of the table that has a preset its preset. */
void typed_preset(const struct field *fields, struct arena *arena, void *object);

/* A list of texts (.max items, .item_max bytes each) grows by one. "" unsets a text that is not
 * REQUIRED. Of an error, the message completes the sentence
 * "<name> ..." and repeats nothing of the text. */
bool typed_read(const struct field *field, const char *text, struct arena *arena, void *object,
                struct error *error);

/* As typed_read would take it; "" when it is not set. */
const char *typed_text(const struct field *field, const void *object, struct arena *arena);

/* What a value looks like: "a time such as 30s, 5m, 72h or 3d"; with its range, when it has one. */
const char *typed_about(const struct field *field, struct arena *arena);

/* By name, where - and _ are the same; NULL when there is none. */
const struct field *typed_find(const struct field *fields, const char *name);
