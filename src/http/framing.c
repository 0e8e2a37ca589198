#include "http/framing.h"

#include <string.h>

#include "base/text.h"

/* Fields that may be there once. */
enum { FRAMING_LENGTH, FRAMING_ENCODING, FRAMING_HOST, FRAMING_FIELDS };
static const char *const FRAMING_NAMES[FRAMING_FIELDS] = {"Content-Length", "Transfer-Encoding",
                                                          "Host"};

static bool framing_find(const struct head *head, const char *ret_values[FRAMING_FIELDS],
                         struct error *error)
{
    for (size_t i = 0; i < head->field_count; i++)
        for (size_t name = 0; name < FRAMING_FIELDS; name++) {
            if (!text_equal_nocase(head->fields[i].name, FRAMING_NAMES[name]))
                continue;
            if (ret_values[name])
                return fail(error, ERROR_INVALID, "", "the header %s may be there once",
                            FRAMING_NAMES[name]);
            ret_values[name] = head->fields[i].value;
        }
    return true;
}

/* Enough to know that no two readers see another host in it. */
static bool framing_check_host(const struct head *head, const char *host, struct error *error)
{
    static const char HOST[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
                               "-._~%!$&'()*+;=:[]";
    if (!host)
        return !head->minor || fail(error, ERROR_INVALID, "", "HTTP/1.1 needs the header Host");
    return !host[strspn(host, HOST)] ||
           fail(error, ERROR_INVALID, "", "the header Host must be a host, and maybe a port");
}

/* What 63 bits do not hold is over every limit. */
static bool framing_read_length(const char *text, int64_t *ret_length, struct error *error)
{
    int64_t length = 0;
    if (!*text || text[strspn(text, "0123456789")])
        return fail(error, ERROR_INVALID, "", "the header Content-Length must be one number");
    for (; *text; text++)
        if (__builtin_mul_overflow(length, 10, &length) ||
            __builtin_add_overflow(length, *text - '0', &length)) {
            length = INT64_MAX;
            break;
        }
    *ret_length = length;
    return true;
}

static bool framing_check_encoding(const struct head *head, const char *encoding,
                                   struct error *error)
{
    if (!head->minor)
        return fail(error, ERROR_INVALID, "", "HTTP/1.0 has no Transfer-Encoding");
    if (text_equal_nocase(encoding, "chunked"))
        return true;
    bool is_only_chunked = !encoding[strspn(encoding, "chunkedCHUNKED, \t")];
    return is_only_chunked && strchr(encoding, ',')
               ? fail(error, ERROR_INVALID, "", "a body is chunked once")
               : fail(error, *encoding ? ERROR_NOT_IMPLEMENTED : ERROR_INVALID, "",
                      "chunked is the only Transfer-Encoding that is read here");
}

static bool framing_keeps_alive(const struct head *head)
{
    if (head_lists(head, "Connection", "close"))
        return false;
    return head->minor || head_lists(head, "Connection", "keep-alive");
}

bool framing_read(const struct head *head, struct framing *ret_framing, struct error *error)
{
    const char *values[FRAMING_FIELDS] = {0};
    struct framing framing = {
        .keeps_alive = framing_keeps_alive(head),
        .waits_to_send = head->minor && head_lists(head, "Expect", "100-continue"),
    };
    if (!framing_find(head, values, error) ||
        !framing_check_host(head, values[FRAMING_HOST], error))
        return false;
    const char *length = values[FRAMING_LENGTH], *encoding = values[FRAMING_ENCODING];
    if (length && encoding)
        return fail(error, ERROR_INVALID, "",
                    "Content-Length and Transfer-Encoding exclude each other");
    if (encoding && !framing_check_encoding(head, encoding, error))
        return false;
    if (length && !framing_read_length(length, &framing.length, error))
        return false;
    if (encoding)
        framing.length = -1;
    *ret_framing = framing;
    return true;
}
