/* outcome.h - how one attempt to send ended, and what that means for the email. */
#pragma once
#include "base/schema.h"
#include "model/email_state.h"

enum outcome_kind {
    OUTCOME_SENT,
    OUTCOME_TRY_LATER,     /* certainly not sent */
    OUTCOME_REFUSED,       /* for good */
    OUTCOME_SIGN_IN_AGAIN, /* certainly not sent; the mailbox's credentials do not hold */
    OUTCOME_UNKNOWN,       /* it may have gone out */
    OUTCOME_COUNT
};
extern const char *const OUTCOME_NAMES[]; /* NULL-terminated */

struct outcome {
    enum outcome_kind kind;
    int64_t retry_after_ms; /* with TRY_LATER: what the provider asked for; 0: nothing */
    bool holds_mailbox; /* that counts for all mail of the mailbox: with TRY_LATER until then, with
                           SIGN_IN_AGAIN until its user has */
    bool needs_mending; /* with TRY_LATER: the trouble is the mailbox's own, not the mail's, and it
                           is held until one mail finds it over. Waiting does not count as trying */
    bool is_stale;      /* with TRY_LATER: only a kept connection had died; try at once */
    const char *reason; /* one sentence for a person; NULL when sent */
    struct list recipients; /* of struct recipient (model/recipient.h): what this attempt has told
                               of single ones and is not kept yet; kind is that of the others */
    const char *detail;     /* a JSON object for the event, or NULL */
    const char *provider_message_id, *provider_thread_id;
    const char *message_id; /* what the provider stamped, when it is not ours */
};

enum email_event outcome_event(enum outcome_kind kind);

/* When to look into a mail that has become unknown: at once when it was never written out, for then
 * it has certainly not been sent; not set when its provider cannot be asked. */
moment first_probe(moment committed_at, bool can_be_asked, moment now);
/* How long to wait before its provider is asked for the time number asked + 1 whether it has sent a
 * mail; 0: it has been asked often enough. */
int64_t probe_delay_ms(int64_t asked);
/* The same when nobody could be asked, or answered, about a mail that is unknown for so long: that
 * is no question, and so it never ends. As long again, an hour at most. */
int64_t unanswered_delay_ms(int64_t unknown_ms);

/* What a provider says of a mail that has just become unknown is judged by how often it was asked:
 * nobody asks sooner than probe_delay_ms says while it is unknown for no longer than this. */
enum { PROBE_PATIENCE_MS = 3600 * 1000 };

/* How long a mailbox is held before one mail tries whether its trouble is over, when so many have
 * tried in vain: doubles from `first_ms` (0: 5 minutes) up to 6 hours, or first_ms. */
int64_t hold_delay_ms(int64_t probes, int64_t first_ms);

/* How long to wait before attempt number attempts + 1: doubles from 2 s up to an hour.
 * dice: any random number; spreads the delay over 75 % to 125 %. */
int64_t retry_delay_ms(int64_t attempts, unsigned dice);
