/* smtp_sent.h - looks into a mailbox's Sent folder, over IMAP, for a mail that SMTP may have taken.
 */
#pragma once
#include "provider/provider.h"

/* Whether the mailbox names a server to look into. */
bool smtp_sent_is_there(const struct account *account);

/* Signs in. ERROR_INVALID ("imap.host") when it may not be connected to; otherwise ERROR_PROVIDER,
 * and the message begins with the setting that has to do with it: imap.password, ... */
bool smtp_sent_check(const struct provider_settings *settings, const struct account *account,
                     const struct credential *credential, struct arena *arena, struct error *error);

/* PROBE_SENT when the mail is there. That it is not there proves nothing, for few servers keep what
 * they send: then it is asked again, and in the end a person decides. */
void smtp_sent_probe(struct provider_pool *pool, const struct attempt *attempt, int64_t asked,
                     struct probe *ret_probe);
