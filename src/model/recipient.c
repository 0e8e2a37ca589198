#include "model/recipient.h"

#include "base/text.h"

const char *const RECIPIENT_STATUS_NAMES[] = {
    [RECIPIENT_PENDING] = "pending",     [RECIPIENT_ACCEPTED] = "accepted",
    [RECIPIENT_REFUSED] = "refused",     [RECIPIENT_DELAYED] = "delayed",
    [RECIPIENT_DELIVERED] = "delivered", [RECIPIENT_BOUNCED] = "bounced",
    [RECIPIENT_UNKNOWN] = "unknown",     NULL,
};

const char *const RECIPIENT_ROLE_NAMES[] = {
    [ROLE_TO] = "to",
    [ROLE_CC] = "cc",
    [ROLE_BCC] = "bcc",
    NULL,
};

static const struct field RECIPIENT_FIELDS[] = {
    FIELD(struct recipient, email_id, .use = STORED),
    FIELD(struct recipient, address, .use = STORED),
    NAME_FIELD(struct recipient, role, RECIPIENT_ROLE_NAMES, .use = STORED),
    NAME_FIELD(struct recipient, status, RECIPIENT_STATUS_NAMES, .use = STORED),
    FIELD(struct recipient, status_code, .use = STORED),
    FIELD(struct recipient, reply, .use = STORED),
    FIELD(struct recipient, updated_at, .use = STORED),
    {0},
};
const struct schema RECIPIENT_SCHEMA = SCHEMA(struct recipient, RECIPIENT_FIELDS);

/* Whether an attempt is to reach it: it has not been accepted, refused or put in doubt. */
static const bool IS_LEFT[RECIPIENT_STATUS_COUNT] = {
    [RECIPIENT_PENDING] = true,
    [RECIPIENT_DELAYED] = true,
};

/* What holds for all recipients of an email of which nothing is kept. */
static const enum recipient_status STATUS_OF[EMAIL_STATE_COUNT] = {
    [EMAIL_SENT] = RECIPIENT_ACCEPTED,
    [EMAIL_FAILED] = RECIPIENT_REFUSED,
    [EMAIL_UNKNOWN] = RECIPIENT_UNKNOWN,
};

const struct recipient *recipient_find(const struct list *recipients, const char *address)
{
    const struct recipient *items = recipients->items;
    const struct address wanted = {address, NULL};
    for (size_t i = 0; i < recipients->count; i++)
        if (address_equal(&(struct address){items[i].address, NULL}, &wanted))
            return &items[i];
    return NULL;
}

struct list recipient_left(const struct email *email, const struct list *known, struct arena *arena)
{
    struct list all = email_recipients(email, arena);
    struct address *addresses = all.items;
    size_t count = 0;
    for (size_t i = 0; i < all.count; i++) {
        const struct recipient *found = recipient_find(known, addresses[i].email);
        if (!found || IS_LEFT[found->status])
            addresses[count++] = addresses[i];
    }
    return (struct list){addresses, count};
}

struct list recipient_merge(const struct list *known, const struct list *news, struct arena *arena)
{
    struct list all = {arena_new(arena, struct recipient, known->count + news->count), 0};
    struct recipient *items = all.items;
    const struct recipient *before = known->items, *after = news->items;
    for (size_t i = 0; i < known->count; i++) {
        const struct recipient *newer = recipient_find(news, before[i].address);
        items[all.count++] = newer ? *newer : before[i];
    }
    for (size_t i = 0; i < news->count; i++)
        if (!recipient_find(&all, after[i].address))
            items[all.count++] = after[i];
    return all;
}

static bool recipient_is_in(const struct list *list, const char *address)
{
    const struct address *items = list->items, wanted = {address, NULL};
    for (size_t i = 0; i < list->count; i++)
        if (address_equal(&items[i], &wanted))
            return true;
    return false;
}

enum recipient_role recipient_role_of(const struct email *email, const char *address)
{
    return recipient_is_in(&email->to_recipients, address)   ? ROLE_TO
           : recipient_is_in(&email->cc_recipients, address) ? ROLE_CC
                                                             : ROLE_BCC;
}

struct list recipient_shown(const struct email *email, const struct list *known,
                            struct arena *arena)
{
    struct list named = email_recipients(email, arena);
    const struct address *addresses = named.items;
    const struct recipient *rest = known->items;
    struct list shown = {arena_new(arena, struct recipient, named.count + known->count), 0};
    struct recipient *items = shown.items;
    for (size_t i = 0; i < named.count; i++) {
        const struct recipient *found = recipient_find(known, addresses[i].email);
        struct recipient unknown = {
            .status = known->count ? RECIPIENT_PENDING : STATUS_OF[email->state],
            .updated_at = known->count ? (moment){0} : email->updated_at,
        };
        items[shown.count] = found ? *found : unknown;
        items[shown.count].address = addresses[i].email;
        items[shown.count++].role = recipient_role_of(email, addresses[i].email);
    }
    for (size_t i = 0; i < known->count; i++)
        if (!recipient_find(&shown, rest[i].address))
            items[shown.count++] = rest[i];
    return shown;
}

size_t recipient_count(const struct list *recipients, enum recipient_status status)
{
    const struct recipient *items = recipients->items;
    size_t count = 0;
    for (size_t i = 0; i < recipients->count; i++)
        count += items[i].status == status;
    return count;
}

const char *recipient_summary(const struct email *email, const struct list *known,
                              struct arena *arena)
{
    static const struct {
        enum recipient_status status;
        const char *what;
    } WORST_FIRST[] = {
        {RECIPIENT_UNKNOWN, "may have the mail or not"},
        {RECIPIENT_REFUSED, "refused"},
        {RECIPIENT_DELAYED, "refused for now"},
        {RECIPIENT_PENDING, "not reached yet"},
    };
    struct list all = recipient_shown(email, known, arena);
    const struct recipient *items = all.items;
    for (size_t i = 0; i < sizeof WORST_FIRST / sizeof *WORST_FIRST; i++)
        for (size_t j = 0; j < all.count; j++)
            if (items[j].status == WORST_FIRST[i].status)
                return arena_format(arena, "of %zu recipients %zu: %s; the first is %s%s%s",
                                    all.count, recipient_count(&all, items[j].status),
                                    WORST_FIRST[i].what, items[j].address,
                                    items[j].reply ? ": " : "", text_or(items[j].reply, ""));
    return NULL;
}

bool recipient_has_accepted(const struct list *recipients)
{
    return recipient_count(recipients, RECIPIENT_ACCEPTED) ||
           recipient_count(recipients, RECIPIENT_DELIVERED);
}

enum outcome_kind recipient_outcome(enum outcome_kind kind, const struct email *email,
                                    const struct list *known, struct arena *arena)
{
    bool is_left = recipient_left(email, known, arena).count;
    bool is_over = kind == OUTCOME_REFUSED || !is_left;
    enum outcome_kind ended = recipient_count(known, RECIPIENT_UNKNOWN) ? OUTCOME_UNKNOWN
                              : recipient_has_accepted(known)           ? OUTCOME_SENT
                                                                        : OUTCOME_REFUSED;
    if (is_over)
        return ended;
    return outcome_event(kind) == EVENT_TRY_LATER ? kind : OUTCOME_TRY_LATER;
}
