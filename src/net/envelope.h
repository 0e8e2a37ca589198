/* envelope.h - sender and recipients as SMTP commands. */
#pragma once
#include "net/smtp.h"

/* One sentence on what cannot be said in SMTP at all, or not with these extensions (NULL: all
 * can). ret_phase: where it would have been said. */
const char *envelope_fault(const struct smtp_envelope *envelope, unsigned extensions,
                           struct arena *arena, enum smtp_phase *ret_phase);

/* "MAIL FROM:<...> ...", with the parameters that the server's extensions allow. */
const char *envelope_mail(const struct smtp_envelope *envelope, uint64_t message_size,
                          unsigned extensions, struct arena *arena);
const char *envelope_rcpt(const struct smtp_envelope *envelope, size_t index, struct arena *arena);
