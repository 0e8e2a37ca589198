#include "store/holding.h"

#include "base/text.h"
#include "model/outcome.h"
#include "store/account_store.h"
#include "store/trail.h"

struct holding_told { /* what the event says */
    const char *status, *reason, *email_address;
};
static const struct field TOLD_FIELDS[] = {
    FIELD(struct holding_told, status, .use = SHOWN),
    FIELD(struct holding_told, email_address, .use = SHOWN),
    FIELD(struct holding_told, reason, .use = SHOWN | OMITTED),
    {0},
};
static const struct schema HOLDING_TOLD = SCHEMA(struct holding_told, TOLD_FIELDS);

/* A pause that ends by itself is no event: providers ask for many. */
static enum account_status holding_status(const struct account *account)
{
    struct account lasting = *account;
    if (!account_is_held(account))
        lasting.paused_until = (moment){0};
    return account_status(&lasting, (moment){0});
}

bool holding_note(struct session *session, const struct administration *by,
                  const struct account *before, const struct account *account, struct error *error)
{
    static const enum administration_event EVENT_OF[] = {
        [ACCOUNT_CONNECTED] = ACT_MAILBOX_RESUMED,
        [ACCOUNT_REAUTH_REQUIRED] = ACT_MAILBOX_REAUTH_REQUIRED,
        [ACCOUNT_PAUSED] = ACT_MAILBOX_PAUSED,
    };
    enum account_status status = holding_status(account);
    if (!account->is_active || status == holding_status(before))
        return true;
    AUTO_ARENA arena = arena_create();
    const struct holding_told told = {
        .status = ACCOUNT_STATUS_NAMES[status],
        .email_address = account->email_address,
        .reason = status == ACCOUNT_CONNECTED ? NULL : account_status_reason(account),
    };
    struct administration act = *by;
    act.event = EVENT_OF[status];
    act.organization_id = account->organization_id;
    act.subject_id = account->id;
    act.at = account->updated_at;
    act.detail = trail_told(&HOLDING_TOLD, &told, arena);
    return trail_note(session, &act, error);
}

/* Whether it still is what was tried: no other password, and no other mail has found anything. */
static bool holding_is_as_tried(const struct account *account, const struct account *tried)
{
    return account->is_active && account_is_held(account) == account_is_held(tried) &&
           account->probes == tried->probes &&
           text_equal(account->sealed_password, tried->sealed_password) &&
           text_equal(account->smtp_host, tried->smtp_host);
}

static bool holding_keep(struct session *session, const struct account *before,
                         struct account *account, moment now, struct error *error)
{
    static const struct administration BY = {.actor = "system"};
    account->updated_at = now;
    return account_store_hold(session, account, error) &&
           holding_note(session, &BY, before, account, error);
}

bool holding_begin(struct session *session, const struct holding *holding, struct error *error)
{
    struct account account;
    if (!account_store_find_any(session, holding->tried->id, holding->arena, &account, error))
        return false;
    if (!holding_is_as_tried(&account, holding->tried))
        return true;
    const struct account before = account;
    int64_t delay_ms = hold_delay_ms(account.probes, holding->first_ms);
    account.needs_sign_in = holding->needs_sign_in;
    account.is_held = !holding->needs_sign_in;
    account.probes++;
    account.paused_until = (moment){holding->now.ms + delay_ms};
    account.pause_reason = holding->reason;
    return holding_keep(session, &before, &account, holding->now, error);
}

/* The mailbox as it is now; ret_is_held: it is held, and is what was tried. */
static bool holding_find(struct session *session, const struct account *tried, struct arena *arena,
                         struct account *ret_account, bool *ret_is_held, struct error *error)
{
    if (!account_store_find_any(session, tried->id, arena, ret_account, error))
        return false;
    *ret_is_held = holding_is_as_tried(ret_account, tried) && account_is_held(ret_account);
    return true;
}

bool holding_wait(struct session *session, const struct account *tried, moment until,
                  struct error *error)
{
    AUTO_ARENA arena = arena_create();
    struct account account;
    bool is_held = false;
    if (!holding_find(session, tried, arena, &account, &is_held, error))
        return false;
    if (!is_held)
        return true;
    account.paused_until = until;
    return account_store_hold(session, &account, error);
}

bool holding_try_all(struct session *session, moment now, struct error *error)
{
    return db_change(session, QUERY_ACCOUNT_TRY_HELD, PARAMS(NUMBER("now", now.ms)), NULL, error);
}

bool holding_end(struct session *session, const struct account *tried, moment now,
                 struct error *error)
{
    AUTO_ARENA arena = arena_create();
    struct account account;
    bool is_held = false;
    if (!holding_find(session, tried, arena, &account, &is_held, error))
        return false;
    if (!is_held)
        return true;
    const struct account before = account;
    account_let_go(&account);
    return holding_keep(session, &before, &account, now, error);
}
