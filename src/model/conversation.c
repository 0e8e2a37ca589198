#include "model/conversation.h"

static const struct field CONVERSATION_FIELDS[] = {
    FIELD(struct conversation, id, .use = STORED),
    FIELD(struct conversation, organization_id, .use = STORED),
    FIELD(struct conversation, user_id, .use = STORED),
    FIELD(struct conversation, account_id, .use = STORED),
    FIELD(struct conversation, thread_id, .use = STORED),
    FIELD(struct conversation, subject, .use = STORED),
    FIELD(struct conversation, context_type, .use = STORED),
    FIELD(struct conversation, context_id, .use = STORED),
    FIELD(struct conversation, participants, .use = STORED, .items = &ADDRESS_SCHEMA),
    FIELD(struct conversation, message_count, .use = STORED),
    FIELD(struct conversation, is_resolved, .use = STORED),
    FIELD(struct conversation, created_at, .use = STORED),
    FIELD(struct conversation, last_message_at, .use = STORED),
    {0},
};
const struct schema CONVERSATION_SCHEMA = SCHEMA(struct conversation, CONVERSATION_FIELDS);
