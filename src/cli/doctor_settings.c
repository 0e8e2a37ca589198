/* What the settings say, and whether somebody serves as they say. */
#include <string.h>
#include <unistd.h>

#include "base/text.h"
#include "cli/doctor.h"
#include "net/http_client.h"

enum { ANSWER_MS = 5000, MOST_REPLY = 64 * 1024, OK = 200 };

static bool has_start(const char *text, const char *const *starts)
{
    for (; *starts; starts++)
        if (text_starts(text, *starts))
            return true;
    return false;
}

static bool is_near(const struct config *config)
{
    static const char *const HERE[] = {"127.", "localhost:", "[::1]:", NULL};
    return has_start(config->listen, HERE);
}

static bool has_near_url(const struct config *config)
{
    static const char *const HERE[] = {"http://127.",
                                       "https://127.",
                                       "http://localhost",
                                       "https://localhost",
                                       "http://[::1]",
                                       "https://[::1]",
                                       NULL};
    return !is_near(config) && has_start(config->public_url, HERE);
}

static bool is_in_the_clear(const struct config *config)
{
    return !is_near(config) && text_starts(config->public_url, "http://");
}

static bool has_half_of_google(const struct config *config)
{
    return !config->google_client_id != !config->google_client_secret;
}

static bool has_secret_of_nobody(const struct config *config)
{
    return config->microsoft_client_secret && !config->microsoft_client_id;
}

static bool has_no_authorities(const struct config *config)
{
    return config->tls_ca_file && access(config->tls_ca_file, R_OK) != 0;
}

static bool has_no_model_name(const struct config *config)
{
    return config->model_url && !config->model_name;
}

static bool has_narrow_body(const struct config *config)
{
    return config->attachment_limit / 3 * 4 > config->body_limit;
}

static bool has_no_raw_mail(const struct config *config)
{
    return !config->keep_raw_mail;
}

static const struct {
    bool (*is_wrong)(const struct config *config);
    enum level level;
    const char *sentence;
} RULES[] = {
    {has_half_of_google, LEVEL_FAIL,
     "google_client_id and google_client_secret go together, and one is missing: no Gmail mailbox "
     "can be connected"},
    {has_secret_of_nobody, LEVEL_FAIL,
     "microsoft_client_secret is set and microsoft_client_id is not: no Outlook mailbox can be "
     "connected"},
    {has_no_authorities, LEVEL_FAIL, "tls_ca_file cannot be read: no mail server will be trusted"},
    {has_near_url, LEVEL_WARN,
     "listen takes requests from elsewhere, and public_url leads to this machine: links and "
     "sign-ins will end nowhere"},
    {is_in_the_clear, LEVEL_WARN,
     "listen takes requests from elsewhere, and public_url is plain http: set it to the https URL "
     "of the proxy before outtrayd"},
    {has_no_model_name, LEVEL_WARN, "model_url is set and model_name is not"},
    {has_narrow_body, LEVEL_WARN,
     "body_limit is too small for an attachment of attachment_limit in base64"},
    {has_no_raw_mail, LEVEL_WARN,
     "keep_raw_mail is no: mail that comes in cannot be had as it came, nor forwarded as an "
     "attachment"},
};

bool doctor_settings(struct doctor *doctor, struct error *error)
{
    const struct config *config = &doctor->cli->config;
    bool is_fine = true;
    (void)error;
    for (size_t i = 0; i < sizeof RULES / sizeof *RULES; i++) {
        if (!RULES[i].is_wrong(config))
            continue;
        doctor_say(doctor, RULES[i].level, "%s", RULES[i].sentence);
        is_fine = false;
    }
    struct list unknown = config_unknown_variables(doctor->cli->arena);
    const char *const *names = unknown.items;
    for (size_t i = 0; i < unknown.count; i++)
        doctor_say(doctor, LEVEL_WARN, "the variable %s says nothing: no setting is named so",
                   names[i]);
    if (is_fine && !unknown.count)
        doctor_say(doctor, LEVEL_OK, "they fit together");
    return true;
}

/* Who listens to all addresses is asked at his own. */
static const char *ready_url(const char *listen, struct arena *arena)
{
    static const char ALL[] = "0.0.0.0:", ALL_6[] = "[::]:";
    if (text_starts(listen, ALL))
        return arena_format(arena, "http://127.0.0.1:%s/readyz", listen + sizeof ALL - 1);
    if (text_starts(listen, ALL_6))
        return arena_format(arena, "http://[::1]:%s/readyz", listen + sizeof ALL_6 - 1);
    return arena_format(arena, "http://%s/readyz", listen);
}

static bool is_ready(const char *url, struct arena *arena)
{
    const struct http_request request = {
        .method = "GET",
        .url = url,
        .body_limit = MOST_REPLY,
        .connect_timeout_ms = ANSWER_MS,
        .stall_timeout_ms = ANSWER_MS,
        .total_timeout_ms = ANSWER_MS,
    };
    struct http_result result;
    struct http_client *client = http_client_create();
    bool is_replied = http_client_send(client, &request, arena, &result);
    http_client_destroy(client);
    return is_replied && result.status == OK;
}

bool doctor_server(struct doctor *doctor, struct error *error)
{
    const char *noted = data_folder_address(&doctor->cli->paths, doctor->cli->arena);
    const char *listen = text_or(noted, doctor->cli->config.listen);
    const char *url = ready_url(listen, doctor->cli->arena);
    const char *colon = strrchr(listen, ':');
    (void)error;
    if (!data_folder_is_served(&doctor->cli->paths))
        doctor_say(doctor, LEVEL_WARN, "no outtrayd runs on this folder: nothing is sent");
    else if (text_equal(colon, ":0"))
        doctor_say(doctor, LEVEL_OK, "outtrayd runs, on a port that it has chosen");
    else if (!is_ready(url, doctor->cli->arena))
        doctor_say(doctor, LEVEL_WARN, "outtrayd runs, and %s does not say that it is ready", url);
    else
        doctor_say(doctor, LEVEL_OK, "outtrayd answers at %s", listen);
    return true;
}
