/* letter.h - messages for the tests of mime/: out of text, and as text. */
#pragma once
#include "base/spool.h"
#include "mime/parse.h"

enum { LETTER_MOST = 128 * 1024 * 1024 };

/* Of text without NUL. */
struct spool *letter_spool(const char *text);
const char *letter_text(struct spool *spool, struct arena *arena); /* with a NUL behind */

/* A small mail with all that is required. */
struct mime_mail letter_small(void);

/* As it goes over the wire; fails the test when composing does. */
const char *letter_compose(const struct mime_mail *mail, bool with_bcc, struct arena *arena);

/* Of one header that composing writes: its value with the folds in it; NULL when not there. */
const char *letter_header(const char *message, const char *name, struct arena *arena);

/* A file with this content; the kernel closes it with the test. */
int letter_file(const void *data, size_t size);

/* Reads a message; fails the test when that does. */
struct mime_mail letter_parse(const char *text, struct arena *arena);

/* Keeps what the sink gets: the contents one after the other, each after its name and a colon. */
struct letter_sink {
    struct arena *arena;
    char *contents;
    size_t size;
    unsigned count;
    int fails_at; /* the call that fails, counted from 1; 0: none */
};
struct mime_sink letter_sink(struct letter_sink *kept);

/* A message, and what is found in it; contents: attachments as `name:content;`, `-` without a name,
 * types: theirs, each with a space behind it. */
struct letter_row {
    const char *message, *text, *html, *contents, *types;
};
void letter_check_rows(const struct letter_row *rows, size_t count);
