#include <time.h>

#include "base/text.h"
#include "cli/outbox_row.h"
#include "cli/print.h"
#include "mime/address.h"
#include "store/overview_store.h"

enum { POLL_MS = 500, MOST_EVENTS = 1000 };

struct outbox {
    const char *state, *mailbox, *user;
    bool held, planned;
    moment since;
    int64_t limit;
    bool follow;
};
static const struct field OUTBOX_FIELDS[] = {
    FIELD(struct outbox, state, .about = "only mail in this state"),
    FIELD(struct outbox, held, .about = "only mail that waits in the queue for a person"),
    FIELD(struct outbox, planned, .about = "only mail that is to leave at a chosen time"),
    FIELD(struct outbox, mailbox, .about = "only mail of the mailbox with this address"),
    FIELD(struct outbox, user, .about = "only mail of the user with this address"),
    FIELD(struct outbox, since, .about = "only mail that has changed since this time"),
    FIELD(struct outbox, limit, .preset = "50", .min = 1, .max = LIST_MOST,
          .about = "how many at most"),
    FIELD(struct outbox, follow, .about = "newest last, and go on with whatever happens"),
    {0},
};
const struct schema OUTBOX_OPTIONS = SCHEMA(struct outbox, OUTBOX_FIELDS);

static bool is_state(const char *name)
{
    for (const char *const *names = EMAIL_STATE_NAMES; *names; names++)
        if (text_equal(*names, name))
            return true;
    return false;
}

static bool filter_of(struct cli *cli, const struct outbox *given, struct outbox_filter *ret_filter,
                      struct error *error)
{
    struct address mailbox = {0};
    struct user user = {0};
    if (given->state && !is_state(given->state))
        return fail(error, ERROR_INVALID, "",
                    "there is no state %s; outtray outbox --help lists all", given->state);
    if ((given->mailbox && !mime_address_read(given->mailbox, cli->arena, &mailbox, error)) ||
        (given->user && !cli_find_user(cli, given->user, &user, error)))
        return false;
    *ret_filter = (struct outbox_filter){
        .state = given->state,
        .user_id = user.id,
        .email_address = mailbox.email,
        .is_held = given->held,
        .is_planned = given->planned,
        .since = given->since,
    };
    return true;
}

static bool print_outbox(struct cli *cli, const struct outbox *given,
                         const struct outbox_filter *filter, struct error *error)
{
    AUTO_READING session = db_read(cli->db);
    struct list emails;
    if (!overview_store_outbox(session, filter, (size_t)given->limit, cli->arena, &emails, error))
        return false;
    struct outbox_row *rows = arena_new(cli->arena, struct outbox_row, emails.count);
    for (size_t i = 0; i < emails.count; i++) {
        size_t place = given->follow ? emails.count - 1 - i : i;
        rows[place] = outbox_row_of(&((const struct email *)emails.items)[i], cli->arena);
    }
    print_list(cli, &OUTBOX_ROW, (struct list){rows, emails.count});
    return true;
}

/* What the list would have as well. Its state is the one that the event led to, whatever has come
 * after; mail that was thrown away meanwhile is not found. */
static bool print_event(struct cli *cli, struct session *session,
                        const struct outbox_filter *filter, const struct event *event,
                        struct error *error)
{
    struct outbox_filter wanted = *filter;
    struct list found;
    wanted.id = event->email_id;
    wanted.state = NULL;
    if ((event->from_state == event->to_state && event->event != EVENT_HELD) ||
        (filter->state && !text_equal(filter->state, EMAIL_STATE_NAMES[event->to_state])))
        return true;
    if (!overview_store_outbox(session, &wanted, 1, cli->arena, &found, error))
        return false;
    if (!found.count)
        return true;
    struct outbox_row row = outbox_row_of(found.items, cli->arena);
    row.at = event->at;
    row.state = event->to_state;
    row.reason = event->reason;
    print_row(cli, &OUTBOX_ROW, &row);
    return true;
}

static bool print_events_after(struct cli *cli, const struct outbox_filter *filter,
                               int64_t *position, struct error *error)
{
    AUTO_READING session = db_read(cli->db);
    AUTO_ARENA arena = arena_create();
    struct cli turn = *cli;
    struct list found;
    turn.arena = arena;
    if (!overview_store_events_after(session, *position, MOST_EVENTS, arena, &found, error))
        return false;
    const struct event *events = found.items;
    for (size_t i = 0; i < found.count; i++) {
        if (!print_event(&turn, session, filter, &events[i], error))
            return false;
        *position = events[i].position;
    }
    return true;
}

static bool follow(struct cli *cli, const struct outbox_filter *filter, int64_t position,
                   struct error *error)
{
    const struct timespec pause = {.tv_nsec = POLL_MS * 1000000L};
    fflush(stdout);
    while (!ferror(stdout)) {
        if (!print_events_after(cli, filter, &position, error))
            return false;
        nanosleep(&pause, NULL);
    }
    return fail_errno(error, "standard output");
}

static bool newest_event(struct cli *cli, int64_t *ret_position, struct error *error)
{
    AUTO_READING session = db_read(cli->db);
    return overview_store_newest_event(session, ret_position, error);
}

bool outbox_run(struct cli *cli, void *options, struct error *error)
{
    const struct outbox *given = options;
    struct outbox_filter filter = {0};
    int64_t position = 0;
    return filter_of(cli, given, &filter, error) && newest_event(cli, &position, error) &&
           print_outbox(cli, given, &filter, error) &&
           (!given->follow || follow(cli, &filter, position, error));
}
