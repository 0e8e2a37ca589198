#include "net/imap_token.h"

#include <string.h>
#include <strings.h>

static struct imap_token of(enum imap_token_kind kind, const char *from, const char *to)
{
    return (struct imap_token){kind, {from, (size_t)(to - from)}};
}

static struct imap_token nothing(struct imap_tokens *tokens)
{
    tokens->at = tokens->end;
    return (struct imap_token){IMAP_END, {tokens->end, 0}};
}

static struct imap_token bracket(struct imap_tokens *tokens, enum imap_token_kind kind)
{
    tokens->at++;
    return of(kind, tokens->at - 1, tokens->at);
}

static struct imap_token quoted(struct imap_tokens *tokens)
{
    const char *from = tokens->at + 1, *at = from;
    while (at < tokens->end && *at != '"')
        at += *at == '\\' ? 2 : 1;
    if (at >= tokens->end)
        return nothing(tokens);
    tokens->at = at + 1;
    return of(IMAP_QUOTED, from, at);
}

static struct imap_token literal(struct imap_tokens *tokens)
{
    const char *line_end = memchr(tokens->at, '\n', (size_t)(tokens->end - tokens->at));
    size_t size = 0;
    if (!line_end ||
        !imap_token_ends_in_literal(tokens->at, (size_t)(line_end - tokens->at) + 1, &size))
        return nothing(tokens);
    const char *from = line_end + 1;
    if (size > (size_t)(tokens->end - from))
        return nothing(tokens);
    tokens->at = from + size;
    return of(IMAP_LITERAL, from, from + size);
}

static bool is_atom_end(char character, bool is_bracketed)
{
    return is_bracketed ? character == '\r' || character == '\n'
                        : (unsigned char)character <= ' ' || strchr("()\"{", character);
}

static struct imap_token atom(struct imap_tokens *tokens)
{
    const char *from = tokens->at, *at = from;
    bool is_bracketed = false;
    for (; at < tokens->end && !is_atom_end(*at, is_bracketed); at++)
        is_bracketed = *at == '[' || (is_bracketed && *at != ']');
    if (at == from)
        return nothing(tokens);
    tokens->at = at;
    return of(IMAP_ATOM, from, at);
}

struct imap_token imap_token_next(struct imap_tokens *tokens)
{
    while (tokens->at < tokens->end && *tokens->at == ' ')
        tokens->at++;
    if (tokens->at >= tokens->end)
        return nothing(tokens);
    switch (*tokens->at) {
    case '(': return bracket(tokens, IMAP_OPEN);
    case ')': return bracket(tokens, IMAP_CLOSE);
    case '"': return quoted(tokens);
    case '{': return literal(tokens);
    default: return atom(tokens);
    }
}

bool imap_token_is(const struct imap_token *token, const char *atom)
{
    return token->kind == IMAP_ATOM && token->value.size == strlen(atom) &&
           strncasecmp(token->value.data, atom, token->value.size) == 0;
}

bool imap_token_is_string(const struct imap_token *token)
{
    return token->kind == IMAP_QUOTED || token->kind == IMAP_LITERAL;
}

const char *imap_token_text(const struct imap_token *token, struct arena *arena)
{
    const char *value = token->value.data;
    size_t size = token->value.size, used = 0;
    if (memchr(value, '\0', size))
        return NULL;
    char *text = arena_copy_bytes(arena, value, size);
    for (size_t i = 0; i < size; i++) {
        if (token->kind == IMAP_QUOTED && value[i] == '\\')
            i++;
        text[used++] = value[i];
    }
    text[used] = '\0';
    return text;
}

/* UINT64_MAX: no number, or one of more than ten digits. */
static uint64_t read_digits(const char *digits, size_t size)
{
    uint64_t number = 0;
    if (!size || size > 10)
        return UINT64_MAX;
    for (size_t i = 0; i < size; i++) {
        if (digits[i] < '0' || digits[i] > '9')
            return UINT64_MAX;
        number = number * 10 + (uint64_t)(digits[i] - '0');
    }
    return number;
}

uint32_t imap_token_number(const struct imap_token *token)
{
    uint64_t number = read_digits(token->value.data, token->value.size);
    return token->kind == IMAP_ATOM && number <= UINT32_MAX ? (uint32_t)number : 0;
}

bool imap_token_ends_in_literal(const char *line, size_t size, size_t *ret_literal)
{
    while (size && (line[size - 1] == '\n' || line[size - 1] == '\r'))
        size--;
    const char *brace = memrchr(line, '{', size);
    if (!brace || line[size - 1] != '}')
        return false;
    const char *digits = brace + 1, *end = line + size - 1;
    if (end > digits && end[-1] == '+')
        end--;
    *ret_literal = read_digits(digits, (size_t)(end - digits));
    return *ret_literal != UINT64_MAX || end - digits > 10;
}
