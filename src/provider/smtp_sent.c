#include "provider/smtp_sent.h"

#include <string.h>
#include <strings.h>

#include "base/text.h"
#include "net/imap.h"
#include "provider/providers.h"
#include "provider/sent_folder.h"

struct look { /* into the Sent folders of one mailbox */
    const struct email *email;
    const char *host;
    struct imap *imap;
    struct arena *arena;
    const char *folders[SENT_FOLDERS_MOST];
    size_t count;
    const char *found_in;   /* a folder; NULL: not found */
    const char *message_id; /* of the mail that was found */
};

bool smtp_sent_is_there(const struct account *account)
{
    return account->imap_host;
}

static struct imap_server server_of(const struct provider_settings *settings,
                                    const struct account *account,
                                    const struct credential *credential)
{
    static const enum imap_security SECURITY[] = {
        [SECURITY_TLS] = IMAP_TLS,
        [SECURITY_STARTTLS] = IMAP_STARTTLS,
        [SECURITY_NONE] = IMAP_PLAIN,
    };
    return (struct imap_server){
        .host = account->imap_host,
        .port = account->imap_port,
        .security = SECURITY[account->imap_security],
        .username = text_or(account->imap_username, account->smtp_username),
        .password = text_or(credential->imap_password, credential->password),
        .trust = {.ca_file = settings->ca_file,
                  .ca_pem = account->tls_ca_pem,
                  .fingerprints = account->tls_fingerprint},
        .allow_private = settings->allow_private_hosts,
        .connect_timeout_ms = settings->connect_timeout_ms,
        .total_timeout_ms = settings->imap_timeout_ms,
    };
}

bool smtp_sent_check(const struct provider_settings *settings, const struct account *account,
                     const struct credential *credential, struct arena *arena, struct error *error)
{
    struct error why = {0};
    struct imap_server server = server_of(settings, account, credential);
    AUTO_IMAP imap = imap_open(&server, arena, &why);
    if (!imap && why.code == ERROR_INVALID)
        return fail(error, why.code, arena_format(arena, "imap.%s", why.field), "%s", why.message);
    return imap || fail(error, why.code, "", "imap.%s: %s", why.field, why.message);
}

static bool choose_folders(struct look *look, struct error *error)
{
    struct list found;
    if (!imap_list(look->imap, &found, error))
        return false;
    look->count = sent_folder_choose(found, look->folders);
    return true;
}

static const char *next_line(const char *line)
{
    const char *end = strchr(line, '\n');
    return end ? end + 1 : line + strlen(line);
}

/* NULL: there is no such field. */
static const char *field_of(const char *head, const char *name, struct arena *arena)
{
    size_t size = strlen(name);
    for (const char *line = head; *line; line = next_line(line)) {
        if (strncasecmp(line, name, size) != 0 || line[size] != ':')
            continue;
        const char *value = line + size + 1, *end = next_line(line);
        while (*end == ' ' || *end == '\t') /* the field goes on */
            end = next_line(end);
        return text_trim(arena_copy_bytes(arena, value, (size_t)(end - value)), arena);
    }
    return NULL;
}

/* A mail with our reference is ours even under another Message-ID, and one with another reference
 * is not, for a Message-ID may come from whoever handed the mail in. */
static bool is_ours(const struct look *look, const char *head)
{
    const char *reference = field_of(head, EMAIL_REFERENCE_HEADER, look->arena);
    return reference ? text_equal(reference, look->email->id)
                     : text_equal(field_of(head, "Message-ID", look->arena),
                                  text_or(look->email->message_id, ""));
}

static bool is_message_id(const char *text)
{
    return imap_is_plain(text) && *text == '<' && text[strlen(text) - 1] == '>';
}

static void compare(struct look *look, const char *folder, const struct list *heads)
{
    const char *const *items = heads->items;
    for (size_t i = 0; i < heads->count && !look->found_in; i++) {
        if (!is_ours(look, items[i]))
            continue;
        const char *message_id = field_of(items[i], "Message-ID", look->arena);
        look->found_in = folder;
        look->message_id = is_message_id(message_id) ? message_id : look->email->message_id;
    }
}

/* Servers find every mail that has the value somewhere in the field, and some find what they like:
 * so each is read. */
static bool search_for(struct look *look, const char *folder, const char *field, const char *value,
                       struct error *error)
{
    struct imap_uids uids;
    struct list heads;
    if (look->found_in || !imap_is_plain(value))
        return true;
    if (!imap_search(look->imap, field, value, &uids, error) ||
        !imap_fetch_fields(look->imap, &uids, "MESSAGE-ID " EMAIL_REFERENCE_HEADER, &heads, error))
        return false;
    compare(look, folder, &heads);
    return true;
}

/* What one search or folder refuses, another may tell all the same. */
static bool look_through(struct look *look, struct error *error)
{
    bool is_complete = true;
    for (size_t i = 0; i < look->count && !look->found_in; i++) {
        const char *folder = look->folders[i];
        if (!imap_examine(look->imap, folder, error)) {
            is_complete = false;
            continue;
        }
        is_complete &= search_for(look, folder, "Message-ID", look->email->message_id, error);
        is_complete &= search_for(look, folder, EMAIL_REFERENCE_HEADER, look->email->id, error);
    }
    return is_complete || look->found_in;
}

/* "Sent" and "Sent Items" */
static const char *names_of(const struct look *look)
{
    const char *names = "";
    for (size_t i = 0; i < look->count; i++) {
        const char *name = text_or(look->folders[i], "");
        names = arena_format(look->arena, "%s%s\"%s\"", names, i ? " and " : "",
                             text_clean(name, strlen(name), look->arena));
    }
    return names;
}

static struct probe probe_of(const struct look *look)
{
    struct probe probe = {.kind = PROBE_ASK_AGAIN};
    if (look->found_in) {
        probe.kind = PROBE_SENT;
        probe.reason = arena_format(look->arena, "it is in the folder \"%s\" at %s",
                                    text_clean(look->found_in, strlen(look->found_in), look->arena),
                                    look->host);
        probe.message_id = probe.provider_message_id = look->message_id;
    } else if (look->count)
        probe.reason = arena_format(look->arena,
                                    "it is not in the folder %s at %s, which does not prove that "
                                    "it was not sent",
                                    names_of(look), look->host);
    else
        probe.reason = arena_format(look->arena, "%s has no folder of sent mail to look into",
                                    look->host);
    return probe;
}

void smtp_sent_probe(struct provider_pool *pool, const struct attempt *attempt, int64_t asked,
                     struct probe *ret_probe)
{
    (void)asked; /* its mail comes into the folder at once, late or never: it is looked for again */
    struct error error = {0};
    struct arena *arena = attempt->arena;
    struct imap_server server = server_of(provider_pool_settings(pool), attempt->account,
                                          &attempt->credential);
    AUTO_IMAP imap = imap_open(&server, arena, &error);
    struct look look = {
        .email = attempt->email,
        .host = server.host,
        .imap = imap,
        .arena = arena,
    };
    if (imap && choose_folders(&look, &error) && look_through(&look, &error))
        *ret_probe = probe_of(&look);
    else
        *ret_probe = (struct probe){
            .kind = PROBE_ASK_AGAIN,
            .reason = arena_format(arena, "its Sent folder could not be looked into: %s",
                                   error.message),
            .is_silent = true,
        };
}
