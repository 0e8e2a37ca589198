/* imap_pin.h - looks at the certificate of an IMAP server before anything is said to it, for a
 * mailbox that knows its servers by fingerprints. */
#pragma once
#include "net/imap.h"

/* What libcurl then holds the connection proper to: the public key of the certificate, for which
 * one of the fingerprints stands. As imap_open says. */
bool imap_pin(const struct imap_server *server, const char *where, struct arena *arena,
              const char **ret_public_key, struct error *error);
