/* Whose mailbox an access token opens: Gmail's profile, Graph's /me. */
#include <string.h>

#include "base/text.h"
#include "provider/oauth_call.h"
#include "json/json.h"

enum { OK = 200, NOT_FOUND = 404, ADDRESS_BYTES = 320 };

struct fault {
    const char *message;
};
static const struct field FAULT_FIELDS[] = {FIELD(struct fault, message, .use = STORED), {0}};
static const struct schema FAULT = SCHEMA(struct fault, FAULT_FIELDS);

struct alias {
    const char *address;
    bool is_primary;
};
static const struct field ALIAS_FIELDS[] = {
    {.name = "sendAsEmail",
     .kind = KIND_TEXT,
     .offset = offsetof(struct alias, address),
     .use = STORED},
    {.name = "isPrimary",
     .kind = KIND_BOOL,
     .offset = offsetof(struct alias, is_primary),
     .use = STORED},
    {0},
};
static const struct schema ALIAS = SCHEMA(struct alias, ALIAS_FIELDS);

struct profile {
    const char *gmail_address;
    struct list gmail_aliases; /* of struct alias */
    const char *graph_mail, *graph_name;
    struct fault error; /* of both, instead */
};
#define NAMED(key, member) \
    { \
        .name = key, .kind = KIND_TEXT, .offset = offsetof(struct profile, member), .use = STORED \
    }
static const struct field PROFILE_FIELDS[] = {
    NAMED("emailAddress", gmail_address),
    {.name = "sendAs",
     .kind = KIND_LIST,
     .offset = offsetof(struct profile, gmail_aliases),
     .use = STORED,
     .items = &ALIAS},
    NAMED("mail", graph_mail),
    NAMED("userPrincipalName", graph_name),
    OBJECT_FIELD("error", offsetof(struct profile, error), &FAULT, .use = STORED),
    {0},
};
static const struct schema PROFILE = SCHEMA(struct profile, PROFILE_FIELDS);

static const char *primary_of(struct list aliases)
{
    const struct alias *alias = aliases.items;
    for (size_t i = 0; i < aliases.count; i++)
        if (alias[i].is_primary)
            return alias[i].address;
    return NULL;
}

/* The name of whoever signs in is an address only where he has a mailbox by it. */
static const char *address_in(const struct profile *profile, enum provider_kind kind)
{
    const char *address = kind == PROVIDER_GMAIL
                              ? text_or(profile->gmail_address, primary_of(profile->gmail_aliases))
                          : text_is_empty(profile->graph_mail) ? profile->graph_name
                                                               : profile->graph_mail;
    bool is_address = !text_is_empty(address) && strlen(address) <= ADDRESS_BYTES &&
                      strchr(address, '@') && !text_has_control(address) && !strchr(address, ' ');
    return is_address ? address : NULL;
}

struct question {
    const struct provider_settings *settings;
    enum provider_kind kind;
    const char *access_token;
    struct arena *arena;
};

static bool fail_unknown(const struct question *question, const char *why, struct error *error)
{
    return fail(error, ERROR_PROVIDER, "", "%s did not say whose mailbox it is%s%s",
                question->kind == PROVIDER_GMAIL ? "Gmail" : "Microsoft Graph", why ? ": " : "",
                text_or(why, ""));
}

/* ret_status: 0 when there was no whole reply. */
static bool ask(const struct question *question, const char *url, int64_t *ret_status,
                const char **ret_address, struct error *error)
{
    const struct url_pair secrets[] = {{"access_token", question->access_token, .is_secret = true},
                                       {0}};
    struct http_result result;
    struct profile profile = {0};
    struct error ignored;
    *ret_status = 0;
    if (!oauth_call_get(question->settings, url, question->access_token, question->arena, &result))
        return fail_unknown(question, text_or(result.message, "its answer is too long"), error);
    bool is_read = json_read(result.body, &PROFILE, STORED, question->arena, &profile, NULL,
                             &ignored);
    const char *said = oauth_quote(is_read ? profile.error.message : NULL, secrets,
                                   question->arena);
    *ret_status = result.status;
    if (result.status != OK)
        return fail_unknown(question,
                            arena_format(question->arena, "status %lld%s%s",
                                         (long long)result.status, said ? ", " : "",
                                         text_or(said, "")),
                            error);
    *ret_address = is_read ? address_in(&profile, question->kind) : NULL;
    return *ret_address || fail_unknown(question, NULL, error);
}

/* Whoever imitates Gmail may have no profile; its settings name the address too. */
static bool ask_gmail(const struct question *question, const char **ret_address,
                      struct error *error)
{
    const char *me = arena_format(question->arena, "%s/gmail/v1/users/me",
                                  question->settings->gmail_url);
    int64_t status;
    return ask(question, arena_format(question->arena, "%s/profile", me), &status, ret_address,
               error) ||
           (status == NOT_FOUND &&
            ask(question, arena_format(question->arena, "%s/settings/sendAs", me), &status,
                ret_address, error));
}

bool oauth_address(const struct provider_settings *settings, enum provider_kind kind,
                   const char *access_token, struct arena *arena, const char **ret_address,
                   struct error *error)
{
    static const struct url_pair FIELDS[] = {{"$select", "mail,userPrincipalName"}, {0}};
    const struct question question = {settings, kind, access_token, arena};
    const char *address = NULL;
    int64_t status;
    bool is_known = kind == PROVIDER_GMAIL
                        ? ask_gmail(&question, &address, error)
                        : ask(&question,
                              url_form_append(arena_format(arena, "%s/me", settings->graph_url),
                                              FIELDS, arena),
                              &status, &address, error);
    if (is_known)
        *ret_address = address;
    return is_known;
}
