/* The table of rights, and how it is read. */
#include "model/rights.h"

#include "base/text.h"

#define MAKE (ACT_READ | ACT_WRITE | ACT_SUBMIT)

static const struct row {
    unsigned scope, things, acts;
    enum reach reach;
} ROWS[] = {
    {SCOPE_READ, THING_DRAFT | THING_MAIL | THING_CONVERSATION | THING_DOCUMENT, ACT_READ,
     REACH_OWN},
    {SCOPE_READ, THING_MAILBOX | THING_SIGNATURE, ACT_READ, REACH_OWN},
    {SCOPE_READ, THING_TEMPLATE | THING_CONTEXT, ACT_READ, REACH_ORGANIZATION},

    {SCOPE_WRITE, THING_DRAFT, MAKE | ACT_SEND, REACH_OWN},
    {SCOPE_WRITE, THING_MAIL, ACT_WRITE | ACT_SUBMIT, REACH_OWN},
    {SCOPE_WRITE, THING_CONVERSATION | THING_DOCUMENT, ACT_WRITE, REACH_OWN},
    {SCOPE_WRITE, THING_MAILBOX, ACT_WRITE | ACT_SUBMIT | ACT_SEND, REACH_OWN},
    {SCOPE_WRITE, THING_SIGNATURE, ACT_READ | ACT_WRITE, REACH_OWN},
    {SCOPE_WRITE, THING_TEMPLATE | THING_CONTEXT, ACT_READ | ACT_WRITE, REACH_ORGANIZATION},

    {SCOPE_DRAFT, THING_DRAFT, MAKE, REACH_TOKEN},
    {SCOPE_DRAFT, THING_MAIL, ACT_READ | ACT_SUBMIT, REACH_TOKEN},
    {SCOPE_DRAFT, THING_DOCUMENT, ACT_READ | ACT_WRITE, REACH_TOKEN},
    {SCOPE_DRAFT, THING_MAILBOX, ACT_SUBMIT, REACH_OWN},
    {SCOPE_DRAFT, THING_TEMPLATE, ACT_READ, REACH_ORGANIZATION},

    {SCOPE_APPROVE, THING_PENDING, ACT_READ | ACT_APPROVE, REACH_ORGANIZATION},

    {SCOPE_ADMIN, THING_MAIL, ACT_ADMINISTER, REACH_ORGANIZATION},
    {SCOPE_ADMIN, THING_MAILBOX | THING_TOKEN | THING_USER | THING_WEBHOOK | THING_QUOTA,
     ACT_ADMINISTER, REACH_ORGANIZATION},
    {SCOPE_ADMIN, THING_TEMPLATE, ACT_READ | ACT_WRITE, REACH_ORGANIZATION},
    {SCOPE_ADMIN, THING_AUDIT, ACT_READ, REACH_ORGANIZATION},

    /* It widens what another scope gives for the user's own, and gives nothing by itself. */
    {SCOPE_ORGANIZATION,
     THING_DRAFT | THING_MAIL | THING_CONVERSATION | THING_DOCUMENT | THING_MAILBOX,
     MAKE | ACT_SEND, REACH_ORGANIZATION},
};
enum { ROW_COUNT = sizeof ROWS / sizeof *ROWS };

static bool is_about(const struct row *row, unsigned things, unsigned acts)
{
    return row->things & things && row->acts & acts;
}

static enum reach reach_of_one(unsigned scopes, unsigned thing, unsigned act)
{
    enum reach reach = REACH_NONE;
    bool is_widened = false;
    for (size_t i = 0; i < ROW_COUNT; i++) {
        const struct row *row = &ROWS[i];
        if (!(scopes & row->scope) || !is_about(row, thing, act))
            continue;
        if (row->scope == SCOPE_ORGANIZATION)
            is_widened = true;
        else if (row->reach > reach)
            reach = row->reach;
    }
    return is_widened && reach == REACH_OWN ? REACH_ORGANIZATION : reach;
}

enum reach rights_reach(unsigned scopes, unsigned things, unsigned acts)
{
    enum reach widest = REACH_NONE;
    for (unsigned thing = 1; thing <= THING_AUDIT; thing <<= 1)
        for (unsigned act = 1; act <= ACT_ADMINISTER; act <<= 1)
            if (things & thing && acts & act) {
                enum reach reach = reach_of_one(scopes, thing, act);
                widest = reach > widest ? reach : widest;
            }
    return widest;
}

unsigned rights_scopes(struct right right)
{
    unsigned scopes = 0;
    for (size_t i = 0; i < ROW_COUNT; i++)
        if (ROWS[i].scope != SCOPE_ORGANIZATION && is_about(&ROWS[i], right.things, right.acts))
            scopes |= ROWS[i].scope;
    return scopes;
}

unsigned rights_scope_missing(unsigned things, unsigned acts)
{
    for (size_t i = 0; i < ROW_COUNT; i++)
        if (ROWS[i].scope != SCOPE_ORGANIZATION && ROWS[i].reach == REACH_OWN &&
            is_about(&ROWS[i], things, acts))
            return ROWS[i].scope;
    return 0;
}

static const char *whose(enum reach reach, const char *user_id, const char *token_id)
{
    switch (reach) {
    case REACH_ORGANIZATION: return NULL;
    case REACH_OWN: return user_id;
    case REACH_TOKEN: return token_id;
    default: return "";
    }
}

struct viewer rights_viewer(const struct caller *caller, unsigned things, unsigned acts)
{
    unsigned scopes = caller->scopes, rest = things & ~(unsigned)(THING_PENDING | THING_DRAFT);
    enum reach drafts = rights_reach(scopes, things & THING_DRAFT, acts);
    enum reach others = rights_reach(scopes, rest, acts);
    enum reach widest = drafts > others ? drafts : others;
    bool decides = rights_reach(scopes, things & THING_PENDING, acts) != REACH_NONE;
    return (struct viewer){
        .organization_id = caller->organization_id,
        .user_id = caller->user_id,
        .seen_by = whose(widest, caller->user_id, caller->token_id),
        .is_agent = widest == REACH_TOKEN,
        .only_drafts = rest && drafts > others,
        .decider = decides ? caller->user_id : NULL,
    };
}

struct viewer rights_viewer_of_user(const struct caller *caller, const char *user_id,
                                    unsigned things, unsigned acts)
{
    struct viewer viewer = rights_viewer(caller, things, acts);
    if (!viewer.seen_by || text_equal(viewer.seen_by, viewer.user_id))
        viewer.seen_by = user_id;
    if (!text_equal(user_id, viewer.user_id))
        viewer.decider = NULL; /* what another user's list holds is that user's */
    return viewer;
}

static const char *const THING_NAMES[] = {
    "draft",    "pending mail", "mail",  "conversation", "document", "mailbox", "signature",
    "template", "context",      "token", "user",         "webhook",  "quota",   "audit log",
};
static const char *const ACT_NAMES[] = {"read", "write", "submit", "send", "approve", "administer"};
static const char *const REACH_NAMES[] = {
    [REACH_TOKEN] = "this token's",
    [REACH_OWN] = "own",
    [REACH_ORGANIZATION] = "organization's",
};

static void add_acts(struct buf *buf, unsigned acts)
{
    const char *separator = "";
    for (size_t i = 0; i < sizeof ACT_NAMES / sizeof *ACT_NAMES; i++)
        if (acts & 1u << i) {
            buf_addf(buf, "%s%s", separator, ACT_NAMES[i]);
            separator = ", ";
        }
}

static void add_cell(struct buf *buf, unsigned scope, unsigned thing)
{
    buf_add(buf, " |");
    for (size_t i = 0; i < ROW_COUNT; i++) {
        const struct row *row = &ROWS[i];
        if (row->scope != scope || !(row->things & thing))
            continue;
        if (scope == SCOPE_ORGANIZATION) {
            buf_add(buf, " own becomes the organization's");
            continue;
        }
        buf_addf(buf, " %s: ", REACH_NAMES[row->reach]);
        add_acts(buf, row->acts);
    }
}

void rights_print(struct buf *buf)
{
    buf_add(buf, "| thing");
    for (unsigned scope = 1; scope <= SCOPE_ALL; scope <<= 1)
        buf_addf(buf, " | `%s`", scope_names(scope, buf->arena));
    buf_add(buf, " |\n|---|---|---|---|---|---|---|\n");
    for (size_t i = 0; i < sizeof THING_NAMES / sizeof *THING_NAMES; i++) {
        buf_addf(buf, "| %s", THING_NAMES[i]);
        for (unsigned scope = 1; scope <= SCOPE_ALL; scope <<= 1)
            add_cell(buf, scope, 1u << i);
        buf_add(buf, " |\n");
    }
}
