/* template_token.h - what in a text is a token, and what is only braces. */
#pragma once
#include <stdbool.h>
#include <stddef.h>

enum { TEMPLATE_TOKEN_BYTES = 64 };

struct template_token {
    char name[TEMPLATE_TOKEN_BYTES + 1];
    size_t size; /* in the text, with its braces */
};

/* At a brace: `{name}`, and `{{name}}` or `{{ name }}` for who is used to that; a name as below.
 * Everything else with braces (JSON, a rule of CSS) is no token. */
bool template_token_read(const char *text, struct template_token *ret_token);

/* At a brace that begins no token: whether what stands in it is nearly one, such as `{ name }`,
 * `{first name}` or `{{name}`: a person meant a token there, and no JSON or rule of CSS. ret_token:
 * as it is written, with its braces. */
bool template_token_is_near(const char *text, struct template_token *ret_token);

/* Letters, digits, `_`, `.`, `-`; at most 64; a letter or `_` first. */
bool template_token_is_name(const char *name);
