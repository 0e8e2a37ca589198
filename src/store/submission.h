/* submission.h - the moment in which a draft becomes mail: what goes out is fixed from here on.
 *
 * Sender, Message-ID, Date and conversation are set once, before the first attempt, and are the
 * same in every attempt. */
#pragma once
#include "store/account_store.h"
#include "store/email_store.h"

/* Queues the email for account, at once: a new record when it has no version yet, else by the
 * step (EVENT_SEND, EVENT_DUE, EVENT_APPROVE) from where it is. */
bool submission_queue(struct session *session, struct email *email, const struct account *account,
                      const struct step *step, struct arena *arena, struct error *error);
