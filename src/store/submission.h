/* submission.h - the moment in which a draft becomes mail: what goes out is fixed from here on.
 *
 * Sender, Message-ID, Date, conversation and signature are set before the first attempt, and are
 * the same in every attempt; the sender and the signature when consent is asked for. An email
 * without a version is a new record. */
#pragma once
#include "store/account_store.h"
#include "store/email_store.h"

/* What sending it means (EVENT_SEND, EVENT_DUE): where consent is required it is asked for, and the
 * email is pending_approval; a new one with a plan is a draft until then; any other is
 * queued. */
bool submission_send(struct session *session, struct email *email, const struct account *account,
                     const struct step *step, struct arena *arena, struct error *error);

/* Asks for consent (EVENT_SUBMIT). The email has its bodies. */
bool submission_ask(struct session *session, struct email *email, const struct account *account,
                    const struct step *step, struct arena *arena, struct error *error);

/* The same for what somebody edits while it is pending_approval: with the signature of the mailbox
 * that it has now. The email itself is the caller's to store. */
bool submission_ask_again(struct session *session, struct email *email, moment now,
                          struct arena *arena, struct error *error);

/* The same for mail that nobody just now speaks for: on behalf of who wrote it last. It may be
 * edited then, so what its provider keeps of it is not sent any more. The email may come without
 * its bodies. */
bool submission_recall(struct session *session, struct email *email, const struct account *account,
                       const char *reason, moment now, struct arena *arena, struct error *error);

/* What its provider keeps of it, if anything, says what it said before: it is not sent any more. */
bool submission_unfinish_handle(struct session *session, struct email *email, struct arena *arena,
                                struct error *error);

/* Queues the email for account by the step (EVENT_SEND, EVENT_DUE, EVENT_APPROVE, EVENT_RETRY) from
 * where it is: for now, for its plan, or for when the mailbox's undo time is over. */
bool submission_queue(struct session *session, struct email *email, const struct account *account,
                      const struct step *step, struct arena *arena, struct error *error);
