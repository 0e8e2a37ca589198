/* raw_mail.h - a mail byte for byte: as it came in, or as it leaves; inside this room. */
#pragma once
#include "api/request.h"
#include "base/spool.h"
#include "model/document.h"

struct raw_mail { /* one of these: */
    struct bytes bytes;
    struct document document; /* that is there already */
    struct spool *composed;
};
void raw_mail_finish(struct raw_mail *mail);
#define AUTO_RAW_MAIL __attribute__((cleanup(raw_mail_finish))) struct raw_mail

/* Of a mail that was sent or came in, and that the token may read, as others are to see it: without
 * Bcc. room: in bytes; what was sent is composed for this, and more than that is not begun.
 * ERROR_INVALID (field) when it was not kept, was erased, or has no message yet; ERROR_TOO_LARGE
 * (field). */
bool raw_mail_find(struct request *request, const struct email *email, const char *field,
                   uint64_t room, struct raw_mail *ret_mail, struct error *error);

/* What is no document yet, as a blob; its document may be stored then. */
bool raw_mail_keep(struct request *request, const struct raw_mail *mail, const char **ret_sha256,
                   struct error *error);
int64_t raw_mail_size(const struct raw_mail *mail);
