/* Which scopes are asked for, and which are enough. */
#include <string.h>
#include <strings.h>

#include "base/text.h"
#include "provider/oauth.h"

#define GMAIL "https://www.googleapis.com/auth/gmail."
#define ALL_OF_GMAIL "https://mail.google.com/"

enum { WAYS_MOST = 3 };

/* Any one of a row is enough; the first is the one that we ask for. */
static const struct need {
    enum provider_kind kind;
    const char *ways[WAYS_MOST + 1];
} NEEDS[] = {
    {PROVIDER_GMAIL, {GMAIL "modify", GMAIL "compose", ALL_OF_GMAIL}},  /* to send */
    {PROVIDER_GMAIL, {GMAIL "modify", GMAIL "readonly", ALL_OF_GMAIL}}, /* to settle */
    {PROVIDER_OUTLOOK, {"Mail.ReadWrite"}},                             /* drafts, and settling */
    {PROVIDER_OUTLOOK, {"Mail.Send"}},
};

const char *oauth_scopes(enum provider_kind kind)
{
    return kind == PROVIDER_GMAIL
               ? GMAIL "modify openid email"
               : "offline_access openid email User.Read Mail.ReadWrite Mail.Send";
}

/* Microsoft names a scope alone, or behind the URL of what it is for, in any case of letters. */
static bool is_scope(const char *granted, size_t size, const char *wanted)
{
    size_t length = strlen(wanted);
    if (size < length || strncasecmp(granted + size - length, wanted, length) != 0)
        return false;
    return size == length || granted[size - length - 1] == '/';
}

static bool is_granted(const char *granted, const char *wanted)
{
    while (*granted) {
        size_t size = strcspn(granted, " ");
        if (is_scope(granted, size, wanted))
            return true;
        granted += size + (granted[size] == ' ');
    }
    return false;
}

const char *oauth_missing_scope(enum provider_kind kind, const char *granted)
{
    for (size_t i = 0; granted && i < sizeof NEEDS / sizeof *NEEDS; i++) {
        const char *const *way = NEEDS[i].ways;
        while (*way && !is_granted(granted, *way))
            way++;
        if (NEEDS[i].kind == kind && !*way)
            return NEEDS[i].ways[0];
    }
    return NULL;
}
