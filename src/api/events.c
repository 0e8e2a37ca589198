#include "api/following.h"
#include "api/handlers.h"
#include "api/permission.h"
#include "api/spelling.h"
#include "api/views.h"
#include "base/clock.h"
#include "model/event_type.h"
#include "store/event_store.h"
#include "store/identity_store.h"

/* The organization's trail of events, to be read from any number on and for ever. A request that
 * finds nothing yet may wait for it, without a thread. */

enum {
    RETRY_AFTER_S = 5, /* of a request that finds no place to wait in */
    EVENTS_MOST = 1000,
    WAIT_SECONDS_MOST = 60,
    MS = 1000,
    PASSED_OVER_MOST = 10 * 1000, /* events that are looked at in vain for one reply */
};

enum event_kind { OF_BOTH, OF_MAIL, OF_ADMINISTRATION };
static const char *const EVENT_KIND_NAMES[] = {"", "mail", "administration", NULL};

struct event_log_query {
    int64_t after, limit, wait;
    enum event_kind kind;
    const char *user;
};
struct logged {
    struct event event;
    const char *type;
    unsigned from, to; /* of STATES_SHOWN */
};
struct event_log {
    struct list events; /* of struct logged */
    int64_t next_after;
    bool has_more;
};
struct reading {              /* lives as long as the exchange */
    struct follower follower; /* first: request->follower leads here */
    int64_t after, until_ms;  /* until_ms: clock_steady_ms */
    struct viewer viewer;     /* seen_by NULL: of all of the organization's */
    bool has_waited;
    size_t limit;
    struct event_kinds kinds;
};

static const char *const STATES_SHOWN[EMAIL_STATE_COUNT + 2] = {
    /* "": of no mail */
    "",       "draft",   "pending_approval", "queued",   "sending", "sent",
    "failed", "unknown", "canceled",         "received", NULL,
};

/* clang-format off */
static const struct field QUERY_FIELDS[] = {
    FIELD(struct event_log_query, after, .min = 0, .max = INT64_MAX, .preset = "0",
          .about = "the number of the last event that is known already"),
    FIELD(struct event_log_query, limit, .min = 1, .max = EVENTS_MOST, .preset = "100",
          .about = "how many at most"),
    FIELD(struct event_log_query, wait, .min = 0, .max = WAIT_SECONDS_MOST, .preset = "0",
          .about = "seconds to wait while there is none"),
    NAME_FIELD(struct event_log_query, kind, EVENT_KIND_NAMES,
               .about = "only what happens to mail, or only administration; otherwise both"),
    USER_QUERY(struct event_log_query),
    {0},
};
const struct schema EVENT_LOG_QUERY = SCHEMA(struct event_log_query, QUERY_FIELDS);

static const struct field LOGGED_FIELDS[] = {
    FIELD(struct logged, event.number, .json = "number", .use = SHOWN,
          .about = "counts the organization's events, without a gap"),
    FIELD(struct logged, type, .use = SHOWN | NOT_NULL, .about = "as webhooks know it",
          .example = "\"email.sent\""),
    FIELD(struct logged, event.at, .json = "timestamp", .use = SHOWN | NOT_NULL,
          .spelling = &TO_THE_MILLISECOND),
    FIELD(struct logged, event.email_id, .json = "email_id", .use = SHOWN, .spelling = &UUID,
          .about = "null: of administration"),
    NAME_FIELD(struct logged, event.event, EVENT_NAMES, .json = "event", .use = SHOWN),
    NAME_FIELD(struct logged, from, STATES_SHOWN, .use = SHOWN),
    NAME_FIELD(struct logged, to, STATES_SHOWN, .use = SHOWN),
    FIELD(struct logged, event.actor, .json = "actor", .use = SHOWN | NOT_NULL,
          .about = "a user's id, \"system\", or \"operator\": the command line", .example = "\"system\""),
    FIELD(struct logged, event.token_id, .json = "token_id", .use = SHOWN, .spelling = &UUID,
          .about = "the token that the user came with; detail.for_user says for which other user it "
                   "acted"),
    FIELD(struct logged, event.subject_id, .json = "subject_id", .use = SHOWN | OMITTED,
          .about = "of administration: the token, user, mailbox, webhook or template that it is of"),
    FIELD(struct logged, event.address, .json = "address", .use = SHOWN | OMITTED,
          .about = "of administration: the client's"),
    FIELD(struct logged, event.request_id, .json = "request_id", .use = SHOWN,
          .about = "X-Request-Id of the request by which it happened"),
    FIELD(struct logged, event.reason, .json = "reason", .use = SHOWN),
    FIELD(struct logged, event.detail, .json = "detail", .use = SHOWN | JSON_TEXT,
          .about = "what the mail server said, recipient by recipient; of administration: what was "
                   "changed"),
    FIELD(struct logged, event.mail_sha256, .json = "mail_sha256", .use = SHOWN,
          .about = "of the exact mail, once there is one"),
    FIELD(struct logged, event.hash, .json = "hash", .use = SHOWN,
          .about = "covers this event and the hash of the organization's one before"),
    {0},
};
static const struct schema LOGGED = VIEW(struct logged, LOGGED_FIELDS, "Event");

static const struct field LOG_FIELDS[] = {
    FIELD(struct event_log, events, .use = SHOWN, .items = &LOGGED,
          .about = "in order; numbers of what the caller may not see are left out: administration "
                   "without the scope admin, and colleagues' mail"),
    FIELD(struct event_log, next_after, .use = SHOWN, .about = "where to go on"),
    FIELD(struct event_log, has_more, .use = SHOWN, .about = "whether going on finds more at once"),
    {0},
};
const struct schema EVENT_LOG = VIEW(struct event_log, LOG_FIELDS, "EventLog");
/* clang-format on */

static struct list logged_of(struct list events, struct arena *arena)
{
    const struct event *items = events.items;
    struct logged *logged = arena_new(arena, struct logged, events.count);
    for (size_t i = 0; i < events.count; i++)
        logged[i] = (struct logged){
            items[i],
            event_type(&items[i]),
            items[i].email_id ? items[i].from_state + 1 : 0,
            items[i].email_id ? items[i].to_state + 1 : 0,
        };
    return (struct list){logged, events.count};
}

static int64_t last_number(struct list events)
{
    const struct event *items = events.items;
    return items[events.count - 1].number;
}

/* What lies between is passed over, so much at a time. */
static bool list(struct request *request, const struct reading *reading, int64_t end,
                 struct list *ret_events, int64_t *ret_next, struct error *error)
{
    int64_t after = reading->after, until = end;
    bool is_found, is_cut;
    if (!reading->kinds.mail) {
        is_found = event_store_list_of_administration(
            request_reading(request), request->viewer.organization_id, after, reading->limit,
            request->arena, ret_events, &is_cut, error);
    } else {
        if (end - after > PASSED_OVER_MOST)
            until = after + PASSED_OVER_MOST;
        is_found = event_store_list_of_viewer(request_reading(request), &reading->viewer,
                                              reading->kinds, after, until, reading->limit,
                                              request->arena, ret_events, &is_cut, error);
    }
    if (is_found)
        *ret_next = is_cut || ret_events->count == reading->limit ? last_number(*ret_events)
                                                                  : until;
    return is_found;
}

/* Who knows of more than there is has read another database, such as the one before a backup came
 * back: what he would miss in silence must be told. */
static bool look(struct request *request, const struct reading *reading, struct event_log *ret_log,
                 struct error *error)
{
    struct list events = {0};
    struct chain_end end;
    int64_t after = reading->after, next = after;
    if (!event_store_end(request_reading(request), request->viewer.organization_id, request->arena,
                         &end, error))
        return false;
    if (after > end.number)
        return fail(error, ERROR_INVALID, "after",
                    "is beyond the newest event, which has number %lld", (long long)end.number);
    bool found = after == end.number || list(request, reading, end.number, &events, &next, error);
    *ret_log = (struct event_log){logged_of(events, request->arena), next, next < end.number};
    return found;
}

static void resume(struct http_exchange *exchange, void *context);

static bool may_wait(const struct request *request, const struct reading *reading)
{
    return reading->until_ms > clock_steady_ms() && request->api->is_open &&
           !http_is_hurried(request->exchange);
}

/* Once for each request: between two looks it keeps its place. */
static bool events_take_place(struct request *request, struct error *error)
{
    if (request->waiting)
        return true;
    struct waiting *waiting = arena_new(request->lasting, struct waiting, 1);
    waiting->token_id = request->token_id;
    request->retry_after_s = RETRY_AFTER_S;
    if (!http_begin_wait(request->exchange, error) ||
        !following_begin_wait(request->api->following, waiting, error))
        return false;
    request->waiting = waiting;
    return true;
}

/* An approver is woken by whatever happens, and looks whether it is something to see. */
static const char *awaited_by(const struct viewer *viewer)
{
    if (viewer->decider)
        return NULL;
    return viewer->is_agent ? viewer->user_id : viewer->seen_by;
}

/* After what there is has been read: it happened before the token was seen to hold. */
static bool still_holds(struct request *request, const struct reading *reading, struct error *error)
{
    return !reading->has_waited ||
           identity_store_check_token(request_reading(request), request->token_id, clock_now(),
                                      request->arena, error);
}

static void begin_to_wait(struct request *request, struct reading *reading)
{
    int64_t left_ms = reading->until_ms - clock_steady_ms();
    reading->follower = (struct follower){
        .organization_id = request->viewer.organization_id,
        .seen_by = awaited_by(&reading->viewer),
        .administers = reading->kinds.administration,
        .token_id = request->token_id,
        .after = reading->after,
        .park_number = http_park(request->exchange, left_ms > 0 ? left_ms : 0, resume),
    };
    request->follower = &reading->follower;
    following_add(request->api->following, request->follower);
}

/* Replies, or leaves the request parked. Looks once more after it has begun to wait: what came in
 * between wakes nobody. */
static bool answer_or_wait(struct request *request, struct reading *reading, struct error *error)
{
    struct event_log log = {0};
    if (!look(request, reading, &log, error) || !still_holds(request, reading, error))
        return false;
    if (!log.events.count && !log.has_more && may_wait(request, reading)) {
        if (!events_take_place(request, error))
            return false;
        reading->after = log.next_after;
        reading->has_waited = true;
        begin_to_wait(request, reading);
        bool ok = look(request, reading, &log, error) && still_holds(request, reading, error);
        if (ok && !log.events.count && !log.has_more)
            return true;
        following_remove(request->api->following, &reading->follower);
        if (!ok)
            return false;
    }
    reply(request, &log);
    return true;
}

static void resume(struct http_exchange *exchange, void *context)
{
    (void)context;
    struct request *request = http_attachment(exchange);
    struct reading *reading = (struct reading *)request->follower;
    struct error error = {0};
    following_remove(request->api->following, request->follower);
    reading->after = reading->follower.after; /* what came meanwhile was not his */
    request_begin_turn(request);
    if (!answer_or_wait(request, reading, &error))
        reply_error(request, &error);
    request_end_turn(request);
}

/* An administrator's is the audit log: all of the organization's, unless a user is named. */
static bool event_log_viewer(struct request *request, const char *named, struct viewer *ret_viewer,
                             struct error *error)
{
    bool is_audit = rights_reach(request->scopes, THING_AUDIT, ACT_READ) == REACH_ORGANIZATION;
    if (!permission_list(request, named, is_audit ? THING_AUDIT : THING_EMAIL, ret_viewer, error))
        return false;
    if (is_audit && !named)
        ret_viewer->seen_by = NULL;
    return true;
}

bool event_log(struct request *request, struct error *error)
{
    struct event_log_query query = {0};
    bool administers = rights_reach(request->scopes, THING_AUDIT, ACT_READ) != REACH_NONE;
    struct viewer viewer;
    if (!request_query(request, &query, error) ||
        !event_log_viewer(request, query.user, &viewer, error))
        return false;
    if (query.kind == OF_ADMINISTRATION && !administers)
        return fail(error, ERROR_FORBIDDEN, "kind", "administration needs the scope admin");
    struct reading *reading = arena_new(request->lasting, struct reading, 1);
    reading->after = query.after;
    reading->viewer = viewer;
    reading->viewer.seen_by = viewer.seen_by ? arena_copy(request->lasting, viewer.seen_by) : NULL;
    reading->limit = (size_t)query.limit;
    reading->kinds = (struct event_kinds){
        .mail = query.kind != OF_ADMINISTRATION,
        .administration = administers && !query.user && query.kind != OF_MAIL,
    };
    reading->until_ms = clock_steady_ms() + query.wait * MS;
    return answer_or_wait(request, reading, error);
}
