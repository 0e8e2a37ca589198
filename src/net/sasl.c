#include "net/sasl.h"

#include <string.h>

#include "base/hmac_md5.h"
#include "base/text.h"

typedef const char *sasl_say(const struct sasl_credentials *credentials, const char *challenge,
                             struct arena *arena);

static const char *sasl_text(const char *text, struct arena *arena)
{
    return text_base64(text, strlen(text), arena);
}

/* RFC 4616; nobody but the user is acted for. */
static const char *sasl_plain(const struct sasl_credentials *credentials, const char *challenge,
                              struct arena *arena)
{
    (void)challenge;
    size_t user = strlen(credentials->username), password = strlen(credentials->password);
    char *message = arena_alloc(arena, user + password + 2);
    memcpy(message + 1, credentials->username, user);
    memcpy(message + user + 2, credentials->password, password);
    return text_base64(message, user + password + 2, arena);
}

static const char *sasl_user(const struct sasl_credentials *credentials, const char *challenge,
                             struct arena *arena)
{
    (void)challenge;
    return sasl_text(credentials->username, arena);
}

static const char *sasl_password(const struct sasl_credentials *credentials, const char *challenge,
                                 struct arena *arena)
{
    (void)challenge;
    return sasl_text(credentials->password, arena);
}

/* RFC 2195; NULL where the challenge is no base64. */
static const char *sasl_digest(const struct sasl_credentials *credentials, const char *challenge,
                               struct arena *arena)
{
    struct base64_reader reader = {0};
    size_t size = strlen(challenge), decoded = 0, rest = 0;
    unsigned char *text = arena_alloc(arena, size / 4 * 3 + 6);
    if (!base64_read(&reader, challenge, size, text, &decoded) ||
        !base64_finish(&reader, text + decoded, &rest))
        return NULL;
    struct bytes key = {credentials->password, strlen(credentials->password)};
    return sasl_text(arena_format(arena, "%s %s", credentials->username,
                                  hmac_md5(key, (struct bytes){text, decoded + rest}, arena)),
                     arena);
}

static const char *sasl_token(const struct sasl_credentials *credentials, const char *challenge,
                              struct arena *arena)
{
    (void)challenge;
    return sasl_text(arena_format(arena, "user=%s\001auth=Bearer %s\001\001", credentials->username,
                                  credentials->bearer_token),
                     arena);
}

enum { SASL_STEPS_MOST = 2 };

static const struct {
    bool has_initial; /* the first answer may stand in AUTH itself */
    bool is_hashed;
    sasl_say *answers[SASL_STEPS_MOST];
} SASL[] = {
    [SASL_PLAIN] = {.has_initial = true, .answers = {sasl_plain}},
    [SASL_LOGIN] = {.answers = {sasl_user, sasl_password}},
    [SASL_CRAM_MD5] = {.is_hashed = true, .answers = {sasl_digest}},
    [SASL_XOAUTH2] = {.has_initial = true, .answers = {sasl_token}},
};

const char *const SASL_NAMES[] = {
    [SASL_PLAIN] = "PLAIN",
    [SASL_LOGIN] = "LOGIN",
    [SASL_CRAM_MD5] = "CRAM-MD5",
    [SASL_XOAUTH2] = "XOAUTH2",
    NULL,
};

const char *sasl_initial(enum sasl_mechanism mechanism, const struct sasl_credentials *credentials,
                         struct arena *arena)
{
    return SASL[mechanism].has_initial ? SASL[mechanism].answers[0](credentials, "", arena) : NULL;
}

const char *sasl_answer(enum sasl_mechanism mechanism, const struct sasl_credentials *credentials,
                        unsigned asked, const char *challenge, struct arena *arena)
{
    if (asked >= SASL_STEPS_MOST || !SASL[mechanism].answers[asked])
        return NULL;
    return SASL[mechanism].answers[asked](credentials, challenge, arena);
}

bool sasl_is_hashed(enum sasl_mechanism mechanism)
{
    return SASL[mechanism].is_hashed;
}

bool sasl_has_initial(enum sasl_mechanism mechanism)
{
    return SASL[mechanism].has_initial;
}
