/* config.h - all settings of outtrayd, in one table (config.c).
 *
 * From DATA/outtray.conf, overruled by OUTTRAY_<NAME> in the environment, overruled by flags
 * (--name value). Whoever adds a setting adds a member here and a row there. */
#pragma once
#include <stdio.h>

#include "base/log.h"
#include "model/quota.h"
#include "settings.h"

enum oauth_completion { COMPLETION_REQUIRED, COMPLETION_AUTOMATIC };

struct config {
    const char *data; /* the folder of everything */
    const char *listen;
    const char *metrics_listen; /* NULL: /metrics is where the API is */
    const char *user;           /* NULL: whoever started it */
    bool confine;
    const char *public_url; /* never NULL: http:// + listen when nobody says */
    int64_t http_threads, http_workers, large_workers;
    int64_t reply_places, reply_limit, reply_total_limit, reply_wait;
    int64_t connection_limit, connections_per_address;
    const char *cors_origins;    /* as browsers write them, with spaces or commas between; or * */
    const char *trusted_proxies; /* as networks_read takes it; NULL: none */
    enum proxy_protocol { PROXY_PROTOCOL_NO, PROXY_PROTOCOL_V2 } proxy_protocol;
    int64_t waiting_per_token;
    int64_t idle_timeout, header_timeout; /* seconds, as all times here */
    int64_t header_limit;                 /* bytes, as all sizes here */
    int64_t body_limit, attachment_limit, recipient_limit, upload_limit;
    int64_t requests_per_minute;
    /* Of an organization, one for each of model/quota.h; 0: no limit. */
    int64_t quota_stored_bytes, quota_waiting_emails, quota_templates, quota_contexts, quota_tokens,
        quota_mailboxes;
    int64_t send_wait, drain_timeout;
    int64_t give_up_after, delivery_threads, sends_per_mailbox;
    int64_t smtp_connect_timeout, smtp_reply_timeout, imap_timeout;
    const char *smtp_hello_name; /* NULL: the host's name */
    const char *tls_ca_file;     /* beside the system's; NULL: these alone */
    bool tls_ca_file_alone;
    bool first_try_decides;
    bool keep_raw_mail;
    bool allow_plain_smtp;
    bool allow_private_mail_hosts;
    int64_t fetch_threads, fetch_wait, fetch_timeout;
    bool allow_private_addresses;
    int64_t download_link_lifetime, blob_grace;
    int64_t webhook_threads;
    const char *webhook_pauses;                     /* see config_pauses */
    const char *model_url, *model_key, *model_name; /* NULL: none */
    int64_t model_timeout;
    int64_t parser_processes, parser_timeout, parser_memory;
    const char *console_url; /* never NULL: public_url when nobody says */
    enum oauth_completion oauth_completion;
    int64_t web_timeout;
    const char *gmail_api_url, *google_authorize_url, *google_token_url;
    const char *google_client_id, *google_client_secret; /* NULL: not set up */
    const char *graph_api_url;                           /* with its version */
    const char *microsoft_authorize_url, *microsoft_token_url;
    const char *microsoft_client_id, *microsoft_client_secret;
    bool access_log;
    enum log_level log_level;
    enum log_form log_format;
};

/* What the command line asks for instead of a server. */
struct config_wishes {
    bool help, version, show_config, openapi;
};

struct config_reading { /* stays where config_read found it: settings points into it */
    struct config config;
    struct config_wishes wishes;
    struct settings settings; /* for config_answer */
};

/* arguments: as main got them behind the program's name, ending with NULL. The error's message
 * is a sentence that names the setting and where it came from. */
bool config_read(char *const *arguments, struct arena *arena, struct config_reading *ret_reading,
                 struct error *error);

/* What one organization may have, unless it has limits of its own; 0: no limit. */
struct quota_amounts config_quotas(const struct config *config);

/* "5s 5m 2h" as seconds. */
enum { CONFIG_PAUSES_MOST = 16 };
bool config_pauses(const char *text, int64_t ret_seconds[CONFIG_PAUSES_MOST], size_t *ret_count,
                   struct error *error);

/* Prints what was asked for: the help, the version, or each setting with its value and where that
 * came from. False when nothing was: it is time to serve. */
bool config_answer(const struct config_reading *reading, FILE *out);

/* The same settings for a tool: no flags but the folder; NULL: what the environment says. */
/* The OUTTRAY_ variables that say nothing, for they are no settings' names; of const char *. */
struct list config_unknown_variables(struct arena *arena);

bool config_read_for_tool(const char *data, struct arena *arena, struct config *ret_config,
                          struct error *error);
