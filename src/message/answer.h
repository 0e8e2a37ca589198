/* answer.h - what a person finds filled in when he answers or forwards a mail.
 *
 * Who sends it, its conversation and its ids are not said here (api/threading.h); everything in it
 * may still be changed. The mail that is answered is quoted (message/quote.h) below an empty
 * paragraph, in both bodies; its context is kept. */
#pragma once
#include "base/error.h"
#include "message/manner.h"
#include "model/email.h"

enum { ANSWER_SUBJECT_BYTES_MAX = 998 }; /* as much as goes out; longer ones are cut */

/* own_addresses (of struct address) are the user's, with any word behind a `+` (address_is_of). The
 * answer goes to whom the parent wants it (Reply-To, else all of From), and to those it was sent to
 * when it is our own: from here, or from one of these addresses with no Reply-To but to them. With
 * to_all, To and Cc of the parent get a copy, and its mailing list. Nobody twice, and the user only
 * where nobody else is left. Who got the parent as Bcc stays secret. Images that the quoted HTML
 * shows come along as inline attachments, since the quote would have holes without them; other
 * attachments do not. ERROR_INVALID when the parent names nobody at all. */
bool answer_reply(const struct email *parent, const struct list *own_addresses, bool to_all,
                  const struct manner *manner, struct arena *arena, struct email *ret_draft,
                  struct error *error);

/* To nobody yet, with nothing but this attachment, which is the parent itself. */
struct email answer_forward_attached(const struct email *parent,
                                     const struct attachment *attachment, struct arena *arena);

/* To nobody yet, with all attachments of the parent. */
bool answer_forward(const struct email *parent, const struct manner *manner, struct arena *arena,
                    struct email *ret_draft, struct error *error);
