#include "config.h"

#include <string.h>

#include "base/text.h"
#include "config_spelling.h"
#include "model/identity.h"

enum { DAY = 86400, MONTH = 30 * DAY, KIB = 1024, MIB = 1024 * KIB, GIB = 1024 * MIB };

static const char PREFIX[] = "OUTTRAY_";
static const char FILE_NAME[] = "outtray.conf";
static const char *const LOG_LEVEL_NAMES[] = {"debug", "info", "warning", "error", NULL};
static const char *const OAUTH_COMPLETION_NAMES[] = {"required", "automatic", NULL};
static const char *const LOG_FORM_NAMES[] = {"logfmt", "json", NULL};
static const char *const PROXY_PROTOCOL_NAMES[] = {"no", "v2", NULL};

/* clang-format off */
#define SETTING(member, ...) FIELD(struct config, member, __VA_ARGS__)
#define SECONDS(member, ...) SETTING(member, .spelling = &SECONDS_SPELLING, __VA_ARGS__)
#define BYTES(member, ...) SETTING(member, .spelling = &BYTES_SPELLING, __VA_ARGS__)

static const struct field CONFIG_FIELDS[] = {
    SETTING(data, .use = REQUIRED, .preset = "./var", .spelling = &LINE_SPELLING, .max = 3000,
            .about = "folder of the database, the key, the attachments"),
    SETTING(listen, .use = REQUIRED, .preset = "127.0.0.1:8025", .spelling = &LISTEN_SPELLING,
            .about = "address and port of the API; port 0: any free one"),
    SETTING(public_url, .spelling = &URL_SPELLING,
            .about = "how others reach the API; otherwise http:// and listen"),
    SETTING(metrics_listen, .spelling = &LISTEN_SPELLING,
            .about = "address and port of /metrics alone; otherwise it is where the API is"),
    SETTING(user, .spelling = &LINE_SPELLING, .max = 32,
            .about = "whom to become, when root starts it"),
    SETTING(confine, .preset = "true",
            .about = "give up files and system calls that are not needed"),
    SETTING(http_threads, .preset = "2", .min = 1, .max = 64,
            .about = "threads that read requests and write replies"),
    SETTING(http_workers, .preset = "64", .min = 1, .max = 1024,
            .about = "requests that are handled at the same time"),
    SETTING(large_workers, .preset = "2", .min = 1, .max = 1024,
            .about = "how many of them may have a large body"),
    SETTING(reply_places, .preset = "2", .min = 1, .max = 1024,
            .about = "replies of more than 1 MiB that are composed at the same time"),
    BYTES(reply_limit, .preset = "256M", .min = MIB, .max = (size_t)1024 * GIB,
            .about = "disk for replies that one organization's clients have not read yet"),
    BYTES(reply_total_limit, .preset = "1G", .min = MIB, .max = (size_t)1024 * GIB,
            .about = "the same of all organizations together"),
    SECONDS(reply_wait, .preset = "15s", .max = 3600,
            .about = "how long a large reply waits for its turn and for this disk; then 503"),
    SETTING(connection_limit, .preset = "1024", .min = 1, .max = 100000,
            .about = "open connections in all"),
    SETTING(connections_per_address, .preset = "256", .min = 1, .max = 100000,
            .about = "open connections from one IP address; behind a trusted proxy: requests under way"),
    SETTING(trusted_proxies, .spelling = &NETWORKS_SPELLING, .max = 3000,
            .about = "proxies whose word for the client's address counts (X-Forwarded-For), such as "
                     "127.0.0.1 10.0.0.0/8; otherwise nobody's"),
    NAME_FIELD(struct config, proxy_protocol, PROXY_PROTOCOL_NAMES, .preset = "no",
            .about = "v2: trusted_proxies begin each connection with a PROXY protocol header"),
    SETTING(cors_origins, .spelling = &ORIGINS_SPELLING, .max = 3000,
            .about = "origins of web pages that may call this server from a browser, such as "
                     "https://app.example.com; *: any; otherwise none"),
    SETTING(waiting_per_token, .preset = "8", .min = 1, .max = 100000,
            .about = "requests of one token that wait for events at the same time"),
    SECONDS(header_timeout, .preset = "10s", .min = 1, .max = 3600,
            .about = "until the header of a request has come"),
    SECONDS(idle_timeout, .preset = "30s", .min = 1, .max = DAY,
            .about = "a connection that says nothing so long is closed"),
    BYTES(header_limit, .preset = "16K", .min = 4096, .max = MIB,
            .about = "largest header of a request"),
    BYTES(body_limit, .preset = "50M", .min = KIB, .max = GIB,
            .about = "largest body of a request"),
    BYTES(attachment_limit, .preset = "25M", .max = GIB,
            .about = "all attachments of one mail together"),
    BYTES(upload_limit, .preset = "50M", .min = 1, .max = GIB,
            .about = "largest file of an upload"),
    SETTING(recipient_limit, .preset = "500", .min = 1, .max = 10000,
            .about = "to, cc and bcc of one mail together"),
    SETTING(requests_per_minute, .preset = "6000", .max = TOKEN_REQUESTS_PER_MINUTE_MOST,
            .about = "requests of one token that has no number of its own; 0: any number"),
    BYTES(quota_stored_bytes, .preset = "10G", .max = INT64_MAX,
            .about = "what one organization may store: mail, files, templates; 0: any amount"),
    SETTING(quota_waiting_emails, .preset = "100000", .max = INT64_MAX,
            .about = "emails of one organization that are planned or on their way; 0: any number"),
    SETTING(quota_templates, .preset = "1000", .max = INT64_MAX,
            .about = "templates of one organization; 0: any number"),
    SETTING(quota_contexts, .preset = "100000", .max = INT64_MAX,
            .about = "contexts of one organization; 0: any number"),
    SETTING(quota_tokens, .preset = "1000", .max = INT64_MAX,
            .about = "tokens of one organization that hold; 0: any number"),
    SETTING(quota_mailboxes, .preset = "10000", .max = INT64_MAX,
            .about = "connected mailboxes of one organization; 0: any number"),
    SECONDS(send_wait, .preset = "25s", .max = 3600,
            .about = "how long a request waits for its mail to be sent"),
    SECONDS(drain_timeout, .preset = "30s", .max = 3600,
            .about = "how long requests under way get when the server stops"),
    SETTING(first_try_decides, .preset = "false",
            .about = "a mail that cannot leave at its first try has failed, and a send answers 502 to "
                     "that and to an outcome nobody knows; otherwise it is tried again, and 202"),
    SECONDS(give_up_after, .preset = "3d", .min = 1, .max = MONTH,
            .about = "how long a mail is tried in vain before it has failed"),
    SETTING(delivery_threads, .preset = "64", .min = 1, .max = 1024,
            .about = "mails that leave at the same time"),
    SETTING(sends_per_mailbox, .preset = "3", .min = 1, .max = 100,
            .about = "how many of them from one mailbox"),
    SECONDS(smtp_connect_timeout, .preset = "30s", .min = 1, .max = 3600,
            .about = "until an SMTP server is connected"),
    SECONDS(smtp_reply_timeout, .preset = "10m", .min = 1, .max = 3600,
            .about = "until an SMTP server has answered a command"),
    SECONDS(imap_timeout, .preset = "30s", .min = 1, .max = 600,
            .about = "until an IMAP server has told whether a mail is in its Sent folder"),
    SETTING(smtp_hello_name, .max = 253,
            .about = "name in EHLO; otherwise the host's"),
    SETTING(tls_ca_file, .max = 3000,
            .about = "PEM file of authorities to trust beside the system's"),
    SETTING(tls_ca_file_alone, .preset = "false",
            .about = "trust those in tls_ca_file instead of the system's"),
    SETTING(keep_raw_mail, .preset = "true",
            .about = "keep mail that comes in byte for byte as it came, beside what was read of it"),
    SETTING(allow_plain_smtp, .preset = "false",
            .about = "let mail and passwords travel to other machines in the clear"),
    SETTING(allow_private_mail_hosts, .preset = "false",
            .about = "let the SMTP and IMAP servers of mailboxes be this machine and its network"),
    SETTING(fetch_threads, .preset = "16", .min = 1, .max = 256,
            .about = "mails whose attachments are fetched from URLs at the same time; one "
                     "organization has half of them"),
    SECONDS(fetch_wait, .preset = "10s", .max = 600,
            .about = "how long a request waits for its turn to fetch"),
    SECONDS(fetch_timeout, .preset = "30s", .min = 1, .max = 600,
            .about = "for all attachments of a mail that are given by their URL"),
    SETTING(allow_private_addresses, .preset = "false",
            .about = "let these URLs, and those of webhooks, lead to this machine and its network"),
    SETTING(webhook_threads, .preset = "32", .min = 1, .max = 256,
            .about = "webhook calls at the same time; one organization has half of them, one webhook a quarter"),
    SETTING(webhook_pauses, .use = REQUIRED, .preset = "5s 5m 30m 2h 5h 10h 14h 20h 24h",
            .spelling = &PAUSES_SPELLING, .max = 200,
            .about = "before each further attempt; then a webhook is switched off"),
    SECONDS(download_link_lifetime, .preset = "1h", .min = 1, .max = MONTH,
            .about = "how long a signed link to a file holds"),
    SECONDS(blob_grace, .preset = "1d", .min = 600, .max = MONTH,
            .about = "how long attachments that nothing uses any more are kept"),
    SETTING(model_url, .spelling = &URL_SPELLING, .max = 3000,
            .about = "chat completions of a language model, the whole URL; otherwise none is asked"),
    SETTING(model_key, .use = SECRET, .spelling = &LINE_SPELLING, .max = 3000,
            .about = "bearer token for it"),
    SETTING(model_name, .spelling = &LINE_SPELLING, .max = 200,
            .about = "which of its models"),
    SECONDS(model_timeout, .preset = "20s", .min = 1, .max = 600,
            .about = "until it has answered"),
    SETTING(parser_processes, .preset = "4", .min = 1, .max = 64,
            .about = "processes that read what strangers wrote; made when they are needed"),
    SECONDS(parser_timeout, .preset = "20s", .min = 1, .max = 600,
            .about = "a mail that takes one of them longer ends it"),
    BYTES(parser_memory, .preset = "512M", .min = 64 * MIB, .max = 64LL * GIB,
            .about = "memory that one of them may take"),
    SETTING(console_url, .spelling = &BASE_SPELLING, .max = 3000,
            .about = "where the console is, for whoever comes back from a sign-in; otherwise "
                     "public_url"),
    NAME_FIELD(struct config, oauth_completion, OAUTH_COMPLETION_NAMES, .preset = "required",
            .about = "required: only the user who began a sign-in completes it; automatic: "
                     "whoever's browser comes back from it, which docs/security.md warns of"),
    SECONDS(web_timeout, .preset = "5m", .min = 1, .max = 3600,
            .about = "for one call to Gmail or Outlook, the upload of a mail included"),
    SETTING(gmail_api_url, .use = REQUIRED, .preset = "https://gmail.googleapis.com",
            .spelling = &GMAIL_SPELLING, .max = 3000,
            .about = "base of Gmail's API"),
    SETTING(google_authorize_url, .use = REQUIRED, .spelling = &URL_SPELLING, .max = 3000,
            .preset = "https://accounts.google.com/o/oauth2/v2/auth",
            .about = "Google's page of consent"),
    SETTING(google_token_url, .use = REQUIRED, .spelling = &URL_SPELLING, .max = 3000,
            .preset = "https://oauth2.googleapis.com/token",
            .about = "where Google gives tokens"),
    SETTING(google_client_id, .spelling = &LINE_SPELLING, .max = 1000,
            .about = "as whom Google knows this server; otherwise no Gmail mailbox can be connected"),
    SETTING(google_client_secret, .use = SECRET, .spelling = &LINE_SPELLING, .max = 1000,
            .about = "secret for it"),
    SETTING(graph_api_url, .use = REQUIRED, .preset = "https://graph.microsoft.com/v1.0",
            .spelling = &GRAPH_SPELLING, .max = 3000,
            .about = "base of Microsoft Graph"),
    SETTING(microsoft_authorize_url, .use = REQUIRED, .spelling = &URL_SPELLING, .max = 3000,
            .preset = "https://login.microsoftonline.com/common/oauth2/v2.0/authorize",
            .about = "Microsoft's page of consent; common: of any organization"),
    SETTING(microsoft_token_url, .use = REQUIRED, .spelling = &URL_SPELLING, .max = 3000,
            .preset = "https://login.microsoftonline.com/common/oauth2/v2.0/token",
            .about = "where Microsoft gives tokens"),
    SETTING(microsoft_client_id, .spelling = &LINE_SPELLING, .max = 1000,
            .about = "as whom Microsoft knows this server; otherwise no Outlook mailbox can be "
                     "connected"),
    SETTING(microsoft_client_secret, .use = SECRET, .spelling = &LINE_SPELLING, .max = 1000,
            .about = "secret for it; a public client has none"),
    SETTING(access_log, .preset = "false",
            .about = "a line of the log for each request; needs log_level info or debug"),
    NAME_FIELD(struct config, log_level, LOG_LEVEL_NAMES, .preset = "info",
            .about = "debug, info, warning or error"),
    NAME_FIELD(struct config, log_format, LOG_FORM_NAMES, .preset = "logfmt",
            .about = "logfmt or json, on standard error"),
    {0},
};

static const struct field WISH_FIELDS[] = {
    FIELD(struct config_wishes, help, .about = "print this"),
    FIELD(struct config_wishes, version, .about = "print the version"),
    FIELD(struct config_wishes, show_config,
          .about = "print each setting, its value and where that came from"),
    FIELD(struct config_wishes, openapi,
          .about = "print the OpenAPI document of the API"),
    {0},
};
/* clang-format on */

struct quota_amounts config_quotas(const struct config *config)
{
    return (struct quota_amounts){{
        [QUOTA_STORED_BYTES] = config->quota_stored_bytes,
        [QUOTA_WAITING_EMAILS] = config->quota_waiting_emails,
        [QUOTA_TEMPLATES] = config->quota_templates,
        [QUOTA_CONTEXTS] = config->quota_contexts,
        [QUOTA_TOKENS] = config->quota_tokens,
        [QUOTA_MAILBOXES] = config->quota_mailboxes,
    }};
}

static bool read_flags(char *const *arguments, struct arena *arena, struct config_reading *reading,
                       struct error *error)
{
    const struct option_table tables[] = {
        {CONFIG_FIELDS, &reading->config}, {WISH_FIELDS, &reading->wishes}, {0}};
    struct options options = {.arguments = arguments, .tables = tables};
    struct option option;
    while (options_next(&options, arena, &option, error)) {
        struct setting_origin origin = {.source = SOURCE_FLAG, .where = option.name};
        if (!option.text)
            return true;
        if (!option.field)
            return fail(error, ERROR_INVALID, "", "%s is not an option", option.text);
        bool is_read = option.object == &reading->config
                           ? settings_set(&reading->settings, option.field, option.text, origin,
                                          error)
                           : option_read(&option, arena, error);
        if (!is_read)
            return false;
    }
    return false;
}

/* The flags are in already: they, or the environment, say where the file is. */
static bool read_rest(struct settings *settings, struct config *config, struct error *error)
{
    if (!settings_read_environment(settings, PREFIX, error))
        return false;
    const char *path = arena_format(settings->arena, "%s/%s", config->data, FILE_NAME);
    if (!settings_read_file(settings, path, "data", error))
        return false;
    if (!config->public_url)
        config->public_url = arena_format(settings->arena, "http://%s", config->listen);
    if (!config->console_url)
        config->console_url = config->public_url;
    return config->proxy_protocol == PROXY_PROTOCOL_NO || config->trusted_proxies ||
           fail(error, ERROR_INVALID, "", "proxy_protocol needs trusted_proxies to be set");
}

bool config_read(char *const *arguments, struct arena *arena, struct config_reading *ret_reading,
                 struct error *error)
{
    *ret_reading = (struct config_reading){0};
    ret_reading->settings = settings_start(CONFIG_FIELDS, &ret_reading->config, arena);
    if (!read_flags(arguments, arena, ret_reading, error))
        return false;
    if (ret_reading->wishes.help || ret_reading->wishes.version)
        return true; /* also where a file is broken */
    return read_rest(&ret_reading->settings, &ret_reading->config, error);
}

bool config_read_for_tool(const char *data, struct arena *arena, struct config *ret_config,
                          struct error *error)
{
    struct config config = {0};
    struct settings settings = settings_start(CONFIG_FIELDS, &config, arena);
    struct setting_origin origin = {.source = SOURCE_FLAG, .where = "--data"};
    if ((data &&
         !settings_set(&settings, typed_find(CONFIG_FIELDS, "data"), data, origin, error)) ||
        !read_rest(&settings, &config, error))
        return false;
    *ret_config = config;
    return true;
}

static void print_help(FILE *out)
{
    fputs("outtrayd - the outbound email server\n\n"
          "usage: outtrayd [--data DIR] [--listen ADDRESS:PORT] [--SETTING VALUE]...\n\n",
          out);
    options_print(WISH_FIELDS, out);
    fprintf(out,
            "\nSettings, also from DIR/%s (name = value) and from the environment (%sNAME).\n"
            "A flag beats the environment, the environment beats the file. Times are 90, 90s, 5m,\n"
            "72h or 3d; sizes 4096, 64K or 50M.\n\n",
            FILE_NAME, PREFIX);
    options_print(CONFIG_FIELDS, out);
}

struct list config_unknown_variables(struct arena *arena)
{
    static const char *const OTHERS[] = {
        "OUTTRAY_PASSWORD", /* of the tool */
#ifdef OUTTRAY_FAULTS
        "OUTTRAY_FAULT",
        "OUTTRAY_CLOCK_AHEAD",
#endif
        "OUTTRAY_BUILD", /* of the tests */
        NULL,
    };
    const struct settings settings = {.fields = CONFIG_FIELDS};
    return settings_unknown(&settings, PREFIX, OTHERS, arena);
}

bool config_answer(const struct config_reading *reading, FILE *out)
{
    if (reading->wishes.help)
        print_help(out);
    else if (reading->wishes.version)
        fputs("outtrayd " OUTTRAY_VERSION "\n", out);
    else if (reading->wishes.show_config)
        settings_show(&reading->settings, out);
    else
        return false;
    return true;
}
