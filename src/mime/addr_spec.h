/* addr_spec.h - `user@host` (RFC 5322 3.4.1, RFC 6531), and quoted-strings and comments around it.
 */
#pragma once
#include <stdbool.h>

#include "base/buf.h"

/* As it may be written, whatever it was read from: the local part in quotes where its dots or
 * letters want them (`a..b@docomo.ne.jp`, which millions of people have) and only there, the domain
 * as domain_read gives it, without a final dot. Blanks around the @ do not count. NULL: no address.
 */
const char *addr_spec_read(const char *text, struct arena *arena);

/* Also what is in headers against the rules and nobody would type: blanks around dots, several dots
 * in a domain. */
const char *addr_spec_read_loosely(const char *text, struct arena *arena);

/* C0 and C1 controls, and the line and paragraph separators of Unicode. */
bool addr_spec_has_control(const char *text);

const char *quoted_string(const char *text, struct arena *arena);
size_t quoted_string_size(const char *text); /* with its quotes; 0: none here, or no end */
void quoted_string_add(struct buf *buf, const char *quoted, size_t size); /* what it says */

/* A comment's size (RFC 5322 3.2.2), its parentheses and comments inside it included; 0: none here,
 * no end, or one that is nested too deep. */
size_t comment_size(const char *text);
