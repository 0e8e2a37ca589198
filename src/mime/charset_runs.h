/* charset_runs.h - text in several sets at once, as pieces that a converter takes: what shifts
 * between sets by escape sequences (ISO-2022, HZ), and what only two converters together have the
 * tables of (EUC-JP, Big5). */
#pragma once
#include "base/arena.h"
#include "mime/charset_label.h"

/* Gets one piece after the other: whole characters of `unit` bytes each of the set `name`, or, with
 * a unit of 1 and "us-ascii", ASCII as it is. NULL for all of them: a character that cannot be. */
typedef void charset_run_take(void *context, const char *name, size_t unit,
                              const struct bytes *piece);

/* Of a form that is none of these, nothing. Looks at each byte a bounded number of times. No escape
 * sequence and no shift is handed on. */
void charset_runs_read(enum charset_form form, const struct bytes *bytes, charset_run_take *take,
                       void *context);
