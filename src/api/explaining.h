/* explaining.h - says of queued mail until when it waits, and why; inside this room. */
#pragma once
#include "api/request.h"

/* What its record does not hold: whether its mailbox is paused, needs a sign-in or has sent all
 * that it may in a minute, and how many of it are due before. Sets reason and next_attempt_at; mail
 * that is not queued, waits for its time or is held for a person stays as it is. */
bool explaining_wait(struct request *request, struct email *email, struct error *error);

/* What became of it at each recipient; not in a summary. */
bool explaining_recipients(struct request *request, struct email *email, struct error *error);

/* Why a mail that a send is answered for has not been sent: its own reason, or what its state
 * means. */
const char *explaining_reason(const struct email *email, struct arena *arena);
