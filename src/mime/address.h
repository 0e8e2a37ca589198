/* address.h - mail addresses as people and headers write them (RFC 5322 3.4, RFC 6531). */
#pragma once
#include "base/address.h"
#include "base/arena.h"
#include "base/error.h"

/* One mailbox: `user@host` or `"Name" <user@host>`. The domain becomes lower-case A-labels
 * (UTS 46, non-transitional), a non-ASCII local part stays UTF-8, encoded-words in the name are
 * decoded; the comment of `user@host (Name)` is the name where there is no other. Read as well,
 * since programs write them and their meaning is certain: `user@host <user@host>`,
 * `mailto:user@host`, a separator behind it, invisible characters at its ends, dots where a local
 * part must not have them (mime/addr_spec.h), a final dot, blanks around the @, a whole mailbox in
 * quotes or as encoded-words. ERROR_INVALID, naming the text, for anything else: no or two
 * addresses, a group, no domain, an address over 254 bytes, an invisible character inside the
 * address, a turned direction in the name; CR, LF, NUL or other controls anywhere, decoded words
 * included. What it gives can be written (mime_address_text), and read again. */
bool mime_address_read(const char *text, struct arena *arena, struct address *ret_address,
                       struct error *error);

/* The addresses of a list in one text, parted by `,` or `;`, or by blanks alone where each is
 * plainly one: const char *, not yet read. Empty when the text is not a list of several:
 * mime_address_read then says what it is. */
struct list mime_address_split(const char *text, struct arena *arena);

/* A header's list, groups flattened; what is not an address is left out (received mail). Mailboxes
 * with nothing but blanks between are several, and whole ones in quotes or encoded-words are one.
 */
struct list mime_address_list(const char *text, struct arena *arena);

/* `user@host` or `"Name" <user@host>`, decoded, as the API shows it. */
const char *mime_address_text(const struct address *address, struct arena *arena);
