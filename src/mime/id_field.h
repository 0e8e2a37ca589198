/* id_field.h - the ids in the fields of other programs' mail: Message-ID, In-Reply-To, References
 * (RFC 5322 3.6.4, and what is written instead). */
#pragma once
#include "base/arena.h"

enum { ID_FIELD_IDS_MAX = 1000 };

/* With single spaces between, each with <>; NULL for none. Read are: ids in <>, without the white
 * space that folding put into them, also where the > is missing; whole fields as encoded-words;
 * bare words with an @ or a digit, where no < is. What stands around ids does not count, so a
 * phrase of In-Reply-To (`Your mail of 3 May, Ann <ann@x.example> <id@x.example>`) may give an
 * address, too: whoever knows the mail's addresses leaves it out. The newest ID_FIELD_IDS_MAX of
 * them. */
const char *id_field_read(const char *raw, struct arena *arena);

/* The same for a field with one id: the first. */
const char *id_field_read_one(const char *raw, struct arena *arena);

/* The next of ids with spaces between, and where to go on; NULL behind the last. */
const char *id_field_next(const char **ids, struct arena *arena);
