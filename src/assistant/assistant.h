/* assistant.h - has a language model complete a mail that somebody has begun.
 *
 * It is given the subject and the bodies as they are, and nothing else; what comes back is a
 * proposal of the same parts. Nobody is asked unless the operator has named a model. */
#pragma once
#include <stdint.h>

#include "base/arena.h"
#include "base/error.h"

enum {
    ASSISTANT_LETTER_BYTES = 256 * 1024, /* a longer mail is not given away */
    ASSISTANT_CALLS_MOST = 8,            /* at the same time; each holds a thread until it ends */
};

struct assistant_settings {
    const char *url;   /* of chat completions, as OpenAI's are: the whole address; NULL: no model */
    const char *key;   /* sent as a bearer token; NULL: none */
    const char *model; /* its name; NULL: as the server likes */
    const char *ca_file; /* PEM; NULL: the system's */
    int64_t timeout_ms;
};

struct assistant_letter {
    const char *subject, *body_text, *body_html; /* NULL: not given */
};

/* What settings point at must live as long. */
struct assistant *assistant_create(const struct assistant_settings *settings);
void assistant_destroy(struct assistant *assistant); /* NULL is fine */

/* ret_letter: each part that was given, as the model would have it; a part that it did not mention
 * is the given one, and one that was not given stays so. The subject is one line that a mail can
 * have; the HTML is somebody else's and not yet made harmless. Any failure is ERROR_UNAVAILABLE
 * with a sentence on what went wrong. */
bool assistant_complete(struct assistant *assistant, const struct assistant_letter *letter,
                        struct arena *arena, struct assistant_letter *ret_letter,
                        struct error *error);
