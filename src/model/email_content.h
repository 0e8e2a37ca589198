/* email_content.h - names what a mail says by a hash, so that whoever approves it approves this and
 * nothing else. */
#pragma once
#include "model/email.h"

/* SHA-256, in hex, of netstrings (base/sha256.h): mailbox, sender's address, recipients, subject,
 * both bodies, attachments by their content, what it answers, when it is to leave, and the
 * signature below, if it has one. The email must have its bodies. The same when consent is asked
 * for and in each attempt. */
const char *email_content_sha256(const struct email *email, struct arena *arena);
