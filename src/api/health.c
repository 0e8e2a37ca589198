#include <string.h>

#include "api/handlers.h"

enum { METRICS_BYTES_MOST = 256 * 1024 };

static bool say(struct request *request, const char *text)
{
    reply_bytes(request, 200, "text/plain; charset=utf-8", (struct bytes){text, strlen(text)});
    return true;
}

bool health_live(struct request *request, struct error *error)
{
    (void)error;
    return say(request, "ok\n");
}

bool health_ready(struct request *request, struct error *error)
{
    if (!request->api->is_open)
        return fail(error, ERROR_UNAVAILABLE, "", "this server is ending, or not yet up");
    return say(request, "ready\n");
}

static void add(struct buf *buf, const char *name, const char *type, const char *help,
                uint64_t value)
{
    buf_addf(buf, "# HELP outtray_%s %s\n# TYPE outtray_%s %s\nouttray_%s %llu\n", name, help, name,
             type, name, (unsigned long long)value);
}

bool health_metrics(struct request *request, struct error *error)
{
    struct api *api = request->api;
    struct buf buf = BUF(request->arena, METRICS_BYTES_MOST);
    struct http_counts http = http_count(api->server);
    struct db_counts db = db_count(api->db);
    add(&buf, "http_requests_total", "counter", "Requests taken.", http.requests);
    add(&buf, "http_connections_refused_total", "counter", "Connections over the limit.",
        http.connections_refused);
    add(&buf, "http_connections", "gauge", "Open connections.", http.connections);
    add(&buf, "http_parked", "gauge", "Requests that wait without a thread.", http.parked);
    add(&buf, "http_waiting", "gauge", "Requests that wait for a worker.", http.waiting);
    add(&buf, "db_commits_total", "counter", "Group commits.", db.commits);
    add(&buf, "db_transactions_total", "counter", "Transactions in them.", db.transactions);
    add(&buf, "db_failed_commits_total", "counter", "Group commits that failed.",
        db.failed_commits);
    add(&buf, "db_log_bytes", "gauge", "Log not yet in the main file.", db.log_bytes);
    if (api->settings.add_metrics)
        api->settings.add_metrics(&buf, api->settings.metrics_context);
    const char *text = buf_text(&buf, error);
    return text && say(request, text);
}
