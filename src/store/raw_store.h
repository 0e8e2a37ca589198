/* raw_store.h - mail as it came in, byte for byte. reception_store keeps it with what was read of
 * it; it goes when the mail is erased. */
#pragma once
#include "db/db.h"
#include "model/document.h"

struct raw {
    struct bytes bytes;       /* data NULL: it is the document */
    struct document document; /* id NULL: neither; it was not kept */
};

/* Of a mail that the caller may read. */
bool raw_store_find(struct session *session, const char *email_id, struct arena *arena,
                    struct raw *ret_raw, struct error *error);
