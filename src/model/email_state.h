/* email_state.h - the life of an email, in one table (email_state.c).
 *
 *   draft --submit--> pending_approval --approve--> queued       (reject: back to draft)
 *   draft --send, due--> queued --claim--> sending --accepted--> sent
 *                           ^                 |--- try_later --> queued
 *                           |                 |--- refused ----> failed --retry--> queued
 *                           '---- not_sent ---|--- lost -------> unknown --found--> sent
 *   failed --revise--> draft; failed --send--> queued (or submit: pending_approval)
 *   draft, pending_approval, queued, unknown --cancel--> canceled
 *   the same --stop--> sent, when some recipients have it; sent --retry--> queued, for the others
 *   queued --held--> queued, and waits for a person; draft, queued --expire--> failed
 *
 * docs/states.md is printed from the table. */
#pragma once
#include <stdbool.h>
#include <stddef.h>

enum email_state {
    EMAIL_DRAFT,
    EMAIL_PENDING_APPROVAL,
    EMAIL_QUEUED,  /* leaves as soon as next_attempt_at allows */
    EMAIL_SENDING, /* claimed; durable before the first byte leaves */
    EMAIL_SENT,    /* its provider accepted it */
    EMAIL_FAILED,  /* refused for good; its content stays */
    EMAIL_UNKNOWN, /* it may have gone out: never sent again without asking */
    EMAIL_CANCELED,
    EMAIL_RECEIVED, /* mail from outside; never moves */
    EMAIL_STATE_COUNT
};
extern const char *const EMAIL_STATE_NAMES[]; /* NULL-terminated */

enum email_event {
    EVENT_CREATED, /* a record came to be; moves nothing */
    EVENT_CHANGED, /* its content was edited; moves nothing */
    EVENT_SUBMIT,
    EVENT_APPROVE,
    EVENT_REJECT,
    EVENT_SEND, /* somebody said: now */
    EVENT_DUE,  /* its planned time has come */
    EVENT_CLAIM,
    EVENT_COMMIT, /* all is written but the last byte; moves nothing */
    EVENT_ACCEPTED,
    EVENT_TRY_LATER,
    EVENT_REFUSED,
    EVENT_LOST,
    EVENT_FOUND,
    EVENT_NOT_SENT,
    EVENT_RETRY,
    EVENT_CANCEL,
    EVENT_DELETED,         /* a draft was thrown away; moves nothing */
    EVENT_RECEIVED,        /* mail came in from outside; moves nothing */
    EVENT_HELD,            /* waits in the queue for a person's retry */
    EVENT_MISSED,          /* its planned time went by unseen; a draft without a plan again */
    EVENT_EXPIRE,          /* likewise, and it was not to leave any later */
    EVENT_ERASED,          /* what it said was erased; the trail stays; moves nothing */
    EVENT_REVISE,          /* its owner edits what has failed: a draft again */
    EVENT_PARTLY_ACCEPTED, /* for some of its recipients; moves nothing */
    EVENT_STOP, /* somebody cancels it when some recipients have it: the others do not get it */
    EVENT_COUNT
};
extern const char *const EMAIL_EVENT_NAMES[]; /* NULL-terminated */

/* Them once more, for EVENT_NAMES of model/administration.h, which go on behind them. */
/* clang-format off */
#define EMAIL_EVENT_NAME_LIST \
    [EVENT_CREATED] = "created", \
    [EVENT_CHANGED] = "changed", \
    [EVENT_SUBMIT] = "submit", \
    [EVENT_APPROVE] = "approve", \
    [EVENT_REJECT] = "reject", \
    [EVENT_SEND] = "send", \
    [EVENT_DUE] = "due", \
    [EVENT_CLAIM] = "claim", \
    [EVENT_COMMIT] = "commit", \
    [EVENT_ACCEPTED] = "accepted", \
    [EVENT_TRY_LATER] = "try_later", \
    [EVENT_REFUSED] = "refused", \
    [EVENT_LOST] = "lost", \
    [EVENT_FOUND] = "found", \
    [EVENT_NOT_SENT] = "not_sent", \
    [EVENT_RETRY] = "retry", \
    [EVENT_CANCEL] = "cancel", \
    [EVENT_DELETED] = "deleted", \
    [EVENT_RECEIVED] = "received", \
    [EVENT_HELD] = "held", \
    [EVENT_MISSED] = "missed", \
    [EVENT_EXPIRE] = "expire", \
    [EVENT_ERASED] = "erased", \
    [EVENT_REVISE] = "revise", \
    [EVENT_PARTLY_ACCEPTED] = "partly_accepted", \
    [EVENT_STOP] = "stop",
/* clang-format on */

struct email_move {
    enum email_state from;
    enum email_event event;
    enum email_state to;
};
/* The table itself, for docs/states.md. */
const struct email_move *email_moves(size_t *ret_count);

/* Where the event leads; false when the state does not allow it. */
bool email_next(enum email_state from, enum email_event event, enum email_state *ret_to);

/* Whether the trail may say so: a move of the table, or an event that moves nothing. */
bool email_may_step(enum email_state from, enum email_event event, enum email_state to);

/* An end: nothing but a person's retry leads on. */
bool email_state_is_final(enum email_state state);
/* Its content may still be edited where it is. */
bool email_state_is_editable(enum email_state state);
/* It may, or it becomes a draft again by an edit; it may be deleted. */
bool email_state_may_be_revised(enum email_state state);
