/* verdict.h - what it means for the mail that a server answered this or fell silent there, and how
 * to say it to a person. */
#pragma once
#include "net/reply.h"
#include "net/smtp.h"
#include "net/wire.h"

const char *verdict_when(enum smtp_phase phase); /* "while signing in" */

/* text: of the reply; the enhanced status code in it counts more than the basic one. */
enum smtp_outcome verdict_of(enum smtp_phase phase, int64_t code, const char *text);

/* Whether it says that the transaction has too many recipients, given that it accepted some. */
bool verdict_is_too_many(enum smtp_phase phase, int64_t code, const char *text);

/* SIGN_IN tells most, then REFUSED, TRY_LATER, ACCEPTED: which of several replies decides. */
bool verdict_outweighs(enum smtp_outcome outcome, enum smtp_outcome other);

/* Both fill in outcome, phase, code and message. subject: what was refused, such as "the recipient
 * b@example.com"; NULL: by the phase. The message has the server's words only once it has been
 * signed in to: whoever answered before may be any service, and its words meant for others. */
void verdict_reply(struct smtp_result *result, enum smtp_phase phase, const struct reply *reply,
                   const char *host, const char *subject, struct arena *arena);
void verdict_silence(struct smtp_result *result, enum smtp_phase phase, enum wire_state state,
                     const char *host, struct arena *arena);
