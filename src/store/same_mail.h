/* same_mail.h - whether a mail that comes in is one that is there already.
 *
 * Bytes that are the same are the same mail. So is a mail with the same Message-ID, Date and sender
 * that says the same: recipients, subject (but for a tag of a list, "[list] x"), bodies and files.
 * What servers write in front of it on its way (Received, Delivered-To, ...) makes no other mail,
 * nor does another encoding. Another content is another mail, whatever its Message-ID: nothing that
 * somebody wrote is taken for a repetition. Our own mail is known by Message-ID, Date and sender
 * alone, for providers and lists change what they send back; so is mail that was erased, whose
 * content nobody has any more. */
#pragma once
#include "store/email_store.h"

/* ret_same NULL: it is not there. ret_is_used: another mail of the mailbox has its Message-ID. */
bool same_mail_find(struct session *session, const struct email *email, struct arena *arena,
                    const struct email **ret_same, bool *ret_is_used, struct error *error);
