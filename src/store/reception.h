/* reception.h - mail that comes in: to which conversation it belongs, and that it comes once.
 *
 * A conversation is found by References and In-Reply-To (RFC 5322 3.6.4), newest first, then by
 * the provider's thread; messages that are referred to and not there are remembered, so that mail
 * that comes out of order still meets. The same mail again is the one that is there, also when it
 * is our own that comes back (store/same_mail.h). */
#pragma once
#include "model/account.h"
#include "model/document.h"
#include "store/email_store.h"

enum { RECEPTION_REFERENCES_MAX = 40 }; /* the newest of them are looked up and kept */

/* email: what was read of the mail (message/incoming.h). The rest is filled in here: whose it is,
 * its conversation, parent_id; sent_at is its Date, or now where that is missing or to come,
 * but never before mail of ours that it answers. provider_thread_id: the provider's, or NULL.
 * documents, of struct document: its attachments', stored with it. ret_is_new false: *email is the
 * one that was there, without its bodies. */
bool reception_store(struct session *session, struct email *email, const struct list *documents,
                     const struct account *account, moment now, struct arena *arena,
                     bool *ret_is_new, struct error *error);
