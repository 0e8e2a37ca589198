/* imap_response.h - what the untagged responses of an IMAP server tell (RFC 3501 7.2, 7.4). */
#pragma once
#include "net/imap.h"
#include "net/imap_token.h"

/* `* LIST (\Sent) "/" name`. False: it is no such response, or its folder holds no mail or has a
 * name that cannot be put into a command. */
bool imap_response_folder(struct bytes response, struct arena *arena,
                          struct imap_folder *ret_folder);

/* `* SEARCH 2 84 882`: keeps the highest. */
void imap_response_uids(struct bytes response, struct imap_uids *uids);

/* `* 12 FETCH (BODY[HEADER.FIELDS (...)] {1}...)`: the text of those fields. NULL: there is none.
 */
const char *imap_response_fields(struct bytes response, struct arena *arena);
