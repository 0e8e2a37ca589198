#include "delivery/turns.h"

#include <assert.h>
#include <search.h>
#include <string.h>
#include <sys/queue.h>

#include "base/id.h"
#include "delivery/sleepers.h"

/* Times as many as are free, for one organization; docs/decisions/fair-share.md says why. */
enum { SHARE = 7 };

struct standing { /* in this round; of another round it counts for nothing */
    uint64_t round;
    size_t under_way;
    bool has_passed;
};

struct mailbox {
    char id[ID_SIZE + 1]; /* first: the trees find it by it */
    bool is_in_line;
    struct standing standing;
    struct sleeper sleeper;
    struct organization *organization;
    TAILQ_ENTRY(mailbox) others;
};
TAILQ_HEAD(mailbox_line, mailbox);

struct organization { /* stays once it was seen: there are few, and they come again */
    char id[ID_SIZE + 1];
    bool is_in_line; /* when one of its mailboxes is */
    struct standing standing;
    struct mailbox_line line;
    TAILQ_ENTRY(organization) others;
};
TAILQ_HEAD(organization_line, organization);

struct turns {
    struct arena *arena;
    void *mailboxes, *organizations; /* trees, by id */
    struct mailbox_line unused;
    struct organization_line line;
    struct sleepers sleepers;
    uint64_t round;
};

struct turns *turns_create(void)
{
    struct arena *arena = arena_create();
    struct turns *turns = arena_new(arena, struct turns, 1);
    turns->arena = arena;
    turns->sleepers.arena = arena;
    TAILQ_INIT(&turns->unused);
    TAILQ_INIT(&turns->line);
    return turns;
}

static void keep(void *node) /* the arena's */
{
    (void)node;
}

void turns_destroy(struct turns *turns)
{
    if (!turns)
        return;
    tdestroy(turns->mailboxes, keep);
    tdestroy(turns->organizations, keep);
    arena_destroy(turns->arena);
}

static int by_id(const void *left, const void *right)
{
    return strcmp(left, right);
}

static void *find(void *const *tree, const char *id)
{
    void *const *found = tfind(id, tree, by_id);
    return found ? *found : NULL;
}

static void set_id(char *member, const char *id)
{
    assert(strlen(id) <= ID_SIZE);
    memcpy(member, id, strlen(id) + 1);
}

static struct organization *organization_of(struct turns *turns, const char *id)
{
    struct organization *organization = find(&turns->organizations, id);
    if (organization)
        return organization;
    organization = arena_new(turns->arena, struct organization, 1);
    set_id(organization->id, id);
    TAILQ_INIT(&organization->line);
    tsearch(organization, &turns->organizations, by_id);
    return organization;
}

static struct mailbox *mailbox_of(struct turns *turns, const char *organization_id, const char *id)
{
    struct mailbox *mailbox = find(&turns->mailboxes, id);
    if (mailbox)
        return mailbox;
    mailbox = TAILQ_FIRST(&turns->unused);
    if (mailbox)
        TAILQ_REMOVE(&turns->unused, mailbox, others);
    else
        mailbox = arena_new(turns->arena, struct mailbox, 1);
    *mailbox = (struct mailbox){.organization = organization_of(turns, organization_id)};
    set_id(mailbox->id, id);
    tsearch(mailbox, &turns->mailboxes, by_id);
    return mailbox;
}

static void join(struct turns *turns, struct mailbox *mailbox)
{
    struct organization *organization = mailbox->organization;
    sleepers_remove(&turns->sleepers, &mailbox->sleeper);
    if (mailbox->is_in_line)
        return;
    mailbox->is_in_line = true;
    TAILQ_INSERT_TAIL(&organization->line, mailbox, others);
    if (!organization->is_in_line)
        TAILQ_INSERT_TAIL(&turns->line, organization, others);
    organization->is_in_line = true;
}

static void step_out(struct turns *turns, struct mailbox *mailbox)
{
    struct organization *organization = mailbox->organization;
    if (!mailbox->is_in_line)
        return;
    mailbox->is_in_line = false;
    TAILQ_REMOVE(&organization->line, mailbox, others);
    if (!TAILQ_EMPTY(&organization->line))
        return;
    TAILQ_REMOVE(&turns->line, organization, others);
    organization->is_in_line = false;
}

void turns_join(struct turns *turns, const char *organization_id, const char *account_id)
{
    join(turns, mailbox_of(turns, organization_id, account_id));
}

void turns_sleep(struct turns *turns, const char *organization_id, const char *account_id,
                 moment until)
{
    struct mailbox *mailbox = mailbox_of(turns, organization_id, account_id);
    step_out(turns, mailbox);
    sleepers_add(&turns->sleepers, &mailbox->sleeper, until);
}

void turns_leave(struct turns *turns, const char *account_id)
{
    struct mailbox *mailbox = find(&turns->mailboxes, account_id);
    if (!mailbox)
        return;
    step_out(turns, mailbox);
    sleepers_remove(&turns->sleepers, &mailbox->sleeper);
    tdelete(mailbox, &turns->mailboxes, by_id);
    TAILQ_INSERT_HEAD(&turns->unused, mailbox, others);
}

static struct mailbox *mailbox_asleep(struct sleeper *sleeper)
{
    return (struct mailbox *)((char *)sleeper - offsetof(struct mailbox, sleeper));
}

moment turns_wake(struct turns *turns, moment now)
{
    struct sleeper *first = NULL;
    while ((first = sleepers_first(&turns->sleepers)) && first->until.ms <= now.ms)
        join(turns, mailbox_asleep(first));
    return first ? first->until : (moment){0};
}

void turns_begin(struct turns *turns)
{
    turns->round++;
}

static struct standing *standing(const struct turns *turns, struct standing *of)
{
    if (of->round != turns->round)
        *of = (struct standing){.round = turns->round};
    return of;
}

void turns_count(struct turns *turns, const char *organization_id, const char *account_id)
{
    struct mailbox *mailbox = find(&turns->mailboxes, account_id);
    standing(turns, &organization_of(turns, organization_id)->standing)->under_way++;
    if (mailbox)
        standing(turns, &mailbox->standing)->under_way++;
}

static bool may_take(size_t under_way, size_t free)
{
    return !under_way || (free > 1 && under_way < SHARE * free);
}

/* Whoever has something under way is passed over quickly: there are no more of them than there are
 * places. The first who has nothing is the one. */
static struct organization *next_organization(struct turns *turns, size_t free)
{
    struct organization *organization, *next = NULL;
    TAILQ_FOREACH(organization, &turns->line, others)
    {
        const struct standing *its = standing(turns, &organization->standing);
        if (its->has_passed || !may_take(its->under_way, free) ||
            (next && next->standing.under_way <= its->under_way))
            continue;
        next = organization;
        if (!its->under_way)
            break;
    }
    return next;
}

static struct mailbox *next_mailbox(struct turns *turns, struct organization *organization)
{
    struct mailbox *mailbox, *next = NULL;
    TAILQ_FOREACH(mailbox, &organization->line, others)
    {
        const struct standing *its = standing(turns, &mailbox->standing);
        if (its->has_passed || (next && next->standing.under_way <= its->under_way))
            continue;
        next = mailbox;
        if (!its->under_way)
            break;
    }
    return next;
}

bool turns_next(struct turns *turns, size_t free, struct candidate *ret_candidate)
{
    struct organization *organization;
    while (free && (organization = next_organization(turns, free))) {
        struct mailbox *mailbox = next_mailbox(turns, organization);
        if (mailbox) {
            *ret_candidate = (struct candidate){organization->id, mailbox->id,
                                                mailbox->standing.under_way};
            return true;
        }
        organization->standing.has_passed = true;
    }
    return false;
}

void turns_take(struct turns *turns, const char *account_id)
{
    struct mailbox *mailbox = find(&turns->mailboxes, account_id);
    assert(mailbox && mailbox->is_in_line);
    struct organization *organization = mailbox->organization;
    standing(turns, &mailbox->standing)->under_way++;
    standing(turns, &organization->standing)->under_way++;
    TAILQ_REMOVE(&organization->line, mailbox, others);
    TAILQ_INSERT_TAIL(&organization->line, mailbox, others);
    TAILQ_REMOVE(&turns->line, organization, others);
    TAILQ_INSERT_TAIL(&turns->line, organization, others);
}

void turns_pass(struct turns *turns, const char *account_id)
{
    struct mailbox *mailbox = find(&turns->mailboxes, account_id);
    assert(mailbox);
    standing(turns, &mailbox->standing)->has_passed = true;
}
