/* queue_store.h - what delivery needs of the emails: which are due, and whose claim holds.
 *
 * The database is the queue. A claim is a compare-and-set with a number (struct email's claim) and
 * a lease; whoever finds his number outdated has lost the email to another. */
#pragma once
#include "model/account.h"
#include "store/email_store.h"

struct waiting_account { /* a mailbox with queued mail */
    const char *account_id, *organization_id;
    enum provider_kind provider;
    moment next_attempt_at; /* of the first of it; not set: none, or all of it is held */
    bool needs_sign_in, is_held, is_paused;
    moment paused_until;
    int64_t sends_at_once, sends_per_minute; /* 0: as its provider says */
};
/* When the first of it may leave; not set: that is not a matter of time. */
moment waiting_account_until(const struct waiting_account *account);
/* Whether only one mail may try whether its trouble is over. */
bool waiting_account_is_held(const struct waiting_account *account);
/* In the order of their ids, those behind `after` ("": from the first on). */
bool queue_store_accounts(struct session *session, const char *after, size_t limit,
                          struct arena *arena, struct list *ret_accounts, struct error *error);
/* That one, whether anything of it waits or not. */
bool queue_store_account(struct session *session, const char *account_id, struct arena *arena,
                         struct waiting_account *ret_account, struct error *error);

/* An event, and of one by which a mail became queued its mailbox; else account_id is NULL. */
struct queue_news {
    int64_t position;
    const char *organization_id, *account_id;
};
/* Of struct queue_news: what has happened since that position, in order. */
bool queue_store_news(struct session *session, int64_t position, size_t limit, struct arena *arena,
                      struct list *ret_news, struct error *error);

/* Queued mail of the account that may leave now, oldest first; without bodies. */
bool queue_store_due(struct session *session, const char *account_id, moment now, size_t limit,
                     struct arena *arena, struct list *ret_emails, struct error *error);

/* How many of the queued email's mailbox are due before it; counts up to `most`. */
bool queue_store_before(struct session *session, const struct email *email, size_t most,
                        int64_t *ret_count, struct error *error);

/* Drafts whose planned time has come; without bodies. */
bool queue_store_planned(struct session *session, moment now, size_t limit, struct arena *arena,
                         struct list *ret_emails, struct error *error);
/* Of those whose time came after `after`, the newest; likewise. */
bool queue_store_planned_newest(struct session *session, moment after, moment now, size_t limit,
                                struct arena *arena, struct list *ret_emails, struct error *error);
/* When the next one will be; not set when there is none. */
bool queue_store_next_planned(struct session *session, moment *ret_at, struct error *error);

/* Mail in `sending` whose lease has ended by then; without bodies. */
bool queue_store_abandoned(struct session *session, moment now, size_t limit, struct arena *arena,
                           struct list *ret_emails, struct error *error);

/* Of struct waiting_account, account_id and next_attempt_at alone: mailboxes whose provider is to
 * be asked now about mail in `unknown`; who has waited longest first. */
bool queue_store_accounts_to_probe(struct session *session, moment now, size_t limit,
                                   struct arena *arena, struct list *ret_accounts,
                                   struct error *error);
/* That mail of one of them; without bodies. */
bool queue_store_to_probe(struct session *session, const char *account_id, moment now, size_t limit,
                          struct arena *arena, struct list *ret_emails, struct error *error);
bool queue_store_next_probe(struct session *session, moment *ret_at, struct error *error);
/* Somebody has signed in to the mailbox: its unknown mail need not wait any longer for that. What a
 * person is to decide stays with him. */
bool queue_store_ask_now(struct session *session, const char *account_id, moment now,
                         struct error *error);
/* It was asked and said nothing: saves probes, next_attempt_at and reason, as long as no newer
 * claim has made it unknown. */
bool queue_store_probed(struct session *session, const struct email *email, struct error *error);

/* For the holder of the claim: provider_handle. ERROR_CONFLICT when the claim is no longer his. */
bool queue_store_keep_handle(struct session *session, const struct email *email,
                             struct error *error);
/* The clock was set back by that much: whoever waits for a while goes on waiting as long as before.
 */
bool queue_store_turn_back(struct session *session, int64_t by_ms, moment now, struct error *error);

/* Drafts, then mail that was approved, whose plan is for `until` or before, and the mail's for
 * after `since`, and that must not leave now: they are to be held, or have expired. Without bodies.
 */
bool queue_store_missed(struct session *session, moment since, moment until, moment now,
                        size_t limit, struct arena *arena, struct list *ret_emails,
                        struct error *error);
/* When a server was last seen running; not set when that was never noted. */
bool queue_store_seen(struct session *session, moment *ret_at, struct error *error);
bool queue_store_note_seen(struct session *session, moment at, struct error *error);

/* For the holder of the claim, who has all of the mail written but its last byte.
 * ERROR_CONFLICT when the claim is no longer his. */
bool queue_store_commit(struct session *session, const struct email *email, struct error *error);
