#include "api/explaining.h"

#include "base/clock.h"
#include "base/text.h"
#include "store/account_store.h"
#include "store/queue_store.h"
#include "store/recipient_store.h"

enum { MINUTE_MS = 60 * 1000, COUNTED_MOST = 1000 };

static void explain_mailbox(struct email *email, const struct account *account)
{
    email->reason = text_or(account_status_reason(account), email->reason);
    if (account->needs_sign_in || account->is_paused)
        email->next_attempt_at = (moment){0}; /* a person's matter, whoever may try before */
    else if (account->paused_until.ms > email->next_attempt_at.ms)
        email->next_attempt_at = account->paused_until;
}

static const char *turn_text(int64_t before, struct arena *arena)
{
    if (!before)
        return "waits for its turn";
    return arena_format(arena, "waits for its turn behind %lld%s of its mailbox", (long long)before,
                        before == COUNTED_MOST ? " or more" : "");
}

static bool explain_turn(struct request *request, struct email *email,
                         const struct account *account, struct error *error)
{
    const struct api_settings *settings = &request->api->settings;
    int64_t before = 0, per_minute = 0;
    if (!queue_store_before(request_reading(request), email, COUNTED_MOST, &before, error))
        return false;
    moment paced_until = settings->paced_until(settings->pace_context, account, &per_minute);
    email->reason = turn_text(before, request->arena);
    if (!paced_until.ms)
        return true;
    email->next_attempt_at.ms = paced_until.ms + before / per_minute * MINUTE_MS;
    email->reason = arena_format(request->arena, "its mailbox sends %lld a minute; %s",
                                 (long long)per_minute, email->reason);
    return true;
}

bool explaining_wait(struct request *request, struct email *email, struct error *error)
{
    struct account account;
    moment now = clock_now();
    if (email->state != EMAIL_QUEUED || !email->next_attempt_at.ms)
        return true;
    if (!account_store_find_any(request_reading(request), email->account_id, request->arena,
                                &account, error))
        return false;
    if (account_status(&account, now) != ACCOUNT_CONNECTED)
        explain_mailbox(email, &account);
    else if (email->next_attempt_at.ms <= now.ms)
        return explain_turn(request, email, &account, error);
    return true;
}

bool explaining_recipients(struct request *request, struct email *email, struct error *error)
{
    struct list known;
    if (request->is_summary)
        return true;
    if (!recipient_store_list(request_reading(request), email->id, request->arena, &known, error))
        return false;
    email->recipients = recipient_shown(email, &known, request->arena);
    return true;
}

const char *explaining_reason(const struct email *email, struct arena *arena)
{
    static const char *const REASONS[EMAIL_STATE_COUNT] = {
        [EMAIL_DRAFT] = "it is a draft: nobody has sent it",
        [EMAIL_PENDING_APPROVAL] = "it waits for somebody to approve it",
        [EMAIL_QUEUED] = "it waits for its turn, and leaves by itself",
        [EMAIL_SENDING] = "it is being handed to its mail server",
        [EMAIL_SENT] = "it was sent",
        [EMAIL_FAILED] = "the mail was refused",
        [EMAIL_UNKNOWN] = "it may have been sent: its mail server did not say",
        [EMAIL_CANCELED] = "the mail was canceled",
        [EMAIL_RECEIVED] = "it was received",
    };
    if (!text_is_empty(email->reason))
        return email->reason;
    if (email->state == EMAIL_DRAFT && email->planned_send_at.ms)
        return arena_format(arena, "it leaves by itself at its planned time, %s",
                            moment_text(email->planned_send_at, 0, arena));
    if (email->state == EMAIL_QUEUED && email->next_attempt_at.ms > clock_now().ms)
        return arena_format(arena, "it leaves by itself, not before %s",
                            moment_text(email->next_attempt_at, 0, arena));
    return REASONS[email->state];
}
