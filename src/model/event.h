/* event.h - one step in the life of an email, or one act of administration: who, when, what, why.
 * Never changed.
 *
 * Each organization's events are numbered without a gap and chained: the hash of each covers the
 * hash of the one before, so that none can be changed, dropped or moved unseen. */
#pragma once
#include "base/schema.h"
#include "model/administration.h"
#include "model/email_state.h"

struct event {
    int64_t position; /* in the order of the whole server */
    const char *organization_id;
    int64_t number;       /* one more than the organization's one before, whatever it is of */
    const char *email_id; /* NULL: of administration */
    moment at;
    unsigned event;                        /* enum email_event, or enum administration_event */
    enum email_state from_state, to_state; /* the same when it moved nothing */
    const char *actor;                     /* a user's id, "system", "operator", or "nobody" */
    const char *token_id;                  /* what that user came with, or NULL */
    const char *reason;                    /* one sentence, or NULL */
    const char *detail;                    /* a JSON object (replies per recipient, ids), or NULL */
    const char *salt;                      /* of content_sha256: without it nobody can guess */
    const char *content_sha256; /* of reason and detail, which may be erased; NULL: had none */
    const char *mail_sha256;    /* of the exact mail, once there is one */
    const char *hash;           /* event_hash; NULL: older than the chain */
    const char *subject_id;     /* of what was administered; NULL for mail */
    const char *address;        /* of the client that did it; NULL for mail */
    const char *request_id;     /* of the request by which it happened, or NULL */
};
extern const struct schema EVENT_SCHEMA; /* its columns */

/* Both are the SHA-256, in hex, of netstrings: the size in bytes, ':', the text, ','; what is not
 * set is "-,". Anybody can compute them from an export (docs/audit.md). */

/* Of salt, reason, detail; NULL when it has neither reason nor detail. */
const char *event_content_sha256(const struct event *event, struct arena *arena);
/* Of previous (the hash of the one before; NULL at the start of the chain) and all members but
 * position, reason, detail, salt and hash, in their order; of the last three only where one of them
 * is set, then all: events from before there were any have the hash that they had. */
const char *event_hash(const struct event *event, const char *previous, struct arena *arena);
