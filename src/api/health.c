#include <string.h>

#include "api/failure.h"
#include "api/handlers.h"
#include "api/rate_limit.h"
#include "api/replies.h"
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
    uint64_t classes[HTTP_STATUS_MOST / 100 + 1] = {0};
    for (size_t i = 0; i < HTTP_STATUS_COUNT; i++)
        classes[(HTTP_STATUS_LEAST + i) / 100] += http->replies[i];
    for (size_t i = HTTP_STATUS_LEAST / 100; i < sizeof classes / sizeof *classes; i++)
        metric_value(buf, NAME, arena_format(buf->arena, "class=\"%zuxx\"", i), classes[i]);
}

/* Each status that a request may be refused with, also those that none was. */
static void add_refusals(struct buf *buf, const struct http_counts *http)
{
    static const char NAME[] = "http_refusals_total";
    bool is_said[HTTP_STATUS_COUNT] = {false};
    metric_begin(buf, METRIC_COUNTER, NAME, "Replies that refuse a request, by their status.");
    for (enum error_code code = ERROR_NONE + 1; code < ERROR_CODE_COUNT; code++) {
        size_t at = (size_t)failure_status(code) - HTTP_STATUS_LEAST;
        if (!is_said[at])
            metric_value(buf, NAME, arena_format(buf->arena, "status=\"%d\"", failure_status(code)),
                         http->replies[at]);
        is_said[at] = true;
    }
}

static void add_http(struct buf *buf, const struct http_counts *http)
{
    metric_add(buf, METRIC_COUNTER, "http_requests_total", "Requests taken.", http->requests);
    add_replies(buf, http);
    add_refusals(buf, http);
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
    metric_add(&buf, METRIC_GAUGE, "http_unread_reply_bytes",
               "Disk for large replies that their clients have not read yet.",
               replies_bytes(api->replies));
    add_db(&buf, &db);
    if (api->settings.add_metrics)
        api->settings.add_metrics(&buf, api->settings.metrics_context);
    const char *text = buf_text(&buf, error);
    return text && say(request, METRIC_MEDIA_TYPE, text);
}
