#include <string.h>
#include <time.h>

#include "base/text.h"
#include "cli/print.h"
#include "mime/address.h"
#include "store/event_store.h"
#include "store/overview_store.h"

enum { POLL_MS = 500, MOST_EVENTS = 1000 };

struct outbox {
    const char *state;
    int64_t limit;
    bool follow;
};
static const struct field OUTBOX_FIELDS[] = {
    FIELD(struct outbox, state, .about = "only mail in this state"),
    FIELD(struct outbox, limit, .preset = "50", .min = 1, .max = LIST_MOST,
          .about = "how many at most"),
    FIELD(struct outbox, follow, .about = "newest last, and go on with whatever happens"),
    {0},
};
const struct schema OUTBOX_OPTIONS = SCHEMA(struct outbox, OUTBOX_FIELDS);

struct row {
    moment at; /* when it leaves, left, or last changed */
    const char *id;
    enum email_state state;
    const char *from, *to, *subject, *reason;
};
static const struct field ROW_FIELDS[] = {
    FIELD(struct row, at, .use = SHOWN),
    FIELD(struct row, id, .use = SHOWN),
    NAME_FIELD(struct row, state, EMAIL_STATE_NAMES, .use = SHOWN),
    FIELD(struct row, from, .use = SHOWN),
    FIELD(struct row, to, .use = SHOWN),
    FIELD(struct row, subject, .use = SHOWN),
    FIELD(struct row, reason, .use = SHOWN),
    {0},
};
static const struct schema ROW = SCHEMA(struct row, ROW_FIELDS);

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
    if (email->state == EMAIL_SENT && email->sent_at.ms)
        return email->sent_at;
    if (email->state == EMAIL_DRAFT && email->planned_send_at.ms)
        return email->planned_send_at;
    return email->state == EMAIL_QUEUED ? email->next_attempt_at : email->updated_at;
}

static struct row row_of(const struct email *email, struct arena *arena)
{
    return (struct row){
        .at = time_of(email),
        .id = email->id,
        .state = email->state,
        .from = email->from_email,
        .to = recipients_text(email, arena),
        .subject = email->subject,
        .reason = email->reason,
    };
}

static bool is_state(const char *name)
{
    for (const char *const *names = EMAIL_STATE_NAMES; *names; names++)
        if (text_equal(*names, name))
            return true;
    return false;
}

static bool print_outbox(struct cli *cli, const struct outbox *given, struct error *error)
{
    AUTO_READING session = db_read(cli->db);
    struct list emails;
    if (!overview_store_outbox(session, given->state, (size_t)given->limit, cli->arena, &emails,
                               error))
        return false;
    struct row *rows = arena_new(cli->arena, struct row, emails.count);
    for (size_t i = 0; i < emails.count; i++) {
        size_t place = given->follow ? emails.count - 1 - i : i;
        rows[place] = row_of(&((const struct email *)emails.items)[i], cli->arena);
    }
    print_list(cli, &ROW, (struct list){rows, emails.count});
    return true;
}

static bool find_email(struct session *session, struct arena *arena, const struct event *event,
                       struct email *ret_email, struct error *error)
{
    const struct viewer viewer = {.organization_id = event->organization_id};
    return email_store_find(session, &viewer, event->email_id, arena, ret_email, error);
}

static bool print_event(struct cli *cli, struct session *session, const struct outbox *given,
                        const struct event *event, struct error *error)
{
    struct email email;
    if (event->from_state == event->to_state ||
        (given->state && !text_equal(given->state, EMAIL_STATE_NAMES[event->to_state])))
        return true;
    if (!find_email(session, cli->arena, event, &email, error))
        return error->code == ERROR_NOT_FOUND; /* thrown away meanwhile */
    struct row row = row_of(&email, cli->arena);
    row.at = event->at;
    row.state = event->to_state;
    row.reason = event->reason;
    print_row(cli, &ROW, &row);
    return true;
}

static bool print_events_after(struct cli *cli, const struct outbox *given, int64_t *position,
                               struct error *error)
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
        if (!print_event(&turn, session, given, &events[i], error))
            return false;
        *position = events[i].position;
    }
    return true;
}

static bool follow(struct cli *cli, const struct outbox *given, int64_t position,
                   struct error *error)
{
    const struct timespec pause = {.tv_nsec = POLL_MS * 1000000L};
    fflush(stdout);
    while (!ferror(stdout)) {
        if (!print_events_after(cli, given, &position, error))
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
    int64_t position = 0;
    if (given->state && !is_state(given->state))
        return fail(error, ERROR_INVALID, "",
                    "there is no state %s; outtray outbox --help lists all", given->state);
    return newest_event(cli, &position, error) && print_outbox(cli, given, error) &&
           (!given->follow || follow(cli, given, position, error));
}

bool outbox_show(struct cli *cli, void *options, struct error *error)
{
    (void)options;
    AUTO_READING session = db_read(cli->db);
    struct list events;
    struct email email;
    const char *id;
    if (!cli_read_id(cli, cli_word(cli, 0), &id, error) ||
        !event_store_list(session, id, LIST_MOST, cli->arena, &events, error))
        return false;
    if (!events.count)
        return fail(error, ERROR_NOT_FOUND, "", "no mail has the id %s", id);
    if (!find_email(session, cli->arena, events.items, &email, error))
        return false;
    struct row row = row_of(&email, cli->arena);
    print_object(cli, &ROW, &row);
    if (!cli->json)
        putchar('\n');
    print_list(cli, &EVENT_VIEW, events);
    return true;
}
