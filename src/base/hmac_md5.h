/* hmac_md5.h - the HMAC-MD5 (RFC 2104) that CRAM-MD5 (RFC 2195) is made with, and nothing else;
 * hides OpenSSL. */
#pragma once
#include "base/arena.h"

/* As 32 characters of hex, in lower case. */
char *hmac_md5(struct bytes key, struct bytes text, struct arena *arena);
