/* address.h - mail addresses as people and headers write them (RFC 5322 3.4, RFC 6531). */
#pragma once
#include "base/address.h"
#include "base/arena.h"
#include "base/error.h"

/* One mailbox: `user@host` or `"Name" <user@host>`. The domain becomes lower-case A-labels
 * (UTS 46, non-transitional), a non-ASCII local part stays UTF-8, encoded-words in the name are
 * decoded. ERROR_INVALID, naming the text, for anything else: no or two addresses, a group, no
 * domain, a local part over 64 or an address over 254 bytes, CR, LF, NUL or other controls
 * anywhere, decoded words included. */
bool mime_address_read(const char *text, struct arena *arena, struct address *ret_address,
                       struct error *error);

/* A header's list, groups flattened; what is not an address is left out (received mail). */
struct list mime_address_list(const char *text, struct arena *arena);

/* `user@host` or `"Name" <user@host>`, decoded, as the API shows it. */
const char *mime_address_text(const struct address *address, struct arena *arena);
