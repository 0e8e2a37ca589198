/* idempotency.h - a changing call that is repeated with the same key has its effect once; inside
 * this room.
 *
 * The key and the call's fingerprint are written in the transaction of the effect; the reply
 * afterwards. So a call that was refused leaves no key behind. A call about an email is answered by
 * what has become of that so far, whatever its first reply was. */
#pragma once
#include "api/request.h"

/* For the Idempotency-Key header (RFC 8941 string or bare) or a field of the body; text NULL: no
 * key. ERROR_INVALID when it is none, ERROR_MISMATCH when it was used with another payload,
 * ERROR_CONFLICT while the first call is under way. ret_is_answered: it was answered from what is
 * kept, and the handler has nothing more to do. */
bool idempotency_begin(struct request *request, const char *text, bool *ret_is_answered,
                       struct error *error);

/* In the transaction of the effect, before it: a call that is under way has none. */
bool idempotency_note(struct session *session, struct request *request, struct error *error);
/* After it: which email it is about, where that was not known before. What is kept of the reply
 * goes when that email is erased, so it must not be kept without. */
bool idempotency_note_email(struct session *session, struct request *request, struct error *error);

/* Before the reply leaves: keeps it for the next call with the key. */
void idempotency_keep(struct request *request, int status, const char *content_type,
                      struct bytes body);
