/* notice_key.h - the secret that a subscriber and we share: "whsec_" and base64. */
#pragma once
#include <stdbool.h>

#include "base/arena.h"
#include "base/error.h"

/* A new one, as the subscriber is shown it. */
const char *notice_key_new(struct arena *arena);

/* The bytes that sign. ERROR_INTERNAL when it is none. */
bool notice_key_read(const char *secret, struct arena *arena, struct bytes *ret_key,
                     struct error *error);
