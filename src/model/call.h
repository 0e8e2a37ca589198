/* call.h - a changing call that its caller may repeat: the key he gave it, and how it was answered.
 */
#pragma once
#include "base/schema.h"

struct call {
    const char *organization_id;
    const char *user_id; /* whose the key is */
    const char *idempotency_key;
    const char *fingerprint; /* SHA-256 of method, path and payload */
    const char *email_id;    /* the email it is about; NULL: none */
    int64_t status;          /* of the reply; 0: not answered yet */
    const char *content_type;
    const char *body; /* NULL with a status: what became of the email is the answer */
    moment created_at;
};
extern const struct schema CALL_SCHEMA; /* its columns */
