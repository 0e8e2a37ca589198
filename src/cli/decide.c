#include "base/clock.h"
#include "base/text.h"
#include "cli/outbox_row.h"
#include "cli/print.h"
#include "store/approval.h"
#include "store/decision.h"
#include "store/overview_store.h"

/* What whoever operates the server decides about anybody's mail. A server that runs on the folder
 * sees it at its next look. */

static const char OPERATOR[] = "operator";

struct given { /* to one of the commands, each of which takes some */
    const char *reason, *hash;
    bool sent, resend;
    moment at;
};
/* clang-format off */
#define GIVEN(member, ...) FIELD(struct given, member, __VA_ARGS__)
#define REASON(...) GIVEN(reason, .spelling = &LINE_SPELLING, .max = 998, __VA_ARGS__)
static const struct field NONE[] = {{0}};
static const struct field CANCEL_FIELDS[] = {REASON(.about = "for the trail"), {0}};
static const struct field REJECT_FIELDS[] = {
    REASON(.use = REQUIRED, .about = "for its author"), {0}};
static const struct field APPROVE_FIELDS[] = {
    GIVEN(hash, .use = REQUIRED, .max = 64,
          .about = "content_sha256 of what has been looked at; outbox show tells it"),
    {0},
};
static const struct field RESOLVE_FIELDS[] = {
    GIVEN(sent, .about = "it has gone out"),
    GIVEN(resend, .about = "it has not, and is to"),
    GIVEN(at, .about = "with --sent: when; otherwise now"),
    {0},
};
/* clang-format on */
const struct schema OUTBOX_CANCEL_OPTIONS = SCHEMA(struct given, CANCEL_FIELDS);
const struct schema OUTBOX_RETRY_OPTIONS = SCHEMA(struct given, NONE);
const struct schema OUTBOX_RESOLVE_OPTIONS = SCHEMA(struct given, RESOLVE_FIELDS);
const struct schema OUTBOX_APPROVE_OPTIONS = SCHEMA(struct given, APPROVE_FIELDS);
const struct schema OUTBOX_REJECT_OPTIONS = SCHEMA(struct given, REJECT_FIELDS);

struct deciding;
typedef bool decision(struct session *session, struct deciding *deciding, struct error *error);

struct deciding {
    const struct given *given;
    decision *decide;
    const char *id;
    struct step step;
    struct arena *arena;
    struct email email;
    struct account account;
};

/* Its bodies come along: who approves, approves them. */
static bool find(struct session *session, struct deciding *deciding, struct error *error)
{
    struct list found;
    if (!overview_store_outbox(session, &(struct outbox_filter){.id = deciding->id}, 1,
                               deciding->arena, &found, error))
        return false;
    if (!found.count)
        return fail(error, ERROR_NOT_FOUND, "", "no mail has the id %s", deciding->id);
    const struct email *email = found.items;
    const struct viewer viewer = {.organization_id = email->organization_id};
    return email_store_find(session, &viewer, email->id, deciding->arena, &deciding->email, error);
}

static bool find_account(struct session *session, struct deciding *deciding, struct error *error)
{
    if (!deciding->email.account_id)
        return fail(error, ERROR_CONFLICT, "", "it has no mailbox to leave from");
    return account_store_find_any(session, deciding->email.account_id, deciding->arena,
                                  &deciding->account, error);
}

static bool decide_work(struct session *session, void *context, struct error *error)
{
    struct deciding *deciding = context;
    return find(session, deciding, error) && deciding->decide(session, deciding, error);
}

static bool run(struct cli *cli, const struct given *given, enum email_event event,
                decision *decide, struct error *error)
{
    struct deciding deciding = {
        .given = given,
        .decide = decide,
        .step = {.event = event, .at = clock_now(), .actor = OPERATOR, .reason = given->reason},
        .arena = cli->arena,
    };
    if (!cli_read_id(cli, cli_word(cli, 0), &deciding.id, error) ||
        !db_write(cli->db, decide_work, &deciding, error))
        return false;
    struct outbox_row row = outbox_row_of(&deciding.email, cli->arena);
    print_object(cli, &OUTBOX_ROW, &row);
    return true;
}

static bool cancel(struct session *session, struct deciding *deciding, struct error *error)
{
    return decision_cancel(session, &deciding->email, &deciding->step, error);
}

static bool retry(struct session *session, struct deciding *deciding, struct error *error)
{
    return find_account(session, deciding, error) &&
           decision_retry(session, &deciding->email, &deciding->account, &deciding->step,
                          deciding->arena, error);
}

static bool resolve(struct session *session, struct deciding *deciding, struct error *error)
{
    moment at = deciding->given->at;
    if (!decision_is_needed(&deciding->email, error))
        return false;
    if (deciding->given->resend)
        return retry(session, deciding, error);
    return decision_sent(session, &deciding->email, at.ms ? at : deciding->step.at, &deciding->step,
                         error);
}

static bool approve(struct session *session, struct deciding *deciding, struct error *error)
{
    return find_account(session, deciding, error) &&
           approval_give(session, &deciding->email, deciding->given->hash, &deciding->step,
                         deciding->arena, error) &&
           submission_queue(session, &deciding->email, &deciding->account, &deciding->step,
                            deciding->arena, error);
}

static bool reject(struct session *session, struct deciding *deciding, struct error *error)
{
    return decision_reject(session, &deciding->email, &deciding->step, error);
}

bool outbox_cancel(struct cli *cli, void *options, struct error *error)
{
    return run(cli, options, EVENT_CANCEL, cancel, error);
}

bool outbox_retry(struct cli *cli, void *options, struct error *error)
{
    return run(cli, options, EVENT_RETRY, retry, error);
}

bool outbox_resolve(struct cli *cli, void *options, struct error *error)
{
    const struct given *given = options;
    if (given->sent == given->resend)
        return fail(error, ERROR_INVALID, "", "either --sent or --resend is needed");
    if (given->at.ms && (given->resend || given->at.ms > clock_now().ms))
        return fail(error, ERROR_INVALID, "", "--at is when it was sent: with --sent, and past");
    return run(cli, given, given->sent ? EVENT_FOUND : EVENT_RETRY, resolve, error);
}

bool outbox_approve(struct cli *cli, void *options, struct error *error)
{
    return run(cli, options, EVENT_APPROVE, approve, error);
}

bool outbox_reject(struct cli *cli, void *options, struct error *error)
{
    return run(cli, options, EVENT_REJECT, reject, error);
}
