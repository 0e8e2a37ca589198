/* approval.h - who asks for a mail to be sent, and who agrees: whether that is needed, whether it
 * is there, and who may give it.
 *
 * Consent is for a content (model/email_content.h): any edit leaves what was agreed to behind. */
#pragma once
#include "store/account_store.h"
#include "store/email_store.h"

/* By the mailbox, by the user whose mail it is, by the one who asks, or by the token that wrote it
 * last (email->requires_approval). */
bool approval_is_required(struct session *session, const struct email *email, bool *ret_is_required,
                          struct error *error);
/* What it says has been approved. */
bool approval_is_given(const struct email *email);

/* Who has written it, and with what token: asks for it, too, when it comes to that. */
void approval_written_by(struct email *email, const char *user_id, const char *token_id);
/* The email, with its bodies, asks for consent to what it says now; what was given is void. */
void approval_ask(struct email *email, struct arena *arena);

/* ERROR_FORBIDDEN for who asked: the token that did; and its user, except for what an agent of his,
 * a token that may only draft, has asked for and nobody else requires consent to. ERROR_CONFLICT
 * when content_sha256, what the approver has seen, is no longer what the email says. */
bool approval_give(struct session *session, struct email *email, const char *content_sha256,
                   const struct step *step, struct arena *arena, struct error *error);
