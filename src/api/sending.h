/* sending.h - hands mail to delivery and waits for what becomes of it; inside this room.
 *
 * A send's request is parked, without a thread, until delivery rings or the time to wait is over.
 * The reply is the route's own: see sending_reply in routes' families. */
#pragma once
#include "api/request.h"
#include "model/account.h"

/* A new mail; what was given is checked, queued and durable before delivery hears of it. One with a
 * time to come stays a draft until then; one that needs approval asks for it (store/submission.h).
 */
bool sending_fresh(struct request *request, struct email *email, const struct account *account,
                   struct error *error);

/* A stored draft, or once more what has failed, as it is. What has been sent already is answered
 * with as it is; what is under way is waited for. ERROR_CONFLICT when it ended otherwise,
 * ERROR_STALE as drafting_check_version. */
bool sending_draft(struct request *request, const char *id, struct error *error);

/* Replies with the state the email is in now: 200 when sent, ERROR_PROVIDER when refused,
 * ERROR_CONFLICT when canceled, else 202. Also for a park that has ended. */
void sending_answer(struct request *request, const struct email *email);
