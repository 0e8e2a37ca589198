#include "api/access_log.h"

#include "base/log.h"

/* status 0: the client had gone. */
void access_log_write(const struct request *request)
{
    struct http_outcome outcome;
    if (!request->api->settings.logs_access)
        return;
    http_outcome(request->exchange, &outcome);
    LOG(LOG_INFO, "access", LOG_TEXT("method", http_method(request->exchange)),
        LOG_TEXT("route", request->route ? request->route->path : ""),
        LOG_NUMBER("status", outcome.status), LOG_NUMBER("bytes", (int64_t)outcome.bytes),
        LOG_NUMBER("duration_ms", outcome.duration_ms), LOG_TEXT("token", request->token_id),
        LOG_TEXT("organization", request->viewer.organization_id),
        LOG_TEXT("address", http_remote_address(request->exchange)),
        LOG_TEXT("request", request->request_id));
}
