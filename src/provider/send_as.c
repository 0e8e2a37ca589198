#include "provider/send_as.h"

#include <string.h>

#include "base/text.h"
#include "provider/gmail_call.h"

enum { ADDRESS_BYTES = 320 };

struct entry {
    struct send_as address;
    const char *verification;
};

static const struct field ENTRY_FIELDS[] = {
    WEB_FIELD(struct entry, "sendAsEmail", address.email),
    WEB_FIELD(struct entry, "displayName", address.name),
    WEB_FIELD(struct entry, "replyToAddress", address.reply_to),
    WEB_FIELD(struct entry, "signature", address.signature_html),
    WEB_FIELD(struct entry, "isPrimary", address.is_primary),
    WEB_FIELD(struct entry, "isDefault", address.is_default),
    WEB_FIELD(struct entry, "verificationStatus", verification),
    {0},
};
static const struct schema ENTRY = SCHEMA(struct entry, ENTRY_FIELDS);

struct settings {
    struct list entries;
};
static const struct field SETTINGS_FIELDS[] = {
    WEB_FIELD(struct settings, "sendAs", entries, .items = &ENTRY),
    {0},
};
static const struct schema SETTINGS = SCHEMA(struct settings, SETTINGS_FIELDS);

static bool is_address(const char *text)
{
    return !text_is_empty(text) && strlen(text) <= ADDRESS_BYTES && strchr(text, '@') &&
           !text_has_control(text) && !strchr(text, ' ');
}

static struct list addresses_of(struct list entries, struct arena *arena)
{
    const struct entry *items = entries.items;
    struct send_as *addresses = arena_new(arena, struct send_as, entries.count);
    size_t count = 0;
    for (size_t i = 0; i < entries.count; i++) {
        struct send_as address = items[i].address;
        address.is_verified = address.is_primary || text_equal(items[i].verification, "accepted");
        if (is_address(address.email))
            addresses[count++] = address;
    }
    return (struct list){addresses, count};
}

static bool ask(struct web_mail *mail, struct settings *settings, struct web_answer *ret_answer)
{
    const struct web_call call = {
        .name = "sendAs.list",
        .method = "GET",
        .url = gmail_url(mail, "settings/sendAs", NULL),
    };
    return web_mail_ask(mail, &call, ret_answer) &&
           web_mail_read(mail, &call, &SETTINGS, settings, ret_answer);
}

bool send_as_list(struct provider_pool *pool, const struct account *account,
                  const struct credential *credential, struct arena *arena, struct list *ret_list,
                  struct error *error)
{
    const struct attempt attempt = {.account = account, .credential = *credential, .arena = arena};
    struct settings settings = {0};
    struct web_answer answer;
    if (account->provider != PROVIDER_GMAIL) {
        *ret_list = (struct list){0};
        return true;
    }
    struct web_mail mail = web_mail_open(pool, &attempt, &GMAIL_SERVICE);
    bool is_told = ask(&mail, &settings, &answer);
    web_mail_close(pool, &attempt, &mail);
    if (!is_told) {
        bool may_pass = web_mail_outcome(&answer).kind == OUTCOME_TRY_LATER;
        return fail(error, may_pass ? ERROR_UNAVAILABLE : ERROR_PROVIDER, "", "%s",
                    answer.sentence);
    }
    *ret_list = addresses_of(settings.entries, arena);
    return true;
}

const struct send_as *send_as_find(struct list addresses, const char *email)
{
    const struct send_as *items = addresses.items;
    for (size_t i = 0; i < addresses.count; i++)
        if (text_equal_nocase(items[i].email, email))
            return &items[i];
    return NULL;
}

const struct send_as *send_as_default(struct list addresses)
{
    const struct send_as *items = addresses.items, *primary = NULL;
    for (size_t i = 0; i < addresses.count; i++) {
        if (items[i].is_default)
            return &items[i];
        if (items[i].is_primary)
            primary = &items[i];
    }
    return primary;
}
