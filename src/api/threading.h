/* threading.h - what a mail answers: the rules of replies, whatever the family; inside this room.
 *
 * A reply leaves from its conversation's mailbox, with In-Reply-To and References of the mail that
 * it answers (RFC 5322 3.6.4), in that one's provider thread, or it is refused with the reason. */
#pragma once
#include "api/request.h"
#include "model/account.h"

/* Makes email an answer to the mail with the id parent_id: fills in parent_id, conversation,
 * thread, mailbox and sender; In-Reply-To, References and subject where the caller gave none.
 * ERROR_NOT_FOUND ("correspondence") for an id that names nothing the caller may see, which in the
 * email family is ERROR_INVALID (field), as is a mail that cannot be answered. */
bool threading_answer(struct request *request, const char *parent_id, const char *field,
                      struct email *email, struct account *ret_account, struct error *error);

/* Before an answer is sent: where account's provider must be told the thread and none is known, the
 * one that it has the parent in, for threading_name_thread; NULL: nothing needs to be looked up.
 * ERROR_INVALID (the field of the family) when there is none, ERROR_UNAVAILABLE when it cannot be
 * asked now. */
bool threading_find_thread(struct request *request, const struct email *email,
                           const struct account *account, const char **ret_thread_id,
                           struct error *error);

/* The same for the latest mail of the thread that account's provider calls thread_id.
 * ERROR_NOT_FOUND ("thread") for one that is not there. */
bool threading_continue(struct request *request, const struct account *account,
                        const char *thread_id, struct email *email, struct error *error);
