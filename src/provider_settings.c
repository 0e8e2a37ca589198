#include "provider_settings.h"

enum { SECOND_MS = 1000 };

struct provider_settings provider_settings_of(const struct config *config,
                                              const struct data_paths *paths)
{
    return (struct provider_settings){
        .sandbox_folder = paths->sandbox,
        .spool_folder = paths->temporary,
        .hello_name = config->smtp_hello_name,
        .ca_file = config->tls_ca_file,
        .allow_private_hosts = config->allow_private_mail_hosts,
        .connect_timeout_ms = config->smtp_connect_timeout * SECOND_MS,
        .reply_timeout_ms = config->smtp_reply_timeout * SECOND_MS,
        .imap_timeout_ms = config->imap_timeout * SECOND_MS,
        .gmail_url = config->gmail_api_url,
        .graph_url = config->graph_api_url,
        .google = {config->google_authorize_url, config->google_token_url, config->google_client_id,
                   config->google_client_secret},
        .microsoft = {config->microsoft_authorize_url, config->microsoft_token_url,
                      config->microsoft_client_id, config->microsoft_client_secret},
        .web_timeout_ms = config->web_timeout * SECOND_MS,
    };
}
