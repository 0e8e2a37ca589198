/* addr_spec.h - `user@host` (RFC 5322 3.4.1, RFC 6531), and quoted-strings and comments around it.
 */
#pragma once
#include <stdbool.h>

#include "base/buf.h"

/* Strictly; the domain as domain_read gives it. NULL when it is none. */
const char *addr_spec_read(const char *text, struct arena *arena);

/* Also what some hosts hand out against the rules: dots in a row, `_` in the domain. */
const char *addr_spec_read_loosely(const char *text, struct arena *arena);

/* C0 and C1 controls, and the line and paragraph separators of Unicode. */
bool addr_spec_has_control(const char *text);

const char *quoted_string(const char *text, struct arena *arena);
size_t quoted_string_size(const char *text); /* with its quotes; 0: none here, or no end */
void quoted_string_add(struct buf *buf, const char *quoted, size_t size); /* what it says */

/* A comment's size (RFC 5322 3.2.2), its parentheses and comments inside it included; 0: none here,
 * or no end. */
size_t comment_size(const char *text);
