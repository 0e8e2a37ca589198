/* conversation.h - mails that answer one another, in one mailbox. */
#pragma once
#include "base/schema.h"

struct conversation {
    const char *id;
    const char *organization_id;
    const char *user_id;
    const char *account_id;
    const char *thread_id; /* the provider's; ours where it has none (SMTP) */
    const char *subject;
    moment created_at, last_message_at;
};
extern const struct schema CONVERSATION_SCHEMA; /* its columns */
