/* outgoing.h - the exact mail that a record stands for. The same record gives the same bytes. */
#pragma once
#include "base/spool.h"
#include "blob/blob.h"
#include "model/email.h"

/* Whether its bodies can be composed: ERROR_INVALID ("body_html") for HTML of which no text can be
 * made, where none is given. For everybody who is about to queue the email, outside of any
 * transaction: hostile HTML may take a second. */
bool outgoing_check(const struct email *email, struct error *error);

/* Writes the complete message (mime/compose.h) to out, with its signature (message/signature.h).
 * Where only HTML is given a text is made of it. ERROR_NOT_FOUND when the content of an attachment
 * is gone. */
bool outgoing_write(const struct email *email, const struct blobs *blobs, bool with_bcc,
                    struct arena *arena, struct spool *out, struct error *error);
