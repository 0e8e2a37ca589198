/* flow.h - a request's way through this room, from its first line to the end of its reply, as
 * libmicrohttpd calls it on the network threads. context is the server. */
#pragma once
#include <microhttpd.h>

struct http_server;
struct connection;

void *flow_begin(void *context, const char *target, struct MHD_Connection *mhd);
enum MHD_Result flow_go_on(void *context, struct MHD_Connection *mhd, const char *target,
                           const char *method, const char *version, const char *data, size_t *size,
                           void **exchange);
/* Before the connection goes: what of a request is left that libmicrohttpd refused by itself. */
void flow_forget(struct http_server *server, struct connection *connection);
void flow_end(void *context, struct MHD_Connection *mhd, void **exchange,
              enum MHD_RequestTerminationCode code);
