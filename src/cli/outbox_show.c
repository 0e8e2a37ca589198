#include <stdio.h>

#include "cli/outbox_row.h"
#include "cli/print.h"
#include "store/event_store.h"
#include "store/overview_store.h"

static const struct field EVENT_SHOWN[] = {
    FIELD(struct event, at, .use = SHOWN),
    NAME_FIELD(struct event, event, EMAIL_EVENT_NAMES, .use = SHOWN),
    NAME_FIELD(struct event, to_state, EMAIL_STATE_NAMES, .json = "state", .use = SHOWN),
    FIELD(struct event, actor, .use = SHOWN),
    FIELD(struct event, reason, .use = SHOWN),
    FIELD(struct event, detail, .use = SHOWN | JSON_TEXT),
    {0},
};
static const struct schema EVENT_VIEW = SCHEMA(struct event, EVENT_SHOWN);

struct shown { /* the line of the outbox, and what has no room there */
    struct outbox_row row;
    struct email email;
};
/* clang-format off */
static const struct field SHOWN_FIELDS[] = {
    FIELD(struct shown, row.at, .json = "at", .use = SHOWN),
    FIELD(struct shown, row.id, .json = "id", .use = SHOWN),
    NAME_FIELD(struct shown, row.state, EMAIL_STATE_NAMES, .json = "state", .use = SHOWN),
    FIELD(struct shown, row.from, .json = "from", .use = SHOWN),
    FIELD(struct shown, row.to, .json = "to", .use = SHOWN),
    FIELD(struct shown, row.subject, .json = "subject", .use = SHOWN),
    FIELD(struct shown, row.reason, .json = "reason", .use = SHOWN),
    FIELD(struct shown, email.planned_send_at, .json = "planned_send_at", .use = SHOWN),
    NAME_FIELD(struct shown, email.if_missed, IF_MISSED_NAMES, .json = "if_missed", .use = SHOWN),
    FIELD(struct shown, email.next_attempt_at, .json = "next_attempt_at", .use = SHOWN),
    FIELD(struct shown, email.attempts, .json = "attempts", .use = SHOWN),
    FIELD(struct shown, email.content_sha256, .json = "content_sha256", .use = SHOWN),
    FIELD(struct shown, email.asked_by, .json = "asked_by", .use = SHOWN),
    FIELD(struct shown, email.approved_by, .json = "approved_by", .use = SHOWN),
    FIELD(struct shown, email.approved_at, .json = "approved_at", .use = SHOWN),
    FIELD(struct shown, email.message_id, .json = "message_id", .use = SHOWN),
    FIELD(struct shown, email.mail_sha256, .json = "mail_sha256", .use = SHOWN),
    {0},
};
/* clang-format on */
static const struct schema SHOWN_VIEW = SCHEMA(struct shown, SHOWN_FIELDS);

bool outbox_show(struct cli *cli, void *options, struct error *error)
{
    (void)options;
    AUTO_READING session = db_read(cli->db);
    struct list events, found;
    const char *id;
    if (!cli_read_id(cli, cli_word(cli, 0), &id, error) ||
        !overview_store_outbox(session, &(struct outbox_filter){.id = id}, 1, cli->arena, &found,
                               error) ||
        !event_store_list(session, id, LIST_MOST, cli->arena, &events, error))
        return false;
    if (!found.count)
        return fail(error, ERROR_NOT_FOUND, "", "no mail has the id %s", id);
    const struct email *email = found.items;
    const struct shown shown = {outbox_row_of(email, cli->arena), *email};
    print_object(cli, &SHOWN_VIEW, &shown);
    if (!cli->json)
        putchar('\n');
    print_list(cli, &EVENT_VIEW, events);
    return true;
}
