/* moment.h - points in time: UTC milliseconds, and RFC 3339 as their spelling. */
#pragma once
#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/error.h"

typedef struct {
    int64_t ms; /* since 1970-01-01T00:00:00Z; 0 = not set */
} moment;

/* Reads an RFC 3339 date-time. The offset (Z or +hh:mm) is required: a time
 * without one is ERROR_INVALID, never "local" or "now". Years 1970 to 9999. */
bool moment_read(const char *text, moment *ret_moment, struct error *error);

/* 2026-05-20T14:10:00Z, with 0 or 3 digits of a second; "" when not set. */
const char *moment_text(moment when, int digits, struct arena *arena);
