#include "grant/renewal.h"

#include "base/clock.h"
#include "base/fault.h"
#include "base/text.h"
#include "provider/oauth.h"
#include "store/account_store.h"
#include "store/holding.h"

enum {
    MARGIN_MS = 120 * 1000, /* so long before its end a token is not used any more */
    SECOND_MS = 1000,
    STEPS_MOST = 8,
};

/* How one step ended. */
enum step_end {
    GIVEN = GRANT_GIVEN,
    LATER = GRANT_LATER,
    HELD = GRANT_HELD,
    DEAD = GRANT_DEAD,
    AGAIN,
};

void known_forget(struct known *known)
{
    arena_destroy(known->arena);
    *known = (struct known){0};
}

bool known_is_needed(const struct known *known)
{
    return known->sealed || known->dead;
}

bool known_holds(const struct known *known)
{
    return known->access_token && !known->sealed && clock_steady_ms() < known->holds_until_ms;
}

/* One that does not last long is used for half of its life. */
static int64_t end_of(int64_t expires_in)
{
    int64_t whole_ms = expires_in * SECOND_MS;
    return clock_steady_ms() +
           (whole_ms > (int64_t)2 * MARGIN_MS ? whole_ms - MARGIN_MS : whole_ms / 2);
}

static enum step_end later(const char *what, const struct error *error, struct arena *arena,
                           const char **ret_reason)
{
    *ret_reason = arena_format(arena, "%s: %s", what, error->message);
    return LATER;
}

/* Whether the mailbox still has the grant that was sealed as *former, which may have been sealed
 * anew since (outtray key rotate): then *former becomes what it is now. */
static bool renewal_still_has(struct session *session, const struct renewal *renewal,
                              struct arena *arena, const char **former)
{
    struct account account;
    struct error ignored;
    char *before, *now;
    if (!account_store_find_any(session, renewal->account_id, arena, &account, &ignored) ||
        !account.sealed_refresh_token || text_equal(account.sealed_refresh_token, *former) ||
        !secret_open(renewal->key, *former, account.id, arena, &before, &ignored) ||
        !secret_open(renewal->key, account.sealed_refresh_token, account.id, arena, &now, &ignored))
        return false;
    *former = account.sealed_refresh_token;
    return text_equal(before, now);
}

struct rotating { /* to the database */
    const struct renewal *renewal;
    const struct known *known;
    bool is_done;
};

static bool rotate_work(struct session *session, void *context, struct error *error)
{
    struct rotating *rotating = context;
    AUTO_ARENA arena = arena_create();
    const char *former = rotating->known->former, *id = rotating->renewal->account_id;
    do
        if (!account_store_rotate(session, id, former, rotating->known->sealed, clock_now(),
                                  &rotating->is_done, error))
            return false;
    while (!rotating->is_done && renewal_still_has(session, rotating->renewal, arena, &former));
    return true;
}

/* Before anything else: as long as only we know it, it is lost when the process ends. */
static enum step_end save(const struct renewal *renewal, struct known *known,
                          const char **ret_reason)
{
    struct rotating rotating = {renewal, known, false};
    struct error error;
    FAULT(TOKEN_GIVEN);
    if (!db_write(renewal->db, rotate_work, &rotating, &error))
        return later("the mailbox's new refresh token could not be stored", &error, renewal->arena,
                     ret_reason);
    if (!rotating.is_done) { /* somebody has signed in anew: his holds */
        known_forget(known);
        return AGAIN;
    }
    known->former = known->sealed = NULL;
    FAULT(TOKEN_KEPT);
    return known_holds(known) ? GIVEN : AGAIN;
}

struct burying { /* likewise */
    const struct renewal *renewal;
    const char *former, *reason;
    bool is_done;
};

/* That its user must sign in again. */
static bool renewal_tell(struct session *session, const char *id, struct arena *arena,
                         struct error *error)
{
    static const struct administration BY = {.actor = "system"};
    struct account account;
    if (!account_store_find_any(session, id, arena, &account, error))
        return false;
    struct account before = account;
    account_let_go(&before);
    return holding_note(session, &BY, &before, &account, error);
}

static bool bury_work(struct session *session, void *context, struct error *error)
{
    struct burying *burying = context;
    AUTO_ARENA arena = arena_create();
    const char *former = burying->former, *id = burying->renewal->account_id;
    do
        if (!account_store_needs_sign_in(session, id, former, burying->reason, clock_now(),
                                         &burying->is_done, error))
            return false;
    while (!burying->is_done && renewal_still_has(session, burying->renewal, arena, &former));
    return !burying->is_done || renewal_tell(session, id, arena, error);
}

/* Kept in mind when it cannot be written, so that the provider is not asked about it again. */
static enum step_end bury(const struct renewal *renewal, struct known *known, const char *sealed,
                          const char *reason, const char **ret_reason)
{
    struct burying burying = {renewal, sealed, reason, false};
    struct error error;
    bool is_written = db_write(renewal->db, bury_work, &burying, &error);
    known_forget(known);
    if (is_written) {
        *ret_reason = reason;
        return burying.is_done ? DEAD : AGAIN;
    }
    known->arena = arena_create();
    known->dead = arena_copy(known->arena, sealed);
    known->dead_reason = arena_copy(known->arena, reason);
    return later("that somebody must sign in to the mailbox again could not be stored", &error,
                 renewal->arena, ret_reason);
}

static enum step_end keep(const struct renewal *renewal, struct known *known,
                          const struct oauth_tokens *tokens, const char *sealed,
                          const char *refresh_token)
{
    known_forget(known);
    known->arena = arena_create();
    known->access_token = arena_copy(known->arena, tokens->access_token);
    known->holds_until_ms = end_of(tokens->expires_in);
    known->grant = arena_copy(known->arena, sealed);
    if (!tokens->refresh_token || text_equal(tokens->refresh_token, refresh_token))
        return GIVEN;
    known->former = known->grant;
    known->grant = known->sealed = secret_seal(renewal->key, tokens->refresh_token,
                                               renewal->account_id, known->arena);
    return AGAIN; /* to be saved */
}

static enum step_end ask(const struct renewal *renewal, struct known *known,
                         const struct account *account, const char **ret_reason)
{
    const char *sealed = account->sealed_refresh_token, *reason = NULL;
    struct arena *arena = renewal->arena;
    struct oauth_tokens tokens;
    struct error error;
    char *refresh_token;
    if (!secret_open(renewal->key, sealed, account->id, arena, &refresh_token, &error))
        return later("the mailbox's refresh token cannot be opened", &error, arena, ret_reason);
    enum oauth_answer answer = oauth_refresh(renewal->settings, account->provider, refresh_token,
                                             arena, &tokens, &reason);
    if (answer == OAUTH_GRANTED)
        return keep(renewal, known, &tokens, sealed, refresh_token);
    if (answer == OAUTH_DEAD)
        return bury(renewal, known, sealed, reason, ret_reason);
    *ret_reason = reason;
    return answer == OAUTH_HELD ? HELD : LATER;
}

/* False, and ret_end: it is not to be sent through, or cannot be read. */
static bool load(const struct renewal *renewal, struct account *ret_account, enum step_end *ret_end,
                 const char **ret_reason)
{
    struct error error = {0};
    AUTO_READING session = db_read(renewal->db);
    bool is_found = account_store_find_any(session, renewal->account_id, renewal->arena,
                                           ret_account, &error);
    if (is_found && ret_account->is_active)
        return true;
    if (is_found || error.code == ERROR_NOT_FOUND) {
        *ret_reason = "the mailbox is disconnected";
        *ret_end = DEAD;
    } else {
        *ret_end = later("the mailbox could not be read", &error, renewal->arena, ret_reason);
    }
    return false;
}

static enum step_end renew(const struct renewal *renewal, struct known *known,
                           const char **ret_reason)
{
    struct account account;
    enum step_end end;
    if (!load(renewal, &account, &end, ret_reason))
        return end;
    if (account.needs_sign_in) {
        known_forget(known);
        *ret_reason = text_or(account.pause_reason, "somebody must sign in to it again");
        return DEAD;
    }
    if (!account.sealed_refresh_token)
        return bury(renewal, known, NULL, "nobody has signed in to it", ret_reason);
    if (text_equal(known->dead, account.sealed_refresh_token))
        return bury(renewal, known, account.sealed_refresh_token,
                    arena_copy(renewal->arena, known->dead_reason), ret_reason);
    return ask(renewal, known, &account, ret_reason);
}

enum grant_answer renewal_run(const struct renewal *renewal, struct known *known,
                              const char **ret_reason)
{
    enum step_end end = AGAIN;
    for (int step = 0; end == AGAIN && step < STEPS_MOST; step++)
        end = known->sealed ? save(renewal, known, ret_reason) : renew(renewal, known, ret_reason);
    if (end != AGAIN)
        return (enum grant_answer)end;
    *ret_reason = "somebody keeps signing in to the mailbox";
    return GRANT_LATER;
}

enum grant_answer renewal_bury(const struct renewal *renewal, struct known *known,
                               const char *reason, const char **ret_reason)
{
    const char *sealed = arena_copy(renewal->arena, known->grant);
    enum step_end end = bury(renewal, known, sealed, reason, ret_reason);
    if (end != AGAIN)
        return (enum grant_answer)end;
    *ret_reason = "somebody has just signed in to the mailbox";
    return GRANT_LATER;
}
