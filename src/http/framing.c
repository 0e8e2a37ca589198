#include "http/framing.h"

#include <stdlib.h>
#include <string.h>

#include "base/text.h"

struct seen {
    unsigned lengths, encodings, hosts;
    const char *length, *encoding;
    bool has_bad_name, has_control;
};

static bool is_token(const char *name)
{
    static const char TOKEN[] = "!#$%&'*+-.^_`|~0123456789"
                                "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";
    return *name && !name[strspn(name, TOKEN)];
}

static bool has_control(const char *value)
{
    for (; *value; value++)
        if (((unsigned char)*value < ' ' && *value != '\t') || *value == 0x7F)
            return true;
    return false;
}

static enum MHD_Result look_at(void *context, enum MHD_ValueKind kind, const char *name,
                               const char *value)
{
    (void)kind;
    struct seen *seen = context;
    seen->has_bad_name |= !is_token(name);
    seen->has_control |= value && has_control(value);
    if (text_equal_nocase(name, MHD_HTTP_HEADER_CONTENT_LENGTH)) {
        seen->lengths++;
        seen->length = value;
    } else if (text_equal_nocase(name, MHD_HTTP_HEADER_TRANSFER_ENCODING)) {
        seen->encodings++;
        seen->encoding = value;
    } else if (text_equal_nocase(name, MHD_HTTP_HEADER_HOST)) {
        seen->hosts++;
    }
    return MHD_YES;
}

static const char *what_is_wrong(const struct seen *seen, const char *version)
{
    if (seen->has_bad_name)
        return "a header's name is not a token";
    if (seen->has_control)
        return "a header holds a control character";
    if (seen->lengths > 1 || seen->encodings > 1 || seen->hosts > 1)
        return "a header that may be there once is there twice";
    if (seen->lengths && seen->encodings)
        return "Content-Length and Transfer-Encoding exclude each other";
    if (seen->encodings && !text_equal_nocase(seen->encoding, "chunked"))
        return "chunked is the only Transfer-Encoding read here";
    if (seen->encodings && text_equal(version, MHD_HTTP_VERSION_1_0))
        return "HTTP/1.0 has no Transfer-Encoding";
    return NULL;
}

bool framing_read(struct MHD_Connection *mhd, const char *version, int64_t *ret_length,
                  struct error *error)
{
    struct seen seen = {0};
    MHD_get_connection_values(mhd, MHD_HEADER_KIND, look_at, &seen);
    *ret_length = -1;
    const char *wrong = what_is_wrong(&seen, version);
    if (wrong)
        return fail(error, ERROR_INVALID, "", "%s", wrong);
    /* libmicrohttpd has checked that it is a number that 64 bits hold. */
    unsigned long long length = seen.length ? strtoull(seen.length, NULL, 10) : 0;
    if (!seen.encodings)
        *ret_length = length > INT64_MAX ? INT64_MAX : (int64_t)length;
    return true;
}
