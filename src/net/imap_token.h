/* imap_token.h - takes one response of an IMAP server apart, token by token (RFC 3501 4, 9).
 *
 * Everything is bounded by the response, which is in memory whole. */
#pragma once
#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"

enum imap_token_kind {
    IMAP_END, /* of the response, or what is no token */
    IMAP_OPEN,
    IMAP_CLOSE,
    IMAP_ATOM,    /* NIL, a number and a flag are atoms; BODY[...] is one to its last bracket */
    IMAP_QUOTED,  /* what stands between the quotes, still with its backslashes */
    IMAP_LITERAL, /* its bytes */
};

struct imap_token {
    enum imap_token_kind kind;
    struct bytes value;
};

struct imap_tokens { /* a response that is being read */
    const char *at, *end;
};

struct imap_token imap_token_next(struct imap_tokens *tokens);

bool imap_token_is(const struct imap_token *token, const char *atom); /* in any case */
bool imap_token_is_string(const struct imap_token *token); /* of whichever spelling; NIL is none */
/* Of a string or an atom: its text, without backslashes. NULL: a NUL is in it. */
const char *imap_token_text(const struct imap_token *token, struct arena *arena);
/* 1 to 4294967295, as UIDs are; 0: it is none. */
uint32_t imap_token_number(const struct imap_token *token);

/* Where a line ends with {123} or {123+}, so many bytes follow it that may be anything. False: it
 * does not. SIZE_MAX: more than anybody sends. */
bool imap_token_ends_in_literal(const char *line, size_t size, size_t *ret_literal);
