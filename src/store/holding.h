/* holding.h - what keeps all mail of a mailbox back, and lets it go again: in its row, and as an
 * event in the trail.
 *
 * A mailbox is held when its credentials are dead or its provider has something against the
 * account: that is no mail's fault. Its mail waits; after a pause that grows, one mail tries
 * whether the trouble is over. Whoever finds the trouble says what the account was when it was
 * tried: what has been mended meanwhile is not held. */
#pragma once
#include "db/db.h"
#include "model/account.h"
#include "model/administration.h"

struct holding {
    const struct account *tried; /* as it was when the mail was tried */
    bool needs_sign_in;          /* else its provider has something against it */
    const char *reason;          /* one sentence, with the way out */
    int64_t first_ms;            /* until the first mail tries again; 0: as hold_delay_ms says */
    moment now;
    struct arena *arena;
};

/* The mail was kept back by the mailbox's trouble. */
bool holding_begin(struct session *session, const struct holding *holding, struct error *error);
/* A mail of a mailbox that is held had an outcome that says nothing of its trouble: the next one
 * tries then. */
bool holding_wait(struct session *session, const struct account *tried, moment until,
                  struct error *error);
/* The mail found that the trouble is over. */
bool holding_end(struct session *session, const struct account *tried, moment now,
                 struct error *error);

/* A server starts: a mail of each mailbox that its provider has something against tries now. Not of
 * those that need a sign-in: a password that is wrong is wrong once more. */
bool holding_try_all(struct session *session, moment now, struct error *error);

/* Notes what has begun or ended between two states of a mailbox: mailbox.reauth_required,
 * mailbox.paused or mailbox.resumed; nothing when neither. by: who did it, all but what is done. */
bool holding_note(struct session *session, const struct administration *by,
                  const struct account *before, const struct account *account, struct error *error);
