/* decision.h - what a person decides about a mail that waits, has failed, or is in doubt.
 *
 * Each is one step, in the session of a db_write; ERROR_CONFLICT when the state does not allow it,
 * also when it has changed in this very moment. */
#pragma once
#include "store/submission.h"

/* Back to its author, as a draft without a plan; step->reason says why. */
bool decision_reject(struct session *session, struct email *email, const struct step *step,
                     struct error *error);

/* Back to its author, who edits what has failed: a draft whose attempts stay on record. It gets
 * another Message-ID and Date when it leaves, and consent that was given is void. */
bool decision_revise(struct session *session, struct email *email, const struct step *step,
                     struct arena *arena, struct error *error);

/* It will not leave; what is canceled already stays as it is. What some recipients have accepted is
 * sent, and the others do not get it. ERROR_CONFLICT "too late" once it is
 * being sent. */
bool decision_cancel(struct session *session, struct email *email, const struct step *step,
                     struct error *error);

/* Once more, now: what has failed, what is held or waits, what was sent, for those of its
 * recipients that were refused, and what is unknown and was, as this person says, not sent. */
bool decision_retry(struct session *session, struct email *email, const struct account *account,
                    const struct step *step, struct arena *arena, struct error *error);

/* Of nothing but what is unknown is it a person's to say whether it was sent. */
bool decision_is_needed(const struct email *email, struct error *error);
/* What is unknown was sent, as this person says. */
bool decision_sent(struct session *session, struct email *email, moment sent_at,
                   const struct step *step, struct error *error);
