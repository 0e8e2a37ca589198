/* thread_find.h - the thread of a mailbox that an answer belongs to, where the mailbox's provider
 * threads by ids of its own that only it can tell. */
#pragma once
#include "provider/provider.h"

/* Whether an answer from this mailbox needs its provider's id of the thread: Gmail's alone. */
bool thread_find_is_needed(const struct account *account);

/* The thread of the mail with that Message-ID; ret_thread_id NULL: the mailbox has none.
 * ERROR_UNAVAILABLE when it may work later, ERROR_PROVIDER when the provider refuses. */
bool thread_find(struct provider_pool *pool, const struct account *account,
                 const struct credential *credential, const char *message_id, struct arena *arena,
                 const char **ret_thread_id, struct error *error);
