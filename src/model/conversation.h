/* conversation.h - mails that answer one another, in one mailbox. */
#pragma once
#include "base/address.h"
#include "base/schema.h"

struct conversation {
    const char *id;
    const char *organization_id;
    const char *user_id;
    const char *account_id;
    const char *thread_id; /* the provider's; ours where it has none (SMTP) */
    const char *subject;
    const char *context_type, *context_id; /* of the mail that began it, or NULL */
    struct list participants;              /* of struct address: everybody but the mailbox itself */
    int64_t message_count;
    bool is_resolved;
    moment created_at, last_message_at;
};
extern const struct schema CONVERSATION_SCHEMA; /* its columns */
