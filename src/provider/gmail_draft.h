/* gmail_draft.h - hands a mail to Gmail as a draft, which sends nothing: small ones as JSON, larger
 * ones as they are, the largest so that an upload which breaks off goes on where it was. At most
 * some 64 KiB of the mail are in memory; inside this room.
 *
 * When it is not known whether there is a draft now, there may be one more than is known of. */
#pragma once
#include "base/spool.h"
#include "provider/gmail_reply.h"

enum {
    GMAIL_JSON_BYTES = 100 * 1024,           /* of the mail; up to these sizes, included */
    GMAIL_MULTIPART_BYTES = 5 * 1024 * 1024, /* Google's advice */
    GMAIL_MAIL_BYTES_MAX = 36700160,         /* 35 MiB; of the whole mail, attachments as base64 */
};

/* thread_id: of the mailbox's thread that it belongs to, or NULL. */
bool gmail_create_draft(struct web_mail *mail, const struct spool *message, const char *thread_id,
                        struct gmail_draft *ret_draft, struct web_answer *ret_answer);
