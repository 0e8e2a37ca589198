/* fingerprint.h - what a call means, as a SHA-256: two bodies that are understood in the same way
 * have the same; inside this room.
 *
 * The order of keys, white space, escapes, members that are null or empty, one recipient as a text
 * or as a list, and the spelling of ids, times and addresses make no difference. */
#pragma once
#include "api/request.h"
#include "base/sha256.h"

/* Adds what object holds of the fields that are accepted with use, or of all for 0: no member that
 * is not set, and no field of the name left_out. */
void fingerprint_add(struct sha256 *sha, const struct schema *view, unsigned use,
                     const void *object, const char *left_out);

/* Of the whole call: user, route, path, query, body and files. Fails as reading the body does. */
bool fingerprint_of_call(struct request *request, const char **ret_fingerprint,
                         struct error *error);

/* The one that calls had in former versions, by the body's bytes: for keys that are kept from
 * then. */
bool fingerprint_of_bytes(struct request *request, const char **ret_fingerprint,
                          struct error *error);
