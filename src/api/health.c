#include <string.h>

#include "api/handlers.h"
#include "api/rate_limit.h"
#include "base/memory.h"
#include "base/metric.h"

enum { METRICS_BYTES_MOST = 256 * 1024 };

static const char PLAIN_TEXT[] = "text/plain; charset=utf-8";

static bool say(struct request *request, const char *media_type, const char *text)
{
    reply_bytes(request, 200, media_type, (struct bytes){text, strlen(text)});
    return true;
}

bool health_live(struct request *request, struct error *error)
{
    (void)error;
    return say(request, PLAIN_TEXT, "ok\n");
}

bool health_ready(struct request *request, struct error *error)
{
    if (!request->api->is_open)
        return fail(error, ERROR_UNAVAILABLE, "", "this server is ending, or not yet up");
    return memory_check(error) && say(request, PLAIN_TEXT, "ready\n");
}

static void add_replies(struct buf *buf, const struct http_counts *http)
{
    static const char NAME[] = "http_replies_total";
    metric_begin(buf, METRIC_COUNTER, NAME, "Replies, by the class of their status.");
    for (size_t i = 2; i < sizeof http->replies / sizeof *http->replies; i++)
        metric_value(buf, NAME, arena_format(buf->arena, "class=\"%zuxx\"", i), http->replies[i]);
}

static void add_http(struct buf *buf, const struct http_counts *http)
{
    metric_add(buf, METRIC_COUNTER, "http_requests_total", "Requests taken.", http->requests);
    add_replies(buf, http);
    metric_add(buf, METRIC_COUNTER, "http_connections_refused_total", "Connections over the limit.",
               http->connections_refused);
    metric_add(buf, METRIC_GAUGE, "http_connections", "Open connections.", http->connections);
    metric_add(buf, METRIC_GAUGE, "http_parked", "Requests that wait without a thread.",
               http->parked);
    metric_add(buf, METRIC_GAUGE, "http_waiting", "Requests that wait for a worker.",
               http->waiting);
}

static void add_db(struct buf *buf, const struct db_counts *db)
{
    metric_add(buf, METRIC_COUNTER, "db_commits_total", "Group commits.", db->commits);
    metric_add(buf, METRIC_COUNTER, "db_transactions_total",
               "Transactions in them; by the commits: the size of a group.", db->transactions);
    metric_add(buf, METRIC_COUNTER, "db_failed_commits_total", "Group commits that failed.",
               db->failed_commits);
    metric_add(buf, METRIC_GAUGE, "db_waiting", "Transactions that wait for the next commit.",
               db->waiting);
    metric_add(buf, METRIC_GAUGE, "db_log_bytes", "Log not yet in the main file.", db->log_bytes);
}

bool health_metrics(struct request *request, struct error *error)
{
    struct api *api = request->api;
    struct buf buf = BUF(request->arena, METRICS_BYTES_MOST);
    const struct http_counts http = http_count(api->server);
    const struct db_counts db = db_count(api->db);
    add_http(&buf, &http);
    metric_add(&buf, METRIC_COUNTER, "rate_limited_total",
               "Requests that were over their token's rate.", rate_limit_refused(api->rate_limit));
    add_db(&buf, &db);
    if (api->settings.add_metrics)
        api->settings.add_metrics(&buf, api->settings.metrics_context);
    const char *text = buf_text(&buf, error);
    return text && say(request, METRIC_MEDIA_TYPE, text);
}
