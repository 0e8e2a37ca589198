#include "delivery/sender.h"

#include "base/clock.h"
#include "base/fault.h"
#include "base/log.h"
#include "base/text.h"
#include "delivery/record.h"
#include "message/outgoing.h"
#include "model/email_content.h"
#include "model/recipient.h"
#include "store/account_store.h"
#include "store/recipient_store.h"

enum {
    MESSAGE_BYTES_MAX = 256 * 1024 * 1024, /* what the door lets in is far smaller */
    LOAD_AGAIN_MS = 500,
};

static bool hash_message(const struct spool *message, struct arena *arena, const char **ret_sha256,
                         struct error *error)
{
    struct sha256 sha;
    sha256_start(&sha);
    if (!spool_each(message, sha256_take, &sha, error))
        return false;
    *ret_sha256 = sha256_finish(&sha, arena);
    return true;
}

/* Before the first attempt begins there is nothing. */
static bool turn_load_recipients(struct session *session, struct turn *turn, struct error *error)
{
    bool is_first = turn->email.attempts <= 1 && turn->email.state == EMAIL_SENDING;
    return is_first || recipient_store_list(session, turn->email.id, turn->arena,
                                            &turn->email.recipients, error);
}

bool turn_load(struct turn *turn, struct error *error)
{
    struct viewer viewer = {.organization_id = turn->organization_id};
    AUTO_READING session = db_read(turn->delivery->db);
    return email_store_find(session, &viewer, turn->email_id, turn->arena, &turn->email, error) &&
           turn_load_recipients(session, turn, error) &&
           (!turn->email.parent_id || email_store_find(session, &viewer, turn->email.parent_id,
                                                       turn->arena, &turn->parent, error)) &&
           account_store_find_any(session, turn->email.account_id, turn->arena, &turn->account,
                                  error);
}

/* The dispatcher claims without reading bodies. A database that cannot be read just now says
 * nothing about the mail, so this does not give up while the process lives. */
static bool load_patiently(struct turn *turn)
{
    struct error error = {0};
    for (bool is_told = false; !turn_load(turn, &error); is_told = true) {
        if (!is_told)
            LOG(LOG_ERROR, "claimed_mail_not_loaded", LOG_TEXT("email", turn->email_id),
                LOG_TEXT("reason", error.message));
        if (atomic_load(&turn->delivery->is_stopping))
            return false;
        clock_sleep_ms(LOAD_AGAIN_MS);
    }
    return true;
}

static bool open_secret(struct turn *turn, const char *sealed, const char **ret_secret,
                        struct outcome *ret_outcome)
{
    char *secret = NULL;
    struct error error = {0};
    if (sealed && !secret_open(&turn->delivery->settings.key, sealed, turn->account.id, turn->arena,
                               &secret, &error)) {
        *ret_outcome = (struct outcome){.kind = OUTCOME_TRY_LATER,
                                        .reason = arena_copy(turn->arena, error.message)};
        return false;
    }
    *ret_secret = secret;
    return true;
}

static bool open_passwords(struct turn *turn, struct outcome *ret_outcome)
{
    const struct account *account = &turn->account;
    struct credential *credential = &turn->credential;
    return open_secret(turn, account->sealed_password, &credential->password, ret_outcome) &&
           open_secret(turn, account->sealed_imap_password, &credential->imap_password,
                       ret_outcome);
}

bool turn_sign_in(struct turn *turn, const char *refused, struct outcome *ret_outcome)
{
    static const enum outcome_kind OUTCOME_OF[] = {
        [GRANT_LATER] = OUTCOME_TRY_LATER,
        [GRANT_HELD] = OUTCOME_TRY_LATER,
        [GRANT_DEAD] = OUTCOME_SIGN_IN_AGAIN,
    };
    const char *reason = NULL;
    if (!provider_of(turn->account.provider)->uses_grants)
        return open_passwords(turn, ret_outcome);
    enum grant_answer answer = grants_token(turn->delivery->grants, &turn->account, refused,
                                            turn->arena, &turn->credential.access_token, &reason);
    if (answer != GRANT_GIVEN)
        *ret_outcome = (struct outcome){.kind = OUTCOME_OF[answer],
                                        .holds_mailbox = answer == GRANT_DEAD,
                                        .needs_mending = answer == GRANT_HELD,
                                        .reason = reason};
    return answer == GRANT_GIVEN;
}

/* What leaves is what was approved, whatever has happened to the record since. */
static bool check_approved(const struct turn *turn, struct error *error)
{
    const char *approved = turn->email.approved_sha256;
    return !approved || text_equal(approved, email_content_sha256(&turn->email, turn->arena)) ||
           fail(error, ERROR_INVALID, "content_sha256", "is not what was approved");
}

/* What an attempt needs before anything leaves. What is missing for good is a refusal. */
static bool prepare(struct turn *turn, struct error *error)
{
    if (!email_check_sendable(&turn->email, error) || !check_approved(turn, error))
        return false;
    if (!turn->account.is_active)
        return fail(error, ERROR_INVALID, "from_account_id", "the mailbox is disconnected");
    if (!provider_of(turn->account.provider))
        return fail(error, ERROR_INVALID, "from_account_id", "this server cannot send through %s",
                    PROVIDER_NAMES[turn->account.provider]);
    turn->message = spool_create(turn->delivery->settings.provider.spool_folder, MESSAGE_BYTES_MAX);
    bool with_bcc = provider_of(turn->account.provider)->takes_bcc;
    return outgoing_write(&turn->email, turn->delivery->blobs, with_bcc, turn->arena, turn->message,
                          error) &&
           hash_message(turn->message, turn->arena, &turn->email.mail_sha256, error);
}

static bool commit_work(struct session *session, void *context, struct error *error)
{
    return queue_store_commit(session, context, error);
}

/* From here on the mail may be out: a crash leaves `unknown`, and this says it is in doubt. */
static bool commit(void *context)
{
    struct turn *turn = context;
    struct error error = {0};
    struct email noted = turn->email;
    noted.committed_at = clock_now();
    noted.lease_until = (moment){noted.committed_at.ms + turn->delivery->settings.lease_ms};
    FAULT(NOTE_BEFORE);
    if (!db_write(turn->delivery->db, commit_work, &noted, &error)) {
        LOG(LOG_ERROR, "commit_failed", LOG_TEXT("email", noted.id),
            LOG_TEXT("reason", error.message));
        return false;
    }
    turn->email = noted;
    FAULT(NOTE_AFTER);
    return true;
}

struct standing { /* of some recipients, on its way to the database */
    struct email email;
    struct list recipients;
    const char *detail; /* of the event that tells of it; NULL: none does */
};

static bool standing_work(struct session *session, void *context, struct error *error)
{
    const struct standing *standing = context;
    const struct step step = {
        .event = EVENT_PARTLY_ACCEPTED,
        .at = clock_now(),
        .actor = "system",
        .detail = standing->detail,
    };
    return queue_store_commit(session, &standing->email, error) &&
           recipient_store_save(session, &standing->recipients, error) &&
           (!standing->detail || email_store_tell(session, &standing->email, &step, error));
}

static bool standing_write(struct turn *turn, struct standing *standing, const char *failure)
{
    struct error error = {0};
    FAULT(RECIPIENTS_BEFORE);
    if (!db_write(turn->delivery->db, standing_work, standing, &error)) {
        LOG(LOG_ERROR, failure, LOG_TEXT("email", turn->email.id),
            LOG_TEXT("reason", error.message));
        return false;
    }
    standing->email.recipients = recipient_merge(&turn->email.recipients, &standing->recipients,
                                                 turn->arena);
    turn->email = standing->email;
    FAULT(RECIPIENTS_AFTER);
    return true;
}

/* With the email's claim as it is now. */
static struct standing standing_of(struct turn *turn, const struct list *recipients, moment now)
{
    struct standing standing = {
        .email = turn->email,
        .recipients = {arena_new(turn->arena, struct recipient, recipients->count),
                       recipients->count},
    };
    struct recipient *items = standing.recipients.items;
    for (size_t i = 0; i < recipients->count; i++) {
        items[i] = ((const struct recipient *)recipients->items)[i];
        items[i].updated_at = now;
    }
    standing.email.lease_until = (moment){now.ms + turn->delivery->settings.lease_ms};
    return standing;
}

/* From here on the mail may be out to these; a crash leaves them in doubt, and no others. */
static bool commit_some(void *context, const struct list *recipients)
{
    struct turn *turn = context;
    moment now = clock_now();
    struct standing standing = standing_of(turn, recipients, now);
    standing.email.committed_at = now;
    return standing_write(turn, &standing, "commit_failed");
}

/* What these have accepted is durable before the mail may be out to others. */
static bool keep_recipients(void *context, const struct list *recipients, const char *detail)
{
    struct turn *turn = context;
    struct standing standing = standing_of(turn, recipients, clock_now());
    standing.email.committed_at = (moment){0};
    standing.detail = detail;
    return standing_write(turn, &standing, "recipients_not_kept");
}

static struct outcome not_prepared(const struct error *error, struct arena *arena)
{
    bool for_good = error->code == ERROR_INVALID || error->code == ERROR_NOT_FOUND ||
                    error->code == ERROR_TOO_LARGE || error->code == ERROR_UNREADABLE;
    return (struct outcome){
        .kind = for_good ? OUTCOME_REFUSED : OUTCOME_TRY_LATER,
        .reason = *error->field ? arena_format(arena, "%s: %s", error->field, error->message)
                                : arena_copy(arena, error->message),
    };
}

static bool keep_handle_work(struct session *session, void *context, struct error *error)
{
    return queue_store_keep_handle(session, context, error);
}

static bool keep_handle(void *context, const char *handle)
{
    struct turn *turn = context;
    struct error error = {0};
    turn->email.provider_handle = arena_copy(turn->arena, handle);
    FAULT(HANDLE_BEFORE);
    bool is_kept = db_write(turn->delivery->db, keep_handle_work, &turn->email, &error);
    FAULT(HANDLE_AFTER);
    if (is_kept)
        return true;
    LOG(LOG_ERROR, "handle_not_kept", LOG_TEXT("email", turn->email.id),
        LOG_TEXT("reason", error.message));
    return false;
}

static void try(struct turn *turn, struct outcome *ret_outcome)
{
    struct attempt attempt = {
        .account = &turn->account,
        .credential = turn->credential,
        .email = &turn->email,
        .parent = turn->email.parent_id ? &turn->parent : NULL,
        .message = turn->message,
        .recipients = recipient_left(&turn->email, &turn->email.recipients, turn->arena),
        .arena = turn->arena,
        .keep_handle = keep_handle,
        .commit = commit,
        .commit_some = commit_some,
        .keep_recipients = keep_recipients,
        .context = turn,
    };
    provider_of(turn->account.provider)->send(turn->delivery->pool, &attempt, ret_outcome);
}

/* The provider refuses tokens that it has just given: somebody must sign in again. */
static void hold_mailbox(struct turn *turn, struct outcome *outcome)
{
    enum grant_answer answer = grants_refuse(turn->delivery->grants, &turn->account,
                                             turn->credential.access_token, outcome->reason,
                                             turn->arena, &outcome->reason);
    outcome->holds_mailbox = answer == GRANT_DEAD;
}

/* It was claimed just before its mailbox was held, or paused. */
static bool sender_may_try(const struct turn *turn, struct outcome *ret_outcome)
{
    const struct account *account = &turn->account;
    if (!account->is_active || account_may_send(account, clock_now()))
        return true;
    *ret_outcome = (struct outcome){
        .kind = OUTCOME_TRY_LATER,
        .is_stale = true,
        .reason = text_or(account_status_reason(account), "its mailbox is paused")};
    return false;
}

/* A token that was refused is refreshed once: nothing has left with it. A password that was refused
 * holds the mailbox at once. */
static void send(struct turn *turn, struct outcome *ret_outcome)
{
    struct error error = {0};
    if (!sender_may_try(turn, ret_outcome))
        return;
    if (!prepare(turn, &error)) {
        *ret_outcome = not_prepared(&error, turn->arena);
        return;
    }
    FAULT(COMPOSED);
    if (turn->email.recipients.count &&
        !recipient_left(&turn->email, &turn->email.recipients, turn->arena).count) {
        *ret_outcome = (struct outcome){.kind = OUTCOME_SENT}; /* all that it names have it */
        return;
    }
    if (!turn_sign_in(turn, NULL, ret_outcome))
        return;
    try(turn, ret_outcome);
    const char *refused = turn->credential.access_token;
    if (ret_outcome->kind != OUTCOME_SIGN_IN_AGAIN)
        return;
    if (!refused) {
        ret_outcome->holds_mailbox = true;
        return;
    }
    struct outcome signed_in;
    if (!turn_sign_in(turn, refused, &signed_in)) {
        *ret_outcome = signed_in;
        return;
    }
    try(turn, ret_outcome);
    if (ret_outcome->kind == OUTCOME_SIGN_IN_AGAIN)
        hold_mailbox(turn, ret_outcome);
}

void sender_run(void *argument)
{
    struct turn *turn = argument;
    struct delivery *delivery = turn->delivery;
    turn->began_ms = clock_steady_ms();
    if (load_patiently(turn)) {
        struct outcome outcome = {0};
        FAULT(LOADED);
        send(turn, &outcome);
        FAULT(OUTCOME_BEFORE);
        record_outcome(turn, &outcome);
        FAULT(OUTCOME_AFTER);
        spool_destroy(turn->message);
    }
    slots_give_back(delivery->slots, turn->email_id);
    bell_ring(delivery->bell, turn->email_id);
    bell_ring(delivery->bell, "due");
    arena_destroy(turn->arena);
}
