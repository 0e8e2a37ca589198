/* manner.h - how the people of a mailbox write: their language, and their time of day. What an
 * answer says of the mail that it quotes is written so. */
#pragma once
#include "base/arena.h"
#include "base/moment.h"
#include "base/schema.h"

enum { MANNER_LANGUAGE_BYTES = 35, MANNER_ZONE_BYTES = 64 }; /* of a setting, at most */

struct manner {           /* of a mailbox */
    const char *language; /* as LANGUAGE_SPELLING reads it; NULL: "en" */
    const char *timezone; /* as TIMEZONE_SPELLING reads it; NULL: "UTC" */
};

/* What is written in a language. */
struct manner_words {
    const char *language;
    /* "On 20 May 2026 at 14:10 UTC, Ann <a@b> wrote:": before the date, between, and behind;
     * without a date, behind the name alone. */
    const char *before, *between, *behind, *behind_alone;
    const char *somebody;  /* who gave no name */
    const char *forwarded; /* "Forwarded message" */
    const char *from, *date, *subject, *to, *cc;
    const char *others[2]; /* " and 12 others": before the number, and behind */
    const char *colon;
};

/* NULL, or what is not known: English. A language of a country is its own, else its language's. */
const struct manner_words *manner_words(const char *language);

/* To the minute, with the offset from UTC; NULL for a moment that is not set. */
const char *manner_time(const struct manner *manner, moment at, struct arena *arena);

/* Whether a line says who wrote what is quoted below it, as this server writes that in any
 * language. size: without white space at its end. */
bool manner_is_attribution(const char *line, size_t size);
/* Whether it stands above a forwarded mail likewise. */
bool manner_is_forward_line(const char *line, size_t size);

/* "de", "de-AT", "zh-TW": a language of the table, and a region if need be. */
extern const struct spelling LANGUAGE_SPELLING;
/* A name of the IANA database (mime/zone.h). */
extern const struct spelling TIMEZONE_SPELLING;
