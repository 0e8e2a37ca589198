/* attaching.h - what a caller attaches becomes blobs and documents; inside this room. */
#pragma once
#include "api/request.h"

/* Finds each attachment's content: by document id, among the base64 values of the body, or by its
 * URL; the last two become documents now. ret_documents is to be stored with the email. The blobs
 * are durable when it returns; what is wrong with any of them is found before one is kept. */
bool attaching_resolve(struct request *request, struct list *attachments,
                       struct list *ret_documents, struct error *error);

/* In the transaction of the email, before the email itself. ERROR_NOT_FOUND ("document") when one
 * that was there is gone. */
bool attaching_store(struct session *session, const struct list *documents, struct error *error);

/* One attachment, in the families that write snake_case, and in the one that writes camelCase. */
extern const struct schema ATTACHMENT_VIEW, MESSAGES_ATTACHMENT_VIEW;
