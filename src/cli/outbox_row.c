#include "cli/outbox_row.h"

static const struct field ROW_FIELDS[] = {
    FIELD(struct outbox_row, at, .use = SHOWN),
    FIELD(struct outbox_row, id, .use = SHOWN),
    NAME_FIELD(struct outbox_row, state, EMAIL_STATE_NAMES, .use = SHOWN),
    FIELD(struct outbox_row, from, .use = SHOWN),
    FIELD(struct outbox_row, to, .use = SHOWN),
    FIELD(struct outbox_row, subject, .use = SHOWN),
    FIELD(struct outbox_row, reason, .use = SHOWN),
    {0},
};
const struct schema OUTBOX_ROW = SCHEMA(struct outbox_row, ROW_FIELDS);

static const char *recipients_text(const struct email *email, struct arena *arena)
{
    struct list all = email_recipients(email, arena);
    const struct address *first = all.items;
    if (!all.count)
        return NULL;
    return all.count == 1 ? first->email
                          : arena_format(arena, "%s (+%zu)", first->email, all.count - 1);
}

static moment time_of(const struct email *email)
{
    bool is_planned = email->state == EMAIL_DRAFT || email->state == EMAIL_PENDING_APPROVAL;
    if (email->state == EMAIL_SENT && email->sent_at.ms)
        return email->sent_at;
    if (is_planned && email->planned_send_at.ms)
        return email->planned_send_at;
    return email->state == EMAIL_QUEUED && email->next_attempt_at.ms ? email->next_attempt_at
                                                                     : email->updated_at;
}

struct outbox_row outbox_row_of(const struct email *email, struct arena *arena)
{
    return (struct outbox_row){
        .at = time_of(email),
        .id = email->id,
        .state = email->state,
        .from = email->from_email,
        .to = recipients_text(email, arena),
        .subject = email->subject,
        .reason = email->reason,
    };
}
