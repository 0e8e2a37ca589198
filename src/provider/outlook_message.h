/* outlook_message.h - a mail in Graph's JSON, for what cannot be handed in as MIME: large mail, and
 * answers to what is in the mailbox; inside this room. */
#pragma once
#include "mime/compose.h"
#include "provider/outlook_call.h"

/* All of a new mail but its attachments. mime: the composed mail, read again: its bodies are
 * signed. Exchange makes the other body of the one it gets. ERROR_TOO_LARGE: it does not fit in one
 * request; so for the next two. */
const char *outlook_message_new(const struct outlook *outlook, const struct mime_mail *mime,
                                struct error *error);

/* An answer, to what Exchange has prepared: the marks that are put on when it is made, */
const char *outlook_message_marks(const struct outlook *outlook, struct error *error);
/* and what is changed of it then. All that Exchange put in by itself is replaced. */
const char *outlook_message_answer(const struct outlook *outlook, const struct mime_mail *mime,
                                   struct error *error);

/* What a draft made of MIME still lacks. message_id: as Exchange has named the draft. */
const char *outlook_message_lacks(const struct outlook *outlook, const char *message_id,
                                  struct error *error);
