/* error.h - why something did not work, said once, where it went wrong.
 *
 * Fallible functions return bool and take `struct error *error` last.
 * A struct error is plain data: it owns nothing and can be copied. */
#pragma once
#include <stdbool.h>

enum error_code {
    ERROR_NONE,
    ERROR_INVALID,      /* the caller sent something wrong; see field */
    ERROR_UNAUTHORIZED, /* no token, or not one that holds */
    ERROR_FORBIDDEN,    /* the token lacks a scope */
    ERROR_NOT_FOUND,    /* field names the kind of thing: "draft", "account", ... */
    ERROR_METHOD,       /* the path exists, not with this method */
    ERROR_CONFLICT,     /* the thing exists, but its state forbids this */
    ERROR_STALE,        /* the caller's version is not the current one */
    ERROR_TOO_LARGE,
    ERROR_UNREADABLE,  /* it ended the process that was to read it, twice: parser/parser.h */
    ERROR_UNSUPPORTED, /* a Content-Type that is not read here */
    ERROR_MISMATCH,    /* an idempotency key was used with another payload */
    ERROR_TOO_MANY,
    ERROR_PROVIDER,    /* another mail server refused or failed */
    ERROR_UNAVAILABLE, /* try again later */
    ERROR_FULL,        /* no room on the disk */
    ERROR_INTERNAL,
    ERROR_TIMEOUT,          /* the request did not come in time */
    ERROR_TARGET_TOO_LONG,  /* of a request: its first line */
    ERROR_HEADER_TOO_LARGE, /* of a request: its fields */
    ERROR_NOT_IMPLEMENTED,  /* HTTP that is not spoken here */
    ERROR_VERSION,          /* of HTTP */
    ERROR_CODE_COUNT,
};

struct error {
    enum error_code code;
    char field[96];    /* path in the input, such as to[2], or "" */
    char message[320]; /* one sentence for a person */
};

/* Fills in error and returns false, so that a failure is one statement. */
bool fail(struct error *error, enum error_code code, const char *field, const char *format, ...)
    __attribute__((format(printf, 4, 5)));

/* The same, with the meaning of errno: a full disk is ERROR_FULL, one that cannot be written or
 * read and a lack of memory or descriptors ERROR_UNAVAILABLE, the rest ERROR_INTERNAL. */
bool fail_errno(struct error *error, const char *what);
