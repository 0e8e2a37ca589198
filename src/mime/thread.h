/* thread.h - subject and headers of an answer (RFC 5322 3.6.4, 3.6.5). */
#pragma once
#include "base/arena.h"

/* The subject without any reply or forward prefixes, in whatever language (Re:, AW:, SV:,
 * RE[2]:, Fwd:, WG:, TR: ...). */
const char *mime_base_subject(const char *subject, struct arena *arena);
/* Re: once, whatever prefixes of answers it has; also behind what a list or a gateway has put in
 * front ("[EXT] Re: x"). That it was forwarded stays: "Fwd: x" becomes "Re: Fwd: x". */
const char *mime_reply_subject(const char *subject, struct arena *arena);
/* Fwd: once, and no prefix of an answer. */
const char *mime_forward_subject(const char *subject, struct arena *arena);

/* The References of an answer: the parent's References (else its In-Reply-To, when that is one
 * id), then the parent's Message-ID; the first and the last 20 when there are more. NULL when the
 * parent has no Message-ID. All texts: ids with <>, separated by white space. */
const char *mime_reply_references(const char *parent_references, const char *parent_in_reply_to,
                                  const char *parent_message_id, struct arena *arena);
