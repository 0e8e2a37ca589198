/* main.c - outtrayd: wires everything together, serves until it is told to end, drains. */
#include <malloc.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include "api/api.h"
#include "api/openapi.h"
#include "assistant/assistant.h"
#include "base/clock.h"
#include "base/log.h"
#include "base/text.h"
#include "config.h"
#include "data_folder.h"
#include "delivery/delivery.h"
#include "first_start.h"
#include "grant/grant.h"
#include "html/tasks.h"
#include "lockdown.h"
#include "metrics.h"
#include "mime/tasks.h"
#include "net/smtp.h"
#include "net/trust.h"
#include "parser/parser.h"
#include "provider_settings.h"
#include "run_as.h"
#include "store/quota_store.h"
#include "upkeep/sweeper.h"
#include "webhook/herald.h"
#include "json/json.h"

enum {
    EXIT_USAGE = 2,
    MALLOC_ARENAS = 8,
    MMAP_FROM_BYTES = 512 * 1024,
    TRIM_FROM_BYTES = 1024 * 1024,
    METRICS_WORKERS = 2,
    METRICS_CONNECTIONS = 32,
    METRICS_BODY_BYTES = 4096,
    LEASE_MARGIN_MS = 5 * 60 * 1000,
};

struct server { /* everything that has to be ended again, in the order it was begun */
    struct arena *arena;
    const char *tool; /* outtray, where outtrayd is */
    struct config_reading reading;
    struct data_paths paths;
    struct secret_key key;
    struct bell *bell;
    struct blobs *blobs;
    struct db *db;
    struct grants *grants;
    struct delivery *delivery;
    struct sweeper *sweeper;
    struct herald *herald;
    struct assistant *assistant;
    struct metrics metrics;
    struct api *api;
    struct http_server *http, *metrics_http; /* the second: NULL when there is none */
};

/* What strangers wrote, and what reads it. */
static const struct parser_task *const TASKS[] = {
    &MIME_PARSE_TASK,    &MIME_WORDS_TASK, &MIME_DISPOSITION_TASK, &MIME_CALENDAR_TASK,
    &HTML_SANITIZE_TASK, &HTML_TEXT_TASK,  &HTML_CHECK_TASK,       NULL,
};

static int64_t ms(int64_t seconds)
{
    return seconds * 1000;
}

static struct provider_settings provider_settings(const struct server *server)
{
    return provider_settings_of(&server->reading.config, &server->paths);
}

static void ring_commit(void *bell)
{
    bell_ring(bell, "commit");
}

static bool open_store(struct server *server, struct error *error)
{
    static const struct db_codec CODEC = {json_write_list, json_read_list};
    const struct config *config = &server->reading.config;
    struct lockdown lockdown;
    if (!run_as(config->user, error) || !run_as_owns(config->data, error) ||
        !data_folder_open(config->data, true, server->arena, &server->paths, error) ||
        !data_folder_is_private(&server->paths, error) ||
        !data_folder_lock(&server->paths, error) ||
        !secret_key_open(server->paths.key, &server->key, error) ||
        !lockdown_begin(config, &server->paths, &server->key, server->arena, &lockdown, error))
        return false;
    const struct quota_amounts quotas = config_quotas(config);
    quota_store_setup(&quotas);
    server->db = db_open(server->paths.database, &CODEC, error);
    if (!server->db)
        return false;
    db_on_commit(server->db, ring_commit, server->bell);
    server->blobs = blobs_open(server->paths.blobs, error);
    return server->blobs;
}

static void start_grants(struct server *server)
{
    const struct provider_settings settings = provider_settings(server);
    server->grants = grants_create(&settings, &server->key, server->db);
}

static bool start_delivery(struct server *server, struct error *error)
{
    const struct config *config = &server->reading.config;
    struct delivery_settings settings = {
        .threads = (size_t)config->delivery_threads,
        .keeps_raw = config->keep_raw_mail,
        .per_mailbox = (size_t)config->sends_per_mailbox,
        .lease_ms = ms(config->smtp_connect_timeout + 2 * config->smtp_reply_timeout) +
                    LEASE_MARGIN_MS,
        .give_up_after_ms = ms(config->give_up_after),
        .first_try_decides = config->first_try_decides,
        .provider = provider_settings(server),
        .key = server->key,
    };
    server->delivery = delivery_start(&settings, server->db, server->blobs, server->bell,
                                      server->grants, error);
    return server->delivery;
}

static void start_upkeep(struct server *server)
{
    const struct sweeper_settings settings = {
        .grace_ms = ms(server->reading.config.blob_grace),
    };
    server->sweeper = sweeper_start(&settings, server->db, server->blobs, server->bell);
}

static struct notice_settings notice_settings(const struct config *config)
{
    return (struct notice_settings){config->allow_private_addresses, config->tls_ca_file};
}

static bool start_herald(struct server *server, struct error *error)
{
    const struct config *config = &server->reading.config;
    struct herald_settings settings = {
        .threads = (size_t)config->webhook_threads,
        .notice = notice_settings(config),
        .key = server->key,
    };
    int64_t seconds[CONFIG_PAUSES_MOST];
    size_t count;
    if (!config_pauses(config->webhook_pauses, seconds, &count, error))
        return false;
    for (size_t i = 0; i < count; i++)
        settings.schedule.pause_ms[i] = ms(seconds[i]);
    settings.schedule.count = (int64_t)count;
    server->herald = herald_start(&settings, server->db, server->bell);
    return true;
}

static void start_assistant(struct server *server)
{
    const struct config *config = &server->reading.config;
    const struct assistant_settings settings = {
        .url = config->model_url,
        .key = config->model_key,
        .model = config->model_name,
        .ca_file = config->tls_ca_file,
        .timeout_ms = ms(config->model_timeout),
    };
    server->assistant = assistant_create(&settings);
}

static moment paced_until(void *delivery, const struct account *account, int64_t *ret_per_minute)
{
    return delivery_paced_until(delivery, account, ret_per_minute);
}

/* Where any free port was asked for (0), the one that it got is told wherever the address is. */
static void note_port(struct server *server)
{
    struct config *config = &server->reading.config;
    const char *colon = strrchr(config->listen, ':');
    const char *asked = arena_format(server->arena, "http://%s", config->listen);
    if (!colon || !text_equal(colon, ":0") || !text_equal(config->public_url, asked))
        return;
    bool is_console_too = text_equal(config->console_url, config->public_url);
    config->public_url = arena_format(server->arena, "http://%.*s:%d",
                                      (int)(colon - config->listen), config->listen,
                                      (int)http_port(server->http));
    if (is_console_too)
        config->console_url = config->public_url;
    api_relocate(server->api, config->public_url, config->console_url);
}

static bool start_http(struct server *server, struct error *error)
{
    const struct config *config = &server->reading.config;
    struct api_settings settings = {
        .limits = {config->recipient_limit, config->attachment_limit},
        .replies = {(size_t)config->reply_places, (uint64_t)config->reply_limit,
                    (uint64_t)config->reply_total_limit, ms(config->reply_wait)},
        .body_bytes = (uint64_t)config->body_limit,
        .upload_bytes = (uint64_t)config->upload_limit,
        .requests_per_minute = config->requests_per_minute,
        .waiting_per_token = config->waiting_per_token,
        .cors_origins = config->cors_origins,
        .logs_access = config->access_log,
        .send_wait_ms = ms(config->send_wait),
        .first_try_decides = config->first_try_decides,
        .keeps_raw = config->keep_raw_mail,
        .may_send_plain = config->allow_plain_smtp,
        .spool_folder = server->paths.temporary,
        .public_url = config->public_url,
        .console_url = config->console_url,
        .completes_sign_ins = config->oauth_completion == COMPLETION_AUTOMATIC,
        .version = OUTTRAY_VERSION,
        .download_link_lifetime_ms = ms(config->download_link_lifetime),
        .fetches = (unsigned)config->fetch_threads,
        .fetch_wait_ms = ms(config->fetch_wait),
        .fetch_timeout_ms = ms(config->fetch_timeout),
        .may_fetch_private = config->allow_private_addresses,
        .ca_file = config->tls_ca_file,
        .notice = notice_settings(config),
        .key = server->key,
        .provider = provider_settings(server),
        .grants = server->grants,
        .assistant = server->assistant,
        .paced_until = paced_until,
        .pace_context = server->delivery,
        .add_metrics = metrics_add,
        .metrics_context = &server->metrics,
        .has_metrics_listener = config->metrics_listen,
    };
    struct http_settings http = {
        .listen = config->listen,
        .spool_folder = server->paths.temporary,
        .network_threads = (unsigned)config->http_threads,
        .workers = (unsigned)config->http_workers,
        .large_workers = (unsigned)config->large_workers,
        .connections = (unsigned)config->connection_limit,
        .connections_per_address = (unsigned)config->connections_per_address,
        .idle_seconds = (unsigned)config->idle_timeout,
        .header_seconds = (unsigned)config->header_timeout,
        .trusted_proxies = config->trusted_proxies,
        .expects_proxy_header = config->proxy_protocol == PROXY_PROTOCOL_V2,
        .header_bytes = (size_t)config->header_limit,
        .body_bytes = (uint64_t)config->body_limit,
    };
    server->metrics = (struct metrics){server->db, server->delivery};
    server->api = api_create(&settings, server->db, server->blobs, server->bell);
    struct http_door door = api_door(server->api);
    server->http = http_start(&http, &door, error);
    if (server->http) {
        note_port(server);
        api_open(server->api, server->http);
    }
    return server->http;
}

/* Small: whoever reads numbers asks now and then. */
static bool start_metrics(struct server *server, struct error *error)
{
    const struct config *config = &server->reading.config;
    const struct http_settings settings = {
        .listen = config->metrics_listen,
        .spool_folder = server->paths.temporary,
        .network_threads = 1,
        .workers = METRICS_WORKERS,
        .large_workers = 1,
        .connections = METRICS_CONNECTIONS,
        .connections_per_address = METRICS_CONNECTIONS,
        .idle_seconds = (unsigned)config->idle_timeout,
        .header_seconds = (unsigned)config->header_timeout,
        .header_bytes = (size_t)config->header_limit,
        .body_bytes = METRICS_BODY_BYTES,
    };
    const struct http_door door = api_metrics_door(server->api);
    if (!config->metrics_listen)
        return true;
    server->metrics_http = http_start(&settings, &door, error);
    return server->metrics_http;
}

/* As it is, whatever port was asked for. */
static bool note_address(struct server *server, struct error *error)
{
    const char *listen = server->reading.config.listen, *colon = strrchr(listen, ':');
    int host = colon ? (int)(colon - listen) : (int)strlen(listen);
    return data_folder_note_address(
        &server->paths,
        arena_format(server->arena, "%.*s:%d", host, listen, (int)http_port(server->http)), error);
}

/* Whoever starts an empty server gets all he needs to send a first mail. */
static bool greet(struct server *server, struct error *error)
{
    bool is_due = false;
    struct first_start made;
    if (!first_start_is_due(server->db, &is_due, error))
        return false;
    if (!is_due)
        return first_start_print_again(server->db, server->reading.config.public_url, server->tool,
                                       server->paths.folder, server->arena, stdout, error);
    if (!first_start_make(server->db, &(struct first_names){0}, server->arena, &made, error))
        return false;
    const char *file = NULL;
    if (!isatty(STDOUT_FILENO)) { /* what is kept of it, others may read */
        file = arena_format(server->arena, "%s/first-token", server->paths.folder);
        if (!first_start_keep(&made, file, error))
            return false;
    }
    first_start_print(&made, server->reading.config.public_url, file, server->arena, stdout);
    fflush(stdout);
    return true;
}

static void note_parser_death(const char *task, const char *reason)
{
    LOG(LOG_WARNING, "parser_died", LOG_TEXT("task", task), LOG_TEXT("reason", reason));
}

static void start_parser(const struct config *config)
{
    const struct parser_settings settings = {
        .processes = (size_t)config->parser_processes,
        .timeout_ms = ms(config->parser_timeout),
        .memory_bytes = (uint64_t)config->parser_memory,
        .is_free = !config->confine,
        .died = note_parser_death,
    };
    parser_start(&settings);
}

static bool start(struct server *server, struct error *error)
{
    server->bell = bell_create();
    if (!open_store(server, error))
        return false;
    start_grants(server);
    if (!start_delivery(server, error))
        return false;
    start_upkeep(server);
    if (!start_herald(server, error))
        return false;
    start_assistant(server);
    return start_http(server, error) && start_metrics(server, error) &&
           note_address(server, error) && greet(server, error);
}

/* False when a mail is still under way after its time: then the process ends without tidying up,
 * and the next start calls that mail unknown. */
static bool stop(struct server *server)
{
    int64_t timeout_ms = ms(server->reading.config.drain_timeout);
    int64_t until_ms = clock_steady_ms() + timeout_ms;
    if (server->api)
        api_close(server->api);
    if (server->metrics_http)
        http_stop(server->metrics_http, 0);
    if (server->http)
        http_stop(server->http, timeout_ms);
    sweeper_stop(server->sweeper);
    herald_stop(server->herald);
    int64_t left_ms = until_ms - clock_steady_ms();
    if (!delivery_stop(server->delivery, left_ms > 0 ? left_ms : 0))
        return false;
    api_destroy(server->api);
    assistant_destroy(server->assistant);
    grants_destroy(server->grants);
    db_close(server->db);
    blobs_close(server->blobs);
    parser_stop();
    bell_destroy(server->bell);
    return true;
}

/* Whether the end was asked for. Without a nest no mail can be read, and none can be made by a
 * process that has threads: the server ends as it would otherwise, for a service manager to start
 * it anew. */
static bool wait_for_the_end(const sigset_t *ends)
{
    int signal = SIGCHLD;
    while (signal == SIGCHLD && parser_is_alive())
        sigwait(ends, &signal);
    if (signal == SIGCHLD)
        LOG(LOG_ERROR, "parser_lost",
            LOG_TEXT("reason", "the process that makes those that read "
                               "mail is gone; this server ends"));
    LOG(LOG_INFO, "ending", LOG_TEXT("signal", strsignal(signal)));
    return signal != SIGCHLD;
}

static sigset_t take_signals(void)
{
    sigset_t ends;
    sigemptyset(&ends);
    sigaddset(&ends, SIGTERM);
    sigaddset(&ends, SIGINT);
    sigaddset(&ends, SIGCHLD);
    pthread_sigmask(SIG_BLOCK, &ends, NULL); /* in every thread that comes after */
    signal(SIGPIPE, SIG_IGN);
    return ends;
}

/* Each connection is a file, and so is each mail under way; the usual soft limit is 1024. */
static void raise_file_limit(void)
{
    struct rlimit limit;
    if (getrlimit(RLIMIT_NOFILE, &limit) == 0) {
        limit.rlim_cur = limit.rlim_max;
        setrlimit(RLIMIT_NOFILE, &limit);
    }
}

static void warn_of_variables(struct arena *arena)
{
    struct list unknown = config_unknown_variables(arena);
    const char *const *names = unknown.items;
    for (size_t i = 0; i < unknown.count; i++)
        LOG(LOG_WARNING, "unknown_variable", LOG_TEXT("name", names[i]),
            LOG_TEXT("reason", "no setting is named so; outtrayd --help lists all"));
}

static int serve(struct server *server)
{
    struct error error = {0};
    warn_of_variables(server->arena);
    sigset_t ends = take_signals();
    raise_file_limit();
    start_parser(&server->reading.config);
    bool started = start(server, &error);
    if (started) {
        LOG(LOG_INFO, "serving", LOG_TEXT("url", server->reading.config.public_url),
            LOG_NUMBER("port", http_port(server->http)));
        if (server->metrics_http)
            LOG(LOG_INFO, "serving_metrics", LOG_NUMBER("port", http_port(server->metrics_http)));
        started = wait_for_the_end(&ends);
    } else {
        LOG(LOG_ERROR, "not_started", LOG_TEXT("reason", error.message));
    }
    if (!stop(server)) {
        LOG(LOG_WARNING, "ended_with_mail_under_way");
        _exit(EXIT_SUCCESS);
    }
    secret_end();
    return started ? EXIT_SUCCESS : EXIT_FAILURE;
}

/* An arena of malloc's for each of some 130 threads would cost more than it brings; and what a
 * large body took goes back to the system when it is done. */
static void keep_memory_small(void)
{
    mallopt(M_ARENA_MAX, MALLOC_ARENAS);
    mallopt(M_MMAP_THRESHOLD, MMAP_FROM_BYTES);
    mallopt(M_TRIM_THRESHOLD, TRIM_FROM_BYTES);
}

static int print_openapi(const struct server *server)
{
    const struct openapi_settings settings = {
        .server_url = server->reading.config.public_url,
        .version = OUTTRAY_VERSION,
        .is_indented = true,
    };
    return puts(openapi_write(&settings, server->arena)) < 0 ? EXIT_FAILURE : EXIT_SUCCESS;
}

int main(int count, char **arguments)
{
    (void)count;
    struct error error = {0};
    AUTO_ARENA arena = arena_create();
    size_t name = strlen(arguments[0]);
    struct server server = {.arena = arena, .tool = "outtray"};
    if (name > 1 && arguments[0][name - 1] == 'd')
        server.tool = arena_copy_bytes(arena, arguments[0], name - 1);
    keep_memory_small();
    if (!parser_hatch(TASKS, arguments, &error)) {
        fprintf(stderr, "outtrayd: %s\n", error.message);
        return EXIT_FAILURE;
    }
    secret_start();
    net_start();
    if (!config_read(arguments + 1, arena, &server.reading, &error)) {
        fprintf(stderr, "outtrayd: %s\n", error.message);
        return EXIT_USAGE;
    }
    if (server.reading.config.tls_ca_file_alone)
        trust_ca_file_alone();
    if (config_answer(&server.reading, stdout))
        return EXIT_SUCCESS;
    if (server.reading.wishes.openapi)
        return print_openapi(&server);
    log_setup(server.reading.config.log_level, server.reading.config.log_format);
    return serve(&server);
}
